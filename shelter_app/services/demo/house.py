"""Founding the demo house: a vault of its own, staff by role, rooms and beds, then three years."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from shelter_app import clock
from shelter_app.domain.access import Actor, compartments_of
from shelter_app.domain.staff import Setting, Staff
from shelter_app.domain.stay import Bed, Room
from shelter_app.errors import NotAVault, ShelterError
from shelter_app.services import residents
from shelter_app.services.demo import scale
from shelter_app.services.demo.acts import Act
from shelter_app.services.demo.cast import Cast, Places
from shelter_app.services.demo.lives import lives
from shelter_app.services.demo.timetable import acts_of
from shelter_app.services.work import Work
from shelter_app.storage import keyring, recovery, vault
from shelter_app.storage.migrations import STEPS

PASSPHRASE: Final = "maji moto kijani samaki"  # noqa: S105 - invented people only
_COST: Final = keyring.KdfCost(65_536, 1, 4)
_MARK: Final = "demo.json"
_AT_ONCE: Final = 400
_SHARE_OF_SERVICES: Final = 0.3
_ID_BITS: Final = 62

Progress = Callable[[float], None]

STAFF: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Wanjiru M.", ("manager",)),
    ("Amina W.", ("social_worker",)),
    ("Joseph K.", ("social_worker",)),
    ("Halima S.", ("social_worker",)),
    ("Esther N.", ("social_worker",)),
    ("G. Mwikali", ("counsellor",)),
    ("P. Ouma", ("counsellor",)),
    ("Dr Kamau", ("clinical_supervisor",)),
    ("Mama Rose", ("house_mother",)),
    ("Mama Zuhura", ("house_mother",)),
    ("Mama Akinyi", ("house_mother",)),
    ("Mama Faith", ("house_mother",)),
    ("Mama Salome", ("house_mother",)),
    ("Mama Nduku", ("house_mother",)),
    ("Mama Riziki", ("house_mother",)),
    ("J. Otieno", ("legal_officer",)),
    ("Sister Grace", ("nurse",)),
    ("Musa A.", ("me_officer",)),
    ("Lilian C.", ("livelihood_officer",)),
    ("Said B.", ("outreach_officer",)),
    ("Data lead", ("dpo",)),
    ("System", ("sysadmin",)),
)
_ROOMS: Final[tuple[tuple[str, str, int, int, int, str], ...]] = (
    ("Acacia", "dorm", 10, 13, 6, "A"),
    ("Baobab", "dorm", 14, 17, 6, "B"),
    ("Cedar", "dorm", 14, 17, 6, "C"),
    ("Dhow", "dorm", 14, 17, 6, "D"),
    ("Mother & baby", "mother_baby", 15, 40, 6, "M"),
    ("Palm", "shared", 17, 60, 6, "P"),
    ("Quiet room", "emergency", 5, 60, 4, "Q"),
)
_COTS: Final = 6


@dataclass(frozen=True)
class DemoVault:
    """A demo house ready to be signed in to."""

    folder: Path
    passphrase: str
    aliases: tuple[str, ...]


def ensure(folder: Path, *, people: int = 220, progress: Progress | None = None) -> DemoVault:
    """Return the demo house of today in a folder, building it when it is missing or of old."""
    if fits(folder, people=people):
        return _ready(folder)
    if folder.exists():
        if not (folder / _MARK).exists() and any(folder.iterdir()):
            raise NotAVault(str(folder.name))
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="demo-", dir=folder.parent))
    try:
        _build(scratch / "house", people, progress or (lambda _part: None))
        (scratch / "house" / _MARK).write_text(json.dumps(_mark_of(people)), encoding="utf-8")
        (scratch / "house").replace(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return _ready(folder)


def fits(folder: Path, *, people: int = 220) -> bool:
    """Say whether a folder holds the demo house of today, with the tables of this version."""
    try:
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(mark == _mark_of(people))


def _mark_of(people: int) -> dict[str, Any]:
    tables = hashlib.sha256(repr(STEPS).encode()).hexdigest()
    return {"people": people, "day": clock.today().isoformat(), "tables": tables}


def _ready(folder: Path) -> DemoVault:
    return DemoVault(folder, PASSPHRASE, tuple(alias for alias, _roles in STAFF))


def _build(folder: Path, people: int, progress: Progress) -> None:
    created = vault.create(
        folder,
        alias=STAFF[0][0],
        passphrase=PASSPHRASE,
        roles=frozenset({"manager", "counsellor"}),
        cost=_COST,
    )
    made = created.vault
    for sheet in (created.sheet_r, created.sheet_c):
        made.prove_sheet(recovery.parse_code(sheet))
    now = clock.now()
    before = clock.set_source(lambda: now)
    try:
        cast = _hire(made)
        places = _furnish(made, cast)
        first = scale.made_by_services(people)
        share = 1.0 if first == people else _SHARE_OF_SERVICES
        courses = lives(first, now.date())
        acts = acts_of(courses, cast, places, now)
        _live(made, acts, cast, lambda part: progress(part * share))
        clock.set_source(lambda: now)
        scale.grow(made, people, lambda part: progress(share + part * (1 - share)))
        _keep_ages_up(made, cast)
        made.set_compartments(made.slot_id, compartments_of(frozenset({"manager"})))
        made.rotate(made.due)
    finally:
        clock.set_source(before)
        made.close()


def _hire(made: vault.Vault) -> Cast:
    """Give each worker a key slot and a staff record; return who acts in which role."""
    rng = Random(7)  # noqa: S311 - the demo house must be the same every time
    founder = Actor(0, made.slot_id, STAFF[0][0], frozenset({"manager"}), made.compartments)
    slots = [made.slot_id]
    for alias, roles in STAFF[1:]:
        slots.append(made.add_slot(alias, PASSPHRASE, compartments_of(frozenset(roles)), _COST))
    people: dict[str, list[Actor]] = {}
    start = clock.today() - timedelta(days=365 * 4)
    with made.transaction():
        work = Work(made, founder, new_id=lambda: rng.getrandbits(_ID_BITS) + 1)
        work.save(
            Setting(
                house_name="Kituo cha Amani",
                report_header="Amani Children and Family Programme",
                letterhead_address="P.O. Box 0000-80100 Mombasa",
                location_words="Kisauni, Mtwapa road, Blue gate",
                demo=True,
            )
        )
        for (alias, roles), slot in zip(STAFF, slots, strict=True):
            staff = work.save(
                Staff(alias=alias, roles=roles, slot_id=slot, started_on=start), by_program=True
            )
            held = compartments_of(frozenset(roles))
            actor = Actor(staff.id, slot, alias, frozenset(roles), held)
            people.setdefault(roles[0], []).append(actor)
    return Cast({role: tuple(found) for role, found in people.items()})


def _furnish(made: vault.Vault, cast: Cast) -> Places:
    rng = Random(8)  # noqa: S311 - the demo house must be the same every time
    beds: list[tuple[int, int, int]] = []
    with made.transaction():
        work = Work(made, cast.one("manager"), new_id=lambda: rng.getrandbits(_ID_BITS) + 1)
        for place, (name, kind, least, most, count, letter) in enumerate(_ROOMS):
            room = work.save(
                Room(
                    name=name,
                    room_type=kind,
                    place_in_list=place,
                    sex_allowed="F",
                    age_min=least,
                    age_max=most,
                )
            )
            for number in range(1, count + 1):
                bed = work.save(Bed(room_id=room.id, bed_no=f"{letter}{number}"))
                beds.append((bed.id, least, most))
            if kind == "mother_baby":
                for number in range(1, _COTS + 1):
                    work.save(Bed(room_id=room.id, bed_no=f"{letter}c{number}", cot=True))
    return Places(tuple(beds))


def _keep_ages_up(made: vault.Vault, cast: Cast) -> None:
    with made.transaction():
        residents.refresh_projections(Work(made, cast.one("manager")))


def _live(made: vault.Vault, acts: Sequence[Act], cast: Cast, progress: Progress) -> None:
    """Do every act at its own time, many in one transaction so that the disk is not worn."""
    rng = Random(9)  # noqa: S311 - the demo house must be the same every time

    def new_id() -> int:
        return rng.getrandbits(_ID_BITS) + 1

    waiting = iter(acts)
    done = 0
    while batch := tuple(islice(waiting, _AT_ONCE)):
        if done + len(batch) == len(acts):
            _keep_ages_up(made, cast)  # years of birthdays at once would be the newest of the trail
        with made.transaction():
            for act in batch:
                _do(made, act, new_id)
        done += len(batch)
        progress(done / len(acts))


def _do(made: vault.Vault, act: Act, new_id: Callable[[], int]) -> None:
    moment: datetime = act.at
    clock.set_source(lambda: moment)
    actor = replace(act.by, compartments=act.by.compartments & made.compartments)
    work = Work(made, actor, new_id=new_id)
    try:
        act.run(work)
    except ShelterError as error:
        raise RuntimeError(f"demo act {act.name} at {act.at:%Y-%m-%d}") from error
