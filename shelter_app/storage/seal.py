"""The seal: how the files were left at the last clean close, to find what was put back since.

The cipher notices a changed page, but not a page or a file put back to an older version of itself;
only a sum kept elsewhere does. After a crash the sums cannot hold, so then the audit trail must at
least reach as far as it did when it was last sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa

from shelter_app.errors import VaultDamaged
from shelter_app.storage import audit, file_sums
from shelter_app.storage import keyring as kr
from shelter_app.storage.relocate import JOURNAL

_AT_ONCE: Final = 4
NEVER: Final = "0" * 64
"""The sum of no file."""


def read_ahead(folder: Path, ring: kr.Keyring, allowed: int) -> None:
    """Read the sealed files while their worker types her pass phrase.

    Nothing is decided here: signing in compares again, and reads again what has changed since.
    """
    sealed = [folder / ring.files[name].file for name in sealed_of(ring, ring.files)]
    file_sums.read_ahead(sealed, allowed)


def sums_of(folder: Path, ring: kr.Keyring, compartments: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of closed files by compartment; '' for one that is missing.

    A file of a gigabyte takes a second, so the files are read beside each other, and what was
    read ahead and has not been touched since is not read again.
    """
    names = list(compartments)
    paths = [folder / ring.files[name].file for name in names]
    file_sums.read_no_further(but=paths)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as beside:
        found = dict(zip(names, beside.map(file_sums.sum_of, paths), strict=True))
    file_sums.read_no_further()
    return found


def sealed_of(ring: kr.Keyring, compartments: Iterable[str]) -> frozenset[str]:
    """Return which of the compartments were closed cleanly by the last who held their key."""
    return frozenset(name for name in compartments if ring.state.clean.get(name, False))


def compare(folder: Path, ring: kr.Keyring, sums: Mapping[str, str]) -> None:
    """Refuse a file that is not what was sealed, or a journal that appeared beside it."""
    for name, found in sums.items():
        if found != ring.state.sha256.get(name) or journal_waits(folder, ring, name):
            raise VaultDamaged(name)


def journal_waits(folder: Path, ring: kr.Keyring, compartment: str) -> bool:
    """Say whether SQLite would take a file's journal for hot: one never synced begins with a zero.

    A disk that failed in the second half of a commit leaves one: such a file cannot be sealed.
    """
    journal = folder / (ring.files[compartment].file + JOURNAL)
    try:
        with journal.open("rb") as file:
            return file.read(1) not in {b"", b"\0"}
    except FileNotFoundError:
        return False


def check_heads(connection: sa.Connection, ring: kr.Keyring, compartments: Iterable[str]) -> None:
    """Refuse an audit trail that no longer contains its sealed head."""
    for name in compartments:
        sealed = ring.state.heads.get(name)
        if sealed is not None and audit.hash_at(connection, name, sealed.seq) != sealed.hash:
            raise VaultDamaged(name)


def broken(ring: kr.Keyring, compartments: Iterable[str]) -> kr.Keyring:
    """Return the keyring saying that these compartments are open, or were when all stopped."""
    opened = dict.fromkeys(compartments, False)
    state = replace(ring.state, clean=MappingProxyType({**ring.state.clean, **opened}))
    return replace(ring, state=state)


def made(
    ring: kr.Keyring,
    sums: Mapping[str, str],
    heads: Mapping[str, kr.Head],
    distrusted: Collection[str] = (),
) -> kr.Keyring:
    """Return the keyring with fresh seals for the compartments just closed.

    A file that is gone gets none. One that was found damaged gets a sum that never fits, so that
    the next start stops at it before anybody works on.
    """
    there = {name: found for name, found in sums.items() if found}
    sealed = {name: NEVER if name in distrusted else found for name, found in there.items()}
    state = kr.State(
        clean=MappingProxyType({**ring.state.clean, **dict.fromkeys(sealed, True)}),
        sha256=MappingProxyType({**ring.state.sha256, **sealed}),
        heads=MappingProxyType({**ring.state.heads, **heads}),
    )
    return replace(ring, state=state)
