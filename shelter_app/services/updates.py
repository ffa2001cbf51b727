"""Updates from a stick: what a file offers, and everything that must hold before it is started.

Nothing is touched until the file is believed; then a verified backup is made; then the checked
copy of the installer waits in a private folder. Who starts it is the window that is leaving.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from shelter_app import __version__, i18n, paths
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.services import backups, house_settings
from shelter_app.services.inside import Inside
from shelter_app.services.progress import Progress
from shelter_app.services.work import Work
from shelter_app.storage import update_file
from shelter_app.storage.update_file import Refusal, UpdateRefused

_INSTALLERS: Final = {"linux": "update.run", "windows": "update.exe"}
KEEPERS: Final = ("manager", "sysadmin")
"""Who may put a new version of the program on this computer."""
WORDS: Final[Mapping[Refusal, str]] = {
    Refusal.FOREIGN: N_("This file is not an update of this program. Nothing was changed."),
    Refusal.TRUNCATED: N_(
        "The update is not complete: the stick was taken out too early when it was copied. Copy "
        "it anew. Nothing was changed."
    ),
    Refusal.UNREADABLE: N_(
        "The update cannot be read: the stick was taken out, or it is failing. Nothing was changed."
    ),
    Refusal.TAMPERED: N_(
        "This update was changed after it was made. Do not use it, and tell whoever gave it to "
        "you. Nothing was changed."
    ),
    Refusal.UNKNOWN_KEY: N_(
        "This update was not made by the makers of this program. Nothing was changed."
    ),
    Refusal.OTHER_PLATFORM: N_("This update is for another kind of computer. Nothing was changed."),
    Refusal.NOT_NEWER: N_("This computer has this version or a newer one. Nothing was changed."),
    Refusal.TOO_FAR: N_(
        "This update leaves out versions that must come first. Ask for the one in between. "
        "Nothing was changed."
    ),
}
TAKEN_BACK: Final = N_(
    "The new version could not be put in place or did not start, so this computer went back to the "
    "old one. The records are as they were."
)
_WHOLE_COMPUTER: Final = N_(
    "The program was installed for the whole computer. Whoever keeps the computer installs the new "
    "version; the records stay as they are."
)
_FROM_SOURCE: Final = N_("The program runs from its source here. It is updated there.")
_FROM_STICK: Final = N_(
    "The program runs from a stick here. Update the computer of the house and make a new stick "
    "there."
)
_NO_KEY: Final = N_(
    "This build holds no key of its makers: it cannot tell a genuine update from a false one, so "
    "it takes none. Ask whoever gave you the program for the installer of a released version and "
    "install it over this one; the records stay as they are."
)


class Installed(Enum):
    """How the program came to this computer, which decides how it is updated."""

    PER_ACCOUNT = "per_account"
    WHOLE_COMPUTER = "whole_computer"
    STICK = "stick"
    SOURCE = "source"


_OTHERWISE: Final[Mapping[Installed, str]] = {
    Installed.WHOLE_COMPUTER: _WHOLE_COMPUTER,
    Installed.STICK: _FROM_STICK,
    Installed.SOURCE: _FROM_SOURCE,
}


@dataclass(frozen=True)
class Offer:
    """An update that fits: its file, version, day and what is new, in the language in use."""

    path: Path
    version: str
    made: str
    news: str


@dataclass(frozen=True)
class Ready:
    """The command that installs the update once the records are closed."""

    version: str
    command: tuple[str, ...]


def installed() -> Installed:
    """Say how this program was installed."""
    if not getattr(sys, "frozen", False):
        return Installed.SOURCE
    if paths.portable_folder() is not None:
        return Installed.STICK
    own = (_program_folder() / "appearance.txt").exists() or sys.platform == "win32"
    return Installed.PER_ACCOUNT if own else Installed.WHOLE_COMPUTER


def obstacle(how: Installed, keys: Mapping[str, bytes] | None = None) -> str:
    """Say why this copy of the program does not update itself, or return ''."""
    if how in _OTHERWISE:
        return _OTHERWISE[how]
    held = update_file.trusted() if keys is None else keys
    return "" if held else _NO_KEY


def signers(keys: Mapping[str, bytes] | None = None) -> tuple[str, ...]:
    """Return the fingerprints of the keys whose updates this program believes."""
    held = update_file.trusted() if keys is None else keys
    return tuple(update_file.fingerprint(public) for public in held.values())


def offer(path: Path, keys: Mapping[str, bytes] | None = None) -> Offer:
    """Look at a file; NotPossible with its sentence when it is no update for this program."""
    try:
        manifest = update_file.read(path, update_file.trusted() if keys is None else keys)
        update_file.require_fitting(manifest, version=__version__, platform=_platform())
    except UpdateRefused as refused:
        raise NotPossible(WORDS[refused.why]) from refused
    news = manifest.news.get(i18n.language()) or manifest.news.get("en", "")
    return Offer(path, manifest.version, manifest.made, news)


def prepare(
    inside: Inside, found: Offer, progress: Progress, keys: Mapping[str, bytes] | None = None
) -> Ready:
    """Write down who updates, make a verified backup, then check and copy the installer."""
    inside.do(_note, found.version)
    _back_up(inside, progress)
    folder = paths.private_folder(paths.data_folder() / "run")
    target = folder / _INSTALLERS[_platform()]
    progress.begin("update", 0)
    gone = 0

    def went(done: int, total: int) -> None:
        nonlocal gone
        if not progress.total:
            progress.begin("update", total)
        progress.went(done - gone)
        gone = done

    try:
        update_file.unpack(
            found.path, target, update_file.trusted() if keys is None else keys, progress=went
        )
    except UpdateRefused as refused:
        raise NotPossible(WORDS[refused.why]) from refused
    return Ready(found.version, _command(target))


def _back_up(inside: Inside, progress: Progress) -> None:
    """Make a verified backup in a folder of this computer that is known like every other place."""
    kept = paths.private_folder(paths.data_folder() / "before-updates")
    # A house that was practised with may have its copies here too: no folder holds two houses'.
    root = paths.private_folder(kept / inside.vault.vault_id)
    place = backups.add_folder(inside, root)
    written = backups.finish(backups.begin(inside, progress), root, progress)
    superfluous = inside.do(backups.record, place.id, written)
    inside.do(backups.record_pruned, place.id, backups.prune(root, superfluous))


def _note(work: Work, version: str) -> None:
    work.require_role(*KEEPERS)
    house_settings.log(work, "update", f"{__version__} > {version}")


def forget_installer() -> None:
    """Take away what the last update left: an installer cannot remove itself on Windows."""
    folder = paths.data_folder() / "run"
    for name in _INSTALLERS.values():
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def _program_folder() -> Path:
    return Path(sys.executable).resolve().parent


def _platform() -> str:
    return "windows" if sys.platform == "win32" else "linux"


def _command(installer: Path) -> tuple[str, ...]:
    """Return how the installer is told to wait, to prove the new version and to go back."""
    if sys.platform == "win32":
        return (str(installer), "/S", "/UPDATE")
    return ("/bin/sh", str(installer), "--update", "--into", str(_program_folder()))
