"""A vault with tables of its own, so that the storage tests do not wait for record types."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.storage import audit, drafts, keyring, keyring_file, keyring_keys, migrate, vault
from shelter_app.storage.connection import schema_of

PHRASE = "mbuni jua kali thelathini"
COST = keyring.KdfCost(65_536, 1, 4)
BOTH = frozenset({"manager", "counsellor"})
NOTE = "CREATE TABLE {schema}.note (id INTEGER PRIMARY KEY, tx INTEGER NOT NULL, body BLOB)"


@dataclass(frozen=True)
class Step:
    number: int
    statements: Mapping[str, tuple[str, ...]]


def step(number: int, *statements: str, only: tuple[str, ...] = COMPARTMENTS) -> Step:
    made = {name: tuple(s.format(schema=schema_of(name)) for s in statements) for name in only}
    return Step(number, made)


STEPS = (step(1, *migrate.DDL, *audit.DDL, *drafts.DDL, NOTE),)


@dataclass(frozen=True)
class Small:
    """A closed vault: 'manager' opens all five compartments, 'house mother' office and house."""

    folder: Path
    slots: Mapping[str, str]
    sheets: tuple[str, str]

    def open(self, who: str = "manager", phrase: str = PHRASE, **more: Any) -> vault.Vault:
        return vault.open_vault(
            self.folder, self.slots[who], phrase, steps=more.get("steps", STEPS)
        )

    def ring(self) -> keyring.Keyring:
        return keyring_file.load(self.folder)

    def slot(self, who: str = "manager") -> keyring.Slot:
        slot = self.ring().slot(self.slots[who])
        assert slot is not None
        return slot

    def file(self, compartment: str) -> Path:
        return self.folder / self.ring().files[compartment].file

    def keys(self, who: str = "manager") -> dict[str, bytes]:
        ring, slot = self.ring(), self.slot(who)
        private = keyring_keys.unlocked(ring.vault_id, slot, PHRASE)
        return keyring_keys.opened_grants(ring, slot, private)

    def open_reach(self, who: str) -> frozenset[str]:
        opened = self.open(who)
        opened.close()
        return opened.compartments

    def copy_to(self, folder: Path) -> Small:
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)


def made_in(folder: Path) -> Small:
    """Create and close a vault."""
    created = vault.create(
        folder, alias="Twiga", passphrase=PHRASE, roles=BOTH, cost=COST, steps=STEPS
    )
    opened = created.vault
    slots = {"manager": opened.slot_id}
    slots["house mother"] = opened.add_slot("Simba", PHRASE, frozenset({"house"}), COST)
    opened.close()
    return Small(folder, slots, (created.sheet_r, created.sheet_c))


def write(opened: vault.Vault, tx: int, body: bytes = b"x") -> None:
    """Write one note and one audit row into every opened compartment in one transaction."""
    with opened.transaction() as connection:
        for name in sorted(opened.compartments):
            insert(connection, name, tx, body)
            entry = audit.Entry(action="create", record_type="note", record_id=tx)
            audit.append(opened, name, entry)


def insert(connection: Any, compartment: str, tx: int, body: bytes) -> None:
    table = f"{schema_of(compartment)}.note"
    connection.exec_driver_sql(f"INSERT INTO {table} (tx, body) VALUES (?, ?)", (tx, body))


def newest(opened: vault.Vault, compartment: str) -> int:
    """Return the highest transaction number seen in a compartment."""
    with opened.reading() as connection:
        table = f"{schema_of(compartment)}.note"
        found = connection.exec_driver_sql(f"SELECT coalesce(max(tx), 0) FROM {table}")
        return int(found.scalar_one())


def rewrite_keyring(folder: Path, change: Any) -> None:
    """Change the JSON of both copies and give them a right checksum again, as a forger would."""
    for name in keyring_file.NAMES:
        block = json.loads((folder / name).read_bytes())
        change(block)
        block.pop("sha256")
        block["sha256"] = hashlib.sha256(keyring_file.canonical(block)).hexdigest()
        (folder / name).write_bytes(keyring_file.canonical(block))
