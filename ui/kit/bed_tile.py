"""Places for the night as tiles in rooms: drag a person to another tile, or use the menu key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QSizePolicy, QWidget

from shelter_app.i18n import N_, _
from ui.kit import theme
from ui.kit.card import Card
from ui.kit.flow import FlowLayout

MIME: Final = "application/x-bed"
STATES: Final = {
    "occupied": N_("occupied"),
    "away": N_("away overnight"),
    "reserved": N_("reserved"),
    "free": N_("free"),
    "closed": N_("closed"),
}
_FILL: Final = {
    "occupied": "teal_tint",
    "away": "ochre_tint",
    "reserved": "ochre_tint",
    "free": "panel",
    "closed": "grey_tint",
}
_LABEL: Final = {
    "occupied": "teal",
    "away": "ochre",
    "reserved": "ochre",
    "free": "mute",
    "closed": "grey",
}

MenuLine = tuple[str, Callable[[], object]]


class BedTile(QPushButton):
    """One place: its label, who has it and since when; Enter opens, the menu key acts."""

    dropped = Signal(object, object)
    """(source bed id, target bed id): the person there shall move here."""

    def __init__(
        self,
        label: str,
        name: str,
        detail: str,
        state: str,
        parent: QWidget | None = None,
        *,
        bed_id: int = 0,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"bed_{bed_id}" if bed_id else "bed_tile")
        self.bed_id = bed_id
        self._label = label
        self._name = name
        self._detail = detail
        self._state = state
        self._pressed: QPointF | None = None
        self._hovered = False
        self._menu: Callable[[], Sequence[MenuLine]] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAcceptDrops(state == "free")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        words = (label, _(STATES[state]), name if state != "free" else "", detail)
        self.setAccessibleName(", ".join(word for word in words if word))

    def state(self) -> str:
        """Return the state it shows."""
        return self._state

    def set_menu(self, lines: Callable[[], Sequence[MenuLine]]) -> None:
        """Say what the menu key and the right button offer, asked for each time."""
        self._menu = lines

    def sizeHint(self) -> QSize:
        """Return the size of a tile at this text size."""
        return QSize(theme.size(128), theme.size(64))

    def minimumSizeHint(self) -> QSize:
        """Return the same: tiles do not shrink, they wrap."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tile; a free one has a dashed edge, a closed one a bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_box(painter)
        inset, line = theme.size(11), theme.size(18)
        width = self.width() - 2 * inset
        top = (self.height() - 3 * line) // 2
        rows = (
            (self._label, theme.font(11, 600), _LABEL[self._state]),
            (self._name or _(STATES[self._state]).capitalize(), theme.font(13, 600), "ink"),
            (self._detail, theme.font(11), "mute"),
        )
        for number, (words, font, role) in enumerate(rows):
            painter.setFont(font)
            painter.setPen(theme.color(role))
            elide = Qt.TextElideMode.ElideRight
            shown = painter.fontMetrics().elidedText(words, elide, width)
            box = QRect(inset, top + number * line, width, line)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter as with the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Be ready to drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the person who has this place; only the bed's number travels."""
        if self._pressed is None or self._state not in {"occupied", "away"}:
            return
        far = (event.position() - self._pressed).manhattanLength()
        if far < QApplication.startDragDistance():
            return
        self._pressed = None
        self.setDown(False)
        drag = QDrag(self)
        data = QMimeData()
        data.setData(MIME, str(self.bed_id).encode())
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome a person from another place."""
        if event.mimeData().hasFormat(MIME):
            self._hovered = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._hovered = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the move."""
        self._hovered = False
        self.update()
        source = int(bytes(event.mimeData().data(MIME).data()).decode() or 0)
        event.acceptProposedAction()
        if source and source != self.bed_id:
            self.dropped.emit(source, self.bed_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with this place."""
        lines = self._menu() if self._menu is not None else ()
        if not lines:
            return
        menu = QMenu(self)
        menu.setObjectName("bed_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in lines:
            menu.addAction(text).triggered.connect(lambda _on=False, act=act: act())
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()) if by_key else event.globalPos())

    def _paint_box(self, painter: QPainter) -> None:
        edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(_FILL[self._state]))
        if self._state == "free":
            painter.setPen(QPen(theme.color("faint"), 1, Qt.PenStyle.DashLine))
        if self._hovered:
            painter.setBrush(theme.color("selection"))
        if self.hasFocus() or self._hovered:
            painter.setPen(QPen(theme.color("focus"), 2))
        elif self.underMouse():
            painter.setPen(QPen(theme.color("teal_soft"), 1))
        painter.drawRoundedRect(edge, 8, 8)
        if self._state == "away":
            side = theme.size(14)
            from ui.kit import icons

            corner = QRect(self.width() - side - 8, 8, side, side)
            icons.paint(painter, corner, "away", "ochre")


class RoomCard(Card):
    """A room with its beds, which wrap where the window is narrow."""

    dropped = Signal(object, object)
    chosen = Signal(object)

    def __init__(self, title: str, aside: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, aside, parent)
        self.setObjectName("room_card")
        self._tiles: list[BedTile] = []
        self._flow = FlowLayout(spacing=8)
        self.body.addLayout(self._flow)

    def add_tile(self, tile: BedTile) -> None:
        """Add a bed at the end."""
        self._tiles.append(tile)
        self._flow.addWidget(tile)
        tile.dropped.connect(self.dropped)
        tile.clicked.connect(lambda: self.chosen.emit(tile.bed_id))

    def tiles(self) -> tuple[BedTile, ...]:
        """Return the beds in order."""
        return tuple(self._tiles)
