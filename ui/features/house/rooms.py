"""Setting up rooms and beds in the side panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain.stay import Bed, Room
from shelter_app.i18n import _
from shelter_app.services import rooms
from shelter_app.services.bed_board import RoomView, Tile
from shelter_app.services.work import Work
from ui.features.house.forms import BedSetupForm, RoomForm
from ui.features.house.wording import room_words
from ui.kit import layouts
from ui.kit.button import button, icon_button, rule
from ui.kit.context import Context
from ui.kit.page import EmptyState, FlowLayout, TwoLines
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor


class RoomSetup(QWidget):
    """Every room with its beds; a click edits, a plus adds, what is empty can go."""

    def __init__(
        self,
        context: Context,
        owner: QWidget,
        editor: SideEditor,
        show_again: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setObjectName("RoomSetup")
        self._show_again = show_again
        self._context = context
        self._owner = owner
        self._editor = editor
        self.add_button = button(_("Add a room"), "RoomSetup_add", "primary", icon="add")
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(self._list)
        line = QHBoxLayout()
        line.addWidget(self.add_button)
        line.addStretch(1)
        whole.addLayout(line)
        whole.addStretch(1)
        self.add_button.clicked.connect(lambda: self._edit_room(Room(room_type="dorm")))

    def set_rooms(self, views: tuple[RoomView, ...]) -> None:
        """Show these rooms."""
        layouts.clear(self._list)
        for view in views:
            self._list.addWidget(self._room(view))
        if not views:
            sentence = _("A room has a name, says whom it is meant for, and holds beds and cots.")
            self._list.addWidget(EmptyState(sentence))

    def _room(self, view: RoomView) -> QWidget:
        room = view.room
        holder = QWidget()
        holder.setObjectName(f"RoomSetup_room_{room.id}")
        edit = button(_("Change"), f"RoomSetup_edit_{room.id}", "small")
        edit.setAccessibleName(_("Change room {name}").format(name=room.name))
        plus = button(_("Add a bed"), f"RoomSetup_bed_{room.id}", "small")
        plus.setAccessibleName(_("Add a bed to {name}").format(name=room.name))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(TwoLines(room.name, room_words(view)), 1)
        head.addWidget(plus)
        head.addWidget(edit)
        if not view.tiles:
            gone = icon_button(
                "close", _("Take {name} away").format(name=room.name), f"RoomSetup_gone_{room.id}"
            )
            gone.clicked.connect(
                lambda: self._do(rooms.remove_room, room.id, said=_("The room is gone."))
            )
            head.addWidget(gone)
        beds = FlowLayout(spacing=6)
        for tile in view.tiles:
            beds.addWidget(self._bed(tile))
        whole = QVBoxLayout(holder)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addLayout(beds)
        whole.addWidget(rule())
        edit.clicked.connect(lambda: self._edit_room(room))
        plus.clicked.connect(lambda: self._do(rooms.add_beds, room.id, 1, said=_("A bed more.")))
        return holder

    def _bed(self, tile: Tile) -> QWidget:
        words = _("{bed} (cot)").format(bed=tile.bed_no) if tile.cot else tile.bed_no
        made = button(words, f"RoomSetup_tile_{tile.bed_id}", "small")
        made.setAccessibleName(_("Change bed {bed}").format(bed=tile.bed_no))
        if tile.state == "closed":
            made.setText(_("{bed} · out of service").format(bed=tile.bed_no))
        made.clicked.connect(
            lambda: self._context.tasks.ask(self, _bed_of, tile.bed_id, then=self._edit_bed)
        )
        return made

    def _edit_room(self, room: Room) -> None:
        form = RoomForm(self._context, room)
        title = _("Room {name}").format(name=room.name) if room.revision else _("A new room")
        self._edit(title, form, rooms.save_room)

    def _edit_bed(self, bed: Bed) -> None:
        form = BedSetupForm(self._context, bed)
        gone = button(_("Take this bed away"), "RoomSetup_remove_bed", "small")
        gone.clicked.connect(lambda: self._remove(bed))
        form.add(gone)
        self._edit(_("Bed {bed}").format(bed=bed.bed_no), form, rooms.save_bed)

    def _edit(self, title: str, form: RecordForm[Any], save: Callable[..., Any]) -> None:
        tasks, owner, editor = self._context.tasks, self._owner, self._editor
        again = self._show_again

        def settle(record: object) -> None:
            editor.saved(record)
            editor.close_editor()
            again()

        def keep(record: object) -> None:
            tasks.do(
                owner,
                save,
                record,
                then=settle,
                failed=editor.failed,
                undo_label=_("Rooms and beds are changed."),
            )

        editor.edit(title, form, keep)

    def _remove(self, bed: Bed) -> None:
        editor, again = self._editor, self._show_again

        def settle(_value: object) -> None:
            editor.close_editor()
            again()

        self._context.tasks.do(
            self._owner,
            rooms.remove_bed,
            bed.id,
            then=settle,
            failed=editor.failed,
            undo_label=_("The bed is gone."),
        )

    def _do(self, function: Callable[..., Any], *args: Any, said: str) -> None:
        self._context.tasks.do(self._owner, function, *args, undo_label=said)


def _bed_of(work: Work, bed_id: int) -> Bed:
    return work.get(Bed, bed_id)
