"""Who goes along to an appointment outside, for those who plan the house and not the case."""

from __future__ import annotations

from shelter_app.domain.legal import Accompaniment
from shelter_app.i18n import _
from shelter_app.services import companions
from ui.kit.context import Context
from ui.kit.editors import ChoiceEditor, LinkSource
from ui.kit.record_form import RecordForm


class CompanionForm(RecordForm[Accompaniment]):
    """Name, way, and when they left and came back; nothing of what it is for."""

    def __init__(self, context: Context) -> None:
        source = LinkSource(companions.staff_choices, companions.staff_label)
        super().__init__(Accompaniment, context.tasks, links={"staff_id": source})
        self._context = context
        self._staff_id = 0
        self.row("staff_id", "companion_name")
        self.row("role")
        self.row("transport", "vehicle")
        self.section(_("On the day"))
        self.row("left_at")
        self.row("returned_at")
        self.row("safety_incident")
        self.finish()
        self.edited.connect(self._propose)

    def set_record(self, record: Accompaniment) -> None:
        """Show who goes along."""
        super().set_record(record)
        self._staff_id = record.staff_id

    def _propose(self) -> None:
        staff_id = self.record().staff_id
        if staff_id == self._staff_id:
            return
        self._staff_id = staff_id
        if staff_id:
            self._context.tasks.ask(self, companions.usual_role, staff_id, then=self._take_role)

    def _take_role(self, role: str) -> None:
        editor = self.editor("role")
        if role and isinstance(editor, ChoiceEditor):
            editor.set_value(role)
            editor.edited.emit()
