"""One person's timeline across all record types the worker may read, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Final

from shelter_app.domain import catalogue
from shelter_app.domain.access import Action
from shelter_app.domain.record import Record
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Placement, Stay
from shelter_app.i18n import N_, _
from shelter_app.services.search import visible_person
from shelter_app.services.work import Work
from shelter_app.storage.questions import timeline as questions
from shelter_app.storage.questions.timeline import Before, Moment

PAGE: Final = questions.PAGE
COMING: Final = "coming"

GROUPS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("house", N_("House"), ("stay", "bed_stay", "absence", "appointment", "accompaniment")),
    (
        "casework",
        N_("Casework"),
        (
            "consent",
            "risk_assessment",
            "care_plan",
            "plan_action",
            "plan_review",
            "alias",
            "identity_document",
            "dsr",
        ),
    ),
    (
        "counselling",
        N_("Counselling"),
        (
            "counselling_enrolment",
            "counselling_session",
            "counselling_note",
            "after_accompaniment",
        ),
    ),
    (
        "court",
        N_("Court"),
        (
            "legal_case",
            "charge",
            "police_contact",
            "court_event",
            "court_attendance",
        ),
    ),
    ("aftercare", N_("Aftercare"), ("followup_contact", "closure")),
    ("documents", N_("Documents"), ("document",)),
)
"""The pills that narrow a timeline: key, name, record types."""

_PLACES: Final = {
    "counselling_session": "counselling",
    "legal_case": "court",
    "court_event": "court",
    "court_attendance": "court",
    "document": "documents",
    "dsr": "rights",
}
_DATES: Final = ("court_event", "court_attendance")
_TABS: Final = {
    "house": "stay",
    "casework": "overview",
    "counselling": "counselling",
    "court": "court",
    "aftercare": "aftercare",
    "documents": "documents",
}
_TAB_OF_TYPE: Final = {"care_plan": "plan", "plan_action": "plan", "plan_review": "plan"}
_BY: Final = (
    "counsellor",
    "done_by",
    "by",
    "staff_id",
    "lead_staff",
    "explained_by",
    "prepared_by",
)


@dataclass(frozen=True)
class Entry:
    """One line: when, what, who did it, and where it opens (place, record, detail)."""

    record_type: str
    record_id: int
    group: str
    day: date
    at: time | None
    headline: str
    by: str
    place: str
    place_id: int
    detail: str


@dataclass(frozen=True)
class Page:
    """Some entries and where the next page begins (None: there is no more)."""

    entries: tuple[Entry, ...]
    next_page: Before | None


@cache
def group_of(record_type: str) -> str:
    """Return the pill to which a record type belongs."""
    return next((key for key, _name, tables in GROUPS if record_type in tables), "house")


def readable_groups(work: Work, person_id: int) -> tuple[tuple[str, str], ...]:
    """Return the pills that lead to something this worker may read."""
    kinds = {group_of(kind.table) for kind in _readable(work, person_id)}
    return tuple((key, name) for key, name, _tables in GROUPS if key in kinds)


def page(
    work: Work,
    person_id: int,
    groups: Sequence[str] = (),
    before: Before | None = None,
    most: int = PAGE,
) -> Page:
    """Return what happened, newest first; `groups` narrows, COMING asks for what is planned."""
    visible_person(work, person_id)
    kinds = _readable(work, person_id)
    wanted = [group for group in groups if group != COMING]
    if wanted:
        kinds = [kind for kind in kinds if group_of(kind.table) in wanted]
    if COMING in groups:
        moments = questions.planned(work.connection, person_id, kinds, work.now, most=most)
        return Page(_entries(work, person_id, moments), None)
    moments = questions.page(
        work.connection, person_id, kinds, work.now, before=before, most=most + 1
    )
    shown = moments[:most]
    following = Before(shown[-1].at, shown[-1].record_id) if len(moments) > most else None
    return Page(_entries(work, person_id, shown), following)


def latest(work: Work, person_id: int, most: int = 6) -> tuple[Entry, ...]:
    """Return the last few entries, for the overview."""
    return page(work, person_id, most=most).entries


def _readable(work: Work, person_id: int) -> list[type[Record]]:
    return [
        kind
        for kind in catalogue.RECORD_TYPES
        if kind.happened
        and catalogue.has_person(kind)
        and work.holds(kind.compartment)
        and work.may(Action.READ, kind, person_id)
    ]


def _entries(work: Work, person_id: int, moments: Sequence[Moment]) -> tuple[Entry, ...]:
    ids: dict[str, list[int]] = {}
    for moment in moments:
        ids.setdefault(moment.record_type, []).append(moment.record_id)
    found = {
        table: work.many(catalogue.record_type(table), wanted) for table, wanted in ids.items()
    }
    # A time in the house calendar that stands for a court date or session shares its id.
    with_content = {
        key for table, by_id in found.items() if table != "appointment" for key in by_id
    }
    ended = [key for key, stay in found.get("stay", {}).items() if getattr(stay, "exited_at", None)]
    exits = work.many(Placement, ended)
    lines = []
    for moment in moments:
        record = found[moment.record_type].get(moment.record_id)
        twice = moment.record_type == "appointment" and moment.record_id in with_content
        if record is not None and not twice:
            lines.append((record, datetime.fromisoformat(moment.at)))
    workers = [_worker(record, at, exits) for record, at in lines]
    staff = work.many(Staff, set(workers))
    return tuple(
        _entry(person_id, record, at, staff[worker].alias if worker in staff else "")
        for (record, at), worker in zip(lines, workers, strict=True)
    )


def _is_end(record: Record, at: datetime) -> bool:
    """Say whether a line stands for the end of a stay; its beginning has a line of its own."""
    return isinstance(record, Stay) and record.exited_at == at != record.admitted_at


def _worker(record: Record, at: datetime, exits: Mapping[int, Placement]) -> int:
    if isinstance(record, Stay):
        if not _is_end(record, at):
            return record.created_by
        return exits[record.id].exit_approved_by if record.id in exits else 0
    for name in _BY:
        worker = getattr(record, name, 0)
        if worker and isinstance(worker, int):  # who asked for her data is a code of this name
            return worker
    return record.created_by


def _headline(record: Record, at: datetime) -> str:
    if isinstance(record, Stay):
        return _("Stay ended") if _is_end(record, at) else _("Admitted")
    return record.headline()


def _entry(person_id: int, record: Record, at: datetime, by: str) -> Entry:
    value = getattr(record, record.happened)
    group = group_of(record.table)
    place = _PLACES.get(record.table, "resident")
    return Entry(
        record_type=record.table,
        record_id=record.id,
        group=group,
        day=at.date(),
        at=at.time() if isinstance(value, datetime) else None,
        headline=_headline(record, at),
        by=by,
        place=place,
        place_id=_place_id(person_id, record, place),
        detail=_detail(record, place, group),
    )


def _place_id(person_id: int, record: Record, place: str) -> int:
    if place == "resident":
        return person_id
    if record.table in _DATES:
        return int(getattr(record, "legal_case_id", 0))
    return record.id


def _detail(record: Record, place: str, group: str) -> str:
    """Return what the place opens: a court date by its id, a tab with type and id of the record."""
    if record.table in _DATES:
        return str(getattr(record, "court_event_id", record.id))
    if place != "resident":
        return ""
    return f"{_TAB_OF_TYPE.get(record.table, _TABS[group])}:{record.table}:{record.id}"
