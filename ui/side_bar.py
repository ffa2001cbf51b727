"""The side list: where one can go, what waits there, who is signed in, and the lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from shelter_app.domain import codelists
from shelter_app.domain.access import Actor
from shelter_app.i18n import _, ngettext
from ui.kit import icons, theme
from ui.kit.button import EnterButton, label, rule
from ui.kit.pill import Avatar, Pill
from ui.mark import Mark
from ui.navigation import Place

FULL: Final = 208
NARROW: Final = 60


class NavigationButton(EnterButton):
    """One place: icon, words, and how many things wait; narrow, only the icon and a dot."""

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"SideBar_{place.key}")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setIcon(icons.icon(place.icon, "side_ink"))
        self.setIconSize(QSize(theme.size(17), theme.size(17)))
        self.key = place.key
        self._words = _(place.label)
        self._count = 0
        self._narrow = False
        self.pill = Pill("", "badge", self)
        self.pill.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, theme.size(10), 0)
        line.addStretch(1)
        line.addWidget(self.pill)
        self._show()

    def set_count(self, count: int) -> None:
        """Show how many things wait; 0 shows nothing."""
        self._count = count
        self._show()

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon only, or icon and words."""
        self._narrow = narrow
        self._show()

    def _show(self) -> None:
        spoken = self._words
        if self._count:
            waiting = ngettext("{count} waiting", "{count} waiting", self._count)
            spoken = f"{spoken}, {waiting.format(count=self._count)}"
        room = FULL - 68 - (26 if self._count else 0)
        fitting = _shortened(self._words, 13, room)
        self.setText("" if self._narrow else f"  {fitting}")
        self.setAccessibleName(spoken)
        self.setToolTip(spoken if self._narrow or fitting != self._words else "")
        self.pill.setText(str(self._count) if self._count < 100 else "99+")
        self.pill.setVisible(self._count > 0 and not self._narrow)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button and, when narrow, a dot for what waits."""
        super().paintEvent(event)
        if not (self._narrow and self._count):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sand"))
        side = theme.size(8)
        painter.drawEllipse(QRect(self.width() - side - 4, 4, side, side))


class SideBar(QFrame):
    """The frame at the left of the window."""

    chosen = Signal(str)
    lock_wanted = Signal()

    def __init__(
        self, places: Sequence[Place], actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("SideBar")
        self.setProperty("kind", "side")
        self.setAccessibleName(_("Places"))
        self._narrow = False
        self._headings: list[QWidget] = []
        self.buttons: dict[str, NavigationButton] = {}
        self._group = QButtonGroup(self)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(10, 16, 10, 14)
        self._whole.setSpacing(0)
        self._whole.addLayout(self._head())
        self._whole.addSpacing(theme.size(12))
        self._whole.addWidget(self._list(places), 1)
        self._whole.addWidget(rule())
        self._whole.addSpacing(theme.size(10))
        self._whole.addLayout(self._foot(actor))
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, for small windows and large text."""
        self._narrow = narrow
        self.setFixedWidth(theme.size(NARROW if narrow else FULL))
        for widget in self._headings:
            widget.setVisible(not narrow)
        for made in self.buttons.values():
            made.set_narrow(narrow)

    def is_narrow(self) -> bool:
        """Say whether only icons are shown."""
        return self._narrow

    def set_current(self, key: str) -> None:
        """Mark the place that is shown; a page reached from others marks none."""
        made = self.buttons.get(key)
        self._make_stop(made or next(iter(self.buttons.values())))
        if made is not None:
            made.setChecked(True)
            self._area.ensureWidgetVisible(made)
            return
        self._group.setExclusive(False)
        for other in self.buttons.values():
            other.setChecked(False)
        self._group.setExclusive(True)

    def stop(self) -> NavigationButton:
        """Return where Tab comes by."""
        places = self.buttons.values()
        tabs = (made for made in places if made.focusPolicy() == Qt.FocusPolicy.StrongFocus)
        return next(tabs, next(iter(places)))

    def _make_stop(self, stop: NavigationButton) -> None:
        """Let Tab come by at the place that is shown; arrows go on from there."""
        for made in self.buttons.values():
            focus = Qt.FocusPolicy.StrongFocus if made is stop else Qt.FocusPolicy.ClickFocus
            made.setFocusPolicy(focus)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show what waits in each place."""
        for key, made in self.buttons.items():
            made.set_count(counts.get(key, 0))

    def _head(self) -> QHBoxLayout:
        name = label("Makao", "page-title", name="SideBar_name")
        self._headings.append(name)
        line = QHBoxLayout()
        line.setContentsMargins(theme.size(7), 0, 0, 0)
        line.setSpacing(theme.size(10))
        line.addWidget(Mark(26))
        line.addWidget(name, 1)
        return line

    def _list(self, places: Sequence[Place]) -> QScrollArea:
        area = self._area = QScrollArea(self)
        area.setObjectName("SideBar_list")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QFrame()
        inner.setProperty("kind", "side")
        area.setWidget(inner)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.size(2))
        section = ""
        for place in places:
            if place.section is None:
                continue
            if place.section != section:
                section = place.section
                column.addWidget(self._heading(section))
            column.addWidget(self._button(place))
        column.addStretch(1)
        return area

    def _heading(self, section: str) -> QLabel:
        made = label(_(section).upper(), "overline")
        made.setContentsMargins(theme.size(10), theme.size(14), 0, theme.size(4))
        font = made.font()
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 1.0)
        made.setFont(font)
        self._headings.append(made)
        return made

    def _button(self, place: Place) -> NavigationButton:
        made = NavigationButton(place)
        self.buttons[place.key] = made
        self._group.addButton(made)
        made.clicked.connect(lambda: self.chosen.emit(place.key))
        return made

    def _foot(self, actor: Actor) -> QHBoxLayout:
        avatar = Avatar(_initials(actor.alias), side=30, sand=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        roles = label(_role_line(actor), "secondary", wrap=True, name="SideBar_roles")
        roles.setToolTip(codelists.labels("staff_role", tuple(sorted(actor.roles))))
        who = label(_shortened(actor.alias, 13), "strong", name="SideBar_who")
        who.setToolTip(actor.alias)
        words.addWidget(who)
        words.addWidget(roles)
        self.lock_button = EnterButton()
        self.lock_button.setObjectName("SideBar_lock")
        self.lock_button.setIcon(icons.icon("lock", "side_ink"))
        self.lock_button.setIconSize(QSize(theme.size(16), theme.size(16)))
        self.lock_button.setAccessibleName(_("Lock"))
        self.lock_button.setToolTip(_("Lock (F12)"))
        self.lock_button.setFixedWidth(theme.size(34))
        self.lock_button.clicked.connect(self.lock_wanted)
        self._headings += [avatar, who, roles]
        line = QHBoxLayout()
        line.setContentsMargins(theme.size(6), 0, 0, 0)
        line.setSpacing(theme.size(9))
        line.addWidget(avatar)
        line.addLayout(words, 1)
        line.addWidget(self.lock_button)
        return line


def _initials(alias: str) -> str:
    return "".join(word[0] for word in alias.split()[:2]).upper()


def _shortened(text: str, pixels: int, room: int = FULL - 108) -> str:
    """Return what fits: beside the letters and the lock when no room is named."""
    metrics = QFontMetrics(theme.font(pixels, 600 if pixels > 12 else 400))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, theme.size(room))


def _role_line(actor: Actor) -> str:
    """Return the first role in short: the part before a slash or a bracket."""
    roles = sorted(actor.roles, key=_rank)
    text = codelists.label("staff_role", roles[0]) if roles else ""
    short = text.split(" / ")[0].split(" (")[0]
    return f"{short} +{len(roles) - 1}" if len(roles) > 1 else short


def _rank(role: str) -> int:
    codes = [row.code for row in codelists.code_list("staff_role").rows]
    return codes.index(role) if role in codes else len(codes)
