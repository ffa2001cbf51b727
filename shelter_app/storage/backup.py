"""A backup: packed, encrypted, written beside, read back past the cache, checked, then named.

Until the last step it is a folder whose name ends in '.part'; any trouble removes that folder and
leaves everything that was there before as it was.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from shelter_app.errors import BackupTrouble, ShelterError, VaultDamaged, VaultTooNew
from shelter_app.storage import backup_age, backup_manifest, backup_places, erased_list, inside
from shelter_app.storage.backup_files import (
    Steadily,
    patiently,
    place_troubles,
    private_new,
    settle_folder,
    sum_of,
    uncached,
    write_small,
)
from shelter_app.storage.backup_manifest import Beside, FileFact, Manifest, PartFact
from shelter_app.storage.backup_places import BESIDE, CONTENT, UNFINISHED
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.backup_tar import Packing, Unpacking
from shelter_app.storage.staging import Picture

_SPARE: Final = 2 << 20
_PIECE: Final = 1 << 16


@dataclass(frozen=True)
class Written:
    """A finished backup that was read back whole; the sums let anybody check it again later."""

    name: str
    made_at: datetime
    size: int
    sha256: str
    papers_digest: str
    manifest: Manifest


class _Summed:
    """Reads a file through a checksum."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.sum.update(piece)
        self.size += len(piece)
        return piece


def write(
    picture: Picture, root: Path, progress: Progress, *, link_papers: bool = False
) -> Written:
    """Make a backup at a place from a picture; it exists under its name only when it is verified.

    Raises BackupTrouble with what went wrong at the place, VaultDamaged when the vault itself is
    damaged, Stopped when somebody called it off. `link_papers` is for a place beside the vault: its
    sealed documents never change, so a second name for each is enough there.
    """
    place = backup_places.place_in(root)
    _expect(picture, place, progress, link_papers=link_papers)
    files = _facts(picture, progress)
    papers = _paper_facts(picture, progress)
    manifest = _manifest(picture, files, papers)
    with place_troubles(), ThreadPoolExecutor(max_workers=1) as beside:
        stopping = _Given(progress)
        looking = beside.submit(
            inside.check_copies, picture.folder, picture.opened, picture.keys, stopping
        )
        part: Path | None = None
        try:
            _require_room(picture, place, () if link_papers else papers)
            backup_places.drop_unfinished(place)
            name = backup_places.new_name(place, picture.made_at)
            part = place / (name + UNFINISHED)
            part.mkdir(mode=0o700)
            written = _into(part, name, picture, manifest, progress, link_papers=link_papers)
            erased_list.carry(picture.vault_folder, place, manifest.vault_id)
            _after_looking(looking, progress)
            patiently(lambda: part.rename(place / name))
            settle_folder(place)
        except BaseException:
            stopping.up = True
            looking.cancel()
            if part is not None:
                _take_back(part)
            raise
    return written


def _take_back(part: Path) -> None:
    """Remove what was begun; one that has its name already loses it first, in one step."""
    with suppress(OSError):
        part.with_suffix("").rename(part)
    shutil.rmtree(part, ignore_errors=True)


class _Given:
    """Says to the check beside that its backup was given up, by somebody or by a trouble."""

    def __init__(self, progress: Progress) -> None:
        self.up = False
        self._progress = progress

    def __call__(self) -> bool:
        return self.up or self._progress.stopping


def _expect(picture: Picture, place: Path, progress: Progress, *, link_papers: bool) -> None:
    """Reckon what will go by: each file is summed, encrypted and written, and read back.

    A document that lies at the place already is not written again.
    """
    own = sum((picture.folder / name).stat().st_size for name in picture.names)
    papers = {name: _size_of(picture.vault_folder / name) for name in picture.papers}
    there = sum(size for name, size in papers.items() if _lies(place / name, size))
    all_papers = sum(papers.values())
    to_write = own + (0 if link_papers else all_papers - there)
    progress.expect(reading=own + all_papers, writing=to_write, checking=own + all_papers)
    progress.begin("reading")


def _lies(target: Path, size: int) -> bool:
    try:
        return target.stat().st_size == size
    except OSError:
        return False


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _facts(picture: Picture, progress: Progress) -> tuple[FileFact, ...]:
    return tuple(
        FileFact(name, *sum_of(picture.folder / name, progress.went)) for name in picture.names
    )


def _paper_facts(picture: Picture, progress: Progress) -> tuple[FileFact, ...]:
    """Return the documents; one that was erased since the picture is in no backup any more."""
    facts = []
    for name in picture.papers:
        try:
            facts.append(FileFact(name, *sum_of(picture.vault_folder / name, progress.went)))
        except FileNotFoundError:
            continue
    return tuple(facts)


def _manifest(
    picture: Picture, files: tuple[FileFact, ...], papers: tuple[FileFact, ...]
) -> Manifest:
    found = inside.look_at_copies(picture.folder, picture.opened, picture.keys)
    parts: dict[str, PartFact] = {}
    for name, entry in picture.ring.files.items():
        seen = found.get(name)
        if seen is not None and seen.head != picture.heads[name]:
            raise VaultDamaged(name)
        parts[name] = PartFact(
            file=entry.file,
            generation=entry.generation,
            opened=seen is not None,
            schema=seen.schema if seen else 0,
            head=picture.heads[name],
            counts=seen.counts if seen else {},
        )
    return Manifest(
        vault_id=picture.ring.vault_id.hex(),
        made_at=picture.made_at,
        keyring_seq=picture.ring.seq,
        parts=parts,
        files=files,
        papers=papers,
    )


def _require_room(picture: Picture, place: Path, papers: tuple[FileFact, ...]) -> None:
    if not place.is_dir():
        raise BackupTrouble("gone")
    missing = sum(fact.size for fact in papers if not (place / fact.name).is_file())
    own = sum((picture.folder / name).stat().st_size for name in picture.names)
    if shutil.disk_usage(place).free < own + missing + _SPARE:
        raise BackupTrouble("full")


def _into(
    part: Path,
    name: str,
    picture: Picture,
    manifest: Manifest,
    progress: Progress,
    *,
    link_papers: bool,
) -> Written:
    progress.begin("writing")
    once = backup_age.one_time_identity()
    recipients = [backup_age.recipient_of(slot.x25519) for slot in picture.restorers]
    facts = [(fact, picture.folder / fact.name) for fact in manifest.files]
    packing = Packing(backup_manifest.render(manifest), facts, lambda _size: progress.went(0))
    with private_new(part / CONTENT) as file:
        steadily = Steadily(file, progress.went)
        backup_age.encrypt(packing, steadily, [*recipients, once.to_public()])
        steadily.settle()
    if link_papers:
        _link_papers(part.parent, picture, manifest.papers)
    _add_papers(part.parent, picture, manifest.papers, progress)
    beside = Beside(manifest.vault_id, manifest.made_at, picture.restorers, manifest.papers)
    write_small(part / BESIDE, backup_manifest.render_beside(beside))
    settle_folder(part)
    progress.begin("checking")
    sum_read, size = _read_back(part, once, manifest, progress)
    _require_same(part, beside)
    check_papers(part.parent, manifest.papers, progress)
    digest = backup_manifest.digest_of(manifest.papers)
    return Written(name, manifest.made_at, size, sum_read, digest, manifest)


def _require_same(part: Path, beside: Beside) -> None:
    try:
        found = backup_places.read_beside(part)
    except ShelterError as error:
        gone = not part.is_dir()
        raise BackupTrouble("gone" if gone else "not_verified") from error
    if backup_manifest.render_beside(found) != backup_manifest.render_beside(beside):
        raise BackupTrouble("not_verified")


def _read_back(part: Path, once: Any, manifest: Manifest, progress: Progress) -> tuple[str, int]:
    """Read from the medium what was written, decrypt it and compare every checksum."""
    unpacking = Unpacking(progress.went, lambda _fact: None)
    with uncached(part / CONTENT) as file:
        summed = _Summed(file)
        try:
            backup_age.decrypt(summed, unpacking, once)
            found = unpacking.finish()
        except (VaultDamaged, VaultTooNew) as error:
            raise BackupTrouble("not_verified") from error
    if backup_manifest.render(found) != backup_manifest.render(manifest):
        raise BackupTrouble("not_verified")
    return summed.sum.hexdigest(), summed.size


def _add_papers(
    place: Path, picture: Picture, papers: tuple[FileFact, ...], progress: Progress
) -> None:
    """Copy the sealed documents that this place does not have yet; they never change."""
    for fact in papers:
        target = place / fact.name
        if _lies(target, fact.size):
            progress.went(0)
            continue
        _make_room(place, target)
        beside = target.with_name(target.name + UNFINISHED)
        try:
            _copy_steadily(picture.vault_folder / fact.name, beside, progress)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        patiently(lambda here=beside, there=target: here.replace(there))  # type: ignore[misc]


def _copy_steadily(path: Path, target: Path, progress: Progress) -> None:
    with private_new(target) as file, path.open("rb") as source:
        steadily = Steadily(file, progress.went)
        while piece := source.read(_PIECE):
            steadily.write(piece)
        steadily.settle()


def _link_papers(place: Path, picture: Picture, papers: tuple[FileFact, ...]) -> None:
    """Give the sealed documents a second name where the file system can; the rest is copied."""
    for fact in papers:
        target = place / fact.name
        _make_room(place, target)
        with suppress(OSError):
            os.link(picture.vault_folder / fact.name, target)


def _make_room(place: Path, target: Path) -> None:
    """Make the folder of a document; never the place itself, where a stick was taken out."""
    if not place.is_dir():
        raise BackupTrouble("gone")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def check_papers(place: Path, papers: tuple[FileFact, ...], progress: Progress) -> None:
    """Read the sealed documents of a place from the medium and compare them.

    One that is wrong is removed, so that the next backup writes it anew.
    """
    wrong = 0
    for fact in papers:
        path = place / fact.name
        try:
            found = sum_of(path, progress.went, past_cache=True)
        except FileNotFoundError:
            found = (0, "")
        if found != (fact.size, fact.sha256):
            path.unlink(missing_ok=True)
            wrong += 1
    if wrong:
        # A stick that was taken out meanwhile is no stick that lies.
        raise BackupTrouble("not_verified" if place.is_dir() else "gone")


def _after_looking(looking: Future[None], progress: Progress) -> None:
    """Wait for the check of the copies; what it finds wrong is the vault's own damage."""
    progress.begin("looking")
    while not looking.done():
        progress.heed()
        try:
            looking.result(timeout=0.1)
        except TimeoutError:
            continue
    looking.result()


def check_again(root: Path, name: str, sha256: str, papers_digest: str, progress: Progress) -> None:
    """Read a backup that was verified before from the medium and compare it with what it was then.

    Needs no key: whoever is signed in may do it. BackupTrouble when it is gone or changed.
    """
    place = backup_places.place_in(root)
    folder = place / name
    with place_troubles():
        try:
            beside = backup_places.read_beside(folder)
        except ShelterError as error:
            raise BackupTrouble("changed") from error
        size = (folder / CONTENT).stat().st_size
        progress.begin("checking", size + sum(fact.size for fact in beside.papers))
        _size, found = sum_of(folder / CONTENT, progress.went, past_cache=True)
        if found != sha256 or backup_manifest.digest_of(beside.papers) != papers_digest:
            raise BackupTrouble("changed")
        try:
            check_papers(place, beside.papers, progress)
        except BackupTrouble as error:
            raise BackupTrouble("changed") from error


def counts_of(manifest: Manifest) -> Mapping[str, int]:
    """Return how many records of each kind a backup says it holds."""
    return {
        table: count for part in manifest.parts.values() for table, count in part.counts.items()
    }
