"""One connection over the opened compartments, with every promised property checked, not hoped for.

The office file is 'main'; the others are attached under their compartment's name. Settings follow
the vault design, 11.1: rollback journal TRUNCATE with synchronous FULL in every file is the only
combination that lost and tore nothing in measured kills and power cuts over several files at once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event, pool
from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.errors import (
    DiskFull,
    ShelterError,
    UnsafeEngine,
    VaultDamaged,
    VaultInUse,
    VaultReadOnly,
)
from shelter_app.storage.safe_files import refusal_of

MAIN: Final = "office"
AUDIT_HEADS: Final = "audit_heads"
"""Where a connection remembers the last audit row per compartment; forgotten on roll-back."""

CACHE_KIB: Final[Mapping[str, int]] = {
    "office": 4_096,
    "house": 49_152,
    "cases": 65_536,
    "counselling": 16_384,
    "identity": 8_192,
}
_CACHE_OTHER_KIB: Final = 4_096
_QUESTIONS_KEPT: Final = 1_000
_PLAIN_HEADER: Final = b"SQLite format 3\x00"
_KEY_BYTES: Final = 32
_NAME: Final = re.compile(r"[a-z]{1,20}")
_LEAST_CIPHER: Final = (4, 19)
_LEAST_SQLITE: Final = (3, 53)
_PER_CONNECTION: Final = {
    "temp_store": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
}
_PER_FILE: Final = {"synchronous": 2, "secure_delete": 1}

_BUSY: Final = frozenset({5, 6})
_READ_ONLY: Final = frozenset({3, 8, 14, 23})
_DAMAGED: Final = frozenset({11, 26})
_INPUT_OUTPUT: Final = 10
_FULL: Final = 13
_UNCLEAR: Final = frozenset({_INPUT_OUTPUT, 14})
"""A failed call and a file that cannot be opened: the folder has to be asked why."""
_READ_FAILURES: Final = frozenset({266, 522, 8202, 8458})
"""SQLite's extended codes for failing to read, reading too little, bad sums, a broken folder."""


def schema_of(compartment: str) -> str:
    """Return the schema name of a compartment: the office file is the connection's main one."""
    return "main" if compartment == MAIN else compartment


def key_text(key: bytes | bytearray) -> str:
    """Return a raw key as SQLCipher wants it; 63 digits would be taken for a pass phrase."""
    if len(key) != _KEY_BYTES:
        raise UnsafeEngine("key length")
    return f"x'{bytes(key).hex()}'"


def open_connection(
    folder: Path,
    files: Mapping[str, str],
    keys: Mapping[str, bytes] | Mapping[str, bytearray],
    *,
    create: bool = False,
) -> sa.Connection:
    """Open the office file and attach the others; `files` and `keys` go by compartment.

    Transactions start with plain BEGIN, also over several files: with TRUNCATE and FULL the
    deferred start is as safe as the immediate one (0 of 8,000 power cuts either way), and it keeps
    work on one file from writing a super-journal for the others. There is one writer, so an
    upgrade of the lock never waits for anybody.
    """
    for compartment, name in files.items():
        if not create:
            _check_on_disk(compartment, folder / name)
    with translated(folder=folder):
        raw = _connected(folder, files, keys)
    try:
        faults = engine_faults(raw) + [
            fault for compartment in files for fault in schema_faults(raw, schema_of(compartment))
        ]
        if faults:
            raise UnsafeEngine(", ".join(faults))
    except (ShelterError, sqlcipher.Error):
        raw.close()
        raise
    return wrapped(raw)


def _check_on_disk(compartment: str, path: Path) -> None:
    """Refuse a missing or plain file before SQLite would quietly start an empty one."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_PLAIN_HEADER))
    except FileNotFoundError:
        raise VaultDamaged(compartment) from None
    except PermissionError as error:
        raise VaultReadOnly from error
    if len(head) < len(_PLAIN_HEADER):
        raise VaultDamaged(compartment)
    if head == _PLAIN_HEADER:
        raise UnsafeEngine("plain file")


def _connected(folder: Path, files: Mapping[str, str], keys: Mapping[str, Any]) -> Any:
    raw = sqlcipher.connect(str(folder / files[MAIN]), isolation_level=None, timeout=5)
    try:
        raw.execute(f'PRAGMA key = "{key_text(keys[MAIN])}"')
        raw.execute("PRAGMA cipher_log_level = NONE")
        with _damage_named(MAIN):
            raw.execute("SELECT count(*) FROM main.sqlite_schema").fetchone()
        for compartment, name in files.items():
            if compartment != MAIN:
                _attach(raw, compartment, folder / name, keys[compartment])
        for name, value in _PER_CONNECTION.items():
            raw.execute(f"PRAGMA {name} = {value}")
        raw.execute("PRAGMA fullfsync = 1")
        for compartment in files:
            _settle_file(raw, compartment)
    except (ShelterError, sqlcipher.Error):
        raw.close()
        raise
    return raw


def _attach(raw: Any, compartment: str, path: Path, key: bytes | bytearray) -> None:
    if not _NAME.fullmatch(compartment):
        raise UnsafeEngine("compartment name")
    with _damage_named(compartment):
        raw.execute(f"ATTACH DATABASE ? AS {compartment} KEY ?", (str(path), key_text(key)))
        raw.execute(f"SELECT count(*) FROM {compartment}.sqlite_schema").fetchone()  # noqa: S608


def _settle_file(raw: Any, compartment: str) -> None:
    schema = schema_of(compartment)
    if _answer(raw, f"{schema}.journal_mode") == "wal":
        raise UnsafeEngine(f"{schema} journal_mode wal")
    raw.execute(f"PRAGMA {schema}.journal_mode = TRUNCATE").fetchone()
    for name, value in _PER_FILE.items():
        raw.execute(f"PRAGMA {schema}.{name} = {value}").fetchone()
    size = CACHE_KIB.get(compartment, _CACHE_OTHER_KIB)
    raw.execute(f"PRAGMA {schema}.cache_size = -{size}")


def _answer(raw: Any, pragma: str) -> Any:
    row = raw.execute(f"PRAGMA {pragma}").fetchone()
    return row[0] if row else None


def _version(text: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", str(text or "0"))[:2])


def engine_faults(raw: Any) -> list[str]:
    """Return which promises engine and connection break; a plain SQLite breaks the first."""
    faults = []
    if _version(_answer(raw, "cipher_version")) < _LEAST_CIPHER:
        faults.append("cipher_version")
    if _answer(raw, "cipher_provider") != "openssl":
        faults.append("cipher_provider")
    if str(_answer(raw, "cipher_log_level")).upper() != "NONE":
        faults.append("cipher_log_level")
    if _version(raw.execute("SELECT sqlite_version()").fetchone()[0]) < _LEAST_SQLITE:
        faults.append("sqlite_version")
    options = {row[0] for row in raw.execute("PRAGMA compile_options")}
    faults += [
        option
        for option in ("TEMP_STORE=2", "ENABLE_FTS5", "THREADSAFE=1")
        if option not in options
    ]
    faults += [name for name, value in _PER_CONNECTION.items() if _answer(raw, name) != value]
    return faults


def schema_faults(raw: Any, schema: str) -> list[str]:
    """Return which promises one opened file breaks."""
    expected: dict[str, Any] = {**_PER_FILE, "journal_mode": "truncate", "cipher_page_size": "4096"}
    faults = [
        f"{schema} {name}"
        for name, value in expected.items()
        if _answer(raw, f"{schema}.{name}") != value
    ]
    if str(_answer(raw, f"{schema}.cipher_status")) != "1":
        faults.append(f"{schema} cipher_status")
    return faults


def wrapped(raw: Any) -> sa.Connection:
    """Give SQLAlchemy a connection that stands; closing it closes that one."""
    _standing.raw = raw
    return _engine().connect()


_standing: Final = threading.local()


@cache
def _engine() -> sa.Engine:
    """Return the one engine: what it learned of how each question is put serves every connection.

    Working that out takes longer than asking, and most of it is done before anybody signs in.
    """
    engine = sa.create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: _standing.__dict__.pop("raw"),
        poolclass=pool.NullPool,
        hide_parameters=True,
        query_cache_size=_QUESTIONS_KEPT,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "close", _let_go)
    event.listen(engine, "rollback", _forget_heads)
    event.listen(engine, "rollback_savepoint", _forget_heads)
    return engine


def _let_go(raw: Any, _record: Any) -> None:
    """Give the pages kept in memory back before closing.

    Closing holds Python's own lock, so that the window would stand still while a hundred megabytes
    are freed; a statement does not.
    """
    with suppress(sqlcipher.Error):
        raw.execute("PRAGMA shrink_memory")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _forget_heads(connection: sa.Connection, *_: Any) -> None:
    connection.info.pop(AUDIT_HEADS, None)


def assert_encrypted(path: Path) -> None:
    """Refuse a new file whose first bytes are readable: the key was silently ignored then."""
    with path.open("rb") as file:
        head = file.read(len(_PLAIN_HEADER))
    if len(head) < len(_PLAIN_HEADER) or head == _PLAIN_HEADER:
        raise UnsafeEngine("plain file")


def _code_of(error: BaseException | None) -> int:
    """Return SQLite's code for what went wrong, 0 for what is none of its errors."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return int(getattr(cause, "sqlite_errorcode", None) or 0)


def _folder_of(connection: sa.Connection) -> Path:
    """Return where the main file of a connection lies."""
    raw: Any = connection.connection.driver_connection
    return Path(raw.execute("PRAGMA database_list").fetchone()[2]).parent


def translate(error: sa.exc.DBAPIError | sqlcipher.Error, part: str = "") -> ShelterError | None:
    """Return the program's own error for what SQLite reports, or None when it is a bug of ours.

    A commit over several files reports a quota or a pulled stick as a plain input/output error:
    that counts as a disk without room, because the transaction was undone in the same way.
    """
    code = _code_of(error)
    if not code:
        return None
    primary = code & 0xFF
    if primary in _DAMAGED or code in _READ_FAILURES:
        return VaultDamaged(part)
    if primary in _READ_ONLY:
        return VaultReadOnly()
    if primary in {_FULL, _INPUT_OUTPUT}:
        return DiskFull()
    return VaultInUse() if primary in _BUSY else None


@contextmanager
def writing(connection: sa.Connection) -> Iterator[None]:
    """Run one transaction: all of it is kept, or after any failure none of it."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        _undo(connection)
        raise


def _undo(connection: sa.Connection) -> None:
    """Go back to before the transaction, also when it was the commit that failed.

    SQLAlchemy takes a failed commit for the end: it neither tells SQLite to roll back nor anybody
    that the remembered heads are of rows that never came to be.
    """
    connection.rollback()
    _forget_heads(connection)
    raw: Any = connection.connection.driver_connection
    if raw.in_transaction:
        raw.rollback()


@contextmanager
def reading(connection: sa.Connection) -> Iterator[None]:
    """Run one transaction that cannot write; trying to is a bug of ours, not a read-only disk."""
    connection.begin()
    connection.exec_driver_sql("PRAGMA query_only = 1")
    try:
        yield
    except (sa.exc.DBAPIError, sqlcipher.Error) as error:
        bug = isinstance(translate(error), VaultReadOnly)
        if bug:
            raise AssertionError("a question tried to write") from error
        raise
    finally:
        connection.exec_driver_sql("PRAGMA query_only = 0")
        connection.commit()


@contextmanager
def translated(
    connection: sa.Connection | None = None,
    compartments: Iterable[str] = (),
    folder: Path | None = None,
) -> Iterator[None]:
    """Let SQLite's errors out as the program's own; used once, at the edge of storage.

    With a connection, damage is named by its compartment. With it or a folder, a disk of which
    SQLite only says that it failed is asked why. Looking takes a moment, but is rare.
    """
    try:
        with _damage_named(""):
            yield
    except VaultDamaged as error:
        if error.part or connection is None or connection.closed:
            raise
        raise VaultDamaged(_damaged_among(connection, compartments)) from error
    except (DiskFull, VaultReadOnly) as error:
        if folder is None and connection is not None and not connection.closed:
            folder = _folder_of(connection)
        if folder is None or _code_of(error.__cause__) & 0xFF not in _UNCLEAR:
            raise
        raise refusal_of(folder, error) from error


@contextmanager
def _damage_named(part: str) -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, sqlcipher.Error) as error:
        ours = translate(error, part)
        if ours is None:
            raise
        raise ours from error


def _damaged_among(connection: sa.Connection, compartments: Iterable[str]) -> str:
    """Return the first compartment with a page that fails its check, or ''."""
    raw: Any = connection.connection.driver_connection
    for name in compartments:
        try:
            faults = raw.execute(f"PRAGMA {schema_of(name)}.cipher_integrity_check").fetchall()
        except sqlcipher.Error:
            return name
        if faults:
            return name
    return ""
