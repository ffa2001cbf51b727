"""Questions of the deadline engine about police, court, papers, consent and aftercare.

They name the house file and the casework file together: ask them with both keys only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain import deadline_facts
from shelter_app.domain.deadline_rules import (
    APPROVAL,
    PAPER_APPROVED,
    PAPER_SENT_BACK,
    PLAN_SENT_BACK,
)
from shelter_app.domain.deadline_rules_legal import PROMISE
from shelter_app.domain.deadlines import Fact
from shelter_app.domain.followup_schedule import ATTEMPT_RESULTS
from shelter_app.domain.legal import BEFORE_ARREST
from shelter_app.domain.legal_stage import ARRESTED, CRIMINAL, STALLED
from shelter_app.domain.person import eighteenth_birthday
from shelter_app.storage.questions.deadlines import Asking, Span, as_day, as_moment, start_of

_PERSON: Final = (
    "coalesce(person.display_alias, ''), coalesce(person.person_no, ''),"
    " coalesce((SELECT s.case_manager FROM house.stay AS s WHERE s.person_id = person.id"
    " AND s.voided = 0 ORDER BY s.admitted_at DESC LIMIT 1), 0)"
)
_NUMBER: Final = (
    "CASE WHEN kept.court_case_no <> '' THEN kept.court_case_no"
    " WHEN kept.ob_number <> '' THEN kept.ob_number ELSE kept.short_title END"
)
_TRIAL: Final = ("09_charged", "10_pretrial", "11_hearing", "12_defence")


def _list(codes: Iterable[str]) -> str:
    """Return codes of our own lists as SQL words."""
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


_WAITING: Final = sa.text(
    "SELECT kept.id, kept.person_id, coalesce(kept.lead_staff, 0), kept.stage, kept.ob_number,"  # noqa: S608 - fixed words
    f" kept.short_title, kept.ob_date, kept.opened_on, kept.police_station, {_PERSON},"
    " (SELECT max(c.at) FROM cases.police_contact AS c WHERE c.legal_case_id = kept.id"
    "  AND c.voided = 0),"
    " EXISTS (SELECT 1 FROM cases.suspect AS u WHERE u.legal_case_id = kept.id AND u.voided = 0"
    f"  AND (u.arrested_on IS NOT NULL OR u.status IN {_list(ARRESTED)}))"
    " FROM cases.legal_case AS kept CROSS JOIN house.person AS person"
    f" WHERE kept.concluded_on IS NULL AND kept.stage IN {_list((*BEFORE_ARREST, STALLED))}"
    f" AND kept.case_type IN {_list(CRIMINAL)}"
    " AND kept.voided = 0 AND person.id = kept.person_id LIMIT :most"
)
_TRIALS: Final = sa.text(
    f"SELECT kept.id, kept.person_id, coalesce(kept.lead_staff, 0), {_NUMBER}, kept.ob_date,"  # noqa: S608 - fixed words
    f" kept.opened_on, background.birth_date, person.age_band, {_PERSON}, min(charge.plea_on)"
    " FROM cases.legal_case AS kept CROSS JOIN cases.charge AS charge"
    " CROSS JOIN house.person AS person"
    " LEFT JOIN cases.person_background AS background ON background.id = kept.person_id"
    f" WHERE kept.concluded_on IS NULL AND kept.stage IN {_list(_TRIAL)} AND kept.voided = 0"
    " AND charge.legal_case_id = kept.id AND charge.voided = 0 AND charge.plea_on <= :pleaded"
    " AND charge.verdict IN ('', 'pending') AND person.id = kept.person_id"
    " GROUP BY kept.id LIMIT :most"
)
_EVENTS: Final = (
    f"SELECT event.id, event.person_id, event.legal_case_id, coalesce(kept.lead_staff, 0),"  # noqa: S608 - fixed words
    f" {_NUMBER}, event.starts_at, event.court_station, event.type, event.survivor_required,"
    f" {_PERSON}, EXISTS (SELECT 1 FROM house.accompaniment AS going"
    " WHERE going.court_event_id = event.id AND going.voided = 0)"
    " FROM cases.court_event AS event CROSS JOIN cases.legal_case AS kept"
    " CROSS JOIN house.person AS person WHERE event.voided = 0 AND event.superseded = 0"
    " AND kept.id = event.legal_case_id AND kept.voided = 0 AND person.id = event.person_id"
)
_COMING: Final = sa.text(
    _EVENTS + " AND event.starts_at >= :now AND event.starts_at < :until LIMIT :most"
)
_SHARED: Final = sa.text(
    "SELECT shared.id, shared.person_id, event.legal_case_id, coalesce(kept.lead_staff, 0),"  # noqa: S608 - fixed words
    f" {_NUMBER}, event.starts_at, event.court_station, event.type, 1, {_PERSON}"
    " FROM cases.court_attendance AS shared CROSS JOIN cases.court_event AS event"
    " CROSS JOIN cases.legal_case AS kept CROSS JOIN house.person AS person"
    " WHERE shared.starts_at >= :now AND shared.starts_at < :until AND shared.voided = 0"
    " AND event.id = shared.court_event_id AND event.voided = 0 AND event.superseded = 0"
    " AND kept.id = event.legal_case_id AND kept.voided = 0 AND person.id = shared.person_id"
    " AND NOT EXISTS (SELECT 1 FROM house.accompaniment AS going"
    "  WHERE going.court_event_id = shared.id AND going.voided = 0) LIMIT :most"
)
"""Further survivors of a coming date with whom nobody goes along."""
_OWED: Final = sa.text(
    _EVENTS + " AND event.outcome = 'unknown' AND event.starts_at < :now"
    " ORDER BY event.starts_at DESC LIMIT :most"
)
_NOT_TALKED: Final = (
    " AND NOT EXISTS (SELECT 1 FROM house.counselling_session AS s"
    " WHERE s.person_id = {who}.person_id AND s.starts_at > event.starts_at AND s.voided = 0"
    " AND s.status IN ('done', 'done_short'))"
    " AND NOT EXISTS (SELECT 1 FROM house.accompaniment AS went"
    " WHERE went.court_event_id = {who}.id AND went.asked_after = 1 AND went.voided = 0)"
)
_SPOKE: Final = (
    " event.starts_at >= :back AND event.starts_at < :now AND event.voided = 0"
    " AND event.superseded = 0 AND event.type = 'testimony'"
    " AND event.outcome IN ('proceeded', 'part_heard') AND person.id = {who}.person_id"
)
_WHO: Final = (
    "SELECT {who}.id, {who}.person_id, event.starts_at, "  # noqa: S608 - fixed words
    + _PERSON
    + ", coalesce((SELECT e.counsellor FROM house.counselling_enrolment AS e"
    "  WHERE e.person_id = {who}.person_id AND e.voided = 0"
    "  ORDER BY e.started_on DESC LIMIT 1), 0)"
)
_SPOKEN: Final = sa.text(
    (
        _WHO
        + " FROM cases.court_event AS event CROSS JOIN house.person AS person WHERE"
        + _SPOKE
        + _NOT_TALKED
    ).format(who="event")
)
_SPOKEN_TOO: Final = sa.text(
    (
        _WHO + " FROM cases.court_attendance AS shared CROSS JOIN cases.court_event AS event"
        " CROSS JOIN house.person AS person WHERE shared.starts_at >= :back"
        " AND shared.starts_at < :now AND shared.voided = 0"
        " AND event.id = shared.court_event_id AND" + _SPOKE + _NOT_TALKED
    ).format(who="shared")
)
_PROMISES: Final = sa.text(
    "SELECT said.id, said.person_id, said.legal_case_id, coalesce(kept.lead_staff, 0),"  # noqa: S608 - fixed words
    f" {_NUMBER}, kept.police_station, said.at, said.next_on, {_PERSON}"
    " FROM cases.police_contact AS said CROSS JOIN cases.legal_case AS kept"
    " CROSS JOIN house.person AS person"
    " WHERE said.promise_kept_on IS NULL AND said.next_on <= :soon AND said.voided = 0"
    " AND said.promise <> '' AND kept.id = said.legal_case_id AND kept.concluded_on IS NULL"
    " AND person.id = said.person_id LIMIT :most"
)
_PAPERS: Final = sa.text(
    "SELECT paper.id, paper.person_id, paper.doc_type, paper.expires_on,"
    " person.display_alias, person.person_no, coalesce(stay.case_manager, 0)"
    " FROM house.stay AS stay CROSS JOIN cases.identity_document AS paper"
    " CROSS JOIN house.person AS person"
    " WHERE stay.exited_at IS NULL AND stay.voided = 0 AND paper.person_id = stay.person_id"
    " AND paper.voided = 0 AND paper.expires_on <= :until"
    " AND paper.replacement_started_on IS NULL AND person.id = stay.person_id"
)
_CONSENTS: Final = sa.text(
    "SELECT given.id, given.person_id, given.type, given.expires_on,"
    " person.display_alias, person.person_no, coalesce(stay.case_manager, 0)"
    " FROM house.stay AS stay CROSS JOIN cases.consent AS given CROSS JOIN house.person AS person"
    " WHERE stay.exited_at IS NULL AND stay.voided = 0 AND given.person_id = stay.person_id"
    " AND given.voided = 0 AND given.status IN ('given', 'partly') AND given.withdrawn_on IS NULL"
    " AND given.expires_on <= :until AND person.id = stay.person_id AND NOT EXISTS"
    " (SELECT 1 FROM cases.consent AS later WHERE later.person_id = given.person_id"
    " AND later.type = given.type AND later.voided = 0 AND later.given_on > given.given_on)"
)
_CONTACTS: Final = sa.text(
    "SELECT owed.id, owed.person_id, owed.milestone, owed.due_on, owed.attempts,"  # noqa: S608 - fixed words
    f" coalesce(owed.by, 0), {_PERSON},"
    " (SELECT max(c.done_on) FROM cases.followup_contact AS c WHERE c.person_id = owed.person_id"
    f"  AND c.voided = 0 AND c.result NOT IN {_list(ATTEMPT_RESULTS)})"
    " FROM cases.followup_contact AS owed CROSS JOIN house.person AS person"
    " WHERE owed.done_on IS NULL AND owed.due_on <= :soon AND owed.voided = 0"
    " AND person.id = owed.person_id AND NOT EXISTS (SELECT 1 FROM cases.safe_contact AS card"
    " WHERE card.id = owed.person_id AND card.no_contact = 1)"
    " AND NOT EXISTS (SELECT 1 FROM house.stay AS s WHERE s.id = owed.stay_id"
    " AND s.state NOT IN ('S50_exited', 'S55_aftercare')) LIMIT :most"
)
_PAPERS_TO_APPROVE: Final = sa.text(
    "SELECT paper.id, paper.person_id, paper.doc_no, paper.type, paper.updated_at,"  # noqa: S608 - fixed words
    f" {_PERSON} FROM cases.document AS paper"
    " LEFT JOIN house.person AS person ON person.id = paper.person_id"
    " WHERE paper.status = 'review' AND paper.voided = 0 LIMIT :most"
)
_PAPERS_ANSWERED: Final = sa.text(
    "SELECT paper.id, paper.person_id, paper.doc_no, paper.type, paper.status,"  # noqa: S608 - fixed words
    " paper.updated_at, coalesce(paper.prepared_by, 0), coalesce(second.alias, ''),"
    f" paper.sent_back_reason, {_PERSON}"
    " FROM cases.document AS paper LEFT JOIN main.staff AS second ON second.id = paper.updated_by"
    " LEFT JOIN house.person AS person ON person.id = paper.person_id"
    " WHERE paper.status IN ('approved', 'draft') AND paper.updated_at >= :since"
    " AND paper.updated_by <> paper.prepared_by AND paper.voided = 0 LIMIT :most"
)
"""Saving a draft makes the preparer of it: one that another worker wrote last was sent back."""
_PLANS_SENT_BACK: Final = sa.text(
    "SELECT plan.id, plan.person_id, plan.sent_back_at, coalesce(plan.prepared_by, 0),"  # noqa: S608 - fixed words
    f" coalesce(second.alias, ''), plan.sent_back_reason, {_PERSON}"
    " FROM cases.care_plan AS plan LEFT JOIN main.staff AS second ON second.id = plan.sent_back_by"
    " LEFT JOIN house.person AS person ON person.id = plan.person_id"
    " WHERE plan.status = 'draft' AND plan.sent_back_reason <> '' AND plan.sent_back_at >= :since"
    " AND plan.voided = 0 LIMIT :most"
)

_TRIES_BEFORE_ALARM: Final = 3


def police(asking: Asking) -> list[Fact]:
    """Return open matters in which the police have the next step, and what is owed there."""
    facts: list[Fact] = []
    for row in asking.rows(_WAITING):
        case_id, person_id, lead, stage, ob_number, title, reported, opened, station = row[:9]
        name, code, worker, last, arrested = row[9:]
        common: dict[str, Any] = {
            "subject_id": case_id,
            "person_id": person_id,
            "name": name,
            "code": code,
            "case_worker": worker,
            "owner": lead,
            "record_id": case_id,
            "number": f"OB {ob_number.removeprefix('OB').strip()}" if ob_number else title,
            "place": station,
            "at": as_moment(last),
        }
        since = as_moment(last or reported or opened)
        if since is not None and stage in BEFORE_ARREST:
            facts.append(Fact(rule="DL20", since=since, **common))
        day = as_moment(reported)
        if day is not None and not arrested:
            facts.append(Fact(rule="DL21", since=day, **common))
    return facts


def trials(asking: Asking, *, after: int = 180) -> list[Fact]:
    """Return trials over a matter of a child in which a plea was taken so many days ago."""
    facts = []
    for row in asking.rows(_TRIALS, pleaded=asking.span.day(-after)):
        case_id, person_id, lead, number, reported, opened, birth, band = row[:8]
        name, code, worker, plea = row[8:]
        when, born, pleaded = as_day(reported or opened), as_day(birth), as_moment(plea)
        child = (
            eighteenth_birthday(born) > when
            if born and when
            else band in deadline_facts.CHILD_BANDS
        )
        if child and pleaded is not None:
            facts.append(
                Fact(
                    rule="DL22",
                    subject_id=case_id,
                    since=pleaded,
                    person_id=person_id,
                    name=name,
                    code=code,
                    case_worker=worker,
                    owner=lead,
                    record_id=case_id,
                    number=number,
                )
            )
    return facts


def court(asking: Asking, *, ahead: int = 21) -> list[Fact]:
    """Return coming court dates to prepare or accompany, and past ones without an outcome."""
    now, until = asking.span.moment, asking.span.day(ahead + 1)
    facts: list[Fact] = []
    for row in asking.rows(_COMING, now=now, until=until):
        kind, required, accompanied = row[7], bool(row[8]), bool(row[12])
        if required and not accompanied:
            facts.append(_event(row, "DL24"))
        if deadline_facts.is_reminder_of_court(kind, survivor_required=required):
            facts.append(_event(row, "DL23"))
    facts += [_event(row, "DL24") for row in asking.rows(_SHARED, now=now, until=until)]
    return facts + [_event(row, "DL25") for row in asking.rows(_OWED, now=now)]


def _event(row: Any, rule: str) -> Fact:
    return Fact(
        rule=rule,
        subject_id=row[0],
        since=datetime.fromisoformat(row[5]),
        person_id=row[1],
        name=row[9],
        code=row[10],
        case_worker=row[11],
        owner=0 if rule == "DL24" else row[3],
        record_id=row[2],
        number=row[4],
        place=f"court:{row[6]}",
        kind=f"event:{row[7]}",
    )


def after_court(connection: sa.Connection, now: datetime, *, after: int = 2) -> list[Fact]:
    """Return who spoke in court in the last days and has not been talked with since."""
    values = {"back": Span(now).day(-after - 15), "now": Span(now).moment}
    return [
        Fact(
            rule="DL26",
            subject_id=event_id,
            since=datetime.fromisoformat(starts_at),
            person_id=person_id,
            name=name,
            code=code,
            case_worker=worker,
            owner=counsellor,
        )
        for question in (_SPOKEN, _SPOKEN_TOO)
        for event_id, person_id, starts_at, name, code, worker, counsellor in connection.execute(
            question, values
        )
    ]


def promises(asking: Asking, *, ahead: int = 2) -> list[Fact]:
    """Return what the police promised for these days and has not been settled."""
    facts = []
    for row in asking.rows(_PROMISES, soon=asking.span.day(ahead)):
        contact_id, person_id, case_id, lead, number, station, said, due, name, code, worker = row
        facts.append(
            Fact(
                rule=PROMISE,
                subject_id=contact_id,
                since=start_of(date.fromisoformat(due)),
                person_id=person_id,
                name=name,
                code=code,
                case_worker=worker,
                owner=lead,
                record_id=case_id,
                number=number,
                place=station,
                at=as_moment(said),
            )
        )
    return facts


def papers_and_consents(
    connection: sa.Connection, now: datetime, *, papers: int = 60, consents: int = 30
) -> list[Fact]:
    """Return papers of residents that expire soon, and consent to be asked again."""
    found = []
    for rule, question, days, words in (
        ("DL36", _PAPERS, papers, "paper"),
        ("DL53", _CONSENTS, consents, "consent"),
    ):
        for row in connection.execute(question, {"until": Span(now).day(days)}):
            record_id, person_id, kind, expires, name, code, worker = row
            found.append(
                Fact(
                    rule=rule,
                    subject_id=record_id,
                    since=start_of(date.fromisoformat(expires)),
                    person_id=person_id,
                    name=name,
                    code=code,
                    case_worker=worker,
                    kind=f"{words}:{kind}",
                )
            )
    return found


def aftercare(asking: Asking, *, ahead: int = 3) -> list[Fact]:
    """Return contacts due or late, and people who have not been reached in several tries."""
    facts: list[Fact] = []
    for row in asking.rows(_CONTACTS, soon=asking.span.day(ahead)):
        contact_id, person_id, milestone, due, attempts, by, name, code, worker, last = row
        common: dict[str, Any] = {
            "subject_id": contact_id,
            "person_id": person_id,
            "name": name,
            "code": code,
            "case_worker": worker,
            "owner": by,
            "since": start_of(date.fromisoformat(due)),
        }
        facts.append(Fact(rule="DL41", kind=f"milestone:{milestone}", at=as_moment(last), **common))
        if attempts >= _TRIES_BEFORE_ALARM:
            facts.append(Fact(rule="DL42", count=attempts, **common))
    return facts


def answered(asking: Asking, *, back: int) -> list[Fact]:
    """Return what a second person approved or sent back in the last `back` days.

    An approved plan comes with the stays; what is handed in again is told no more.
    """
    since = asking.span.day(-back)
    facts: list[Fact] = []
    for row in asking.rows(_PLANS_SENT_BACK, since=since):
        plan_id, person_id, at, owner, by, reason, name, code, worker = row
        facts.append(
            Fact(
                rule=PLAN_SENT_BACK,
                subject_id=plan_id,
                since=datetime.fromisoformat(at),
                person_id=person_id,
                name=name,
                code=code,
                case_worker=worker,
                owner=owner,
                by=by,
                reason=reason,
            )
        )
    for row in asking.rows(_PAPERS_ANSWERED, since=since):
        paper_id, person_id, number, kind, status, at, owner, by, reason = row[:9]
        name, code, worker = row[9:]
        facts.append(
            Fact(
                rule=PAPER_APPROVED if status == "approved" else PAPER_SENT_BACK,
                subject_id=paper_id,
                since=datetime.fromisoformat(at),
                person_id=person_id or 0,
                name=name,
                code=code,
                case_worker=worker,
                owner=owner,
                number=number,
                kind=f"document:{kind}",
                by=by,
                reason=reason,
            )
        )
    return facts


def to_approve(asking: Asking) -> list[Fact]:
    """Return papers that wait for a second person."""
    return [
        Fact(
            rule=APPROVAL,
            subject_id=paper_id,
            since=datetime.fromisoformat(handed_in),
            person_id=person_id or 0,
            name=name,
            code=code,
            case_worker=worker,
            number=number,
            kind=f"document:{kind}",
        )
        for paper_id, person_id, number, kind, handed_in, name, code, worker in asking.rows(
            _PAPERS_TO_APPROVE
        )
    ]
