"""Damage met while working is remembered to the next start; a file that vanished ruins nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.care_plan import PlanGoal
from shelter_app.errors import VaultDamaged
from shelter_app.storage import integrity, records, vault
from shelter_app.storage.integrity import Finding, Report, Trouble, Watch
from shelter_app.storage.migrations import STEPS
from shelter_app.storage.page_file import PAGE
from shelter_app.storage.salvage import salvage
from tests.faults import vaults
from tests.faults.vaults import ALL, PHRASE, Site


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = vaults.founded(tmp_path_factory.mktemp("damage") / "vault")
    opened = site.open()
    for number in range(1, 20):
        vaults.transact(opened, number)
    opened.close()
    return site


@pytest.fixture
def site(template: Site, tmp_path: Path) -> Site:
    return template.copy_to(tmp_path / "vault")


def spoil(site: Site, compartment: str, pages: range | list[int]) -> None:
    path = site.file(compartment)
    raw = bytearray(path.read_bytes())
    for number in pages:
        raw[(number - 1) * PAGE + 300] ^= 1
    path.write_bytes(raw)


def checked(site: Site, watch: Watch | None = None) -> Report:
    opened = site.open()
    files = {name: opened.ring.files[name].file for name in COMPARTMENTS}
    try:
        return integrity.check(
            integrity.Site(site.folder, files, opened.key_copies(), opened.public_keys()), watch
        )
    finally:
        opened.close()


def read_all(opened: vault.Vault, compartment: str) -> None:
    with opened.reading() as connection:
        for table in ("draft", "audit", vaults.MARKED[compartment].table):
            connection.exec_driver_sql(f"SELECT * FROM {compartment}.{table}").all()


def test_a_whole_vault_has_nothing_wrong(site: Site) -> None:
    steps: list[float] = []
    report = checked(site, Watch(progress=lambda share, _name: steps.append(share)))
    assert report.damaged == ()
    assert report.findings == ()
    assert steps == sorted(steps)
    assert steps[-1] == 1.0


def test_an_entry_that_leads_nowhere_is_shown(site: Site) -> None:
    assert checked(site).findings == ()
    at = datetime(2026, 11, 23, 9)
    kept: dict[str, Any] = {"revision": 1, "created_at": at, "updated_at": at}
    goals = [PlanGoal(id=number, care_plan_id=77, **kept) for number in (3, 4)]
    opened = site.open()
    with opened.transaction() as connection:
        for goal in goals:
            records.insert(connection, goal)
    opened.close()
    stray = Finding("cases", Trouble.LINK, "plan_goal", "care_plan_id", 2, (3, 4))
    assert checked(site).findings == (stray,)


def test_a_check_that_is_stopped_says_so(site: Site) -> None:
    with pytest.raises(integrity.Stopped):
        checked(site, Watch(stopping=lambda: True))


def test_the_check_names_the_damaged_part_and_looks_at_the_others(site: Site) -> None:
    vaults.leave(site.open())
    spoil(site, "identity", [site.file("identity").stat().st_size // PAGE])
    report = checked(site)
    assert report.damaged == ("identity",)
    pages = [f for f in report.findings if f.trouble is Trouble.PAGES]
    assert pages == [Finding("identity", Trouble.PAGES, count=1)]


def test_damage_met_while_working_is_said_at_the_next_start(site: Site) -> None:
    vaults.leave(site.open())
    opened = site.open()
    spoil(site, "cases", range(20, site.file("cases").stat().st_size // PAGE + 1))
    with pytest.raises(VaultDamaged) as met:
        read_all(opened, "cases")
    assert met.value.part == "cases"
    opened.close()
    for _again in range(2):
        with pytest.raises(VaultDamaged) as said:
            site.open()
        assert said.value.part == "cases"
    salvage(site.folder, site.slots[ALL], PHRASE, "cases", STEPS)
    opened = site.open()
    vaults.transact(opened, 30)
    opened.close()
    site.open().close()


def test_a_file_that_vanished_while_open_does_not_ruin_the_keyring(site: Site) -> None:
    opened = site.open()
    aside = site.file("house").rename(site.folder / "aside")
    opened.close()
    with pytest.raises(VaultDamaged) as said:
        site.open()
    assert said.value.part == "house"
    aside.replace(site.file("house"))
    site.open().close()
