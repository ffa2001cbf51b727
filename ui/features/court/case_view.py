"""The page of one case: where it stands, what happened, what comes, and who does what next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal

from shelter_app.domain import access, codelists, legal_stage
from shelter_app.domain.access import Action
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.document import Document
from shelter_app.domain.legal import LegalCase
from shelter_app.i18n import _
from shelter_app.services import court, court_pages, records
from shelter_app.services.changes import Changes
from shelter_app.services.court_pages import CasePage
from ui.features.court.cards import (
    AccusedCard,
    ChargesCard,
    CourseCard,
    FactsCard,
    PoliceCard,
)
from ui.features.court.editing import Editing
from ui.features.court.hearings_card import HearingsCard
from ui.features.court.survivors_card import SurvivorsCard
from ui.kit import theme
from ui.kit.button import button, icon_button
from ui.kit.card import Card
from ui.kit.columns import Columns
from ui.kit.context import Context
from ui.kit.message_bar import MessageBar, MessageRole
from ui.kit.page import Page
from ui.kit.pill import Pill
from ui.kit.tracks import StageTrack

TABLES = (
    "legal_case",
    "suspect",
    "suspect_photo",
    "charge",
    "police_contact",
    "court_event",
    "appointment",
    "accompaniment",
    "person",
    "case_survivor",
    "court_attendance",
)
_SIDE_BY_SIDE = 860
_ACTIONS_BESIDE = 960
_CLOCK_ROLES: Final[dict[str, MessageRole]] = {
    "call": "information",
    "amber": "warning",
    "trial": "warning",
}


class CaseView(Page):
    """One case; everything on it comes in one answer."""

    back_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(parent=context.place)
        self.setObjectName("CaseView")
        self._context = context
        self._page: CasePage | None = None
        self._opened: set[int] = set()
        self._wanted = 0
        self._after: Callable[[], object] | None = None
        self._stage_bar = MessageBar()
        self._stage_bar.setObjectName("CaseView_stage_bar")
        self._clock_bar = MessageBar()
        self._clock_bar.setObjectName("CaseView_clock_bar")
        self.track = StageTrack()
        self.stage_pill = Pill("", "court")
        self.track_card = Card()
        self.course_card = CourseCard()
        self.hearings_card = HearingsCard()
        self.charges_card = ChargesCard()
        self.accused_card = AccusedCard()
        self.police_card = PoliceCard()
        self.facts_card = FactsCard()
        self.survivors_card = SurvivorsCard()
        self._add_actions()
        self._lay_out()
        self.editing = Editing(context, self, self._go_on)
        self._connect()

    # Showing

    def show_case(self, case_id: int, detail: str = "") -> None:
        """Load a case; `detail` is a court date's id, 'outcome:<id>' or a form to open."""
        self._wanted = case_id
        self._after = partial(self._open_detail, detail) if detail else None
        self._load()
        if case_id not in self._opened:
            self._opened.add(case_id)
            self._context.tasks.do(self, records.log_opening, LegalCase, case_id)

    def case_id(self) -> int:
        """Return the case that is shown or on its way."""
        return self._wanted

    def refresh(self, changes: Changes) -> None:
        """Load again when something of a case was written."""
        if self._wanted and changes.touch(*TABLES):
            self._load()

    def _go_on(self) -> None:
        """Put the focus on the next step once the page shows what was recorded."""
        # What is put into a layout is shown only when the events of now are done.
        self._after = partial(QTimer.singleShot, 1, self, self._go_to_next_step)

    def _go_to_next_step(self) -> None:
        step = self.hearings_card.next_step()
        if step is not None:
            step.setFocus()
            self.scroll_area.ensureWidgetVisible(step, 0, theme.size(90))

    def _load(self) -> None:
        wanted = self._wanted
        self._context.tasks.ask(
            self, court_pages.case_page, wanted, then=lambda page: self._show(wanted, page)
        )

    def _show(self, wanted: int, page: CasePage) -> None:
        if wanted != self._wanted:
            return
        self._page = page
        case = page.case
        self.set_title(page.heading)
        self.set_context(" · ".join(part for part in self._context_parts(page) if part))
        self.contact_button.setVisible(page.may_write)
        self.event_button.setVisible(page.may_write)
        self.track.set_stages(page.track.labels, page.track.current)
        self.track.setVisible(bool(page.track.labels))
        self.stage_pill.show_as(codelists.label("legal_case_stage", case.stage), "court")
        for card in (
            self.course_card,
            self.hearings_card,
            self.charges_card,
            self.accused_card,
            self.police_card,
            self.facts_card,
            self.survivors_card,
        ):
            card.show_page(page)
        self._say_stage(page)
        self._say_clock(page)
        after, self._after = self._after, None
        if after is not None:
            after()

    @staticmethod
    def _context_parts(page: CasePage) -> list[str]:
        case = page.case
        place = legal_stage.court_name(case.court_station) or case.police_station
        room = case.court_room
        if room and case.court_station:
            place = _("{court}, court {room}").format(court=place, room=room)
        survivor = _("survivor {who}").format(who=page.survivor)
        officer = _("court officer {name}").format(name=page.lead) if page.lead else ""
        return [place, survivor, officer]

    def _say_stage(self, page: CasePage) -> None:
        if not page.proposed_stage or not page.may_write:
            self._stage_bar.clear()
            return
        stage = codelists.label("legal_case_stage", page.proposed_stage)
        self._stage_bar.say(
            _("By what is written down the case has reached: {stage}.").format(stage=stage),
            "information",
            _("Set this stage"),
        )

    def _say_clock(self, page: CasePage) -> None:
        if page.standstill is None:
            self._clock_bar.clear()
            return
        role = _CLOCK_ROLES.get(page.standstill.level, "error")
        action = _("Log police contact") if page.may_write else ""
        if page.standstill.level == "trial":
            action = ""
        self._clock_bar.say(page.standstill.sentence, role, action)

    # What people do

    def _open_detail(self, detail: str) -> None:
        page = self._page
        if page is None:
            return
        kind, _colon, number = detail.partition(":")
        record_id = int(number) if number.isdigit() else 0
        if detail.isdigit():
            self.editing.edit_event(page, int(detail))
            return
        opened: dict[str, Callable[[], object]] = {
            "contact": partial(self.editing.edit_contact, page, record_id),
            "event": partial(self.editing.edit_event, page, record_id),
            "new_event": partial(self.editing.new_event, page),
            "outcome": partial(self.editing.record_outcome, page, record_id),
            "amend": partial(self.editing.amend_event, page, record_id),
            "companion": partial(self.editing.edit_companion, page, record_id),
            "suspect": partial(self.editing.edit_suspect, page, record_id),
            "picture": partial(self.editing.add_picture, page, record_id),
            "charge": partial(self.editing.edit_charge, page, record_id),
            "case": partial(self.editing.edit_case, page),
        }
        if kind in opened:
            opened[kind]()

    def _open_record(self, table: str, record_id: int) -> None:
        names = {
            "court_event": "event",
            "police_contact": "contact",
            "legal_case": "case",
        }
        self._open_detail(f"{names.get(table, table)}:{record_id}")

    def _set_stage(self) -> None:
        page = self._page
        if page is not None and page.proposed_stage:
            self._context.tasks.do(
                self,
                court.set_stage,
                page.case.id,
                page.proposed_stage,
                undo_label=_("Stage set"),
            )

    def _settle(self, contact_id: int) -> None:
        label = _("Promise settled")
        self._context.tasks.do(self, court.settle_promise, contact_id, undo_label=label)

    def _prepare_summary(self) -> None:
        if self._page is not None:
            self._context.go("summary", self._page.case.id)

    def _open_survivor(self) -> None:
        if self._page is not None:
            self._context.go("resident", self._page.case.person_id, "court")

    # Building

    def _add_actions(self) -> None:
        self.back_button = icon_button("back", _("All cases"), "CaseView_back")
        self.head.insertWidget(0, self.back_button)
        self.survivor_button = button(_("Open her page"), "CaseView_survivor")
        self.contact_button = button(_("Log police contact"), "CaseView_contact")
        self.event_button = button(_("Add court date"), "CaseView_event")
        self.summary_button = button(
            _("Prepare court-support summary"), "CaseView_summary", "primary"
        )
        actions = (
            self.survivor_button,
            self.contact_button,
            self.event_button,
            self.summary_button,
        )
        self.fold_actions(actions, _ACTIONS_BESIDE)
        self.contact_button.hide()
        self.event_button.hide()
        actor = self._context.actor
        self.summary_button.setVisible(access.may(actor, Action.WRITE, Document))

    def _lay_out(self) -> None:
        self.track_card.add(self.track)
        self.track_card.set_title(_("Where it stands"))
        self.track_card.set_aside(self.stage_pill)
        columns = Columns("CaseView_columns", (4, 5, 4), _SIDE_BY_SIDE)
        left, middle, right = columns.columns
        left.addWidget(self.course_card)
        middle.addWidget(self.hearings_card)
        middle.addWidget(self.charges_card)
        right.addWidget(self.police_card)
        right.addWidget(self.survivors_card)
        right.addWidget(self.accused_card)
        right.addWidget(self.facts_card)
        for column in columns.columns:
            column.addStretch(1)
        self.body.addWidget(self._stage_bar)
        self.body.addWidget(self._clock_bar)
        self.body.addWidget(self.track_card)
        self.body.addWidget(columns)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back_wanted)
        self.survivor_button.clicked.connect(self._open_survivor)
        self.contact_button.clicked.connect(lambda: self._open_detail("contact"))
        self.event_button.clicked.connect(lambda: self._open_detail("new_event"))
        self.summary_button.clicked.connect(self._prepare_summary)
        self._stage_bar.acted.connect(self._set_stage)
        self._clock_bar.acted.connect(lambda: self._open_detail("contact"))
        self.course_card.record_chosen.connect(self._open_record)
        self.hearings_card.event_chosen.connect(lambda i: self._open_detail(f"event:{i}"))
        self.hearings_card.outcome_wanted.connect(lambda i: self._open_detail(f"outcome:{i}"))
        self.hearings_card.companion_wanted.connect(self._name_companion)
        self.charges_card.charge_chosen.connect(lambda i: self._open_detail(f"charge:{i}"))
        self.charges_card.add_wanted.connect(lambda: self._open_detail("charge"))
        self.accused_card.suspect_chosen.connect(lambda i: self._open_detail(f"suspect:{i}"))
        self.accused_card.add_wanted.connect(lambda: self._open_detail("suspect"))
        self.police_card.contact_chosen.connect(lambda i: self._open_detail(f"contact:{i}"))
        self.police_card.settle_wanted.connect(self._settle)
        self.facts_card.edit_wanted.connect(lambda: self._open_detail("case"))
        self.survivors_card.chosen.connect(self._open_other)
        self.survivors_card.add_wanted.connect(lambda: self._open_other(None))

    def _open_other(self, record: CaseSurvivor | None) -> None:
        if self._page is not None:
            self.editing.edit_survivor(self._page, record)

    def _name_companion(self, event_id: int, accompaniment_id: int) -> None:
        if self._page is not None:
            self.editing.edit_companion(self._page, event_id, accompaniment_id)
