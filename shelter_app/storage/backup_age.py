"""The age format around a backup: who can open it, and streams that keep the real cause of trouble.

age is a public format: with the key of a recovery sheet anybody's age tool opens a backup, also
when this program is long gone. A slot's X25519 key is an age key; only its spelling (Bech32)
differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import pyrage

from shelter_app.errors import VaultDamaged
from shelter_app.storage.keyring_keys import Private

PART: Final = "backup"
KEY_BYTES: Final = 32
_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_PUBLIC: Final = "age"
_SECRET: Final = "age-secret-key-"  # noqa: S105 - the public prefix of the spelling


class Source(Protocol):
    """Something read in pieces."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next piece, b'' at the end."""


class Sink(Protocol):
    """Something that takes pieces."""

    def write(self, data: bytes, /) -> int:
        """Take a piece and return its length."""


def _check(values: Iterable[int]) -> int:
    sum_of = 1
    for value in values:
        top = sum_of >> 25
        sum_of = (sum_of & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate(_GENERATOR):
            sum_of ^= factor if (top >> place) & 1 else 0
    return sum_of


def bech32(prefix: str, data: bytes) -> str:
    """Return bytes in the spelling age uses for keys (BIP 173)."""
    number, bits = 0, 0
    values: list[int] = []
    for byte in data:
        number, bits = (number << 8) | byte, bits + 8
        while bits >= 5:
            bits -= 5
            values.append((number >> bits) & 31)
    if bits:
        values.append((number << (5 - bits)) & 31)
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    rest = _check(spread + values + [0] * 6) ^ 1
    values += [(rest >> 5 * (5 - place)) & 31 for place in range(6)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in values)}"


def identity_text(private: Private) -> str:
    """Return a slot's private key as the public age tool takes it."""
    return bech32(_SECRET, private.block[:KEY_BYTES]).upper()


def identity_of(private: Private) -> Any:
    """Return a slot's private key as an age identity."""
    return pyrage.x25519.Identity.from_str(identity_text(private))


def recipient_of(public: bytes) -> Any:
    """Return a slot's public key as an age recipient."""
    return pyrage.x25519.Recipient.from_str(bech32(_PUBLIC, public))


def one_time_identity() -> Any:
    """Return a key for checking one backup right after writing; it is stored nowhere."""
    return pyrage.x25519.Identity.generate()


class _Kept:
    """Wraps a stream: an error inside the library's callback would come out as mere text."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> Any:
        return self._tried(self.inner.read, size)

    def write(self, data: bytes) -> Any:
        return self._tried(self.inner.write, data)

    def flush(self) -> None:
        """Nothing is held back here; the owner of the file flushes it."""

    def _tried(self, act: Callable[[Any], Any], value: Any) -> Any:
        try:
            return act(value)
        except BaseException as error:
            self.error = error
            raise


def encrypt(source: Source, sink: Sink, recipients: Iterable[Any]) -> None:
    """Encrypt a stream; what goes wrong in source or sink is raised as it was."""
    _run(pyrage.encrypt_io, source, sink, list(recipients))


def decrypt(source: Source, sink: Sink, identity: Any) -> None:
    """Decrypt a stream; VaultDamaged when it is not whole or not for this key."""
    _run(pyrage.decrypt_io, source, sink, [identity])


def _run(act: Callable[[Any, Any, Any], None], source: Any, sink: Any, keys: list[Any]) -> None:
    reader, writer = _Kept(source), _Kept(sink)
    try:
        act(reader, writer, keys)
    except (pyrage.DecryptError, pyrage.EncryptError, OSError) as error:
        # A spoilt chunk comes as an OSError of the library's own; the stream's are kept above.
        cause = reader.error or writer.error
        raise cause or VaultDamaged(PART) from error
