"""Backups: the places that are known, when the last one was verified, making one, keeping enough.

A backup runs in three parts: `begin` takes a still picture on the vault's thread, `finish` packs
and checks it on another, `record` writes down what happened. Whoever is signed in may do it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from shelter_app.domain import generations
from shelter_app.domain.backup import FOLDER, STICK, BackupPlace, BackupRun
from shelter_app.domain.staff import Staff
from shelter_app.errors import BackupTrouble, NotFound, NotPossible
from shelter_app.i18n import N_
from shelter_app.services import house_settings, purge
from shelter_app.services.inside import Inside
from shelter_app.services.work import Work
from shelter_app.storage import audit, audit_head, backup, backup_places, removable, staging
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.connection import MAIN
from shelter_app.storage.keyring import Head
from shelter_app.storage.questions import backups as questions

KEEPERS: Final = ("manager", "dpo", "sysadmin")
"""Who looks after the sticks; making a backup is everybody's."""
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_PLACE: Final = N_("This place is not on the list any more.")
_EVERY: Final = timedelta(days=1)
_MOST_RUNS: Final = 400
"""As many of the newest are looked at: more than three sticks hold."""
_LONG_AGO: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - local wall time, as everywhere


@dataclass(frozen=True)
class PlaceLine:
    """One place as listed; `verified_at` is of the newest backup on it that was read back whole."""

    id: int
    label: str
    kind: str
    mark: str
    folder: str
    kept_where: str
    verified_at: datetime | None
    checked_at: datetime | None
    count: int


@dataclass(frozen=True)
class RunLine:
    """One line of the history."""

    id: int
    place_id: int
    kind: str
    """The kind of its place, also of one that is not on the list any more."""
    name: str
    made_at: datetime
    verified_at: datetime | None
    checked_at: datetime | None
    rehearsed_at: datetime | None
    size: int
    words: str
    trouble: str
    gone: bool
    stood: int
    """How far the audit trail had come: backups go by this, for the clock may have been wrong."""


@dataclass(frozen=True)
class Overview:
    """How the house stands with its backups."""

    places: tuple[PlaceLine, ...]
    runs: tuple[RunLine, ...]
    last_verified: datetime | None
    came_from: datetime | None
    """The backup these records were restored from, when none was made since."""
    next_due: datetime | None
    changed: bool
    """Something was written since the newest verified backup, also in parts that stay closed."""
    only_here: bool
    """There are backups, and all lie in folders: what takes this computer may take them too."""
    days: int
    """Whole days without a backup while there was something to lose; 0 when all is well."""
    rehearsed_at: datetime | None
    rehearsal_due: bool
    parted: tuple[str, ...]
    """Check words of backups whose audit head today's trail does not contain any more."""
    demo: bool

    @property
    def newest(self) -> datetime | None:
        """Return from when the newest backup is that holds these records."""
        return self.came_from or self.last_verified

    @property
    def role(self) -> str:
        """Return '' while all is well, 'soon' from day 3, 'overdue' from day 7."""
        if self.days >= generations.OVERDUE.days:
            return "overdue"
        return "soon" if self.days >= generations.DUE_SOON.days else ""


@dataclass(frozen=True)
class Present:
    """A known place that can be reached now, by the folder of the stick or disk."""

    place_id: int
    root: Path
    kind: str


def overview(work: Work) -> Overview:
    """Return how the house stands with its backups; shown to everybody who signs in."""
    runs = work.rule_matching(BackupRun, order=("-made_at",), limit=_MOST_RUNS)
    kinds = _kinds(work)
    lines = tuple(_run_line(run, kinds) for run in runs)
    verified = [run for run in runs if run.verified_at and not run.gone]
    newest = max(verified, key=_stood, default=None)
    changed = _changed_since(work, newest)
    setting = house_settings.current(work)
    made_at = newest.made_at if newest else None
    came_from = _came_from(work, made_at)
    rehearsed = max((run.rehearsed_at for run in runs if run.rehearsed_at), default=None)
    first = min((run.made_at for run in runs if run.made_at), default=None)
    since = came_from or made_at or setting.created_at
    asked_for = not setting.demo or bool(runs)
    return Overview(
        places=tuple(_place_line(work, place, lines) for place in _places(work)),
        runs=lines,
        last_verified=made_at,
        came_from=came_from,
        next_due=min(made_at, work.now) + _EVERY if made_at else None,
        changed=changed,
        only_here=bool(verified) and all(_kind_of(run, kinds) == FOLDER for run in verified),
        days=generations.without(work.now, since) if since and changed and asked_for else 0,
        rehearsed_at=rehearsed,
        rehearsal_due=_rehearsal_due(work.now, rehearsed or first),
        parted=tuple(run.words for run in verified if not _contained(work, run)),
        demo=setting.demo,
    )


def _came_from(work: Work, made_at: datetime | None) -> datetime | None:
    """Return what the trail says of a restore, unless a backup was made after that one.

    Restored records cannot know of the backup they came from: it was finished after their picture.
    """
    try:
        note = json.loads(questions.last_restored(work.connection))["note"]
        found = datetime.fromisoformat(note)
    except (ValueError, KeyError, TypeError):
        return None
    told = found.tzinfo is None and (made_at is None or found > made_at)
    return found if told else None


def _rehearsal_due(now: datetime, since: datetime | None) -> bool:
    return since is not None and (
        now - since >= generations.REHEARSE or since - now > _EVERY  # the clock was ahead then
    )


def _places(work: Work) -> list[BackupPlace]:
    places = work.rule_matching(BackupPlace, order=("label",))
    return [place for place in places if not place.retired]


def _place_line(work: Work, place: BackupPlace, runs: Sequence[RunLine]) -> PlaceLine:
    here = [run for run in runs if run.place_id == place.id and run.verified_at and not run.gone]
    looked = [run.checked_at for run in here if run.checked_at]
    manages = work.actor.has_role(*KEEPERS)
    return PlaceLine(
        id=place.id,
        label=place.label,
        kind=place.kind,
        mark=place.mark,
        folder=place.folder,
        kept_where=place.kept_where if manages else "",
        verified_at=max(here, key=lambda run: run.stood).made_at if here else None,
        checked_at=max(looked, default=None),
        count=len(here),
    )


def _kinds(work: Work) -> dict[int, str]:
    return {place.id: place.kind for place in work.rule_matching(BackupPlace)}


def _kind_of(run: BackupRun, kinds: Mapping[int, str]) -> str:
    return kinds.get(run.place_id, STICK)


def _run_line(run: BackupRun, kinds: Mapping[int, str]) -> RunLine:
    return RunLine(
        id=run.id,
        place_id=run.place_id,
        kind=_kind_of(run, kinds),
        name=run.name,
        made_at=run.made_at or _LONG_AGO,
        verified_at=run.verified_at,
        checked_at=run.checked_at,
        rehearsed_at=run.rehearsed_at,
        size=(run.kibibytes or 0) << 10,
        words=run.words,
        trouble=run.trouble,
        gone=run.gone,
        stood=_stood(run),
    )


def heads_of(run: BackupRun) -> dict[str, Head]:
    """Return where the audit trail of each compartment stood when a backup was made."""
    block = json.loads(run.heads or "{}")
    return {name: Head(seq, bytes.fromhex(digest)) for name, (seq, digest) in block.items()}


def _stood(run: BackupRun) -> int:
    return heads_of(run).get(MAIN, audit.START).seq


def _changed_since(work: Work, newest: BackupRun | None) -> bool:
    if newest is None:
        return True
    return any(
        _written_after(work, name, heads_of(newest).get(name, audit.START).seq)
        for name in work.vault.ring.files
    )


def _written_after(work: Work, compartment: str, seq: int) -> bool:
    """Say whether a part went on; of one that stays closed its seal tells, looks included.

    Else what a counsellor wrote would be in no backup until a counsellor closes the program.
    """
    if work.holds(compartment):
        return questions.written_after(work.connection, compartment, seq)
    return work.vault.ring.state.heads.get(compartment, audit.START).seq > seq


def _contained(work: Work, run: BackupRun) -> bool:
    """Say whether today's trail still contains what was sealed in a backup."""
    return all(
        audit_head.contains(work.connection, name, head)
        for name, head in heads_of(run).items()
        if work.holds(name)
    )


# Places


def add_stick(inside: Inside, root: Path) -> PlaceLine:
    """Make a stick known under the next letter; writing its mark is the test that it can be."""
    return _add(inside, root, STICK)


def add_folder(inside: Inside, root: Path) -> PlaceLine:
    """Make a folder of this computer (or of a second disk) known."""
    return _add(inside, root, FOLDER)


def _add(inside: Inside, root: Path, kind: str) -> PlaceLine:
    inside.ask(lambda work: work.require_role(*KEEPERS))
    if not root.is_dir():
        raise BackupTrouble("no_folder")
    mark = backup_places.register(root, inside.vault.vault_id)
    return inside.do(_keep_place, mark.id, kind, str(root) if kind == FOLDER else "")


def _keep_place(work: Work, mark: str, kind: str, folder: str) -> PlaceLine:
    known = work.rule_matching(BackupPlace)
    same = next((place for place in known if place.mark == mark), None)
    if same is not None:
        again = dataclasses.replace(same, retired=False, folder=folder or same.folder)
        kept = work.save(again, by_program=True) if again != same else same
    else:
        used = {place.label for place in known}
        free = next(label for label in _labels() if label not in used)
        fresh = BackupPlace(label=free, kind=kind, mark=mark, folder=folder)
        kept = work.save(fresh, by_program=True)
    runs, kinds = work.rule_matching(BackupRun, order=("-made_at",)), _kinds(work)
    lines = tuple(_run_line(run, kinds) for run in runs)
    return _place_line(work, kept, lines)


def _labels() -> Iterator[str]:
    """Give A to Z, then A2 to Z2: a letter is never given to another stick, so it says which."""
    return (f"{letter}{turn}" for turn in ("", *range(2, 10_000)) for letter in LETTERS)


def describe_place(work: Work, place_id: int, kept_where: str) -> None:
    """Write down where a stick is kept between backups."""
    work.require_role(*KEEPERS)
    place = _place(work, place_id)
    work.save(dataclasses.replace(place, kept_where=kept_where), by_program=True)


def retire_place(work: Work, place_id: int) -> None:
    """Take a place off the list: lost, worn out, given away; what lies on it is left alone."""
    work.require_role(*KEEPERS)
    work.save(dataclasses.replace(_place(work, place_id), retired=True), by_program=True)


def _place(work: Work, place_id: int) -> BackupPlace:
    place = work.rule_find(BackupPlace, place_id)
    if place is None or place.retired:
        raise NotPossible(NO_PLACE)
    return place


def drives() -> tuple[removable.Drive, ...]:
    """Return the sticks that are in now, known or not; not on the window's thread."""
    return removable.drives()


def present(places: Sequence[PlaceLine]) -> tuple[Present, ...]:
    """Return the known places that can be reached now; not on the window's thread."""
    marks = {}
    for drive in removable.drives():
        mark = backup_places.read_mark(backup_places.place_in(drive.folder))
        if mark is not None:
            marks[mark.id] = drive.folder
    found = []
    for place in places:
        root = marks.get(place.mark)
        if root is None and place.folder:
            mark = backup_places.read_mark(backup_places.place_in(Path(place.folder)))
            root = Path(place.folder) if mark and mark.id == place.mark else None
        if root is not None:
            found.append(Present(place.id, root, place.kind))
    return tuple(found)


# Making one


def begin(inside: Inside, progress: Progress) -> staging.Picture:
    """Take a still picture of the vault; between two transactions, on the vault's thread."""
    managers = inside.ask(managers_slots)
    purge.remember(inside)
    return staging.take(inside.vault, managers, progress)


def managers_slots(work: Work) -> tuple[str, ...]:
    """Return the slots of the managers: they and the two sheets open a backup."""
    staff = work.rule_matching(Staff)
    return tuple(each.slot_id for each in staff if "manager" in each.roles and not each.locked)


def finish(picture: staging.Picture, root: Path, progress: Progress) -> backup.Written:
    """Pack, encrypt, write, read back and check; away from both the vault's and the window's."""
    try:
        return backup.write(picture, root, progress)
    finally:
        picture.drop()


def clear_unfinished(root: Path) -> None:
    """Remove what a backup cut short has left on a stick that could not be written any more."""
    backup_places.drop_unfinished(backup_places.place_in(root))


def record(work: Work, place_id: int, written: backup.Written) -> tuple[str, ...]:
    """Write down a verified backup; returns the names of older ones that may go now."""
    heads = written.manifest.heads
    run = BackupRun(
        place_id=place_id,
        name=written.name,
        made_at=written.made_at,
        verified_at=work.now,
        kibibytes=-(-written.size // 1024),
        sha256=written.sha256,
        papers=written.papers_digest,
        heads=json.dumps({name: [head.seq, head.hash.hex()] for name, head in heads.items()}),
        words=" ".join(audit_head.words_over_all(heads).words),
    )
    work.save(run, by_program=True)
    return superfluous(work, place_id)


def superfluous(work: Work, place_id: int) -> tuple[str, ...]:
    """Return the backups of a place that newer verified ones make superfluous."""
    found = work.rule_matching(BackupRun, place_id=place_id, gone=False)
    runs = [run for run in found if _is_there(run)]
    all_there = [
        generations.Kept(
            run.name, run.made_at or _LONG_AGO, run.verified_at is not None, _stood(run)
        )
        for run in runs
    ]
    keep = generations.to_keep(all_there)
    return tuple(run.name for run in runs if run.name not in keep)


def _is_there(run: BackupRun) -> bool:
    return bool(run.name) and not run.trouble


def prune(root: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Remove superfluous backups from a place; returns which are gone."""
    place = backup_places.place_in(root)
    backup_places.prune(place, names)
    return tuple(name for name in names if not (place / name).exists())


def record_pruned(work: Work, place_id: int, names: Sequence[str]) -> None:
    """Write down which backups were removed to make room."""
    for run in work.rule_matching(BackupRun, place_id=place_id, gone=False):
        if run.name in names:
            work.save(dataclasses.replace(run, gone=True), by_program=True)


def record_trouble(work: Work, place_id: int, code: str) -> None:
    """Write down that a backup was not made, and why."""
    if work.rule_find(BackupPlace, place_id) is not None:
        run = BackupRun(place_id=place_id, made_at=work.now, trouble=code)
        work.save(run, by_program=True)


def run_of(work: Work, run_id: int) -> BackupRun:
    """Return one line of the history whole."""
    run = work.rule_find(BackupRun, run_id)
    if run is None:
        raise NotFound(f"backup_run {run_id}")
    return run
