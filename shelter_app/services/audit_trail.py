"""The audit trail for those who may look: pages of who did and who saw what, as far as allowed.

A worker sees rows about records she may read. The data protection lead sees who, when and which
record for everything her keys open, but never what was written: she oversees without reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from shelter_app.domain import access, catalogue
from shelter_app.domain.access import Action
from shelter_app.domain.fields import fields_of
from shelter_app.domain.person import Person, serial_of
from shelter_app.domain.record import Record
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import audit_files, audit_notes, csv_files, folders, house_settings
from shelter_app.services.work import Work
from shelter_app.storage.questions import audit_trail as questions
from shelter_app.storage.questions.audit_trail import Row, Wanted
from shelter_app.storage.safe_files import write_whole

OVERSEERS: Final = ("dpo",)
READERS: Final = ("manager", *OVERSEERS)
BREAK_GLASS: Final = ("break-glass", "break_glass", "reveal", "search true names")
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "": (),
    "changed": ("create", "change", "void", "keep longer", "erase", audit_files.SAVED),
    "seen": ("open", "search", *BREAK_GLASS),
    "left": ("print", "export", "issue"),
    "access": ("grant", "revoke", "rotate", "replace", "prove"),
    "identity": BREAK_GLASS,
}
"""What the page offers under 'What': a name for each group of actions."""
_OF_NO_RECORD: Final = ("", audit_files.RECORD_TYPE)
NO_WORKER: Final = N_("Recovery sheet")
PAGE: Final = 200
_SHIFT: Final = 48
_AT_ONCE: Final = 500
_NAMED: Final = {
    "create": N_("Made"),
    "change": N_("Changed"),
    "open": N_("Opened"),
    "print": N_("Printed"),
    "grant": N_("Key or role given"),
    "revoke": N_("Access taken back"),
    "rotate": N_("New keys made"),
    "replace": N_("Recovery sheet made anew"),
    "prove": N_("Recovery sheet tested"),
    "search": N_("Searched"),
    "search true names": N_("True names searched"),
    "break-glass": N_("True identity shown"),
    "break_glass": N_("True identity shown"),
    "reveal": N_("Number shown"),
    "void": N_("Marked as void"),
    "issue": N_("Issued"),
    "export": N_("Exported"),
    "update": N_("Program updated"),
    "keep longer": N_("Kept longer"),
    "erase": N_("Erased for good"),
    "rehearsal": N_("Backup rehearsed"),
    "restore": N_("Records restored"),
    audit_files.CHECKED: N_("Damage found"),
    audit_files.SAVED: N_("Damaged file saved"),
}


@dataclass(frozen=True)
class Filter:
    """What the page asks for; `group` is one of GROUPS, `code` a person's code."""

    staff_id: int = 0
    group: str = ""
    table: str = ""
    code: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: per compartment the number above which everything was shown."""

    before: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class TrailPage:
    """Ids of one page, newest first, and where the next one begins (None: this was the last)."""

    ids: tuple[int, ...]
    further: Cursor | None


@dataclass(frozen=True)
class Line:
    """One row as shown; `fields` are names of what changed, the values are asked for singly."""

    id: int
    at: datetime
    who: str
    action: str
    title: str
    fields: tuple[str, ...]
    note: str
    about: str
    compartment: str
    seq: int
    table: str
    record_id: int
    person_id: int
    break_glass: bool
    clock_back: bool
    emptied: bool


def readable_compartments(work: Work) -> tuple[str, ...]:
    """Return the compartments whose trail this worker may read, in the order of the ids."""
    shown = []
    for compartment in sorted(work.actor.compartments):
        readers = access.COUNSELLORS if compartment == "counselling" else READERS
        if work.actor.has_role(*readers):
            shown.append(compartment)
    return tuple(shown)


def page(work: Work, wanted: Filter, cursor: Cursor | None = None, size: int = PAGE) -> TrailPage:
    """Return a page over all readable compartments, newest first.

    Within a compartment the order is that of the chain; times, which a wrong clock may spoil,
    only decide which compartment's row comes next.
    """
    begin = dict(cursor.before) if cursor else {}
    compartments = _required(work)
    queues = {}
    for name in compartments:
        asked = _wanted(work, name, wanted)
        found = () if asked is None else _page_of(work, name, asked, begin.get(name, 0), size + 1)
        queues[name] = list(found)
    ids: list[int] = []
    last = dict(begin)
    while len(ids) < size and any(queues.values()):
        name = max((n for n in queues if queues[n]), key=lambda n: (queues[n][0][0], n))
        _at, seq = queues[name].pop(0)
        ids.append((compartments.index(name) + 1) << _SHIFT | seq)
        last[name] = seq
    more = any(queues.values())
    return TrailPage(tuple(ids), Cursor(tuple(sorted(last.items()))) if more else None)


def _page_of(
    work: Work, compartment: str, asked: Wanted, before: int, size: int
) -> Sequence[tuple[str, int]]:
    return questions.page(work.connection, compartment, asked, before, size)


def newest(work: Work, wanted: Filter) -> Sequence[int]:
    """Return the ids of the first page."""
    return page(work, wanted).ids


def count(work: Work, wanted: Filter) -> int:
    """Return how many rows fit, over all readable compartments."""
    asked = ((name, _wanted(work, name, wanted)) for name in _required(work))
    return sum(questions.count(work.connection, name, w) for name, w in asked if w is not None)


def lines(work: Work, ids: Sequence[int]) -> Sequence[Line]:
    """Return rows by their ids, in the order asked for; closed ones are left out."""
    found = _rows(work, ids)
    rows = found.values()
    of_staff = {row.record_id for row in rows if row.record_type == Staff.table}
    names = _names(work, of_staff | {row.staff_id for row in rows})
    hands = _hands(work) if any(row.staff_id == 0 for row in rows) else {}
    persons = work.many(Person, {row.person_id for row in rows if row.person_id})
    about = {key: person.person_no for key, person in persons.items()}
    return [
        _line(
            number,
            row,
            names.get(row.staff_id) or hands.get(row.slot) or _(NO_WORKER),
            names.get(row.record_id, "")
            if row.record_type == Staff.table
            else about.get(row.person_id, ""),
        )
        for number in ids
        if (row := found.get(number)) is not None
    ]


def _rows(work: Work, ids: Sequence[int]) -> dict[int, Row]:
    compartments = _required(work)
    by_place: dict[int, list[int]] = {}
    for number in ids:
        by_place.setdefault(number >> _SHIFT, []).append(number & ((1 << _SHIFT) - 1))
    found: dict[int, Row] = {}
    for place, seqs in by_place.items():
        if 0 < place <= len(compartments):
            name = compartments[place - 1]
            for start in range(0, len(seqs), _AT_ONCE):
                part = tuple(seqs[start : start + _AT_ONCE])
                for row in questions.rows(work.connection, name, part):
                    if _is_open(work, row):
                        found[place << _SHIFT | row.seq] = row
    return found


def row_of(work: Work, number: int) -> Row:
    """Return one row as kept, for showing what it says; NotAllowed when it is closed."""
    found = _rows(work, [number])
    if number not in found:
        raise NotAllowed("audit row")
    return found[number]


def people(work: Work) -> tuple[tuple[int, str], ...]:
    """Return staff ids with names, for the filter."""
    _required(work)
    found = [(staff.id, staff.alias) for staff in work.rule_matching(Staff)]
    return tuple(sorted(found, key=lambda pair: pair[1].casefold()))


def tables(work: Work) -> tuple[tuple[str, str], ...]:
    """Return the record types that may be asked for, by their titles, for the filter."""
    open_ones = {t for name in _required(work) for t in _open_tables(work, name)}
    kinds = (kind for kind in catalogue.RECORD_TYPES if kind.table in open_ones)
    return tuple(sorted(((k.table, _(k.title)) for k in kinds), key=lambda pair: pair[1]))


def export_csv(work: Work, wanted: Filter, folder: Path, reason: str) -> Path:
    """Write the rows that fit to a file under a neutral name; what is said in them stays here."""
    if not reason.strip():
        raise NotPossible(N_("Please say why."))
    folders.require(folder)
    heads = (_("When"), _("Who"), _("What"), _("Record"), _("About"), _("Fields or reason"))
    more = (_("Part"), _("Entry"))
    stem = folders.free_stem(folder, f"export-{work.today.isoformat()}", ".csv")
    path = folder / f"{stem}.csv"
    write_whole(path, csv_files.content((*heads, *more), _cells(work, wanted)))
    house_settings.log(work, "export", _("audit trail: {reason}").format(reason=reason.strip()))
    return path


def _cells(work: Work, wanted: Filter) -> Iterator[tuple[str, ...]]:
    cursor: Cursor | None = Cursor()
    while cursor is not None:
        found = page(work, wanted, cursor, _AT_ONCE)
        for line in lines(work, found.ids):
            what = line.note or ", ".join(_(each) for each in line.fields)
            told = (line.who, _(line.action), _(line.title), line.about, what)
            yield (line.at.isoformat(" "), *told, line.compartment, str(line.seq))
        cursor = found.further


def _required(work: Work) -> tuple[str, ...]:
    compartments = readable_compartments(work)
    if not compartments:
        raise NotAllowed("audit")
    return compartments


def oversees(work: Work) -> bool:
    """Say whether the worker sees all rows of her compartments, without what they say."""
    return work.actor.has_role(*OVERSEERS)


def _open_tables(work: Work, compartment: str) -> tuple[str, ...]:
    kinds = catalogue.types_in(compartment)
    if oversees(work) and compartment != "counselling":
        return (*_OF_NO_RECORD, *(kind.table for kind in kinds))
    open_ones = [k.table for k in kinds if _may_see_rows(work, k)]
    return (*_OF_NO_RECORD, *open_ones) if open_ones else ()


def _may_see_rows(work: Work, kind: type[Record]) -> bool:
    """Say whether rows of a type are for her; who looked at a true identity is the manager's.

    She sees such rows with the key, without breaking any glass: the values never show here.
    """
    if kind.level == "sealed":
        return work.holds(kind.compartment) and work.actor.has_role("manager")
    return access.may(work.actor, Action.READ, kind)


def _own_people(work: Work, compartment: str) -> tuple[int, ...] | None:
    """Return whom a reader of own cases only may see rows about; None for no limit."""
    if oversees(work) and compartment != "counselling":
        return None
    kinds = catalogue.types_in(compartment)
    if work.actor.has_role("manager") or any(
        access.may(work.actor, Action.READ, kind, assigned=False) for kind in kinds
    ):
        return None
    everybody = questions.persons(work.connection, compartment)
    return tuple(each for each in everybody if each == 0 or work.assigned(each))


def _is_open(work: Work, row: Row) -> bool:
    if oversees(work) and row.compartment != "counselling":
        return True
    try:
        kind = catalogue.record_type(row.record_type)
    except KeyError:
        return row.record_type in _OF_NO_RECORD
    if kind.level == "sealed":
        return _may_see_rows(work, kind)
    return work.may(Action.READ, kind, row.person_id)


def _wanted(work: Work, compartment: str, wanted: Filter) -> Wanted | None:
    """Return what to ask of one compartment, or None when nothing in it can fit."""
    allowed = _open_tables(work, compartment)
    if wanted.table:
        allowed = tuple(table for table in allowed if table == wanted.table)
    person = _person_of(work, wanted.code) if wanted.code.strip() else 0
    if not allowed or person is None:
        return None
    return Wanted(
        staff_id=wanted.staff_id,
        person_id=person,
        actions=GROUPS[wanted.group],
        record_types=allowed,
        persons=_own_people(work, compartment),
        since=_utc(wanted.since) if wanted.since else "",
        until=_utc(wanted.until + timedelta(days=1)) if wanted.until else "",
    )


def _person_of(work: Work, code: str) -> int | None:
    serial = serial_of(code) or (int(code) if code.strip().isdecimal() else None)
    typed = code.strip().upper()
    found = work.matching(Person, serial=serial) if serial else []
    found = found or work.matching(Person, person_no=typed)
    return found[0].id if found else None


def _utc(day: date) -> str:
    return datetime.combine(day, time.min).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _names(work: Work, ids: set[int]) -> dict[int, str]:
    return {key: staff.alias for key, staff in work.many(Staff, ids).items()}


def _hands(work: Work) -> dict[str, str]:
    """Return whose each way in is: at the door nobody is signed in, but a slot signs."""
    return {staff.slot_id: staff.alias for staff in work.rule_matching(Staff) if staff.slot_id}


def _line(number: int, row: Row, who: str, about: str) -> Line:
    changed, note = _changed(row)
    return Line(
        id=number,
        at=local(row.at_utc),
        who=who,
        action=action_title(row.action),
        title=record_title(row.record_type),
        fields=changed,
        note=note,
        about=about,
        compartment=row.compartment,
        seq=row.seq,
        table=row.record_type,
        record_id=row.record_id,
        person_id=row.person_id,
        break_glass=row.action in BREAK_GLASS,
        clock_back=row.clock_back,
        emptied=bool(row.emptied),
    )


def local(at_utc: str) -> datetime:
    """Return a moment of the trail as the wall showed it."""
    moment = datetime.fromisoformat(at_utc)
    return moment.astimezone().replace(tzinfo=None, microsecond=0)


def action_title(action: str) -> str:
    """Return the untranslated words for what was done."""
    return _NAMED.get(action, action)


def record_title(table: str) -> str:
    """Return the untranslated name of a record type; its own when nobody declares it here."""
    if table == audit_files.RECORD_TYPE:
        return audit_files.TITLE
    try:
        return catalogue.record_type(table).title
    except KeyError:
        return table


def said_in(row: Row) -> dict[str, Any]:
    """Return what a row says, by field; an emptied or silent one says nothing."""
    said = json.loads(row.detail) if row.detail else {}
    return said if isinstance(said, dict) else {}


def _changed(row: Row) -> tuple[tuple[str, ...], str]:
    """Return the labels of the fields touched, and the note of an act that changed nothing."""
    said = said_in(row)
    if row.record_type == audit_files.RECORD_TYPE:
        return (), audit_files.in_words(row.action, said)
    try:
        declared = {f.name: f.label for f in fields_of(catalogue.record_type(row.record_type))}
    except KeyError:
        declared = {}
    labels = tuple(declared[name] for name in said if name in declared)
    remark = "" if "note" in declared else str(said.get("note", ""))
    return labels, audit_notes.in_words(row.action, remark) if remark else ""
