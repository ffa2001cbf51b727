"""Whatever is typed, pasted or imported into any field: named for that field, or kept exactly."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from shelter_app import clock, paths
from shelter_app.domain import codelists
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.domain.legal import PoliceContact
from shelter_app.domain.person import Person
from shelter_app.domain.record import Record, clean_text
from shelter_app.errors import ValidationFailed
from shelter_app.services import break_glass
from shelter_app.services.work import Work
from shelter_app.storage.tables import schema_of
from tests.builders import a_person, minimal, saved_with_parents
from tests.fixtures import House

_WORDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE, Kind.JSON)
_TYPED = {
    "two million characters": "x" * 2_000_000,
    "two million lines": "a\n" * 1_000_000,
    "emoji": "👩🏾‍🦱🫶",
    "accents and other scripts": "Ça va · Ünïcödé · ስላም · سلام",
    "right-to-left words": "نعيمة 12 ש",
    "right-to-left override": "Pendo\u202egnp.exe",
    "right-to-left mark": "Pen\u200fdo",
    "isolates": "a\u2066b\u2069c",
    "nul": "Pen\x00do",
    "only nul": "\x00",
    "escape": "\x1b[31m",
    "formula": "=cmd|' /C calc'!A0",
    "formula with plus": "+1+1",
    "formula with at": "@SUM(1)",
    "sql": "'); DROP TABLE person; --",
    "sql wildcard": "%_[a-z]*?",
    "markup": "<b>#let x = $1</b>",
    "lone surrogate": "Pen\ud800do",
    "swapped surrogates": "\udc00\ud800",
    "no character": "\ufffe",
    "spaces only": " \t\u00a0\u2003 ",
    "line ends": "one\r\ntwo\rthree\u2028four",
}
_DANGEROUS = {
    "two million characters",
    "two million lines",
    "right-to-left override",
    "isolates",
    "nul",
    "only nul",
    "escape",
    "lone surrogate",
    "swapped surrogates",
    "no character",
}
_HARMLESS = {
    "emoji",
    "right-to-left words",
    "formula",
    "sql",
    "markup",
    "accents and other scripts",
}
_FOLLOWS_ANOTHER = {("person", "serial")}
"""Made from another field on every saving, so that nothing wrong can be given."""
_LONG_AGO = (date(1, 1, 1), date(1899, 12, 31))
_FAR_AHEAD = (date(9999, 12, 31), date(2100, 1, 1))


@dataclasses.dataclass(frozen=True)
class _State:
    rows: int
    audit: int
    record: Record | None


def _state(work: Work, record: Record) -> _State:
    kind = type(record)
    schema = schema_of(kind.compartment)
    run = work.connection.exec_driver_sql
    return _State(
        run(f"SELECT count(*) FROM {schema}.{kind.table}").scalar_one(),
        run(f"SELECT count(*) FROM {schema}.audit").scalar_one(),
        work.rule_find(kind, record.id),
    )


def _role_for(kind: type[Record]) -> str:
    return "counsellor" if kind.compartment == "counselling" else "manager"


@pytest.fixture
def saved(house: House) -> Callable[[type[Record]], Iterator[tuple[Work, Record]]]:
    """Give a kept record of a type with the transaction it lives in."""

    def made(kind: type[Record]) -> Iterator[tuple[Work, Record]]:
        with house.work(_role_for(kind)) as work:
            links = saved_with_parents(work, kind.table)
            if kind.level == "sealed":
                break_glass.open_glass(work, links["person"], "To try every field of it")
            if kind.table == "staff":
                links["staff"] = work.save(minimal(kind, work.now), by_program=True).id
            record = work.rule_find(kind, links[kind.table])
            assert record is not None
            if isinstance(record, PoliceContact):
                # What was promised needs the day it was promised for.
                record = work.save(dataclasses.replace(record, next_on=work.today))
            yield work, record

    return made


Saved = Callable[[type[Record]], Iterator[tuple[Work, Record]]]
every_type = pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.table)


def _fields(kind: type[Record], *wanted: Kind) -> list[Field]:
    return [field for field in fields_of(kind) if field.kind in wanted]


def _refused(work: Work, record: Record, field: Field, value: Any) -> bool:
    """Try to save a value; say whether it was refused, with the field named and nothing kept."""
    before = _state(work, record)
    try:
        work.save(dataclasses.replace(before.record or record, **{field.name: value}))
    except ValidationFailed as refusal:
        named = {problem.field for problem in refusal.problems}
        assert _state(work, record) == before
        assert field.name in named, f"{record.table}.{field.name}: {named} named instead"
        return True
    return False


# Words


@every_type
def test_any_text_in_any_field_is_refused_by_name_or_kept_exactly(
    saved: Saved, kind: type[Record]
) -> None:
    for work, record in saved(kind):
        for field in _fields(kind, *_WORDS):
            for name, typed in _TYPED.items():
                where = f"{kind.table}.{field.name}: {name}"
                if _refused(work, record, field, typed):
                    assert field.kind is not Kind.LONG_TEXT or name not in _HARMLESS, where
                    continue
                assert name not in _DANGEROUS, where
                kept = getattr(work.rule_find(kind, record.id), field.name)
                assert kept == (typed if field.kind is Kind.JSON else clean_text(typed)), where


# Days, numbers, codes


@every_type
def test_impossible_days_numbers_and_codes_are_refused_by_name(
    saved: Saved, kind: type[Record]
) -> None:
    for work, record in saved(kind):
        for field in fields_of(kind):
            if (kind.table, field.name) in _FOLLOWS_ANOTHER:
                continue
            for value in _impossible(field, work.today):
                assert _refused(work, record, field, value), f"{kind.table}.{field.name}: {value}"


def _impossible(field: Field, today: date) -> list[Any]:
    if field.kind in {Kind.DAY, Kind.MOMENT}:
        days = [*_LONG_AGO, *_FAR_AHEAD, *([] if field.future else [today + timedelta(days=1)])]
        days += [] if field.long_ago else [today.replace(year=today.year - 100, day=1)]
        is_day = field.kind is Kind.DAY
        return [day if is_day else datetime.combine(day, time(12)) for day in days]
    if field.kind in {Kind.NUMBER, Kind.MONEY}:
        below = [] if field.least is None else [field.least - 1]
        above = [] if field.most is None else [field.most + 1]
        return [*below, *above, -(10**12), 10**12, 10**30]
    if field.kind is Kind.CHOICE:
        return ["nothing-like-it", "'; --"]
    return [("nothing-like-it",)] if field.kind is Kind.CHOICES else []


@pytest.fixture
def later_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str], None]]:
    """Let a later version of the program retire a code: its lists lie in another folder."""
    root = tmp_path / "later"
    shutil.copytree(paths.resource("codelists"), root / "resources" / "codelists")

    def retire(list_id: str, code: str) -> None:
        file = root / "resources" / "codelists" / f"{list_id}.json"
        raw = json.loads(file.read_text(encoding="utf-8"))
        for row in raw["values"]:
            if row["code"] == code:
                row["retired"] = True
        file.write_text(json.dumps(raw), encoding="utf-8")
        monkeypatch.setattr(paths, "_root", lambda: root)
        _read_lists_anew()

    yield retire
    monkeypatch.undo()
    _read_lists_anew()


def _read_lists_anew() -> None:
    codelists.code_list.cache_clear()
    codelists._by_code.cache_clear()


def test_a_code_that_a_later_version_dropped_stays_readable_and_saveable_but_is_not_offered(
    house: House, later_version: Callable[[str, str], None]
) -> None:
    with house.work("manager") as work:
        person = a_person(work, language_main="swa", language_other=("eng", "som"))
    words = codelists.label("language", "swa")
    later_version("language", "swa")
    later_version("language", "som")
    with house.work("manager") as work:
        kept = work.get(Person, person.id)
        changed = work.save(dataclasses.replace(kept, diet="Vegetarian"))
        assert (changed.language_main, changed.language_other) == ("swa", ("eng", "som"))
        assert codelists.label("language", kept.language_main) == words
    offered = {row.code for row in codelists.offered("language")}
    assert "eng" in offered
    assert not {"swa", "som"} & offered


# Nothing by halves, and a clock that went back


def test_one_bad_record_takes_back_everything_of_the_same_act(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        before = _state(work, person)
    with pytest.raises(ValidationFailed):
        _save_good_and_bad(house, person)
    with house.work("manager") as work:
        assert _state(work, person) == before


def _save_good_and_bad(house: House, person: Person) -> None:
    with house.work("manager") as work:
        a_person(work)
        changed = work.save(dataclasses.replace(person, diet="Vegetarian"))
        work.save(dataclasses.replace(changed, house_notes="\x00"))


def test_a_clock_moved_backwards_stops_nobody_and_is_flagged(
    house: House, monkeypatch: pytest.MonkeyPatch, clock_at: Callable[[datetime], None]
) -> None:
    with house.work("manager") as work:
        person = a_person(work)
    earlier = clock.utc_now() - timedelta(days=400)
    monkeypatch.setattr(clock, "utc_now", lambda: earlier)
    clock_at(clock.now() - timedelta(days=400))
    with house.work("manager") as work:
        changed = work.save(dataclasses.replace(person, diet="Vegetarian"))
        assert changed.revision == 2
        flags = work.connection.exec_driver_sql(
            "SELECT clock_back FROM house.audit ORDER BY seq DESC LIMIT 2"
        ).scalars()
        assert list(flags) == [1, 0]
    with house.work("manager") as work:
        assert work.get(Person, person.id).diet == "Vegetarian"
