"""The court tab of a resident's page: each matter with its stage, next date and companion."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from shelter_app import clock
from shelter_app.domain import codelists, legal_stage
from shelter_app.i18n import _
from shelter_app.services import court_pages
from shelter_app.services.changes import Changes
from shelter_app.services.court_pages import Hearing, ResidentCase, ResidentCourt
from ui.features.court.case_view import TABLES
from ui.kit import day_text
from ui.kit.button import button, label
from ui.kit.card import Card, EmptyState, KeyValueList
from ui.kit.card_column import CardColumn
from ui.kit.context import Context
from ui.kit.pill import Pill
from ui.kit.tracks import StageTrack


class CourtTab(CardColumn):
    """Cards, open matters first; a button on each opens its page."""

    def __init__(self, context: Context, person_id: int) -> None:
        super().__init__(button(_("New case"), "CourtTab_new", icon="add"))
        self.setObjectName("CourtTab")
        self._context = context
        self._person_id = person_id
        self.act_button.clicked.connect(self._new_case)
        self._load()

    def refresh(self, changes: Changes) -> None:
        """Load again when something of her matters was written."""
        if self._person_id in changes.persons and changes.touch(*TABLES):
            self._load()

    def _load(self) -> None:
        self._context.tasks.ask(self, court_pages.resident_court, self._person_id, then=self._show)

    def _show(self, found: ResidentCourt) -> None:
        self.clear()
        self.act_button.setVisible(found.may_write and bool(found.cases))
        if not found.cases:
            action = _("New case") if found.may_write else ""
            empty = EmptyState(_("No police or court matter is written down for her."), action)
            empty.acted.connect(self._new_case)
            self.add(empty)
        for one in found.cases:
            self.add(self._card(one))

    def _card(self, one: ResidentCase) -> Card:
        card = Card(one.heading)
        card.setObjectName("CourtTab_case")
        card.set_aside(Pill(one.stage, "court" if one.case.is_open() else "neutral"))
        if one.track.labels:
            card.add(StageTrack(one.track.labels, one.track.current))
        if one.standstill is not None:
            said = label(one.standstill.sentence, "hint", wrap=True, name="CourtTab_standstill")
            said.setProperty("problem", one.standstill.level in {"escalate", "five_months"})
            card.add(said)
        facts = KeyValueList()
        facts.add(_("Kind of matter"), codelists.label("legal_case_type", one.case.case_type))
        place = legal_stage.court_name(one.case.court_station)
        facts.add(_("Court"), place or _("none yet"))
        self._add_next(facts, one.next_hearing)
        card.add(facts)
        opening = button(_("Open case"), "CourtTab_open", "small")
        opening.setAccessibleName(_("Open case: {heading}").format(heading=one.heading))
        opening.clicked.connect(lambda: self._context.go("court", one.case.id))
        line = QHBoxLayout()
        line.addWidget(opening, 0, Qt.AlignmentFlag.AlignLeft)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def _add_next(self, facts: KeyValueList, hearing: Hearing | None) -> None:
        if hearing is None:
            facts.add(_("Next date"), _("none"))
            return
        event = hearing.event
        when = day_text.near_moment(event.starts_at, clock.today())
        facts.add(_("Next date"), f"{when} · {event.headline()}")
        if not event.survivor_required:
            facts.add(_("Companion"), _("She need not be there"))
        elif hearing.needs_companion:
            facts.add(_("Companion"), Pill(_("Not assigned"), "overdue"), name="CourtTab_companion")
        elif hearing.companions:
            named = ", ".join(companion.name for companion in hearing.companions)
            facts.add(_("Companion"), named, name="CourtTab_companion")

    def _new_case(self) -> None:
        self._context.go("court", self._person_id, "new")
