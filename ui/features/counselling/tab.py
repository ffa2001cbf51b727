"""The counselling tab of a resident: programmes with attendance, and whether a note is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.counselling import HELD, PLANNED, CounsellingResult
from shelter_app.i18n import _
from shelter_app.services import after_accompaniment, counselling_notes, counselling_week
from shelter_app.services.after_accompaniment import Outing
from shelter_app.services.changes import Changes
from shelter_app.services.counselling_week import ResidentCounselling, TabProgramme, TabSession
from ui.features.counselling import wording
from ui.kit import day_text
from ui.kit.button import button, label
from ui.kit.card import Card, EmptyState
from ui.kit.card_column import CardColumn
from ui.kit.context import Context
from ui.kit.pill import Pill
from ui.kit.row import RowButton, TwoLines
from ui.kit.tracks import Bar

_FRESH: Final = timedelta(days=14)
TABLES: Final = (
    "counselling_session",
    "counselling_enrolment",
    "counselling_result",
    "counselling_note",
    "after_accompaniment",
    "accompaniment",
    "appointment",
)


class CounsellingTab(CardColumn):
    """One card per programme; a line opens its session on the counselling page."""

    def __init__(self, context: Context, person_id: int) -> None:
        super().__init__(button(_("Plan a session"), "CounsellingTab_plan", icon="add"))
        self.setObjectName("CounsellingTab")
        self._context = context
        self._person_id = person_id
        self.act_button.clicked.connect(self._plan)
        self._load()

    def refresh(self, changes: Changes) -> None:
        """Load again when something of her counselling was written."""
        if self._person_id in changes.persons and changes.touch(*TABLES):
            self._load()

    def show_record(self, record_id: int, table: str = "") -> None:
        """Open a session, a note's session or a programme; 0 begins a session."""
        if not record_id:
            self._plan()
        elif table == "counselling_session":
            self._context.go("counselling", record_id)
        elif table == "counselling_enrolment":
            self._context.go("counselling", record_id, "programme")
        elif table == "after_accompaniment":
            self._context.tasks.ask(
                self,
                after_accompaniment.outing_of,
                record_id,
                then=lambda number: self._context.go("counselling", number, "after"),
            )
        elif table == "counselling_note":
            self._context.tasks.ask(
                self,
                counselling_notes.session_of_note,
                record_id,
                then=lambda session_id: self._context.go("counselling", session_id),
            )

    def _plan(self) -> None:
        self._context.go("counselling", self._person_id, "new")

    def _load(self) -> None:
        service = counselling_week.resident_counselling
        self._context.tasks.ask(self, service, self._person_id, then=self._show)

    def _show(self, found: ResidentCounselling) -> None:
        self.clear()
        self.act_button.setVisible(found.may_plan and bool(found.programmes))
        if not found.programmes:
            action = _("Plan a first session") if found.may_plan else ""
            empty = EmptyState(_("She is in no counselling programme yet."), action)
            empty.acted.connect(self._plan)
            self.add(empty)
        for programme in found.programmes:
            self.add(self._card(programme, may_plan=found.may_plan))
        if found.outings:
            self.add(self._outings(found.outings))

    def _outings(self, outings: tuple[Outing, ...]) -> Card:
        """Return the card of what she said of going to court: for her counsellor only."""
        card = Card(_("After going out"))
        card.setObjectName("CounsellingTab_outings")
        card.set_aside(Pill(_("Counsellors only"), "counselling"))
        for outing in outings:
            said = wording.outing_words(outing)
            state = _("Written down") if outing.asked else _("Not asked yet")
            row = RowButton(". ".join((said, state)))
            row.setObjectName("CounsellingTab_outing")
            row.add(TwoLines(said, _("How it went for her")), 1)
            row.add(Pill(state, _state_role(outing)))
            row.clicked.connect(
                lambda _on=False, number=outing.appointment_id: self._context.go(
                    "counselling", number, "after"
                )
            )
            card.add(row)
        return card

    def _card(self, programme: TabProgramme, *, may_plan: bool) -> Card:
        enrolment = programme.enrolment
        card = Card(codelists.label("counselling_programme", enrolment.programme))
        card.setObjectName("CounsellingTab_programme")
        words = _("In progress") if enrolment.is_open() else _ending(programme.result)
        card.set_aside(Pill(words, "counselling" if enrolment.is_open() else "neutral"))
        planned = enrolment.target_sessions or 0
        held = _("{held} sessions held").format(held=programme.held)
        if planned:
            held = _("{held} of {planned} sessions held").format(
                held=programme.held, planned=planned
            )
        since = day_text.show_day(enrolment.started_on)
        said = _("{held} · since {day} · {counsellor}").format(
            held=held, day=since, counsellor=programme.counsellor
        )
        card.add(label(said, "mute", wrap=True, name="CounsellingTab_held"))
        if planned:
            bar = Bar(min(100, round(100 * programme.held / planned)))
            bar.setAccessibleName(held)
            card.add(bar)
        if programme.result is not None and programme.result.behaviour_change:
            change = codelists.label("behaviour_change", programme.result.behaviour_change)
            words = _("Change since counselling began: {change}").format(change=change)
            card.add(label(words, wrap=True, name="CounsellingTab_change"))
        for one in programme.sessions:
            card.add(self._row(one))
        if not programme.sessions:
            card.add(label(_("No session is planned yet."), "mute"))
        if may_plan:
            card.add(self._foot(programme))
        return card

    def _foot(self, programme: TabProgramme) -> QWidget:
        text = _("Look at what has changed…") if programme.review_due else _("Programme…")
        made = button(text, "CounsellingTab_open_programme", "small")
        enrolment_id = programme.enrolment.id
        made.clicked.connect(lambda: self._context.go("counselling", enrolment_id, "programme"))
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 4, 0, 0)
        line.addWidget(made)
        line.addStretch(1)
        return holder

    def _row(self, one: TabSession) -> QWidget:
        session = one.session
        when = day_text.show_moment(session.starts_at, weekday=True)
        number = _("Session {number}").format(number=session.session_no)
        head = f"{number} · {when}" if session.status in (PLANNED, *HELD) else when
        minutes = _("{minutes} min").format(minutes=session.duration_min)
        parts = (one.counsellor, minutes, session.room, one.note_words)
        detail = " · ".join(part for part in parts if part)
        status = codelists.label("session_status", session.status)
        row = RowButton(". ".join((head, status, detail)))
        row.setObjectName("CounsellingTab_session")
        row.add(TwoLines(head, detail), 1)
        if session.safety_flag:
            row.add(Pill(_("Safety check needed"), "overdue"))
        row.add(Pill(status, _role(session.status)))
        row.clicked.connect(lambda: self._context.go("counselling", session.id))
        return row


def _ending(result: CounsellingResult | None) -> str:
    known = codelists.label("enrolment_outcome", result.outcome) if result is not None else ""
    return known or _("Ended")


def _role(status: str) -> str:
    if status in HELD:
        return "good"
    return "counselling" if status == PLANNED else "neutral"


def _state_role(outing: Outing) -> str:
    """Only what is fresh is worth a reminder; of what is long past nobody need be asked."""
    if outing.asked:
        return "good"
    at = outing.starts_at
    return "soon" if at is not None and clock.now() - at < _FRESH else "neutral"
