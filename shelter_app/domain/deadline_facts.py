"""What an open stay asks for: the facts of every rule that looks at somebody in residence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from shelter_app.domain.deadline_rules import PLACEMENT, PLAN_APPROVAL, PLAN_APPROVED, RISK, STEPS
from shelter_app.domain.deadlines import Fact
from shelter_app.domain.person import eighteenth_birthday

CHILD_BANDS: Final = ("under10", "10-13", "14-15", "16-17")
ORDERED: Final = ("court_order", "interim_order")
OFFICER_KNOWS: Final = (*ORDERED, "children_officer")
WITH_PARENT: Final = "with_parent"


@dataclass(frozen=True)
class OpenStay:
    """Somebody in residence with what the rules ask of her file."""

    stay_id: int
    person_id: int
    admitted_at: datetime
    case_worker: int
    counsellor: int
    name: str
    code: str
    age_band: str
    risk_review_due: date | None
    placed: bool
    legal_basis: str
    order_number: str
    order_court: str
    order_expires_on: date | None
    birth_date: date | None
    consent_recorded: bool
    risk_assessed: bool
    enrolled: bool
    officer_notified: bool
    last_review: date | None
    last_consent: date | None
    plan_id: int
    plan_approved_on: date | None
    plan_next_review: date | None
    plan_prepared_by: int
    plan_approver: str
    goals_on_track: int
    goals: int
    steps_late: int
    first_late: date | None
    draft_id: int
    draft_at: datetime | None
    draft_ready: bool

    @property
    def is_child(self) -> bool:
        """Whether she counts as a child for orders and notices."""
        return self.age_band in CHILD_BANDS


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min)


def facts_of(stay: OpenStay) -> Iterator[Fact]:
    """Yield what is open about somebody in residence."""
    yield from _first_days(stay)
    yield from _orders(stay)
    yield from _plan(stay)
    if stay.risk_review_due:
        yield _fact(stay, RISK, _start(stay.risk_review_due), subject=stay.person_id)
    yield _fact(
        stay,
        "DL37",
        stay.admitted_at,
        settled_at=_start(stay.last_review) if stay.last_review else None,
        at=_start(stay.last_review) if stay.last_review else None,
    )
    if stay.birth_date:
        birthday = eighteenth_birthday(stay.birth_date)
        asked_again = stay.last_consent is not None and stay.last_consent >= birthday
        if not asked_again and birthday > stay.admitted_at.date():
            yield _fact(stay, "DL38", _start(birthday), subject=stay.person_id)


def _fact(stay: OpenStay, rule: str, since: datetime, subject: int = 0, **more: Any) -> Fact:
    return Fact(
        rule=rule,
        subject_id=subject or stay.stay_id,
        since=since,
        person_id=stay.person_id,
        name=stay.name,
        code=stay.code,
        case_worker=stay.case_worker,
        **more,
    )


def _first_days(stay: OpenStay) -> Iterator[Fact]:
    if not stay.consent_recorded:
        yield _fact(stay, "DL12", stay.admitted_at)
    if not stay.risk_assessed:
        yield _fact(stay, "DL13", stay.admitted_at)
    if not stay.placed:
        yield _fact(stay, PLACEMENT, stay.admitted_at)
    if not stay.enrolled:
        yield _fact(stay, "DL27", stay.admitted_at, owner=stay.counsellor)


def _orders(stay: OpenStay) -> Iterator[Fact]:
    if stay.order_expires_on:
        yield _fact(stay, "DL17", _start(stay.order_expires_on), place=f"court:{stay.order_court}")
    if not stay.is_child or not stay.placed or stay.legal_basis == WITH_PARENT:
        return
    if not stay.officer_notified and stay.legal_basis not in OFFICER_KNOWS:
        yield _fact(stay, "DL15", stay.admitted_at)
    ordered = stay.legal_basis in ORDERED or stay.order_number or stay.order_expires_on
    if not ordered:
        yield _fact(stay, "DL16", stay.admitted_at)


def _plan(stay: OpenStay) -> Iterator[Fact]:
    if stay.draft_ready and stay.draft_at:
        yield _fact(stay, PLAN_APPROVAL, stay.draft_at, subject=stay.draft_id)
    elif not stay.plan_id:
        yield _fact(stay, "DL31", stay.admitted_at)
    if stay.plan_id and stay.plan_approved_on:
        yield _fact(
            stay,
            PLAN_APPROVED,
            _start(stay.plan_approved_on),
            subject=stay.plan_id,
            owner=stay.plan_prepared_by,
            by=stay.plan_approver,
        )
    if stay.plan_id and stay.plan_next_review:
        yield _fact(
            stay,
            "DL32",
            _start(stay.plan_next_review),
            subject=stay.plan_id,
            count=stay.goals_on_track,
            of=stay.goals,
        )
    if stay.steps_late and stay.first_late:
        yield _fact(
            stay,
            STEPS,
            _start(stay.first_late),
            subject=stay.plan_id,
            count=stay.steps_late,
        )


def is_reminder_of_court(kind: str, *, survivor_required: bool) -> bool:
    """Say whether a court date is one she has to be prepared for."""
    return survivor_required and kind in ("testimony", "voir_dire", "hearing_pw", "vis")
