"""The card of further survivors: a case may be about several."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shelter_app import clock
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.i18n import _
from shelter_app.services.case_survivors import OtherSurvivor
from shelter_app.services.court_pages import CasePage
from ui.features.court import rows
from ui.features.court.entries_card import GrowingCard
from ui.features.court.forms import PERSONS
from ui.kit import day_text
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.record_form import RecordForm


class SurvivorForm(RecordForm[CaseSurvivor]):
    """Who joined the case, since when, and how the court names her."""

    def __init__(self, context: Context) -> None:
        super().__init__(CaseSurvivor, context.tasks, links={"person_id": PERSONS})
        self.row("person_id")
        self.row("joined_on", "named_as")
        self.finish()


class SurvivorsCard(GrowingCard):
    """The survivor the case was opened for, and those who joined it."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Survivors"), _("Add survivor"))

    def show_page(self, page: CasePage) -> None:
        """Show who is in the case."""
        self.add_button.setVisible(page.may_write)
        first = label(page.survivor, "strong", wrap=True)
        first.setContentsMargins(4, 4, 0, 8)
        self.show_entries([first, *(self._row(other) for other in page.others)])

    def _row(self, other: OtherSurvivor) -> QWidget:
        since = day_text.near_day(other.record.joined_on, clock.today())
        detail = _("in the case since {day}").format(day=since)
        row = rows.entry(other.words, detail, name="SurvivorsCard_other")
        row.clicked.connect(lambda: self.chosen.emit(other.record))
        return row
