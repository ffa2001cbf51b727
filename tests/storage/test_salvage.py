"""A damaged compartment: every sound row is saved, every lost one is named, nothing is invented."""

from __future__ import annotations

import os
import random
from datetime import datetime
from pathlib import Path

import pytest

from shelter_app.domain.care_plan import PlanGoal
from shelter_app.domain.record import Record
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.stay import Room
from shelter_app.errors import NotFound, VaultDamaged, WrongPassphrase
from shelter_app.storage import audit, drafts, records, salvage
from shelter_app.storage.migrations import STEPS
from shelter_app.storage.page_file import INDEX_INNER, INDEX_LEAF, PAGE, TABLE_LEAF, PageFile
from shelter_app.storage.salvage import Salvaged
from shelter_app.storage.table_shapes import shapes_of
from tests.faults import vaults
from tests.faults.vaults import ALL, FEW, PHRASE, Site
from tests.storage.small_vault import STEPS as SMALL_STEPS
from tests.storage.small_vault import Small

AT = datetime(2026, 11, 22, 9, 0)
MANY = 300


def goal(number: int) -> PlanGoal:
    words = os.urandom(random.Random(number).randrange(20, 200)).hex()
    if number % 40 == 0:
        words = os.urandom(4_000).hex()
    return PlanGoal(
        id=number, revision=1, created_at=AT, updated_at=AT, care_plan_id=7, goal_text=words
    )


def filled(site: Site) -> dict[str, dict[int, Record]]:
    """Fill two tables of the cases file and one of the house; return what they hold."""
    ids = random.Random(4).sample(range(1, 1 << 61), MANY)
    made: dict[str, dict[int, Record]] = {"plan_goal": {}, "risk_assessment": {}, "room": {}}
    opened = site.open()
    with opened.transaction() as connection:
        for number in ids:
            risk = RiskAssessment(id=number + 1, revision=1, created_at=AT, updated_at=AT)
            room = Room(id=number + 2, revision=1, created_at=AT, updated_at=AT, name="Blue")
            for record in (goal(number), risk, room):
                records.insert(connection, record)
                made[record.table][record.id] = record
                entry = audit.Entry(action="create", record_type=record.table, record_id=record.id)
                audit.append(opened, record.compartment, entry)
    opened.close()
    return made


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, dict[str, dict[int, Record]]]:
    site = vaults.founded(tmp_path_factory.mktemp("salvage") / "vault")
    return site, filled(site)


def flip(path: Path, pages: list[int]) -> None:
    raw = bytearray(path.read_bytes())
    for number in pages:
        raw[(number - 1) * PAGE + 200] ^= 4
    path.write_bytes(raw)


def saved(site: Site, compartment: str) -> Salvaged:
    return salvage.salvage(site.folder, site.slots[ALL], PHRASE, compartment, STEPS)


def check(
    site: Site, report: Salvaged, made: dict[str, dict[int, Record]], *, all_named: bool = True
) -> int:
    """Compare what is there with what was; return how many rows are missing."""
    opened = site.open()
    missing = 0
    with opened.reading() as connection:
        for kind in (PlanGoal, RiskAssessment, Room):
            held = {found.id: found for found in records.matching(connection, kind)}
            whole = made[kind.table]
            assert all(held[number] == whole[number] for number in held), "a row was invented"
            if kind.compartment == report.compartment:
                gone = set(whole) - set(held)
                told = next(loss for loss in report.tables if loss.table == kind.table)
                assert told.saved == len(held)
                assert not set(told.lost) & set(held)
                if all_named:
                    assert set(told.lost) == gone
                missing += len(gone)
            else:
                assert held == whole
    opened.close()
    return missing


def test_a_tenth_of_all_pages_may_go(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    path = site.file("cases")
    count = path.stat().st_size // PAGE
    flip(path, random.Random(9).sample(range(2, count + 1), count // 10))
    with pytest.raises(VaultDamaged) as damage:
        site.open()
    assert damage.value.part == "cases"
    report = saved(site, "cases")
    assert report.damaged_pages == count // 10
    missing = check(site, report, template[1], all_named=False)
    assert 0 < missing < MANY


def pages_of(site: Site, compartment: str, table: str) -> int:
    """Return the first page of a table's tree, or of an index's."""
    opened = site.open()
    with opened.reading() as connection:
        schema = "main" if compartment == "office" else compartment
        found = connection.exec_driver_sql(
            f"SELECT rootpage FROM {schema}.sqlite_schema WHERE name = ?", (table,)
        ).scalar_one()
    opened.close()
    return int(found)


@pytest.mark.parametrize("table", ["plan_goal", "risk_assessment"])
def test_below_a_damaged_first_page_every_row_is_found(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path, table: str
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    flip(site.file("cases"), [pages_of(site, "cases", table)])
    report = saved(site, "cases")
    assert check(site, report, template[1]) == 0
    assert report.trail_gap == ()


def numbers(site: Site) -> dict[str, set[tuple[int | str, ...]]]:
    """Return by table what tells the rows of the cases file apart."""
    held = {}
    opened = site.open()
    with opened.reading() as connection:
        for shape in shapes_of("cases", STEPS).values():
            names = ("id",) if shape.number_column is not None else ("slot", "form", "record_id")
            names = ("seq",) if shape.name == "audit" else names
            found = connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM cases.{shape.name}")
            held[shape.name] = {tuple(row) for row in found}
    opened.close()
    return held


@pytest.fixture(scope="module")
def rotated(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """A copy whose pages lie as a new key lays them: the first pages of all trees, then rows."""
    site = template[0].copy_to(tmp_path_factory.mktemp("rotated") / "vault")
    opened = site.open()
    opened.rotate(frozenset({"cases"}))
    opened.close()
    return site


@pytest.mark.parametrize("page", range(1, 43))
@pytest.mark.parametrize("laid", ["grown", "rotated"])
def test_a_bad_page_costs_only_the_rows_on_it(
    template: tuple[Site, dict[str, dict[int, Record]]],
    rotated: Site,
    tmp_path: Path,
    page: int,
    laid: str,
) -> None:
    site = (rotated if laid == "rotated" else template[0]).copy_to(tmp_path / "vault")
    before = numbers(site)
    opened = site.open()
    file = PageFile(site.file("cases"), opened.key_copies()["cases"])
    opened.close()
    content = file.page(page)
    assert content is not None
    kind = file.kind(page, content)
    on_leaf = (
        {(row.rowid,) for row in file.table_rows(page, content)} if kind == TABLE_LEAF else set()
    )
    entries = len(list(file.index_rows(page, content))) if kind in (INDEX_LEAF, INDEX_INNER) else 0
    file.close()

    flip(site.file("cases"), [page])
    report = saved(site, "cases")

    assert (report.damaged_pages, report.untold) == (1, 0)
    after = numbers(site)
    told = {loss.table: {(number,) for number in loss.lost} for loss in report.tables}
    told["audit"] = {(number,) for number in report.trail_gap}
    for table, rows in before.items():
        gone = rows - after[table]
        if table == "draft":
            assert len(gone) <= entries
        elif kind:
            assert gone <= on_leaf
            assert told[table] == gone
        else:  # a long row goes on here
            assert len(gone) <= 1
            assert told[table] == gone
    assert all(after[table] <= rows for table, rows in before.items()), "a row was invented"


def test_one_wrong_bit_in_what_no_seal_covers_costs_nothing(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    path = site.file("cases")
    raw = bytearray(path.read_bytes())
    raw[5] ^= 16
    path.write_bytes(raw)
    report = saved(site, "cases")
    assert report.damaged_pages == 0
    assert check(site, report, template[1]) == 0


def test_a_table_made_with_other_columns_keeps_its_rows(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    """A value goes by the name of its column: the file may be older than the program."""
    site = template[0].copy_to(tmp_path / "vault")
    opened = site.open()
    statement = "ALTER TABLE cases.risk_assessment DROP COLUMN named_threat_id"
    with opened.transaction() as connection:
        connection.exec_driver_sql(statement)
    opened.close()
    flip(site.file("cases"), [pages_of(site, "cases", "plan_goal")])
    report = saved(site, "cases")
    assert check(site, report, template[1]) == 0


def test_a_damaged_list_of_tables_loses_no_record(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    flip(site.file("cases"), [1])
    assert check(site, saved(site, "cases"), template[1]) == 0


@pytest.mark.parametrize("name", ["ix_plan_goal_0", "ix_search_key_record", "search_key"])
def test_a_damaged_index_loses_nothing(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path, name: str
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    flip(site.file("cases"), [pages_of(site, "cases", name)])
    report = saved(site, "cases")
    assert check(site, report, template[1]) == 0
    assert all(loss.is_whole for loss in report.tables)


def test_a_file_cut_in_the_middle_gives_what_is_left(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    path = site.file("cases")
    os.truncate(path, path.stat().st_size * 4 // 5)
    assert 0 < check(site, saved(site, "cases"), template[1], all_named=False) < 2 * MANY


def test_the_main_file_is_saved_like_the_others(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    flip(site.file("office"), [pages_of(site, "office", "audit")])
    report = saved(site, "office")
    assert report.compartment == "office"
    check(site, report, template[1])
    with_few = site.open(FEW)
    assert with_few.compartments == {"office", "house"}
    with_few.close()


def test_the_damaged_file_is_kept_as_it_was(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    path = site.file("house")
    flip(path, [9])
    before = path.read_bytes()
    report = saved(site, "house")
    assert (site.folder / report.kept_as / path.name).read_bytes() == before
    assert site.file("house") != path
    assert not path.exists()


def test_unfinished_forms_come_along(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    flip(site.file("cases"), [pages_of(site, "cases", "plan_goal")])
    saved(site, "cases")
    opened = site.open()
    with opened.reading() as connection:
        assert len(drafts.waiting(connection, "cases", "")) == vaults.FILLERS
    opened.close()


def test_only_who_opens_a_part_saves_it(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    flip(site.file("cases"), [9])
    before = {path.name: path.read_bytes() for path in site.folder.iterdir() if path.is_file()}
    with pytest.raises(NotFound):
        salvage.salvage(site.folder, site.slots[FEW], PHRASE, "cases", STEPS)
    after = {path.name: path.read_bytes() for path in site.folder.iterdir() if path.is_file()}
    assert after == before
    with pytest.raises(WrongPassphrase):
        salvage.salvage(site.folder, site.slots[ALL], "not the phrase at all", "cases", STEPS)
    after = {path.name: path.read_bytes() for path in site.folder.iterdir() if path.is_file()}
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"keyring-a.json", "keyring-b.json"}  # a wrong phrase is counted


def test_single_pages_are_read_as_the_engine_reads_them(
    template: tuple[Site, dict[str, dict[int, Record]]], tmp_path: Path
) -> None:
    site = template[0].copy_to(tmp_path / "vault")
    opened = site.open()
    key = opened.key_copies()["cases"]
    opened.close()
    file = PageFile(site.file("cases"), key)
    assert list(file.damaged()) == []
    page = file.page(1)
    assert page is not None
    assert page.startswith(b"SQLite format 3\0")
    file.close()
    flip(site.file("cases"), [3, 8])
    file = PageFile(site.file("cases"), key)
    assert list(file.damaged()) == [3, 8]
    file.close()


def test_wrong_phrases_wait_here_as_at_the_door(small: Small) -> None:
    for wait in (0, 0, 0, 2):
        with pytest.raises(WrongPassphrase) as caught:
            salvage.salvage(small.folder, small.slots["manager"], "not it", "cases", SMALL_STEPS)
        assert caught.value.wait_seconds == wait
    with pytest.raises(WrongPassphrase):
        small.open()
