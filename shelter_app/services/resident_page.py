"""The whole first page of a resident in one question: header and cards, as this worker may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from shelter_app.domain import access, catalogue, plan_rules
from shelter_app.domain.access import Action
from shelter_app.domain.aftercare import SafeContact
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.bed_nights import day_of_stay
from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal
from shelter_app.domain.consent import Consent
from shelter_app.domain.document import Document
from shelter_app.domain.legal import Charge, CourtEvent, LegalCase
from shelter_app.domain.papers import PAPERS
from shelter_app.domain.person import (
    AFTERCARE,
    IN_RESIDENCE,
    Alias,
    IdentityDocument,
    Person,
    PersonBackground,
    age_on,
    eighteenth_birthday,
    situation_of,
)
from shelter_app.domain.plan_rules import GoalProgress
from shelter_app.domain.record import Record
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.sealed_details import PARENTS
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Room, Stay
from shelter_app.services import companions, court, drafts, identity, papers, timeline
from shelter_app.services.records import masked
from shelter_app.services.search import visible_person
from shelter_app.services.work import Work, person_of

R = TypeVar("R", bound=Record)

_WARN_BEFORE: Final = timedelta(days=90)


@dataclass(frozen=True)
class Header:
    """What never scrolls away."""

    person: Person
    situation: str
    day: int
    months: int
    away: str
    back_at: datetime | None
    age: int | None
    nationality: str
    case_worker: str
    order_expires_on: date | None
    turns_18_on: date | None
    may_reveal: bool
    documents: int
    stay_id: int
    left_on: date | None


@dataclass(frozen=True)
class PlanCard:
    """The plan in force."""

    plan: CarePlan
    goals: tuple[GoalProgress, ...]


@dataclass(frozen=True)
class Outcome:
    """One area of life before and now, 1 to 4, as the mean of its goals."""

    area: str
    before: float
    now: float


@dataclass(frozen=True)
class CourtCard:
    """The matter that matters now, and its next date."""

    case: LegalCase
    stages: tuple[str, ...]
    current: int
    ended: str
    charge: str
    next_event: CourtEvent | None
    companions: tuple[str, ...]
    others: int


@dataclass(frozen=True)
class Situation:
    """What the first card lists; None or empty is left out, or closed to the worker."""

    placement: Placement | None
    background: PersonBackground | None
    risk_assessed_on: date | None
    bed: str
    safe_contact: SafeContact | None
    next_appointment: Appointment | None


@dataclass(frozen=True)
class ResidentPage:
    """Everything the first tab shows; a card that is None is absent."""

    header: Header
    situation: Situation
    plan: PlanCard | None
    outcomes: tuple[Outcome, ...]
    court: CourtCard | None
    latest: tuple[timeline.Entry, ...]
    risks: tuple[RiskAssessment, ...] | None
    consents: tuple[Consent, ...] | None
    papers: tuple[IdentityDocument, ...] | None
    scans: dict[int, int]
    """How many scanned papers lie beside a consent, where she may see them."""
    aliases: tuple[Alias, ...] | None
    staff: dict[int, str]
    writes: frozenset[str]
    """Names of the record types this worker may write for this person."""
    reads: frozenset[str]
    """Names of the record types this worker may read of this person: tabs of others are absent."""


def resident_page(work: Work, person_id: int) -> ResidentPage:
    """Return the whole page; what the worker may not read is absent from it."""
    person = masked(work, visible_person(work, person_id))
    stay = _latest_stay(work, person_id)
    background = _one(work, PersonBackground, person_id)
    placement = _one(work, Placement, stay.id) if stay else None
    risks = _list(work, RiskAssessment, person_id, "-done_at")
    consents = _list(work, Consent, person_id, "-given_on")
    plan, goals = _plan(work, person_id)
    header = _header(work, person, stay, background, placement)
    situation = Situation(
        placement=placement,
        background=background,
        risk_assessed_on=_day(risks[0].done_at) if risks else None,
        bed=_bed(work, stay),
        safe_contact=_one(work, SafeContact, person_id),
        next_appointment=_next_appointment(work, person_id),
    )
    return ResidentPage(
        header=header,
        situation=situation,
        plan=plan,
        outcomes=_outcomes(goals),
        court=_court(work, person_id),
        latest=timeline.latest(work, person_id),
        risks=risks,
        consents=consents,
        papers=_list(work, IdentityDocument, person_id, "-issued_on"),
        scans=papers.count_beside(work, Consent, [one.id for one in consents or ()]),
        aliases=_list(work, Alias, person_id, "-assigned_on"),
        staff=_staff(work, risks or (), consents or ()),
        writes=_writes(work, person_id),
        reads=frozenset(
            kind.table for kind in catalogue.RECORD_TYPES if work.may(Action.READ, kind, person_id)
        ),
    )


def _list(work: Work, kind: type[R], person_id: int, order: str) -> tuple[R, ...] | None:
    if not work.may(Action.READ, kind, person_id):
        return None
    found = work.matching(kind, person_id=person_id, order=(order, "-id"))
    return tuple(masked(work, record) for record in found)


def _one(work: Work, kind: type[R], record_id: int) -> R | None:
    found = work.find(kind, record_id)
    return masked(work, found) if found is not None and not found.voided else None


def _latest_stay(work: Work, person_id: int) -> Stay | None:
    stays = work.matching(Stay, person_id=person_id, order=("-admitted_at",))
    return next((stay for stay in stays if stay.exited_at is None), stays[0] if stays else None)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _header(
    work: Work,
    person: Person,
    stay: Stay | None,
    background: PersonBackground | None,
    placement: Placement | None,
) -> Header:
    situation = situation_of(stay.state if stay else "", stay.exited_at if stay else None)
    absence = _absence(work, stay) if situation == IN_RESIDENCE else None
    birth = background.birth_date if background else None
    expires = placement.order_expires_on if placement and situation == IN_RESIDENCE else None
    worker = work.many(Staff, [stay.case_manager]) if stay else {}
    return Header(
        person=person,
        situation=situation,
        day=day_of_stay(stay.admitted_at, work.today) if stay and stay.admitted_at else 0,
        months=_months(stay.exited_at, work.today) if stay and situation == AFTERCARE else 0,
        away=absence.type if absence else "",
        back_at=absence.expected_back if absence else None,
        age=age_on(birth, work.today) if birth else None,
        nationality=background.nationality if background else "",
        case_worker=next((one.alias for one in worker.values()), ""),
        order_expires_on=expires if expires and expires <= work.today + _WARN_BEFORE else None,
        turns_18_on=_turns_18_soon(birth, work.today) if birth else None,
        may_reveal=identity.may_reveal(work),
        documents=_documents(work, person.id),
        stay_id=stay.id if stay else 0,
        left_on=_day(stay.exited_at) if stay else None,
    )


def _months(since: datetime | None, today: date) -> int:
    if since is None:
        return 0
    whole = (today.year - since.year) * 12 + today.month - since.month
    return whole + (1 if today.day >= since.day else 0)


def _turns_18_soon(birth: date, today: date) -> date | None:
    """Return the eighteenth birthday when it is near."""
    day = eighteenth_birthday(birth)
    return day if today < day <= today + _WARN_BEFORE else None


def _absence(work: Work, stay: Stay | None) -> Absence | None:
    if stay is None:
        return None
    return next(iter(work.matching(Absence, stay_id=stay.id, returned_at=None, limit=1)), None)


def _documents(work: Work, person_id: int) -> int:
    if not work.may(Action.READ, Document, person_id):
        return 0
    return len(work.matching(Document, person_id=person_id))


def _bed(work: Work, stay: Stay | None) -> str:
    if stay is None or stay.exited_at is not None:
        return ""
    for bed_stay in work.matching(BedStay, stay_id=stay.id, to_at=None, limit=1):
        bed = work.find(Bed, bed_stay.bed_id)
        room = work.find(Room, bed.room_id) if bed else None
        if bed and room:
            return f"{room.name} · {bed.bed_no}"
    return ""


def _next_appointment(work: Work, person_id: int) -> Appointment | None:
    coming = work.matching(Appointment, person_id=person_id, order=("-starts_at",), limit=20)
    ahead = [a for a in coming if a.starts_at and a.starts_at >= work.now and not a.cancelled]
    return ahead[-1] if ahead else None


# Plan and outcomes


def _plan(work: Work, person_id: int) -> tuple[PlanCard | None, list[PlanGoal]]:
    plans = work.matching(CarePlan, person_id=person_id, order=("-version",))
    if not plans:
        return None, []
    plan = next((one for one in plans if one.status == plan_rules.APPROVED), plans[0])
    goals = work.matching(PlanGoal, care_plan_id=plan.id, order=("due_on", "id"))
    actions = work.matching(PlanAction, goal_id=[goal.id for goal in goals]) if goals else []
    lines = plan_rules.progress(goals, actions, work.today)
    return PlanCard(masked(work, plan), lines), goals


def _outcomes(goals: list[PlanGoal]) -> tuple[Outcome, ...]:
    scores: dict[str, list[tuple[int, int]]] = {}
    for goal in goals:
        if goal.score_start and goal.score_now:
            scores.setdefault(goal.domain, []).append((goal.score_start, goal.score_now))
    return tuple(
        Outcome(
            area,
            sum(before for before, _now in pairs) / len(pairs),
            sum(now for _before, now in pairs) / len(pairs),
        )
        for area, pairs in scores.items()
    )


# Court


def _court(work: Work, person_id: int) -> CourtCard | None:
    cases = work.matching(LegalCase, person_id=person_id, order=("-opened_on", "-id"))
    if not cases:
        return None
    case = next((one for one in cases if one.concluded_on is None), cases[0])
    track = court.stage_track(case)
    charges = work.matching(Charge, legal_case_id=case.id, order=("count_no",))
    event = _next_event(work, case)
    going = companions.names_of(work, [event.id]).get(event.id, ()) if event else ()
    return CourtCard(
        case=masked(work, case),
        stages=track.labels,
        current=track.current,
        ended=track.ended,
        charge=charges[0].charge_text if charges else "",
        next_event=event,
        companions=going,
        others=len(cases) - 1,
    )


def _next_event(work: Work, case: LegalCase) -> CourtEvent | None:
    events = work.matching(CourtEvent, legal_case_id=case.id, order=("-starts_at",), limit=30)
    ahead = [e for e in events if e.starts_at and e.starts_at >= work.now and not e.superseded]
    return ahead[-1] if ahead else None


# What the worker may do here


_ADDABLE: Final = (
    "person",
    "person_background",
    "risk_assessment",
    "consent",
    "identity_document",
    "alias",
    "stay",
    "absence",
    "care_plan",
    "counselling_session",
    "legal_case",
    "followup_contact",
    "document",
)


def _writes(work: Work, person_id: int) -> frozenset[str]:
    kinds = [catalogue.record_type(table) for table in _ADDABLE]
    return frozenset(
        kind.table
        for kind in kinds
        if access.may(work.actor, Action.WRITE, kind) and work.may(Action.WRITE, kind, person_id)
    )


def _staff(
    work: Work, risks: tuple[RiskAssessment, ...], consents: tuple[Consent, ...]
) -> dict[int, str]:
    ids = {one.done_by for one in risks} | {one.explained_by for one in consents}
    return {key: staff.alias for key, staff in work.many(Staff, ids).items()}


# Drafts


@dataclass(frozen=True)
class DraftTarget:
    """Whose page a draft belongs to, and which record it edits (0: a new one)."""

    person_id: int
    table: str
    record_id: int


_SHARE_ID: Final = ("person", "person_background", "sealed_identity")
NEW: Final = "new"
"""The form key of drafts of new records; they are kept under the person's id."""


def draft_target(work: Work, kept_under: int) -> DraftTarget | None:
    """Return where a draft kept under this id is taken up again, None when it is gone."""
    for waiting in drafts.mine(work):
        place = waiting.place
        if place.record_id != kept_under:
            continue
        if place.table in _SHARE_ID or place.form == NEW:
            new = place.form == NEW
            return DraftTarget(kept_under, place.table, 0 if new else kept_under)
        kind = catalogue.record_type(place.table)
        record = work.find(PARENTS.get(kind, PAPERS.get(kind, kind)), place.record_id)
        if record is not None:
            return DraftTarget(person_of(record), place.table, record.id)
    return None
