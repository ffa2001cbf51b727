"""The page of data protection: four tabs, each with its one main action in the head."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from shelter_app.i18n import _
from shelter_app.services import rights
from shelter_app.services.changes import Changes
from ui.features.rights.breaches_view import BreachesView
from ui.features.rights.counselling_part_card import CounsellingPartCard
from ui.features.rights.erasures_card import ErasuresCard
from ui.features.rights.leaving_view import LeavingView
from ui.features.rights.requests_view import RequestsView
from ui.features.rights.retention_view import RetentionView
from ui.kit.button import button
from ui.kit.context import Context
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page, TabBar

_TABLES = (
    "dsr",
    "breach",
    "two_person_decision",
    "erasure",
    "person",
    "stay",
    "legal_case",
    "suspect",
    "charge",
)


def page(context: Context) -> QWidget:
    """Return the page: everything for manager and data lead, a counsellor's part for others."""
    if context.actor.has_role(*rights.KEEPERS):
        return RightsPage(context)
    return CounsellingParts(context)


class RightsPage(Page):
    """Requests, breaches, keeping and erasing, leaving."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Data protection"),
            _("What people may ask of us, and what we owe them by which day."),
            parent=context.place,
        )
        self.setObjectName("RightsPage")
        self.bar = MessageBar()
        self.requests = RequestsView(context, self, self.bar)
        self.breaches = BreachesView(context, self, self.bar)
        self.retention = RetentionView(context, self.bar)
        self.leaving = LeavingView(context, self.bar)
        self.new_request_button = self.add_action(
            button(_("New request"), "RightsPage_new_request", "primary")
        )
        self.new_breach_button = self.add_action(
            button(_("Write a breach down"), "RightsPage_new_breach", "primary")
        )
        self.tabs = TabBar()
        self._views: dict[str, QWidget] = {}
        self.body.addWidget(self.bar)
        self._add("requests", _("Requests"), self.requests)
        self._add("breaches", _("Breaches"), self.breaches)
        self._add("retention", _("Keeping and erasing"), self.retention)
        self._add("leaving", _("Leaving with everything"), self.leaving)
        self.set_tabs(self.tabs)
        self.tabs.chosen.connect(self._show_tab)
        self.new_request_button.clicked.connect(self.requests.start_new)
        self.new_breach_button.clicked.connect(self.breaches.start_new)
        self._show_tab("requests")

    def _add(self, key: str, text: str, view: QWidget) -> None:
        self._views[key] = view
        self.body.addWidget(view, 1)
        self.tabs.add(key, text)

    def _show_tab(self, key: str) -> None:
        self.leave()
        self.bar.clear()
        for name, view in self._views.items():
            view.setVisible(name == key)
        self.new_request_button.setVisible(key == "requests")
        self.new_breach_button.setVisible(key == "breaches")

    def show_record(self, record_id: int, detail: str) -> None:
        """Bring a tab to the front, with the line of a record when one is named."""
        key = detail if detail in self._views else "requests"
        self.tabs.set_current(key)
        self._show_tab(key)
        table = {"requests": self.requests.table, "breaches": self.breaches.table}.get(key)
        if table is not None and record_id:
            table.select_id(record_id)

    def refresh(self, changes: Changes) -> None:
        """Ask again when something of it changed."""
        if changes.touch(*_TABLES):
            self.requests.reload()
            self.breaches.reload()
            self.retention.reload()
            self.leaving.reload()

    def leave(self) -> None:
        """Keep what was typed when another page or tab is shown."""
        for editor in (self.requests.side_editor, self.breaches.side_editor):
            editor.keep_now()
            if editor.is_open():
                editor.close_editor()


class CounsellingParts(Page):
    """For counsellors: what two people decided and only a counselling key can finish."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Data protection"),
            _("What two people decided and only a counselling key can finish."),
            parent=context.place,
        )
        self.setObjectName("CounsellingParts")
        self.bar = MessageBar()
        self.erasures = ErasuresCard(context, self.bar)
        self.body.addWidget(self.bar)
        self.leaving = CounsellingPartCard(context, self.bar)
        self.body.addWidget(self.erasures)
        self.body.addWidget(self.leaving)
        self.body.addStretch(1)
        self.erasures.reload()
        self.leaving.reload()

    def refresh(self, changes: Changes) -> None:
        """Ask again when something was erased or decided."""
        if changes.touch("erasure"):
            self.erasures.reload()
        if changes.touch("two_person_decision"):
            self.leaving.reload()
