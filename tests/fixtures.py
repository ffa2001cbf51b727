"""A real house for tests: an encrypted vault with one worker per role, copied from a template."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from shelter_app import clock
from shelter_app.domain.access import Actor, compartments_of
from shelter_app.domain.staff import Setting, Staff
from shelter_app.services.desk import Desk, ImmediateExecutor, sign_in
from shelter_app.services.work import Work
from shelter_app.storage import keyring, recovery, vault

PHRASE = "four quiet words here"
COST = keyring.KdfCost(65536, 1, 4)
ROLES = (
    "social_worker",
    "counsellor",
    "clinical_supervisor",
    "house_mother",
    "legal_officer",
    "nurse",
    "me_officer",
    "livelihood_officer",
    "outreach_officer",
    "dpo",
    "sysadmin",
)
ALIASES = {role: role.replace("_", " ").title() for role in (*ROLES, "manager", "second_manager")}
"""Who signs in for a role: 'social_worker' is 'Social Worker'; 'manager' founded the house."""


class Template(NamedTuple):
    """The house made once per run: its folder, who has which slot, and both sheets."""

    folder: Path
    slots: dict[str, str]
    sheets: tuple[str, ...]


@dataclass
class House:
    """One test's own copy of the template house; one worker is signed in at a time."""

    folder: Path
    slots: dict[str, str]
    sheets: tuple[str, ...] = ()
    """The texts of recovery sheets R and C."""
    _open: dict[str, Desk] = field(default_factory=dict)

    def desk(self, role: str = "social_worker") -> Desk:
        """Really sign in as the worker of that role, signing out whoever was there."""
        if role not in self._open:
            self.close()
            executor = ImmediateExecutor()
            self._open[role] = sign_in(self.folder, self.slots[role], PHRASE, executor).result()
        return self._open[role]

    @contextmanager
    def work(self, role: str = "social_worker") -> Iterator[Work]:
        """Give one transaction of that worker; it is committed at the end."""
        desk = self.desk(role)
        with desk.vault.transaction():
            yield Work(desk.vault, desk.actor)

    def staff_id(self, role: str) -> int:
        """Return the staff id of the worker of a role."""
        with self.work("manager") as work:
            return work.rule_matching(Staff, slot_id=self.slots[role])[0].id

    def close(self) -> None:
        """Sign out."""
        for desk in self._open.values():
            desk.close().result()
        self._open.clear()


def _founded(folder: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Make the house and its workers; return role -> slot, and the texts of both sheets."""
    both = frozenset({"manager", "counsellor"})
    created = vault.create(
        folder, alias=ALIASES["manager"], passphrase=PHRASE, roles=both, cost=COST
    )
    made = created.vault
    sheets = tuple(recovery.parse_code(text) for text in (created.sheet_r, created.sheet_c))
    for sheet in sheets:
        made.prove_sheet(sheet)
    slots = {"manager": made.slot_id}
    wanted = {"second_manager": frozenset({"manager"})}
    wanted |= {role: frozenset({role}) for role in ROLES}
    for name, roles in wanted.items():
        slots[name] = made.add_slot(ALIASES[name], PHRASE, compartments_of(roles), COST)
    wanted["manager"] = both
    founder = Actor(0, made.slot_id, ALIASES["manager"], both, made.compartments)
    with made.transaction():
        work = Work(made, founder)
        for name, slot in slots.items():
            roles = wanted[name] if name != "manager" else frozenset({"manager"})
            work.save(
                Staff(
                    alias=ALIASES[name],
                    roles=tuple(sorted(roles)),
                    slot_id=slot,
                    started_on=clock.today(),
                ),
                by_program=True,
            )
        work.save(Setting(house_name="Test house", location_words="Mtaani, Blue Gate"))
    made.set_compartments(made.slot_id, compartments_of(frozenset({"manager"})))
    made.rotate(made.due)
    made.close()
    return slots, tuple(sheet.text for sheet in sheets)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The house every test copies: made once per run."""
    folder = tmp_path_factory.mktemp("template") / "house"
    return Template(folder, *_founded(folder))


@pytest.fixture
def house(template: Template, tmp_path: Path) -> Iterator[House]:
    """A house of this test's own."""
    folder = tmp_path / "house"
    shutil.copytree(template.folder, folder)
    made = House(folder, template.slots, template.sheets)
    yield made
    made.close()


@pytest.fixture
def clock_at() -> Iterator[Callable[[datetime], object]]:
    """Set the clock for this test; it is given back afterwards."""
    yield lambda moment: clock.set_source(lambda: moment)
    clock.set_source(None)
