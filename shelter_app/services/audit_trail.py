"""The audit trail for those who may look: pages of who did what, and whether the chain holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from shelter_app.domain import catalogue
from shelter_app.domain.fields import fields_of
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed
from shelter_app.i18n import N_
from shelter_app.services.work import Work
from shelter_app.storage import audit
from shelter_app.storage.questions import audit_trail as questions
from shelter_app.storage.questions.audit_trail import Row, Wanted

READERS: Final = ("manager", "dpo", "me_officer")
COUNSELLING_READERS: Final = ("counsellor", "clinical_supervisor")
BREAK_GLASS: Final = ("break-glass", "break_glass", "reveal")
_MOST: Final = 5_000
_SHIFT: Final = 48
_NAMED: Final = {
    "create": N_("Made"),
    "change": N_("Changed"),
    "open": N_("Opened"),
    "print": N_("Printed"),
    "grant": N_("Key or role given"),
    "revoke": N_("Access taken back"),
    "search": N_("Searched"),
    "break-glass": N_("True identity shown"),
    "break_glass": N_("True identity shown"),
    "reveal": N_("Number shown"),
    "void": N_("Marked as void"),
    "issue": N_("Issued"),
    "export": N_("Exported"),
}


@dataclass(frozen=True)
class Filter:
    """What the page asks for."""

    staff_id: int = 0
    break_glass: bool = False
    days: int = 0
    table: str = ""


@dataclass(frozen=True)
class Line:
    """One row as shown; `fields` are names of what changed, never the values."""

    id: int
    at: datetime
    who: str
    action: str
    title: str
    fields: tuple[str, ...]
    note: str
    about: str
    compartment: str
    break_glass: bool
    clock_back: bool


@dataclass(frozen=True)
class Verdict:
    """What checking a compartment's chain found: the first broken row, or None."""

    compartment: str
    rows: int
    broken_at: int | None


def readable_compartments(work: Work) -> tuple[str, ...]:
    """Return the compartments whose trail this worker may read, in the order of the ids."""
    shown = []
    for compartment in sorted(work.actor.compartments):
        readers = COUNSELLING_READERS if compartment == "counselling" else READERS
        if work.actor.has_role(*readers):
            shown.append(compartment)
    return tuple(shown)


def newest(work: Work, wanted: Filter) -> Sequence[int]:
    """Return the ids of the newest rows over all readable compartments, newest first."""
    compartments = _required(work)
    asked = _wanted(work, wanted)
    found: list[tuple[str, int]] = []
    for place, compartment in enumerate(compartments):
        for at_utc, seq in questions.numbers(work.connection, compartment, asked, _MOST):
            found.append((at_utc, (place + 1) << _SHIFT | seq))
    found.sort(reverse=True)
    return [number for _at, number in found[:_MOST]]


def lines(work: Work, ids: Sequence[int]) -> Sequence[Line]:
    """Return rows by their ids, in the order asked for."""
    compartments = _required(work)
    by_place: dict[int, list[int]] = {}
    for number in ids:
        by_place.setdefault(number >> _SHIFT, []).append(number & ((1 << _SHIFT) - 1))
    found: dict[int, Row] = {}
    for place, seqs in by_place.items():
        if 0 < place <= len(compartments):
            for row in questions.rows(work.connection, compartments[place - 1], tuple(seqs)):
                found[place << _SHIFT | row.seq] = row
    names = _names(work, {row.staff_id for row in found.values()})
    persons = work.many(Person, {row.person_id for row in found.values() if row.person_id})
    about = {key: person.person_no for key, person in persons.items()}
    return [_line(number, found[number], names, about) for number in ids if number in found]


def verify(work: Work) -> tuple[Verdict, ...]:
    """Check the whole chain of every readable compartment against the signing keys."""
    keys = work.vault.public_keys()
    verdicts = []
    for compartment in _required(work):
        head = audit.head(work.connection, compartment)
        broken = audit.verify(work.connection, compartment, 1, keys)
        verdicts.append(Verdict(compartment, head.seq, broken))
    return tuple(verdicts)


def people(work: Work) -> tuple[tuple[int, str], ...]:
    """Return staff ids with names, for the filter."""
    found = [(staff.id, staff.alias) for staff in work.rule_matching(Staff)]
    return tuple(sorted(found, key=lambda pair: pair[1].casefold()))


def _required(work: Work) -> tuple[str, ...]:
    compartments = readable_compartments(work)
    if not compartments:
        raise NotAllowed("audit")
    return compartments


def _wanted(work: Work, wanted: Filter) -> Wanted:
    since = ""
    if wanted.days:
        first = datetime.combine(work.today - timedelta(days=wanted.days - 1), datetime.min.time())
        since = first.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return Wanted(
        staff_id=wanted.staff_id,
        actions=BREAK_GLASS if wanted.break_glass else (),
        record_types=(wanted.table,) if wanted.table else (),
        since=since,
    )


def _names(work: Work, ids: set[int]) -> dict[int, str]:
    return {key: staff.alias for key, staff in work.many(Staff, ids).items()}


def _line(number: int, row: Row, names: dict[int, str], about: dict[int, str]) -> Line:
    changed, note = _changed(row)
    return Line(
        id=number,
        at=_local(row.at_utc),
        who=names.get(row.staff_id, ""),
        action=_NAMED.get(row.action, row.action),
        title=_title(row.record_type),
        fields=changed,
        note=note,
        about=about.get(row.person_id, ""),
        compartment=row.compartment,
        break_glass=row.action in BREAK_GLASS,
        clock_back=row.clock_back,
    )


def _local(at_utc: str) -> datetime:
    moment = datetime.fromisoformat(at_utc)
    return moment.astimezone().replace(tzinfo=None, microsecond=0)


def _title(table: str) -> str:
    try:
        return catalogue.record_type(table).title
    except KeyError:
        return table


def _changed(row: Row) -> tuple[tuple[str, ...], str]:
    """Return the labels of the fields touched, and the note of an act that changed nothing."""
    if not row.detail:
        return (), ""
    detail: dict[str, Any] = json.loads(row.detail)
    try:
        declared = {f.name: f.label for f in fields_of(catalogue.record_type(row.record_type))}
    except KeyError:
        declared = {}
    labels = tuple(declared[name] for name in detail if name in declared)
    return labels, str(detail.get("note", ""))
