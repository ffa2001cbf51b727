"""Open a backup without the program: the page a technician follows, written so that it runs.

Needs Python 3.11 and two packages, `cryptography` and `pyrage`; nothing of this project. Usage:

    python open_backup.py BACKUP_FOLDER NEW_FOLDER

BACKUP_FOLDER holds office.age and restore.json. It asks for the digits of a recovery sheet (or a
manager's name and pass phrase), writes the files of the vault into NEW_FOLDER, copies the documents
and prints, for each database, the raw key that any SQLCipher 4 tool takes:

    PRAGMA key = "x'...64 digits...'";
"""

from __future__ import annotations

import base64
import getpass
import io
import json
import re
import sys
import tarfile
import unicodedata
from pathlib import Path
from typing import Any

import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def sheet_secret(digits: str) -> str:
    """Return what opens a sheet's slot: eight groups of six digits, each divided by eleven."""
    groups = re.findall(r"[0-9]{6}", re.sub(r"[^0-9]", "", digits))
    return b"".join((int(group) // 11).to_bytes(2, "big") for group in groups[:8]).hex()


def canonical(value: Any) -> bytes:
    """Return JSON in the one form the vault hashes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def private_block(vault_id: bytes, slot: dict[str, Any], secret: str) -> bytes:
    """Return a slot's 64 private bytes (X25519, then Ed25519); fails when the secret is wrong."""
    kdf = slot["kdf"]
    salt = base64.b64decode(kdf["salt"])
    derive = Argon2id(
        salt=salt, length=32, iterations=kdf["t"], lanes=kdf["p"], memory_cost=kdf["m_kib"]
    )
    key = derive.derive(unicodedata.normalize("NFKC", secret).encode())
    binding = b"|".join((b"makao-slot-1", vault_id, slot["id"].encode(), canonical(kdf)))
    nonce, sealed = (base64.b64decode(slot["priv"][name]) for name in ("n", "ct"))
    return AESGCM(key).decrypt(nonce, sealed, binding)


def age_identity(private: bytes) -> str:
    """Return the X25519 key as the age tool takes it (Bech32): save it and use `age -d -i`."""
    prefix = "age-secret-key-"
    number, bits, values = 0, 0, []
    for byte in private:
        number, bits = (number << 8) | byte, bits + 8
        while bits >= 5:
            bits -= 5
            values.append((number >> bits) & 31)
    if bits:
        values.append((number << (5 - bits)) & 31)
    spread = [ord(x) >> 5 for x in prefix] + [0] + [ord(x) & 31 for x in prefix]
    rest = 1
    for value in [*spread, *values, *([0] * 6)]:
        top, rest = rest >> 25, (rest & 0x1FFFFFF) << 5 ^ value
        steps = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        for place, factor in enumerate(steps):
            rest ^= factor if (top >> place) & 1 else 0
    rest ^= 1
    values += [(rest >> 5 * (5 - place)) & 31 for place in range(6)]
    return (prefix + "1" + "".join(LETTERS[value] for value in values)).upper()


def database_keys(ring: dict[str, Any], slot_id: str, private: bytes) -> dict[str, bytes]:
    """Return the raw key of each database file this slot opens."""
    vault_id = base64.b64decode(ring["vault_id"])
    slot = next(slot for slot in ring["slots"] if slot["id"] == slot_id)
    expand = HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=b"makao-own-grants|" + vault_id
    )
    own = AESGCM(expand.derive(private))
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    keys = {}
    for grant in slot["grants"]:
        names = (grant["compartment"].encode(), b"%d" % grant["gen"])
        binding = b"|".join((b"makao-grant-1", vault_id, slot_id.encode(), *names))
        wrapped = base64.b64decode(grant["w"])
        if grant["alg"] == "a256gcm-own":
            key = own.decrypt(wrapped[:12], wrapped[12:], binding)
        else:
            mine = X25519PrivateKey.from_private_bytes(private[:32])
            key = suite.decrypt(wrapped, mine, info=binding)
        keys[ring["compartments"][grant["compartment"]]["file"]] = key
    return keys


def opened(beside: dict[str, Any], secret: str, name: str) -> tuple[str, bytes]:
    """Return the slot and the private bytes that a sheet or a named manager opens."""
    vault_id = bytes.fromhex(beside["vault_id"])
    for slot in beside["slots"]:
        if (slot["alias"] == name) if name else (slot["kind"] == "recovery"):
            try:
                return slot["id"], private_block(vault_id, slot, secret)
            except Exception:  # noqa: BLE001, S112 - another slot may be the right one
                continue
    raise SystemExit("That does not open this backup.")


def main(source: Path, target: Path, typed: str, name: str = "") -> None:
    """Write the files of a backup into a new folder and print the keys."""
    beside = json.loads((source / "restore.json").read_text("utf-8"))
    slot_id, private = opened(beside, typed if name else sheet_secret(typed), name)
    identity = pyrage.x25519.Identity.from_str(age_identity(private[:32]))
    plain = pyrage.decrypt((source / "office.age").read_bytes(), [identity])
    target.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(plain)) as content:
        content.extractall(target, filter="data")
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    for paper, _size, _sum in manifest["papers"]:
        if (source.parent / paper).exists():
            (target / paper).parent.mkdir(parents=True, exist_ok=True)
            (target / paper).write_bytes((source.parent / paper).read_bytes())
    ring = json.loads((target / "keyring-a.json").read_text("utf-8"))
    for file, key in database_keys(ring, slot_id, private).items():
        sys.stdout.write(f"{file}: PRAGMA key = \"x'{key.hex()}'\";\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    who = input("Manager's sign-in name (empty for a recovery sheet): ").strip()
    asked = "Pass phrase: " if who else "Digits of the sheet: "
    main(Path(sys.argv[1]), Path(sys.argv[2]), getpass.getpass(asked), who)
