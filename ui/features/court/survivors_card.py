"""The card of further survivors: a case may be about several."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from shelter_app import clock
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.i18n import _
from shelter_app.services.court_pages import CasePage
from ui.features.court import rows
from ui.features.court.forms import PERSONS
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.record_form import RecordForm


class SurvivorForm(RecordForm[CaseSurvivor]):
    """Who joined the case, since when, and how the court names her."""

    def __init__(self, context: Context) -> None:
        super().__init__(CaseSurvivor, context.tasks, links={"person_id": PERSONS})
        self.row("person_id")
        self.row("joined_on", "named_as")
        self.finish()


class SurvivorsCard(Card):
    """The survivor the case was opened for, and those who joined it."""

    chosen = Signal(object)
    add_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Survivors"))
        self.setObjectName("SurvivorsCard")
        self.add_button = button(_("Add survivor"), "SurvivorsCard_add", "small", icon="add")
        self.set_aside(self.add_button)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        self.add_button.clicked.connect(self.add_wanted)

    def show_page(self, page: CasePage) -> None:
        """Show who is in the case."""
        layouts.clear(self._list)
        self.add_button.setVisible(page.may_write)
        self._list.addWidget(label(page.survivor, "strong", wrap=True))
        for other in page.others:
            since = rows.day_words(other.record.joined_on, clock.today())
            detail = _("in the case since {day}").format(day=since)
            row = rows.entry(other.words, detail, name="SurvivorsCard_other")
            row.clicked.connect(lambda _on=False, record=other.record: self.chosen.emit(record))
            self._list.addWidget(row)
