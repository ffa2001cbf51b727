"""Need to know: every service with every role, every record type, field by field.

Three questions to every service: does a closed word come back, does the id of a closed record,
and does its answer change when everything closed to the worker is taken out of the house? An
answer that does not change counts nothing, names nothing and hints at nothing.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import pkgutil
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

import shelter_app.services
from shelter_app import clock
from shelter_app.domain import access, codelists
from shelter_app.domain.access import Action, Actor
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.fields import fields_of
from shelter_app.domain.record import Record
from shelter_app.errors import ShelterError
from shelter_app.services import audit_trail, audit_values
from shelter_app.services.audit_trail import Filter
from shelter_app.services.deadlines import Survey
from shelter_app.services.desk import Desk
from shelter_app.services.drafts import Place
from shelter_app.services.residents import ListFilter
from shelter_app.services.summary_choices import Choices
from shelter_app.services.work import Work, person_of
from shelter_app.storage import audit
from shelter_app.storage.connection import AUDIT_HEADS
from tests import need_to_know as world_of
from tests.builders import minimal
from tests.fixtures import House
from tests.need_to_know import NOW, Life, World

ROLES: Final = tuple(access.ROLE_COMPARTMENTS)
REASON: Final = "Because this test has a reason"
Service = Callable[..., Any]

NO_RECORDS: Final = {
    "accounts": "ways in and keys; the list of staff is open to everybody",
    "house_settings": "the house as a whole; its settings are open to everybody",
    "backups": "places and runs of backups; they are open to everybody",
    "technician_page": "how backups are opened; says nothing of the house",
    "backup_checks": "whole files, read with keys the worker holds",
    "guide": "the manual, the same for everybody",
    "house_setup": "runs before there is anybody",
    "key_changes": "which keys go where",
    "self_check": "makes records of its own in a throw-away house",
    "self_check_papers": "the same",
    "sheet_care": "when the sheets were tried",
    "demo": "makes the demo house",
}
"""Modules that hand out no resident's record: why they are not asked."""
SLOW: Final = frozenset({"purge", "integrity", "salvage"})
SAYS_IT_ON_PURPOSE: Final = {
    "today.day": "the house learns that somebody has an appointment, not that it is a session",
    "today.page": "the same",
    "day_sheet.lines": "the same",
    "residents.new_resident": "the next free code and a name nobody has",
    "counselling.free_time": "a time that is taken is taken, whatever for",
    "counselling.clashes": "the same",
    "counselling.plan_draft": "the same",
    "companions.clashes": "the same",
    "counselling_week.week": "the same: a time of the week clashes with another",
    "identity.resembles_true_name": "says yes or no, so that a working name never is a true name",
    "residents.is_free": "the same",
    "residents.propose_name": "the same",
    "aftercare.person_aftercare": "whether there is a number to call is part of the card",
    "aftercare.reveal_number": "calling her is what she agreed to; each look is written down",
    "identity.reveal": "break-glass: a reason was given",
    "search.true_names": "break-glass: a reason was given",
    "export_everything.counselling_part": "she writes out what only her key opens: why, by whom",
    "sealed_details.start": "that one is written down already: then it opens with a reason only",
}
"""Answers that do depend on what is closed; the reason is the decision."""
OPENED: Final[dict[str, tuple[str, ...]]] = {
    "identity.reveal": (
        "sealed_identity.",
        "identity_document_number.",
        "consent_giver_name.",
        "whereabouts.",
    ),
    "aftercare.reveal_number": ("safe_contact_number.",),
    "export_everything.counselling_part": ("two_person_decision.reason",),
    "today.day": ("counselling_session.room",),
    "today.page": ("counselling_session.room",),
    "day_sheet.lines": ("counselling_session.room",),
}
"""The words such an answer may hold."""

AUDIT_READERS: Final = (*audit_trail.READERS, *access.COUNSELLORS)
BEYOND_THE_MATRIX: Final = {
    ("manager", "break_glass"): "she is told of every opening",
    ("manager", "break_glass_seen"): "the same",
    ("dpo", "break_glass"): "the same",
    ("dpo", "break_glass_seen"): "the same",
    ("dpo", "dsr"): "answering what people ask of their records is her work",
    ("dpo", "breach"): "so is the notebook of breaches",
    ("dpo", "two_person_decision"): "and deciding on erasures with the manager",
    ("dpo", "erasure"): "the same",
    ("counsellor", "counselling_enrolment"): "counselling is her work, whatever its level",
    ("counsellor", "counselling_session"): "the same",
    ("counsellor", "counselling_result"): "the same",
}
"""Record types that a role reads although its level says no, with the reason."""

_IDS: Final = {
    "person_id": "person",
    "kept_under": "person",
    "stay_id": "stay",
    "bed_id": "bed",
    "source_bed_id": "bed",
    "room_id": "room",
    "case_id": "legal_case",
    "event_id": "court_event",
    "appointment_id": "appointment",
    "item_id": "appointment",
    "entry_id": "counselling_session",
    "accompaniment_id": "accompaniment",
    "session_id": "counselling_session",
    "enrolment_id": "counselling_enrolment",
    "note_id": "counselling_note",
    "document_id": "document",
    "plan_id": "care_plan",
    "action_id": "plan_action",
    "goal_id": "plan_goal",
    "absence_id": "absence",
    "contact_id": "followup_contact",
    "consent_id": "consent",
    "suspect_id": "suspect",
    "partner_id": "partner",
    "opening_id": "break_glass",
    "covering_id": "covering",
    "breach_id": "breach",
    "request_id": "dsr",
    "decision_id": "two_person_decision",
    "erasure_id": "erasure",
    "place_id": "backup_place",
    "run_id": "backup_run",
    "subject_id": "followup_contact",
    "record_id": "followup_contact",
}
_OTHERS: Final = {"other_stay_id": "stay", "target_bed_id": "bed"}
_PLAIN: Final[dict[str, Any]] = {
    "reason": REASON,
    "said": REASON,
    "delay_reason": REASON,
    "chip": "all",
    "first": NOW.date() - timedelta(days=7),
    "last": NOW.date() + timedelta(days=7),
    "since": NOW.date(),
    "due_on": NOW.date() + timedelta(days=3),
    "day": NOW.date(),
    "starts_at": NOW + timedelta(days=1),
    "until": NOW + timedelta(days=1),
    "at": NOW,
    "admitted_at": NOW,
    "made_at": NOW,
    "groups": (),
    "kept": frozenset(),
    "leaving": (),
    "decided": (),
    "steps": (),
    "sealed": {},
    "badges": {},
    "names": (),
    "codes": ("DL20", "DL28"),
    "minutes": 60,
    "count": 1,
    "copies": 1,
    "rows": 10,
    "seq": 1,
    "number": 1 << 48 | 1,
    "staff_id": 0,
    "done": True,
    "good": True,
    "rule": "DL20",
    "code": "DL28",
    "stage": "03_statement",
    "state": "S40_stay",
    "decision": "answered",
    "survivor_views": "",
    "content": "x",
    "body": "{}",
    "looked_for": "x",
    "passphrase": "x",
    "compartment": "cases",
    "table": "plan_action",
    "place": Place("edit", "followup_contact", 0),
    "check": None,
    "facts": None,
    "language": "en",
}
_OF: Final[dict[str, Any]] = {
    "counselling_week.programme_ids.chip": "all",
    "court_pages.case_ids.chip": "open",
    "aftercare.contact_ids.chip": "overdue",
    "retention.propose.kind": "keep",
    "retention.propose.until": NOW.date() + timedelta(days=400),
    "uncharged.keep_longer.until": NOW.date() + timedelta(days=400),
    "today.day.wanted": NOW.date(),
    "residents.resident_ids.wanted": ListFilter(chip="in_residence"),
    "plans.version_of.record_id": "plan_action",
    "court.settle_promise.contact_id": "police_contact",
    "court_summary.save_draft.choices": Choices(),
    "court_attendance.choose.wanted": frozenset(),
    "deadlines.of_rules.found": Survey((), {}, frozenset()),
    "papers.add.content": b"%PDF-1.7\n",
}
"""What a service takes that its name alone does not say; a type of record stands for its id."""


@dataclass(frozen=True)
class Call:
    """A service with what it is asked."""

    name: str
    service: Service
    given: dict[str, Any]


def services() -> dict[str, Service]:
    """Return every public function whose first parameter is a Work, by module and name."""
    found: dict[str, Service] = {}
    package = shelter_app.services
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        loaded = importlib.import_module(module.name)
        short = module.name.removeprefix(f"{package.__name__}.")
        for name, each in vars(loaded).items():
            if inspect.isfunction(each) and each.__module__ == module.name and name[0] != "_":
                parameters = list(inspect.signature(each).parameters.values())
                if parameters and parameters[0].annotation in ("Work", Work):
                    found[f"{short}.{name}"] = each
    return found


def asked() -> dict[str, Service]:
    """Return the services that hand out records."""
    left_out = {*NO_RECORDS, *SLOW}
    return {k: each for k, each in services().items() if k.partition(".")[0] not in left_out}


class Unknown(Exception):
    """A parameter that the tables above do not know."""


def _record_type(annotation: Any) -> type[Record] | None:
    for each in (annotation, *typing.get_args(annotation)):
        if isinstance(each, type) and issubclass(each, Record) and each is not Record:
            return each
    return None


def _value(name: str, parameter: inspect.Parameter, hint: Any, life: Life, other: Life) -> Any:
    whole = f"{name}.{parameter.name}"
    if whole in _OF:
        value = _OF[whole]
        return life.id_of(value) if isinstance(value, str) and value in life.records else value
    if hint is Filter:
        return Filter()
    kind = _record_type(hint)
    if kind is not None and not isinstance(hint, type):
        return None if parameter.default is not inspect.Parameter.empty else _sent(kind, life)
    if kind is not None:
        return _sent(kind, life)
    if parameter.name in _IDS:
        return life.id_of(_IDS[parameter.name])
    if parameter.name in _OTHERS:
        return other.id_of(_OTHERS[parameter.name])
    if parameter.name in ("ids", "appointment_ids"):
        return [record.id for record in (*life.records.values(), *other.records.values())]
    if parameter.name in _PLAIN:
        return _PLAIN[parameter.name]
    raise Unknown(whole)


def _sent(kind: type[Record], life: Life) -> Record:
    """Return what a worker could send who knows the id of a record and nothing else."""
    links = {table: record.id for table, record in life.records.items()} | {"staff": 1}
    bare = minimal(kind, NOW, **links)
    stored = life.records.get(kind.table)
    if stored is None:
        return bare
    known: dict[str, Any] = {"id": stored.id, "revision": 1, "created_at": NOW, "updated_at": NOW}
    if "person_id" in kind.__dataclass_fields__:
        known["person_id"] = life.person_id
    return dataclasses.replace(bare, **known)


_TYPED: Final = ("typed", "text", "words", "name")


def _given(name: str, service: Service, folder: Path, life: Life, other: Life) -> dict[str, Any]:
    """Return what one way of asking takes, but for a record of any type."""
    hints = typing.get_type_hints(service)
    given: dict[str, Any] = {}
    for one in list(inspect.signature(service).parameters.values())[1:]:
        hint = hints.get(one.name)
        needed = one.default is inspect.Parameter.empty or one.name in _IDS
        if one.name in _TYPED:
            given[one.name] = ""
        elif hint is Path:
            given[one.name] = folder
        elif one.name == "mine":
            given[one.name] = False
        elif needed and not _of_any_type(service, one.name):
            given[one.name] = _value(name, one, hint, life, other)
    return given


def _of_any_type(service: Service, parameter: str) -> bool:
    hints = typing.get_type_hints(service)
    by_kind = hints.get("kind", str) is not str
    return parameter == "record" or (by_kind and parameter in ("kind", "record_id"))


def calls(name: str, service: Service, world: World, folder: Path) -> Iterator[Call]:
    """Give each way a service is asked: for either person, and for closed words where it looks."""
    takes = set(inspect.signature(service).parameters)
    by_type = any(_of_any_type(service, each) for each in takes)
    given: dict[str, Any] = {}
    for life, other in (world.lives, world.lives[::-1]):
        given = _given(name, service, folder, life, other)
        if not by_type:
            yield Call(name, service, given)
            continue
        for record in life.records.values():
            more = {"kind": type(record), "record_id": record.id, "record": record}
            yield Call(name, service, given | {k: v for k, v in more.items() if k in takes})
    looked_in = next((each for each in _TYPED if each in takes), "")
    if looked_in:
        for word, source in world.words.items():
            if source.field.search and source.record in world.lives[1].records.values():
                yield Call(name, service, given | {looked_in: word})


# The house with and without what is closed


class _Undone(Exception):
    """Ends a transaction so that nothing of it stays."""


@contextmanager
def filled(desk: Desk, world: World, *, only_seen: bool) -> Iterator[None]:
    """Put the world into the open files for a while: all of it, or what the worker may see."""
    connection = desk.vault.connection
    with suppress(_Undone), desk.vault.transaction():
        for record in world.all_records():
            if record.compartment in desk.actor.compartments:
                shown = world_of.as_seen(desk.actor, record, world) if only_seen else record
                if shown is not None:
                    world_of.put(connection, shown)
        yield
        raise _Undone
    connection.info.pop(AUDIT_HEADS, None)


@dataclass(frozen=True)
class Answer:
    """What a service said, and whether it wrote."""

    value: Any
    error: str
    wrote: bool


_STRANGE: Final = (
    AttributeError,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
    sa.exc.OperationalError,
)
"""What services answer to a half-made argument, or when a file is closed: looked through too."""


def answer(desk: Desk, call: Call) -> Answer:
    """Ask once and take everything it did back."""
    connection = desk.vault.connection
    connection.exec_driver_sql("SAVEPOINT asking")
    work = Work(desk.vault, desk.actor)
    before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    value, error = None, ""
    try:
        value = call.service(work, **call.given)
        if inspect.isgenerator(value):
            value = list(value)
    except (ShelterError, *_STRANGE) as refusal:
        error = f"{type(refusal).__name__} {refusal} {getattr(refusal, 'problems', '')}"
    wrote = connection.exec_driver_sql("SELECT total_changes()").scalar_one() != before
    connection.exec_driver_sql("ROLLBACK TO asking")
    connection.exec_driver_sql("RELEASE asking")
    connection.info.pop(AUDIT_HEADS, None)
    return Answer(value, error, wrote)


def leaks(actor: Actor, call: Call, said: Answer, world: World) -> list[str]:
    """Return what came out that is closed to the worker."""
    found = []
    given_texts = " ".join(world_of.texts_in(call.given))
    given_numbers = set(world_of.numbers_in(call.given))
    closed = _closed(actor, world)
    text = "\n".join([*world_of.texts_in(said.value), said.error])
    for word, source in closed[0].items():
        where = f"{source.record.table}.{source.field.name}"
        if word in text and word not in given_texts and not _opened(call, where):
            found.append(f"{call.name}: {where}")
    if call.name in SAYS_IT_ON_PURPOSE:
        return found
    numbers = set(world_of.numbers_in(said.value)) & closed[1].keys() - given_numbers
    return [*found, *(f"{call.name}: id of {closed[1][number]}" for number in numbers)]


def _opened(call: Call, where: str) -> bool:
    return where.startswith(OPENED.get(call.name, ()))


_known: dict[tuple[int, int], tuple[dict[str, Any], dict[int, str]]] = {}


def _closed(actor: Actor, world: World) -> tuple[dict[str, Any], dict[int, str]]:
    key = (id(world), actor.staff_id)
    if key not in _known:
        words, ids = world_of.closed_words(actor, world), world_of.closed_ids(actor, world)
        _known[key] = (words, ids)
    return _known[key]


def test_every_service_is_named_here() -> None:
    world = world_of.a_world(1, 2)
    unknown = []
    for name, service in asked().items():
        try:
            list(calls(name, service, world, Path()))
        except Unknown as missing:
            unknown.append(str(missing))
    assert not unknown, "say in the tables above what these are asked with"
    assert set(SAYS_IT_ON_PURPOSE) <= set(services())


@pytest.mark.parametrize("role", ROLES)
def test_what_is_closed_to_a_role_never_comes_out_of_any_service(
    house: House, role: str, tmp_path: Path
) -> None:
    clock.set_source(lambda: NOW)
    desk = house.desk(role)
    colleague = 77
    world = world_of.a_world(desk.actor.staff_id, colleague)
    asking = [c for n, s in asked().items() for c in calls(n, s, world, tmp_path)]
    found: list[str] = []
    whole: list[Answer] = []
    with filled(desk, world, only_seen=False):
        for call in asking:
            said = answer(desk, call)
            whole.append(said)
            found += leaks(desk.actor, call, said, world)
    with filled(desk, world, only_seen=True):
        for call, before in zip(asking, whole, strict=True):
            if before.wrote or _is_an_act(call) or call.name in SAYS_IT_ON_PURPOSE:
                continue
            after = answer(desk, call)
            if not after.wrote and _plain(after) != _plain(before):
                found.append(f"{call.name}: says more when there is more")
    assert not set(found), "\n".join(sorted(set(found)))


def _is_an_act(call: Call) -> bool:
    """Acts may be refused by a rule that looks at what is closed: they are not asked twice."""
    return any(isinstance(value, Record) for value in call.given.values())


def _plain(said: Answer) -> tuple[Any, str]:
    value = said.value
    return ("bytes" if isinstance(value, bytes | Path) else value), said.error


@pytest.mark.parametrize("role", AUDIT_READERS)
def test_the_trail_shows_no_closed_value(house: House, role: str, tmp_path: Path) -> None:
    clock.set_source(lambda: NOW)
    desk = house.desk(role)
    world = world_of.a_world(desk.actor.staff_id, 77)
    closed = world_of.closed_words(desk.actor, world)
    with filled(desk, world, only_seen=False):
        _tell_the_trail(desk, world)
        work = Work(desk.vault, desk.actor)
        seen = audit_trail.lines(work, audit_trail.page(work, Filter(), None, 500).ids)
        said = [audit_values.open_entry(work, line.id) for line in seen]
        written = audit_trail.export_csv(work, Filter(), tmp_path, REASON)
        told = "\n".join([*world_of.texts_in((seen, said)), written.read_text("utf-8-sig")])
    assert said
    assert not {f"{s.record.table}.{s.field.name}" for w, s in closed.items() if w in told}


def _tell_the_trail(desk: Desk, world: World) -> None:
    """Write a row of the trail for each record, as saving it would have done."""
    for record in world.all_records():
        if record.compartment in desk.actor.compartments:
            values = {f.name: getattr(record, f.name) for f in fields_of(type(record))}
            entry = audit.Entry(
                action="create",
                staff_id=77,
                record_type=record.table,
                record_id=record.id,
                person_id=person_of(record),
                detail=json.dumps(values, default=str),
            )
            audit.append(desk.vault, record.compartment, entry)


def test_the_levels_are_those_of_the_specification() -> None:
    rows = {row.code: row.more for row in codelists.code_list("role_matrix").rows}
    for kind in RECORD_TYPES:
        for role, held in access.ROLE_COMPARTMENTS.items():
            actor = Actor(1, "x", "x", frozenset({role}), held)
            entry = rows[kind.level].get(role, "n")
            reads = access.may(actor, Action.READ, kind, assigned=False)
            if entry in ("n", "m", "bg") and reads:
                assert (role, kind.table) in BEYOND_THE_MATRIX, (role, kind.table)
            if entry == "a" and reads:
                assert (role, kind.table) in BEYOND_THE_MATRIX, (role, kind.table)
            if reads:
                assert kind.compartment in held
