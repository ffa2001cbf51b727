"""A backup's content as one USTAR stream: packed while it is read, unpacked while it arrives.

Nothing is kept whole in memory, and the reader believes the manifest only: names, sizes and
checksums of what follows must be exactly what the manifest says, in its order.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from shelter_app.errors import VaultDamaged
from shelter_app.storage import backup_manifest
from shelter_app.storage.backup_age import PART
from shelter_app.storage.backup_manifest import FileFact, Manifest

MANIFEST: Final = "manifest.json"
_BLOCK: Final = tarfile.BLOCKSIZE
_PIECE: Final = 1 << 18
_END: Final = bytes(2 * _BLOCK)

Step = Callable[[int], None]
"""Told how many more bytes went by; it may raise to stop the work."""


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


class Packing:
    """Reads as a tar stream over the manifest and the files it names."""

    def __init__(self, manifest: bytes, files: Sequence[tuple[FileFact, Path]], step: Step) -> None:
        self._pieces = self._made(manifest, files)
        self._step = step
        self._piece = b""
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next piece of the stream, b'' at the end; asked for a few kilobytes a time."""
        if self._at >= len(self._piece):
            self._piece, self._at = next(self._pieces, b""), 0
            self._step(len(self._piece))
        begin = self._at
        self._at = len(self._piece) if size < 0 else begin + size
        return self._piece[begin : self._at]

    def _made(self, manifest: bytes, files: Sequence[tuple[FileFact, Path]]) -> Iterator[bytes]:
        yield _header(MANIFEST, len(manifest)) + manifest + _padding(len(manifest))
        for fact, path in files:
            yield _header(fact.name, fact.size)
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    yield piece
            if padding := _padding(fact.size):
                yield padding
        yield _END


class Unpacking:
    """Takes a tar stream, checks it against its manifest, and hands each file on if asked to."""

    def __init__(self, step: Step, target: Callable[[FileFact], IO[bytes] | None]) -> None:
        self.manifest: Manifest | None = None
        self._step = step
        self._target = target
        self._arrived: list[bytes] = []
        self._arrived_size = 0
        self._buffer = bytearray()
        self._waiting: list[FileFact] = []
        self._current: FileFact | None = None
        self._left = 0
        self._pad = 0
        self._zeros = 0
        self._sum = hashlib.sha256()
        self._out: IO[bytes] | None = None

    def write(self, data: bytes) -> int:
        """Take the next piece; VaultDamaged at the first thing that is not as it should be.

        Pieces are small, so they are looked at a quarter of a megabyte at a time.
        """
        self._arrived.append(data)
        self._arrived_size += len(data)
        if self._arrived_size >= _PIECE:
            self.look()
        return len(data)

    def look(self) -> None:
        """Look at what has arrived."""
        self._step(self._arrived_size)
        self._buffer += b"".join(self._arrived)
        self._arrived.clear()
        self._arrived_size = 0
        while self._advance():
            pass

    def finish(self) -> Manifest:
        """Return the manifest once everything it names has arrived whole."""
        self.look()
        self.close()
        whole = self._current is None and not self._waiting and not self._buffer
        if self.manifest is None or not whole or self._zeros < 2:
            raise VaultDamaged(PART)
        return self.manifest

    def close(self) -> None:
        """Let go of the file being written."""
        if self._out is not None:
            self._out.close()
            self._out = None

    def _advance(self) -> bool:
        """Do one step with what is in the buffer; False when more must arrive first."""
        if self._pad:
            return self._skip()
        if self.manifest is None and self._left:
            return self._read_manifest()
        if self._current is not None:
            return self._take()
        return self._read_header()

    def _skip(self) -> bool:
        taken = min(self._pad, len(self._buffer))
        del self._buffer[:taken]
        self._pad -= taken
        return taken > 0

    def _read_header(self) -> bool:
        if len(self._buffer) < _BLOCK:
            return False
        raw = bytes(self._buffer[:_BLOCK])
        del self._buffer[:_BLOCK]
        if not raw.strip(b"\0"):
            self._zeros += 1
            return True
        if self._zeros:
            raise VaultDamaged(PART)
        name, size = _read_info(raw)
        if self.manifest is None:
            if name != MANIFEST or not 0 < size <= backup_manifest.LARGEST:
                raise VaultDamaged(PART)
            self._left = size
            return True
        self._begin(name, size)
        return True

    def _read_manifest(self) -> bool:
        if len(self._buffer) < self._left:
            return False
        raw = bytes(self._buffer[: self._left])
        del self._buffer[: self._left]
        self.manifest = backup_manifest.parse(raw)
        self._waiting = list(self.manifest.files)
        self._pad, self._left = -len(raw) % _BLOCK, 0
        return True

    def _begin(self, name: str, size: int) -> None:
        if not self._waiting:
            raise VaultDamaged(PART)
        fact = self._waiting.pop(0)
        if (fact.name, fact.size) != (name, size):
            raise VaultDamaged(PART)
        self._current, self._left = fact, size
        self._sum = hashlib.sha256()
        self._out = self._target(fact)
        if not size:
            self._end()

    def _take(self) -> bool:
        taken = min(self._left, len(self._buffer))
        if not taken:
            return False
        piece = bytes(self._buffer[:taken])
        del self._buffer[:taken]
        self._sum.update(piece)
        if self._out is not None:
            self._out.write(piece)
        self._left -= taken
        if not self._left:
            self._end()
        return True

    def _end(self) -> None:
        fact, self._current = self._current, None
        assert fact is not None
        self.close()
        if self._sum.hexdigest() != fact.sha256:
            raise VaultDamaged(PART)
        self._pad = -fact.size % _BLOCK


def _read_info(raw: bytes) -> tuple[str, int]:
    """Return name and size of a plain file's header; anything else does not belong here."""
    try:
        info = tarfile.TarInfo.frombuf(raw, "ascii", "strict")
    except (tarfile.TarError, ValueError) as error:
        raise VaultDamaged(PART) from error
    if not info.isreg() or info.size < 0:
        raise VaultDamaged(PART)
    return info.name, info.size
