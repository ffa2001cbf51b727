"""What a manager and a data lead are told at arrival: who opened what is sealed, and why.

The notice stays until each opening was acknowledged; that too is kept.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from shelter_app.i18n import _, ngettext
from shelter_app.services import break_glass, covering
from shelter_app.services.break_glass import Opening
from shelter_app.services.covering import Standing
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.day_text import show_day, show_moment
from ui.kit.notice_line import NoticeLine

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_MOST_SHOWN: Final = 50


def tell(window: MainWindow) -> None:
    """Ask what was opened, and who covers for whom today."""
    window.tasks.ask(window, break_glass.unseen, then=partial(_notice, window))
    window.tasks.ask(window, covering.standing, then=partial(_covering, window))


def _notice(window: MainWindow, openings: tuple[Opening, ...]) -> None:
    if openings:
        window.add_notice(OpeningsNotice(window, openings))


def _covering(window: MainWindow, standing: Standing) -> None:
    window.top_bar.set_covering(covering_sentence(standing))


def covering_sentence(standing: Standing) -> str:
    """Return 'You cover for Amina until 28 Nov', or who covers for the worker, or ''."""
    parts = [
        _("You cover for {name} until {day}.").format(name=name, day=show_day(until))
        for name, until in standing.for_others
    ]
    parts += [
        _("{name} covers for you until {day}.").format(name=name, day=show_day(until))
        for name, until in standing.by_others
    ]
    return " ".join(parts)


class OpeningsNotice(NoticeLine):
    """One line above the page that opens the list; it goes when nothing is left to acknowledge."""

    def __init__(self, window: MainWindow, openings: tuple[Opening, ...]) -> None:
        super().__init__("OpeningsNotice", "")
        self._window = window
        self._openings = openings
        self.show_button = self.offer(_("Read and acknowledge"), "show", self._show)
        self._say()

    def _say(self) -> None:
        count = len(self._openings)
        self.text_label.setText(
            ngettext(
                "A sealed record was opened with a reason. Please read it.",
                "Sealed records were opened with a reason, {count} times. Please read why.",
                count,
            ).format(count=count)
        )

    def _show(self) -> None:
        dialog = OpeningsDialog(self._window, self._openings)
        dialog.finished.connect(self._again)
        dialog.open()

    def _again(self, _result: int = 0) -> None:
        self._window.tasks.ask(self, break_glass.unseen, then=self._left)

    def _left(self, openings: tuple[Opening, ...]) -> None:
        self._openings = openings
        if openings:
            self._say()
        else:
            self.put_away()


class OpeningsDialog(QDialog):
    """Who, when, whose, why; each line is acknowledged by itself."""

    def __init__(self, window: MainWindow, openings: tuple[Opening, ...]) -> None:
        super().__init__(window)
        self.setObjectName("OpeningsDialog")
        self.setWindowTitle(" ")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window = window
        title = label(_("Sealed records that were opened"), "card-title", wrap=True)
        hint = label(
            _("Ask the colleague if a reason is not clear to you. That you read this is kept."),
            "mute",
            wrap=True,
        )
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, theme.size(8), 0)
        lines.setSpacing(theme.size(12))
        for opening in openings[:_MOST_SHOWN]:
            lines.addWidget(self._line(opening))
        lines.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        self.close_button = button(_("Close"), "OpeningsDialog_close")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(theme.size(12))
        whole.addWidget(title)
        whole.addWidget(hint)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        self.resize(theme.size(620), theme.size(min(520, 220 + 90 * len(openings))))
        self.close_button.clicked.connect(self.accept)

    def _line(self, opening: Opening) -> QWidget:
        holder = QFrame()
        holder.setProperty("kind", "message")
        what = opening.what
        if opening.code:
            what = _("{what}, {code}").format(what=opening.what, code=opening.code)
        first = label(
            _("{who}: {what}, {when}").format(
                who=opening.who, what=what, when=show_moment(opening.opened_at)
            ),
            "strong",
            wrap=True,
        )
        reason = label(opening.reason, wrap=True, name="OpeningsDialog_reason")
        seen = button(_("I have read this"), "OpeningsDialog_seen", "small")
        seen.clicked.connect(lambda: self._acknowledge(opening, seen))
        words = QVBoxLayout()
        words.addWidget(first)
        words.addWidget(reason)
        line = QHBoxLayout(holder)
        line.setContentsMargins(12, 8, 8, 8)
        line.addLayout(words, 1)
        line.addWidget(seen)
        return holder

    def _acknowledge(self, opening: Opening, seen: QWidget) -> None:
        seen.setEnabled(False)
        self._window.tasks.do(self, break_glass.acknowledge, opening.id)
