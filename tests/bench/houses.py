"""The houses that are measured: built once per size under build/bench, then used again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Final

from shelter_app import clock
from shelter_app.services import demo
from shelter_app.services.desk import Desk, ImmediateExecutor, sign_in
from shelter_app.storage import keyring, keyring_file, vault
from shelter_app.storage.connection import schema_of
from shelter_app.storage.migrations import STEPS

ROOT: Final = Path(__file__).resolve().parents[2]
KEPT: Final = ROOT / "build" / "bench"
MANAGER: Final = "Wanjiru M."
SOCIAL_WORKER: Final = "Amina W."
_SMALL: Final = 300
_ROW: Final = 2_048
_BODY: Final = 1_940
"""Two rows fill a page of 4,096 bytes less what its seal takes."""
_SCHEMA: Final = "schema.txt"
DAY: Final = "MAKAO_BENCH_DAY"
"""Environment variable by which a fresh process learns the day its house was built for."""


def _schema() -> str:
    """Return what changes with the tables: a house of other tables is built anew."""
    return hashlib.sha256(repr(STEPS).encode()).hexdigest()


def house_of(people: int) -> Path:
    """Return the folder of a house with so many people, building it when it is not there."""
    folder = KEPT / str(people)
    mark, fits = folder / "demo.json", folder / _SCHEMA
    if mark.exists() and fits.exists() and fits.read_text("ascii") == _schema():
        live_on(date.fromisoformat(json.loads(mark.read_text("utf-8"))["day"]))
        return folder
    began = perf_counter()
    print(f"building a house of {people:,} people in {folder.relative_to(ROOT)} ...", flush=True)
    os.umask(0o077)
    shutil.rmtree(folder, ignore_errors=True)
    demo.ensure(folder, people=people)
    fits.write_text(_schema(), "ascii")
    print(f"  built in {perf_counter() - began:.0f} s", flush=True)
    live_on(clock.today())
    return folder


def filled(name: str, sizes: Mapping[str, int]) -> Path:
    """Return a small house whose files are filled up to so many MB each, with rows of two kB.

    The rows are drawn, so that nothing in them can be packed; how many people the house has says
    nothing about how long its pages take to copy, encrypt and check.
    """
    folder = KEPT / name
    small = house_of(_SMALL)
    fits = folder / _SCHEMA
    wanted = f"{_schema()} {json.dumps(dict(sizes), sort_keys=True)}"
    if fits.exists() and fits.read_text("ascii") == wanted:
        return folder
    print(f"filling a house in {folder.relative_to(ROOT)} ...", flush=True)
    os.umask(0o077)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(small, folder)
    for alias in (MANAGER, _who_counsels(folder)):
        desk = desk_of(folder, alias)
        held = desk.vault
        for compartment in sorted(held.compartments):
            missing = sizes.get(compartment, 0) * 1_000_000 - _size_of(held, compartment)
            if missing > _ROW:
                _fill(held, compartment, missing // _ROW)
        desk.close().result()
    fits.write_text(wanted, "ascii")
    return folder


def _who_counsels(folder: Path) -> str:
    return next(
        slot.alias
        for slot in keyring_file.load(folder).slots
        if slot.kind == keyring.PASSWORD
        and any(grant.compartment == "counselling" for grant in slot.grants)
    )


def _size_of(held: vault.Vault, compartment: str) -> int:
    return (held.folder / held.ring.files[compartment].file).stat().st_size


def _fill(held: vault.Vault, compartment: str, rows: int) -> None:
    schema = schema_of(compartment)
    with held.transaction() as connection:
        run = connection.exec_driver_sql
        run(f"CREATE TABLE {schema}.ballast (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        statement = f"INSERT INTO {schema}.ballast (body) VALUES (?)"
        for start in range(0, rows, 1000):
            count = min(1000, rows - start)
            run(statement, [(os.urandom(_BODY),) for _ in range(count)])


def live_on(day: date) -> None:
    """Let the clock stand on the day a kept house was built for: its work is due that day."""
    os.environ[DAY] = day.isoformat()
    set_day()


def set_day() -> None:
    """Set the clock of this process to the day of the house, as said by the environment."""
    clock.set_source(None)
    built = os.environ.get(DAY, "")
    if built and date.fromisoformat(built) != clock.today():
        noon = datetime.combine(date.fromisoformat(built), datetime.min.time().replace(hour=12))
        clock.set_source(lambda: noon)


def slot_of(folder: Path, alias: str) -> str:
    """Return the slot of a worker by her sign-in name."""
    return next(slot.id for slot in vault.aliases(folder) if slot.alias == alias)


def desk_of(folder: Path, alias: str) -> Desk:
    """Really sign in as a worker; everything runs in this thread."""
    return sign_in(folder, slot_of(folder, alias), demo.PASSPHRASE, ImmediateExecutor()).result()
