"""The plan of one person as a page of its own, for going through it together."""

from __future__ import annotations

from shelter_app.i18n import _
from shelter_app.services import plans
from ui.features.care_plan.plan_tab import PlanTabView
from ui.kit.button import button
from ui.kit.card import EmptyState
from ui.kit.context import Context
from ui.kit.page import Page


class PlanPage(Page):
    """Shows nothing until a person was chosen; her working name stands in the head."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Care plan"), parent=context.place)
        self.setObjectName("PlanPage")
        self._context = context
        self._person_id = 0
        self.view: PlanTabView | None = None
        self._empty = EmptyState(_("Choose somebody first: the plan is opened from her page."))
        self.open_button = self.add_action(button(_("Open file"), "PlanPage_open"))
        self.open_button.hide()
        self.body.addWidget(self._empty, 1)
        self.open_button.clicked.connect(lambda: context.go("resident", self._person_id, "plan"))

    def show_record(self, record_id: int, detail: str = "") -> None:
        """Show the plan of a person."""
        if record_id == self._person_id and self.view is not None:
            self.view.reload()
            return
        self._person_id = record_id
        self._empty.hide()
        if self.view is not None:
            self.view.hide()
            self.view.deleteLater()
        self.view = PlanTabView(self._context, record_id)
        self.body.addWidget(self.view, 1)
        self.open_button.show()
        self._context.tasks.ask(self, plans.whose, record_id, then=self.set_context)
