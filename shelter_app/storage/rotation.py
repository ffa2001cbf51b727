"""A new key for a compartment: export into a new file, check it, and let the keyring decide.

Writing pages anew under another key in place was measured: slower, with a journal as large as the
file, and after a kill nobody knows which key is the right one. An export leaves the old file as it
was until the keyring, one small file written whole, names the new one. A kill at any moment leaves
either the old state or the new one, and at most a file nobody names, which the next start removes.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app import paths
from shelter_app.errors import DiskFull, NotPossible, UnsafeEngine, VaultDamaged
from shelter_app.i18n import N_
from shelter_app.storage import keyring as kr
from shelter_app.storage.connection import assert_encrypted, key_text, translated
from shelter_app.storage.relocate import JOURNAL
from shelter_app.storage.safe_files import file_troubles, sync_folder

STOPPED: Final = N_("Making new keys was stopped. Nothing was changed.")
_OLD: Final = ("staging", "old")
_FILE: Final = re.compile(r"([a-z]{1,20})-[0-9a-f]{4,16}\.db")
_FRESH: Final = "fresh"
_SPACE_FACTOR: Final = 1.2
_LOOK_EVERY: Final = 2_000
"""Steps of the database engine between two looks at whether somebody wants it to stop."""
_SHARE_OF_EXPORT: Final = 0.75


@dataclass(frozen=True)
class Watch:
    """Who looks on: how far it is, whether to stop, and each step by name as it is reached."""

    progress: Callable[[float], None] = lambda _share: None
    cancelled: Callable[[], bool] = lambda: False
    step: Callable[[str], None] = lambda _name: None

    def check(self) -> None:
        """Stop here when somebody asked for it."""
        if self.cancelled():
            raise NotPossible(STOPPED)


UNWATCHED: Final = Watch()


@dataclass(frozen=True)
class Fresh:
    """A compartment's new file, complete and durable, which no keyring names yet."""

    compartment: str
    file: str
    key: bytes


def exported(
    folder: Path,
    ring: kr.Keyring,
    keys: Mapping[str, bytes | bytearray],
    compartments: Iterable[str],
    watch: Watch,
) -> tuple[Fresh, ...]:
    """Write these compartments into new files under new keys; after any failure none is left.

    The files must not be written meanwhile: the caller holds the vault's lock and its only thread.
    """
    names = sorted(compartments)
    sizes = {name: (folder / ring.files[name].file).stat().st_size for name in names}
    if shutil.disk_usage(folder).free < sum(sizes.values()) * _SPACE_FACTOR:
        raise DiskFull
    made: list[Fresh] = []
    whole, done = max(1, sum(sizes.values())), 0
    try:
        for name in names:
            watch.check()
            fresh = Fresh(name, _new_name(folder, name), secrets.token_bytes(32))
            made.append(fresh)
            part = _Part(watch, done / whole, sizes[name] / whole, sizes[name])
            _export(folder, ring.files[name], bytes(keys[name]), fresh, part)
            done += sizes[name]
            watch.step(f"exported {name}")
        sync_folder(folder)
        watch.step("synced")
        watch.check()
    except BaseException:
        discard(folder, made)
        raise
    return tuple(made)


def _new_name(folder: Path, compartment: str) -> str:
    while True:
        name = f"{compartment}-{secrets.token_hex(4)}.db"
        if not (folder / name).exists():
            return name


def discard(folder: Path, made: Iterable[Fresh]) -> None:
    """Remove new files that will not be used."""
    for fresh in made:
        for name in (fresh.file, fresh.file + JOURNAL):
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)


@dataclass(frozen=True)
class _Part:
    """One file's share of the whole work, told from how large its new file has grown."""

    watch: Watch
    before: float
    share: float
    size: int

    def grown(self, path: Path) -> None:
        """Tell how much is copied."""
        with contextlib.suppress(OSError):
            part = min(1.0, path.stat().st_size / max(1, self.size))
            self.watch.progress(self.before + self.share * part * _SHARE_OF_EXPORT)

    def copied(self) -> None:
        """Tell that all is copied and is being checked."""
        self.watch.progress(self.before + self.share * _SHARE_OF_EXPORT)

    def checked(self) -> None:
        """Tell that this file is finished."""
        self.watch.progress(self.before + self.share)


def _export(folder: Path, entry: kr.FileEntry, key: bytes, fresh: Fresh, part: _Part) -> None:
    path = folder / fresh.file
    with file_troubles():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with translated(folder=folder):
        raw = sqlcipher.connect(str(folder / entry.file), isolation_level=None, timeout=5)
        try:
            _prepare(raw, key, path, fresh.key)
            raw.set_progress_handler(lambda: _look(part, path), _LOOK_EVERY)
            try:
                _copy(raw, entry.generation + 1)
                part.copied()
                _compare(raw, fresh.compartment)
            except sqlcipher.OperationalError:
                part.watch.check()
                raise
            finally:
                raw.set_progress_handler(None, 0)
        finally:
            raw.close()
    assert_encrypted(path)
    with file_troubles(), path.open("r+b") as file:
        os.fsync(file.fileno())
    part.checked()


def _look(part: _Part, path: Path) -> int:
    part.grown(path)
    return int(part.watch.cancelled())


def _prepare(raw: Any, key: bytes, path: Path, fresh_key: bytes) -> None:
    """Open old and new side by side; the new file has no journal: until it is whole it is nothing.

    It is made durable in one go at the end instead of page by page.
    """
    raw.execute(f'PRAGMA key = "{key_text(key)}"')
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute("PRAGMA temp_store = MEMORY")
    raw.execute("SELECT count(*) FROM main.sqlite_schema").fetchone()
    raw.execute(f"ATTACH DATABASE ? AS {_FRESH} KEY ?", (str(path), key_text(fresh_key)))
    vacuum = int(raw.execute("PRAGMA main.auto_vacuum").fetchone()[0])
    raw.execute(f"PRAGMA {_FRESH}.auto_vacuum = {vacuum}")
    if raw.execute(f"PRAGMA {_FRESH}.journal_mode = OFF").fetchone()[0] != "off":
        raise UnsafeEngine("journal_mode")
    raw.execute(f"PRAGMA {_FRESH}.synchronous = OFF")
    raw.execute(f"PRAGMA {_FRESH}.cache_size = -16384")
    raw.execute("PRAGMA main.cache_size = -8192")


def _copy(raw: Any, generation: int) -> None:
    """Copy everything; the export takes schema and rows, so the header's numbers follow by hand."""
    version = int(raw.execute("PRAGMA main.user_version").fetchone()[0])
    application = int(raw.execute("PRAGMA main.application_id").fetchone()[0])
    raw.execute("BEGIN")
    raw.execute(f"SELECT sqlcipher_export('{_FRESH}', 'main')").fetchone()
    raw.execute(
        f"UPDATE {_FRESH}.meta SET value = ? WHERE name = 'key_gen'",  # noqa: S608 - a constant
        (str(generation),),
    )
    raw.execute(f"PRAGMA {_FRESH}.user_version = {version}")
    raw.execute(f"PRAGMA {_FRESH}.application_id = {application}")
    raw.execute("COMMIT")


def _compare(raw: Any, compartment: str) -> None:
    """Refuse the copy unless it has the same schema, numbers and rows, and every page is whole."""
    if _shape(raw, "main") != _shape(raw, _FRESH):
        raise VaultDamaged(compartment)
    if raw.execute(f"PRAGMA {_FRESH}.cipher_integrity_check").fetchall():
        raise VaultDamaged(compartment)
    if raw.execute(f"PRAGMA {_FRESH}.quick_check(1)").fetchone()[0] != "ok":
        raise VaultDamaged(compartment)


def _shape(raw: Any, schema: str) -> tuple[Any, ...]:
    things = raw.execute(
        f"SELECT type, name, tbl_name, sql FROM {schema}.sqlite_schema ORDER BY type, name"  # noqa: S608
    ).fetchall()
    numbers = [
        raw.execute(f"PRAGMA {schema}.{name}").fetchone()[0]
        for name in ("user_version", "application_id", "auto_vacuum", "encoding")
    ]
    counts = [
        raw.execute(f'SELECT count(*) FROM {schema}."{name}"').fetchone()[0]  # noqa: S608
        for kind, name, _table, sql in things
        if kind == "table" and '"' not in name and not _is_virtual(sql)
    ]
    return (things, numbers, counts)


def _is_virtual(sql: str | None) -> bool:
    """Say whether a table only stands for others, such as a word index for its shadow tables."""
    return (sql or "").upper().startswith("CREATE VIRTUAL")


def leftovers(folder: Path, ring: kr.Keyring) -> tuple[Path, ...]:
    """Return database files in the folder that the keyring does not name."""
    named = {entry.file for entry in ring.files.values()}
    return tuple(
        path
        for path in folder.glob("*.db")
        if path.name not in named and _compartment_of(path) in ring.files
    )


def _compartment_of(path: Path) -> str:
    match = _FILE.fullmatch(path.name)
    return match[1] if match else ""


def sweep(folder: Path, ring: kr.Keyring, opened_well: Iterable[str]) -> None:
    """Put files nobody names aside, and remove those whose compartment has just opened well.

    What cannot be removed now, such as a file a virus scanner holds, goes at the next start.
    """
    aside = folder.joinpath(*_OLD)
    for path in leftovers(folder, ring):
        with contextlib.suppress(OSError):
            paths.private_folder(aside)
            path.replace(aside / path.name)
        with contextlib.suppress(OSError):
            path.with_name(path.name + JOURNAL).unlink(missing_ok=True)
    if not aside.is_dir():
        return
    opened = frozenset(opened_well)
    for path in aside.iterdir():
        if _compartment_of(path) in opened:
            with contextlib.suppress(OSError):
                path.unlink()
    with contextlib.suppress(OSError):
        aside.rmdir()
