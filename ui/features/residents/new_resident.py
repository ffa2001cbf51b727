"""The way to a new resident: look first, then one form, saved in one piece."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from shelter_app.domain.person import Person, PersonBackground
from shelter_app.domain.record import Record
from shelter_app.i18n import _
from shelter_app.services import residents
from shelter_app.services.residents import NewResidentForm
from ui.features.residents.look_first import LookFirst
from ui.features.residents.new_form import NewResidentEditor
from ui.kit.context import Context
from ui.kit.side_editor import SideEditor

FORM_KEY: Final = "new_resident"


class NewResident(QObject):
    """Leads through looking, filling in and saving, in the side editor of a page."""

    recorded = Signal(object)
    """(id): somebody new was saved."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.side_editor = SideEditor(page)
        self.side_editor.setObjectName("NewResident_editor")
        self._looked_for = ""

    def begin(self) -> None:
        """Ask to look first."""
        look = LookFirst(self._context)
        # Queued: both close what the pressed button stands in.
        look.known.connect(self._is_known, Qt.ConnectionType.QueuedConnection)
        look.none_of_them.connect(self._record, Qt.ConnectionType.QueuedConnection)
        self.side_editor.show_content(_("Do we know her?"), look)
        look.search_box.setFocus()

    def go_on(self) -> None:
        """Open the form again on what was typed; the looking was done before it."""
        self._record(_("a draft that was taken up again"))

    def _is_known(self, person_id: int) -> None:
        self.side_editor.close_editor()
        self._context.go("resident", person_id)

    def _record(self, looked_for: str) -> None:
        self._looked_for = looked_for
        self._context.tasks.ask(self, residents.new_resident, then=self._open_form)

    def _open_form(self, start: NewResidentForm) -> None:
        form = NewResidentEditor(start)
        form.another_button.clicked.connect(lambda: self._propose(form))
        keeper = self._context.draft_keeper(FORM_KEY, _most_closed(start), 0)
        self.side_editor.edit(
            _("New resident"), form, lambda person: self._save(form, person), keeper
        )
        name = form.editor("display_alias")
        if isinstance(name, QLineEdit):
            name.selectAll()  # typing another name replaces the proposed one

    def _propose(self, form: NewResidentEditor) -> None:
        boys = form.record().sex == "M"
        self._context.tasks.ask(form, residents.propose_name, boys=boys, then=form.set_name)

    def _save(self, form: NewResidentEditor, person: Person) -> None:
        self._context.tasks.do(
            self.side_editor,
            residents.create,
            person,
            background=form.background(),
            sealed=form.sealed(),
            looked_for=self._looked_for,
            then=self._saved,
            failed=self.side_editor.failed,
            undo_label=_("“{name}” was recorded").format(name=person.display_alias),
        )

    def _saved(self, person: Person) -> None:
        self.side_editor.saved(person)
        self.side_editor.close_editor()
        self.recorded.emit(person.id)
        self._context.go("resident", person.id)


def _most_closed(start: NewResidentForm) -> type[Record]:
    """Return the record type whose compartment keeps the draft: the most closed on the form."""
    if start.identity is not None:
        return type(start.identity)
    return PersonBackground if start.background is not None else Person
