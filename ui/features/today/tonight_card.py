"""The house tonight as small squares by room: who is in, who is away, what is free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from shelter_app.i18n import N_, _
from shelter_app.services.bed_board import AWAY, CLOSED, FREE, OCCUPIED, RoomView, Tonight
from ui.kit import theme
from ui.kit.button import label
from ui.kit.card import Card, EmptyState
from ui.kit.pill import Pill
from ui.kit.row import RowButton

_WORDS: Final = {
    OCCUPIED: N_("occupied"),
    AWAY: N_("away overnight"),
    FREE: N_("free"),
    CLOSED: N_("out of service"),
}
_FILL: Final = {OCCUPIED: "teal", AWAY: "sand", CLOSED: "track"}
_SIDE: Final = 20
_GAP: Final = 8


class Squares(QWidget):
    """One square per bed of a room; wraps when the card is narrow."""

    def __init__(self, states: Sequence[str], side: int = _SIDE) -> None:
        super().__init__()
        self.setObjectName("Squares")
        self._states = tuple(states)
        self._side = side
        counted = Counter(states)
        self.setAccessibleName(
            ", ".join(
                _("{count} {state}").format(count=counted[state], state=_(words))
                for state, words in _WORDS.items()
                if counted[state]
            )
        )
        self.setToolTip(self.accessibleName())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return the room of all squares on one line."""
        step = theme.size(self._side + _GAP)
        return QSize(step * max(1, len(self._states)) - theme.size(_GAP), theme.size(self._side))

    def minimumSizeHint(self) -> QSize:
        """Return the room of a few squares: the rest goes under them."""
        least = min(4, max(1, len(self._states)))
        return QSize(theme.size(self._side + _GAP) * least, theme.size(self._side))

    def hasHeightForWidth(self) -> bool:
        """Say that squares wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines at a width."""
        step = theme.size(self._side + _GAP)
        in_line = max(1, (width + theme.size(_GAP)) // step)
        lines = max(1, -(-len(self._states) // in_line))
        return lines * step - theme.size(_GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the squares; a free one has a dashed edge, a closed one is grey."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, step = theme.size(self._side), theme.size(self._side + _GAP)
        in_line = max(1, (self.width() + theme.size(_GAP)) // step)
        for number, state in enumerate(self._states):
            line, place = divmod(number, in_line)
            box = QRectF(place * step + 0.5, line * step + 0.5, side - 1, side - 1)
            if state == FREE:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.color("faint"), 1, Qt.PenStyle.DashLine))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(_FILL[state]))
            painter.drawRoundedRect(box, 4, 4)


def _states(view: RoomView) -> list[str]:
    """Return the beds of a room; a free cot is not a free bed and is left out."""
    return [tile.state for tile in view.tiles if not tile.cot or tile.state != FREE]


class TonightCard(Card):
    """Rooms with their squares, how many are in, and what the squares mean."""

    house_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("House tonight"), "", parent)
        self.setObjectName("TonightCard")
        self.pill = Pill("", "good")
        self.set_aside(self.pill)
        self._shown: Tonight | None = None
        self._holder: QWidget | None = None

    def show_tonight(self, tonight: Tonight | None) -> None:
        """Show the rooms; nothing is rebuilt while nothing changed."""
        self.setVisible(tonight is not None)
        if tonight is None or tonight == self._shown:
            return
        self._shown = tonight
        words = _("{count} of {capacity} sleep here").format(
            count=tonight.sleeping, capacity=tonight.capacity
        )
        role = "good" if tonight.free > 0 else "soon"
        self.pill.show_as(words, role)
        self.pill.setVisible(bool(tonight.rooms))
        if self._holder is not None:
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = self._filled(tonight)
        self.body.addWidget(self._holder)

    def _filled(self, tonight: Tonight) -> QWidget:
        if not tonight.rooms:
            empty = EmptyState(_("No rooms are set up yet."), _("Open house"))
            empty.acted.connect(self.house_wanted)
            return empty
        opening = RowButton(_("House tonight: open the bed board"))
        opening.setObjectName("TonightCard_open")
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.size(12))
        grid.setVerticalSpacing(theme.size(8))
        grid.setColumnStretch(1, 1)
        for number, view in enumerate(tonight.rooms):
            name = label(view.room.name, wrap=True, name="TonightCard_room")
            name.setMinimumWidth(theme.size(96))
            grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Squares(_states(view)), number, 1)
        grid.addWidget(self._legend(tonight), len(tonight.rooms), 0, 1, 2)
        opening.add(inner, 1)
        opening.clicked.connect(self.house_wanted)
        return opening

    def _legend(self, tonight: Tonight) -> QWidget:
        shown = {state for view in tonight.rooms for state in _states(view)}
        legend = QWidget()
        line = QHBoxLayout(legend)
        line.setContentsMargins(0, theme.size(4), 0, 0)
        line.setSpacing(theme.size(5))
        for state in (OCCUPIED, AWAY, FREE, CLOSED):
            if state == CLOSED and state not in shown:
                continue
            mark = Squares([state], 11)
            mark.setFixedSize(theme.size(12), theme.size(12))
            line.addWidget(mark)
            line.addWidget(label(_(_WORDS[state]), "secondary", name="TonightCard_legend"))
            line.addSpacing(theme.size(6))
        line.addStretch(1)
        return legend
