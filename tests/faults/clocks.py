"""A clock that is wrong: order is kept, the flag is set, nothing is lost, nobody is locked out.

The computer's clock itself is set, between two sessions and in the middle of one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from shelter_app import clock
from shelter_app.errors import BackupTrouble, ShelterError, WrongPassphrase
from shelter_app.storage import audit, backup, drafts, throttle, vault
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.connection import schema_of
from tests.faults import deeds, tracing, vaults
from tests.faults.cases import Block, Outcome
from tests.faults.deeds import BEFORE, House
from tests.faults.vaults import ALL

_NOW: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_DAY, _YEARS = timedelta(days=1), timedelta(days=3652)
_WINTER: Final = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
_SUMMER: Final = datetime(2027, 3, 28, 0, 40, tzinfo=UTC)
_LAST_SECOND: Final = datetime(2038, 1, 19, 3, 14, 6, tzinfo=UTC)
_UNSIGNED_END: Final = datetime(2106, 2, 7, 6, 28, 14, tzinfo=UTC)
_BOOT: Final = datetime(1970, 1, 1, 0, 0, 20, tzinfo=UTC)
_HALF_HOUR: Final = timedelta(minutes=30)

KINDS: Final[dict[str, tuple[datetime, ...]]] = {
    "a day back": (_NOW, _NOW - _DAY, _NOW, _NOW + _DAY),
    "ten years back": (_NOW, _NOW - _YEARS, _NOW - _YEARS + _DAY, _NOW),
    "ten years ahead": (_NOW, _NOW + _YEARS, _NOW, _NOW + _DAY),
    "end of summer time": tuple(_WINTER + n * _HALF_HOUR for n in range(4)),
    "start of summer time": tuple(_SUMMER + n * _HALF_HOUR for n in range(4)),
    "2038": (_NOW, _LAST_SECOND, _LAST_SECOND + _DAY, _UNSIGNED_END),
    "wrong at boot": (_NOW, _BOOT, _BOOT + timedelta(seconds=50), _NOW),
}


def wrong(block: Block) -> Outcome:
    """Set the clock wrong in each way, with work before, in between and after."""
    outcome, chance = Outcome(), block.chance
    with _zone("Europe/London"):
        house = deeds.house_in(block.folder / "vault", block.folder / "stick")
        tracing.set_clock(0)
        for number in range(block.size):
            kind = list(KINDS)[number % len(KINDS)]
            moments = [each + timedelta(seconds=chance.randrange(3)) for each in KINDS[kind]]
            outcome.counts["tries"] += 1
            outcome.counts[kind] += 1
            try:
                _lived_through(house, moments, outcome, in_session=chance.random() < 0.5)
            except Exception as error:  # noqa: BLE001 - what nobody foresaw is what is looked for
                outcome.add("unhandled", f"{kind}: {error!r}")
            finally:
                tracing.set_clock(0)
    return outcome


@contextmanager
def _zone(name: str) -> Iterator[None]:
    """Live where the clock is put forward and back."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def _set(moment: datetime) -> None:
    tracing.set_clock(0)
    tracing.set_clock(int(moment.timestamp() - clock.utc_now().timestamp()))


def _lived_through(
    house: House, moments: list[datetime], outcome: Outcome, *, in_session: bool
) -> None:
    house.laid_out()
    site, number, made = house.site, BEFORE, []
    opened: vault.Vault | None = None
    for place, moment in enumerate(moments):
        _set(moment)
        if opened is None:
            _mistyped(house, outcome)
            opened = site.open()
            if not opened.clean_before:
                outcome.add("corrupt", f"the seal did not hold at {moment}")
        for _each in range(2):
            number += 1
            vaults.transact(opened, number)
        with opened.transaction() as connection:
            drafts.keep(connection, "cases", opened.slot_id, f"clock {place}", 0, str(moment))
        made.append(deeds.backed_up(opened, house.stick))
        if not in_session:
            opened.close()
            opened = None
    if opened is not None:
        opened.close()
    opened = site.open()
    vaults.judge(opened, number, outcome)
    _judge_trail(opened, outcome)
    with opened.reading() as connection:
        kept = drafts.waiting(connection, "cases", opened.slot_id)
        fault = audit.verify(connection, "cases", 1, opened.public_keys())
    if len(kept) != len(moments):
        outcome.add("lost", f"{len(kept)} drafts of {len(moments)}")
    if fault is not None:
        outcome.add("corrupt", f"audit row {fault}")
    opened.close()
    _judge_backups(house.stick, [house.older, *made], outcome)


def _mistyped(house: House, outcome: Outcome) -> None:
    """Type a wrong pass phrase first: whatever the clock says, nobody waits longer than for it."""
    try:
        vault.open_vault(house.site.folder, house.site.slots[ALL], "not this one")
    except WrongPassphrase as error:
        if error.wait_seconds > throttle.LONGEST:
            outcome.add("slow", f"{error.wait_seconds} s to wait")
    except ShelterError as error:
        outcome.add("misnamed", repr(error))


def _judge_trail(opened: vault.Vault, outcome: Outcome) -> None:
    """The numbers give the order; the flag stands exactly where the clock had gone back."""
    with opened.reading() as connection:
        raw: Any = connection.connection.driver_connection
        for name in sorted(opened.compartments):
            rows = raw.execute(
                "SELECT seq, at_utc, clock_back, record_type, record_id"
                f" FROM {schema_of(name)}.audit ORDER BY seq"
            ).fetchall()
            ids = [row[4] for row in rows if row[3] == "fault"]
            if [row[0] for row in rows] != list(range(1, len(rows) + 1)) or ids != sorted(ids):
                outcome.add("torn", f"{name}: the order")
            for before, after in pairwise(rows):
                if bool(after[2]) != (after[1] < before[1]):
                    outcome.add("not found", f"{name}: {before[1]} then {after[1]}: {after[2]}")


def _judge_backups(stick: Path, made: list[backup.Written], outcome: Outcome) -> None:
    for written in made:
        try:
            backup.check_again(
                stick, written.name, written.sha256, written.papers_digest, Progress()
            )
        except BackupTrouble as error:
            outcome.add("lost", f"the backup {written.name}: {error!r}")
