"""A program that does nothing but save, to be killed at any moment.

`vault FOLDER SLOT` opens a vault as the real program does and prints each transaction's number
after it was committed; `keyring FOLDER SLOT` does so with the keyring alone. `wal FOLDER KEY`
writes five SQLCipher files in WAL mode the same way: the control that must show what the vault's
settings prevent.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.storage import audit, vault
from shelter_app.storage.connection import schema_of
from tests.storage.small_vault import PHRASE, STEPS

FILLERS = 150
FILLER_SIZE = 900


def confirmed(number: int) -> None:
    os.write(1, b"%d\n" % number)


def changes(run: Callable[[str, tuple[Any, ...]], Any], number: int, chance: random.Random) -> None:
    """Insert numbered rows and rewrite some fillers in every file, so that pages are dirty."""
    rows = chance.randint(1, 3)
    for name in COMPARTMENTS:
        table = f"{schema_of(name)}.note"
        for _ in range(rows):
            run(f"INSERT INTO {table} (tx, body) VALUES (?, randomblob(700))", (number,))
        for _ in range(chance.randint(1, 6)):
            place = chance.randint(1, FILLERS)
            run(
                f"UPDATE {table} SET body = randomblob(?) WHERE id = ?",
                (FILLER_SIZE, place),
            )


def last_number(run: Callable[[str, tuple[Any, ...]], Any]) -> int:
    questions = (
        f"SELECT coalesce(max(tx), 0) FROM {schema_of(name)}.note" for name in COMPARTMENTS
    )
    return max(int(run(question, ()).fetchone()[0]) for question in questions)


def fill(run: Callable[[str, tuple[Any, ...]], Any]) -> None:
    for name in COMPARTMENTS:
        for _ in range(FILLERS):
            run(
                f"INSERT INTO {schema_of(name)}.note (tx, body) VALUES (0, randomblob(?))",
                (FILLER_SIZE,),
            )


def save_in_vault(folder: Path, slot: str) -> None:
    opened = vault.open_vault(folder, slot, PHRASE, steps=STEPS)
    chance = random.Random()

    def run(statement: str, values: tuple[Any, ...]) -> Any:
        return opened.connection.exec_driver_sql(statement, values)

    with opened.reading():
        number = last_number(run)
    while True:
        number += 1
        with opened.transaction():
            changes(run, number, chance)
            for name in COMPARTMENTS:
                audit.append(opened, name, audit.Entry(action="change", record_id=number))
        confirmed(number)


def wal_files(folder: Path, key: str) -> Any:
    raw = sqlcipher.connect(str(folder / "office.db"), isolation_level=None)
    raw.execute(f"PRAGMA key = \"x'{key}'\"")
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    for name in COMPARTMENTS[1:]:
        raw.execute(f"ATTACH ? AS {name} KEY ?", (str(folder / f"{name}.db"), f"x'{key}'"))
    for name in COMPARTMENTS:
        raw.execute(f"PRAGMA {schema_of(name)}.journal_mode = WAL").fetchone()
        raw.execute(f"PRAGMA {schema_of(name)}.synchronous = FULL")
    return raw


def save_in_wal(folder: Path, key: str) -> None:
    raw = wal_files(folder, key)
    chance = random.Random()
    number = last_number(raw.execute)
    while True:
        number += 1
        raw.execute("BEGIN")
        changes(raw.execute, number, chance)
        raw.execute("COMMIT")
        confirmed(number)


def save_keyrings(folder: Path, slot: str) -> None:
    opened = vault.open_vault(folder, slot, PHRASE, steps=STEPS)
    number = int(opened.alias.partition(" ")[2] or 0)
    while True:
        number += 1
        opened.rename(slot, f"Twiga {number}")
        confirmed(number)


MODES = {"vault": save_in_vault, "keyring": save_keyrings, "wal": save_in_wal}

if __name__ == "__main__":
    MODES[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
