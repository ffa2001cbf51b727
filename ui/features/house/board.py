"""The bed board: rooms as cards, beds as tiles, tonight at the side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QVBoxLayout, QWidget

from shelter_app.i18n import _, ngettext
from shelter_app.services import bed_board
from shelter_app.services.bed_board import AWAY, FREE, Board, HouseCard, RoomView, Sleeper, Tile
from shelter_app.services.changes import Changes
from ui.features.house.acts import StayActs, sleeper_of
from ui.features.house.panel import HousePanel
from ui.features.house.rooms import RoomSetup
from ui.features.house.wording import room_words, sleeper_words, tile_words, tonight_words
from ui.kit import layouts, theme
from ui.kit.bed_tile import BedTile, MenuLine, RoomCard
from ui.kit.context import Context
from ui.kit.message_bar import MessageBar
from ui.kit.page import (
    Bar,
    Card,
    EmptyState,
    Figure,
    Page,
    RowButton,
    TabBar,
    TwoLines,
    button,
    label,
)
from ui.kit.side_editor import SideEditor

TABLES: Final = ("room", "bed", "bed_stay", "stay", "absence", "person", "appointment")
_SIDE: Final = 248
_BESIDE_FROM: Final = 780
QWIDGETSIZE_MAX: Final = (1 << 24) - 1


def page(context: Context) -> QWidget:
    """Return the page of the house."""
    return HousePage(context)


class HousePage(Page):
    """Who sleeps where tonight; every tile opens the house's view of a resident."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("House"), parent=parent or context.place)
        self.setObjectName("HousePage")
        self._context = context
        self._board: Board | None = None
        self._shown_stay = 0
        self._go_to_bed = 0
        self._tiles: dict[int, BedTile] = {}
        self._side_column: QWidget | None = None
        self.editor = SideEditor(self)
        self.acts = StayActs(context, self, self.editor)
        self.setup_button = self.add_action(button(_("Rooms and beds"), "HousePage_setup"))
        self.admit_button = self.add_action(
            button(_("Admit"), "HousePage_admit", "primary", shortcut="Ctrl+Shift+A")
        )
        tabs = TabBar()
        tabs.add("beds", _("Beds"))
        self.set_tabs(tabs)
        self.basis_bar = MessageBar()
        self.body.addWidget(self.basis_bar)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self.body.addLayout(self._columns)
        self.body.addStretch(1)
        self._setup: RoomSetup | None = None
        self.setup_button.hide()
        self.admit_button.hide()
        self.admit_button.clicked.connect(self._admit)
        self.setup_button.clicked.connect(self.set_up)
        self.basis_bar.acted.connect(self._record_basis)
        self.editor.closed.connect(self._forget_panel)
        self.acts.bed_given.connect(self._remember_bed)
        self.reload()

    # What the shell calls

    def refresh(self, changes: Changes) -> None:
        """Ask again when something the board shows was written."""
        if changes.touch(*TABLES):
            self.reload()

    def show_record(self, record_id: int, detail: str) -> None:
        """Open an admission ('new', 'admit' with a person, 'draft') or a resident's panel."""
        if detail in ("new", "admit") or (detail == "draft" and not record_id):
            self.acts.admit(record_id if detail == "admit" else 0)
        elif detail == "draft":
            self.acts.take_up(record_id)
        elif record_id:
            self.open_stay(record_id)

    def reload(self) -> None:
        """Ask for the board."""
        self._context.tasks.ask(self, bed_board.board, then=self._show)

    # Showing

    def _show(self, board: Board) -> None:
        focused = QApplication.focusWidget()
        bed_id = focused.bed_id if isinstance(focused, BedTile) else 0
        bed_id, self._go_to_bed = self._go_to_bed or bed_id, 0
        self._board = board
        self.admit_button.setVisible(board.may_admit and bool(board.tonight.capacity))
        self.setup_button.setVisible(board.may_set_up)
        self._say_without_basis(board.without_basis)
        self._clear()
        if board.tonight.rooms:
            self._columns.addWidget(self._rooms(board), 1)
            self._columns.addWidget(self._side(board), 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._columns.addWidget(self._nothing_yet(board))
        self._turn(self.width())
        if bed_id in self._tiles:
            # What is put into a layout is shown only when the events of now are done.
            QTimer.singleShot(1, self, partial(self._to_tile, self._tiles[bed_id]))
        if self._setup is not None:
            self._setup.set_rooms(board.tonight.rooms)
        elif self._shown_stay:
            self.open_stay(self._shown_stay)

    def _remember_bed(self, bed_id: int) -> None:
        self._go_to_bed = bed_id

    def _to_tile(self, tile: BedTile) -> None:
        if shiboken6.isValid(tile):
            tile.setFocus()
            self.scroll_area.ensureWidgetVisible(tile)

    def _say_without_basis(self, people: tuple[int, ...]) -> None:
        if not people:
            self.basis_bar.clear()
            return
        words = ngettext(
            "The house admitted {count} person. Nobody has recorded yet why and on what basis.",
            "The house admitted {count} people. Nobody has recorded yet why and on what basis.",
            len(people),
        )
        self.basis_bar.say(words.format(count=len(people)), "warning", _("Record it"))

    def _record_basis(self) -> None:
        if self._board is not None and self._board.without_basis:
            self._context.go("resident", self._board.without_basis[0], "stay")

    def _clear(self) -> None:
        self._tiles.clear()
        self._side_column = None
        layouts.clear(self._columns)

    def _rooms(self, board: Board) -> QWidget:
        column = QWidget()
        column.setObjectName("HousePage_rooms")
        whole = QVBoxLayout(column)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        for view in board.tonight.rooms:
            whole.addWidget(self._room(view))
        whole.addStretch(1)
        return column

    def _room(self, view: RoomView) -> RoomCard:
        card = RoomCard(view.room.name, room_words(view))
        for tile in view.tiles:
            card.add_tile(self._tile(tile))
        if not view.tiles:
            card.add(label(_("No beds yet."), "mute"))
        card.dropped.connect(self.acts.drop)
        return card

    def _tile(self, tile: Tile) -> BedTile:
        name, detail = tile_words(tile)
        made = BedTile(tile.bed_no, name, detail, tile.state, bed_id=tile.bed_id)
        may_move = self._board is not None and self._board.may_move
        made.setAcceptDrops(may_move and tile.state in (FREE, "occupied", AWAY))
        made.set_menu(lambda: self._menu(tile))
        made.clicked.connect(lambda: self._choose(tile))
        self._tiles[tile.bed_id] = made
        return made

    def _side(self, board: Board) -> QWidget:
        column = QWidget()
        column.setObjectName("HousePage_side")
        whole = QVBoxLayout(column)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self._tonight(board))
        if board.without_bed:
            whole.addWidget(self._without_bed(board.without_bed))
        self._side_column = column
        return column

    def _tonight(self, board: Board) -> Card:
        tonight = board.tonight
        card = Card(_("Tonight"))
        card.setObjectName("HousePage_tonight")
        of = _("of {count}").format(count=tonight.capacity)
        figure = Figure(str(tonight.sleeping), "", of)
        figure.setAccessibleName(
            _("{count} of {capacity} beds slept in tonight").format(
                count=tonight.sleeping, capacity=tonight.capacity
            )
        )
        figure.caption_label.hide()
        card.add(figure)
        taken = tonight.sleeping + tonight.held
        card.add(Bar(round(100 * taken / tonight.capacity) if tonight.capacity else 0))
        card.add(label(tonight_words(tonight), "secondary", wrap=True, name="HousePage_figures"))
        return card

    def _without_bed(self, sleepers: tuple[Sleeper, ...]) -> Card:
        card = Card(_("Without a bed"))
        card.setObjectName("HousePage_without_bed")
        for sleeper in sleepers:
            line = RowButton(_("“{name}” without a bed").format(name=sleeper.name))
            line.setObjectName(f"without_bed_{sleeper.stay_id}")
            line.add(TwoLines(f"“{sleeper.name}”", sleeper_words(sleeper)), 1)
            line.clicked.connect(lambda _on=False, stay_id=sleeper.stay_id: self.open_stay(stay_id))
            card.add(line)
        return card

    def _nothing_yet(self, board: Board) -> EmptyState:
        if board.may_set_up:
            empty = EmptyState(
                _("This board shows who sleeps where. It begins with a room and its beds."),
                _("Add the first room"),
            )
            empty.acted.connect(self.set_up)
            return empty
        return EmptyState(_("There are no rooms yet. A manager sets up rooms and beds here."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put tonight beside the rooms where there is room, above them where there is not."""
        super().resizeEvent(event)
        self._turn(event.size().width())

    def _turn(self, width: int) -> None:
        beside = width >= theme.size(_BESIDE_FROM)
        directions = QBoxLayout.Direction
        wanted = directions.LeftToRight if beside else directions.BottomToTop
        if self._columns.direction() != wanted:
            self._columns.setDirection(wanted)
        side = self._side_column
        if side is not None:
            side.setMinimumWidth(theme.size(_SIDE) if beside else 0)
            side.setMaximumWidth(theme.size(_SIDE) if beside else QWIDGETSIZE_MAX)

    # Acting

    def _admit(self) -> None:
        self.acts.admit()

    def _choose(self, tile: Tile) -> None:
        if tile.sleeper is not None:
            self.open_stay(tile.sleeper.stay_id)
        elif tile.state == FREE and self._board is not None and self._board.may_admit:
            self.acts.admit(bed_id=tile.bed_id)
        elif self._board is not None and self._board.may_set_up:
            self.set_up()

    def _menu(self, tile: Tile) -> Sequence[MenuLine]:
        board = self._board
        if board is None:
            return ()
        if tile.sleeper is None:
            if tile.state == FREE and board.may_admit:
                return ((_("Admit to this bed…"), lambda: self.acts.admit(bed_id=tile.bed_id)),)
            return ()
        sleeper = tile.sleeper
        lines: list[tuple[str, Callable[[], object], bool]] = [
            (_("Show"), lambda: self.open_stay(sleeper.stay_id), True),
            (_("Move…"), lambda: self.acts.move(sleeper), board.may_move),
            (
                _("Away…"),
                lambda: self.acts.away(sleeper),
                board.may_move and sleeper.absence is None,
            ),
            (
                _("Came back"),
                lambda: self.acts.back(sleeper),
                board.may_move and sleeper.absence is not None,
            ),
            (
                _("Give up the place"),
                lambda: self.acts.give_up(sleeper),
                board.may_move and sleeper.absence is not None,
            ),
            (_("Leaves the house…"), lambda: self.acts.leave_house(sleeper), board.may_exit),
            (_("Open file"), lambda: self._open_file(sleeper), True),
        ]
        return [(words, act) for words, act, there in lines if there]

    def open_stay(self, stay_id: int) -> None:
        """Show the house's view of somebody in residence."""
        self._context.tasks.ask(
            self, bed_board.house_card, stay_id, then=self._open_panel, failed=self._gone
        )

    def _open_panel(self, card: HouseCard) -> None:
        if self.editor.form() is not None:
            return
        if card.stay.exited_at is not None:
            self.editor.close_editor()
            return
        panel = HousePanel(card)
        panel.wanted.connect(lambda key: self._act(key, card))
        self.editor.show_content(card.person.headline(), panel)
        self._shown_stay = card.stay.id

    def _act(self, key: str, card: HouseCard) -> None:
        sleeper = sleeper_of(card)
        acts: dict[str, Callable[[], object]] = {
            "move": lambda: self.acts.move(sleeper),
            "away": lambda: self.acts.away(sleeper),
            "back": lambda: self.acts.back(sleeper),
            "give_up": lambda: self.acts.give_up(sleeper),
            "exit": lambda: self.acts.leave_house(sleeper),
            "open": lambda: self._open_file(sleeper),
        }
        if key not in ("back", "give_up"):
            self._shown_stay = 0
        acts[key]()

    def _open_file(self, sleeper: Sleeper) -> None:
        self.editor.close_editor()
        self._context.go("resident", sleeper.person_id)

    def _gone(self, _error: BaseException) -> None:
        self.editor.close_editor()

    def _forget_panel(self) -> None:
        self._shown_stay = 0
        self._setup = None

    # Rooms and beds

    def set_up(self) -> None:
        """Open the list of rooms and beds."""
        setup = RoomSetup(self._context, self, self.editor, self.set_up)
        setup.set_rooms(self._board.tonight.rooms if self._board else ())
        self.editor.show_content(_("Rooms and beds"), setup)
        self._shown_stay = 0
        self._setup = setup
