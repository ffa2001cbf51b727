"""Program and records together on one stick, for an evacuation.

What lies on the stick afterwards is a second copy of the records, locked as they are here: whoever
goes on with it there must not go on here as well, because nothing ever joins the two again.
"""

from __future__ import annotations

import dataclasses
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shelter_app import __version__, paths, settings
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.services import backups, house_settings
from shelter_app.services.inside import Inside
from shelter_app.services.progress import Progress
from shelter_app.services.work import Work
from shelter_app.storage import backup_files, erased_list
from shelter_app.storage.attachments import FOLDER as PAPERS
from shelter_app.storage.safe_files import copy_closed

KEEPERS: Final = ("manager",)
"""Who may carry the records out of the house."""
PROGRAM: Final = "Program"
RECORDS: Final = "Register"
_MARK: Final = "portable.txt"
_STAYS: Final = ("uninstall.sh", "Uninstall.exe", ".incoming", ".outgoing", ".discarded")
"""What belongs to the installation on this computer: started elsewhere it would remove that one."""
ONLY_BUILT: Final = N_(
    "Only the installed program can be put on a stick; this one runs from its source."
)
NOT_EMPTY: Final = N_(
    "There are records on this stick already. They were left alone; take an empty stick."
)

NOT_OURS: Final = N_(
    "A folder called “Program” is on this stick already, with something else in it. It was left "
    "alone; take an empty stick."
)


def obstacle() -> str:
    """Say why this copy of the program cannot travel, or return ''."""
    return "" if getattr(sys, "frozen", False) else ONLY_BUILT


def make(inside: Inside, root: Path, progress: Progress, program: Path | None = None) -> Path:
    """Put program and records on a stick; returns the program's folder there.

    Records lie under a name that is not theirs until all of them are there and durable, so a stick
    that is pulled out half-way holds nothing that could be opened by mistake.
    """
    inside.do(_note)
    source = program or Path(sys.executable).resolve().parent
    target, part = root / RECORDS / "records", root / RECORDS / "records.part"
    if target.exists():
        raise NotPossible(NOT_EMPTY)
    if (root / PROGRAM).exists() and not (root / PROGRAM / _MARK).exists():
        raise NotPossible(NOT_OURS)
    with backup_files.place_troubles():
        shutil.rmtree(part, ignore_errors=True)
        _copy_program(source, root / PROGRAM, progress)
        try:
            _copy_records(inside, part, progress)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)  # half of the records is a copy of them too
            raise
        _carry_choices(target.parent)
        part.rename(target)
        backup_files.settle_folder(target.parent)
    return root / PROGRAM


def _copy_records(inside: Inside, part: Path, progress: Progress) -> None:
    picture = backups.begin(inside, progress)
    try:
        _copy_folder(picture.folder, part, progress)
        papers = inside.vault.folder / PAPERS
        if papers.exists():
            _copy_folder(papers, part / PAPERS, progress)
        erased_list.carry(inside.vault.folder, part, inside.vault.vault_id)
    finally:
        picture.drop()


def _copy_program(source: Path, target: Path, progress: Progress) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    # The mark comes first: what is only half there is known as ours too, and may be taken away.
    (target / _MARK).write_text(f"{__version__}\n", "utf-8")
    _copy_folder(source, target, progress, but=_STAYS)


def _carry_choices(folder: Path) -> None:
    """Let the program on the stick speak and look as the one here does."""
    chosen = dataclasses.replace(settings.load(), folder="")
    settings.save(chosen, folder / paths.SETTINGS)


def _copy_folder(source: Path, target: Path, progress: Progress, but: Sequence[str] = ()) -> None:
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if place.relative_to(target).parts[0] in but:
            continue
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() and _linked(path, place):
            continue
        copy_closed(path, place)
        if path.stat().st_mode & 0o100:
            place.chmod(0o700)
        progress.went(path.stat().st_size)


def _linked(path: Path, place: Path) -> bool:
    """Make the same link on the stick; where the stick knows no links the file itself is copied."""
    try:
        place.symlink_to(path.readlink())
    except OSError:
        return False
    return True


def _note(work: Work) -> None:
    work.require_role(*KEEPERS)
    house_settings.log(work, "export", "program and records on a stick")
