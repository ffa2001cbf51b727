"""The file of a complete export: a TAR under the public age format, locked by a phrase.

Two files lie in the folder. `key.age` holds a fresh key under the phrase; `everything.age` is for
that key, so it can be written and read as a stream and nothing in plain ever touches a disk. The
public tool opens them with `age -d -i key.age everything.age | tar x`.
"""

from __future__ import annotations

import hashlib
import io
import json
import queue
import secrets
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, cast

import pyrage

from shelter_app import paths
from shelter_app.errors import DocumentUnreadable, Stopped, VaultDamaged, WrongPassphrase
from shelter_app.storage import backup_age
from shelter_app.storage.backup_files import Steadily, uncached
from shelter_app.storage.safe_files import file_troubles, open_plain, sync_folder, write_whole

KEY: Final = "key.age"
BODY: Final = "everything.age"
MANIFEST: Final = "manifest.json"
PHRASE_WORDS: Final = 6
Step = Callable[[int], None]
"""Told of so many bytes that were written or read; raises Stopped to end the work."""
_FIXED_TIME: Final = 1_577_836_800
_WAITING: Final = 16
_LARGEST_KEY: Final = 1 << 20


@cache
def _words() -> tuple[str, ...]:
    return tuple(paths.resource("wordlists", "phrase_en.txt").read_text("utf-8").split())


def new_phrase() -> str:
    """Draw six words, about 77 bits: nobody guesses them, and one line of paper holds them."""
    return " ".join(secrets.choice(_words()) for _ in range(PHRASE_WORDS))


def _settled(phrase: str) -> str:
    return " ".join(phrase.casefold().split())


class Pipe:
    """A stream between two threads, with a limit, so that neither runs far ahead."""

    def __init__(self) -> None:
        self._blocks: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._rest = b""
        self._ended = False
        self._gone = threading.Event()

    def write(self, data: bytes) -> int:
        """Hand a block over; whoever writes is told when nobody reads any more."""
        while True:
            if self._gone.is_set():
                raise BrokenPipeError
            try:
                self._blocks.put(bytes(data), timeout=0.2)
            except queue.Full:
                continue
            return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def end(self) -> None:
        """Say that nothing more comes."""
        while not self._gone.is_set():
            try:
                self._blocks.put(None, timeout=0.2)
            except queue.Full:
                continue
            return

    def leave(self) -> None:
        """Say that nobody reads any more."""
        self._gone.set()

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, b'' at the end."""
        parts = [self._rest]
        have = len(self._rest)
        while not self._ended and (size < 0 or have < size):
            block = self._blocks.get()
            if block is None:
                self._ended = True
            else:
                parts.append(block)
                have += len(block)
        whole = b"".join(parts)
        cut = len(whole) if size < 0 else size
        self._rest = whole[cut:]
        return whole[:cut]


@dataclass
class _Beside:
    """Work in a thread of its own; what went wrong there is raised at the end."""

    act: Callable[[], None]
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name="export", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.act()
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
            self.error = error

    def join(self) -> None:
        """Wait for the end and raise what went wrong."""
        self.thread.join()
        if self.error is not None:
            raise self.error


class Writing:
    """Adds members to an export under way and remembers what the manifest says of them."""

    def __init__(self, sink: Any) -> None:
        self._tar = tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._said: list[dict[str, Any]] = []

    def add(self, name: str, data: bytes, **said: Any) -> None:
        """Add one file; `said` goes into the manifest beside its size and sum."""
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = len(data), _FIXED_TIME, 0o600
        self._tar.addfile(member, io.BytesIO(data))
        sum_ = hashlib.sha256(data).hexdigest()
        self._said.append({"name": name, "size": len(data), "sha256": sum_, **said})

    def finish(self, **said: Any) -> None:
        """Add the manifest, the last of all."""
        text = json.dumps({**said, "files": self._said}, ensure_ascii=False, indent=1)
        self.add(MANIFEST, text.encode())

    def close(self) -> None:
        """End the archive; one that was broken off is removed with its file."""
        with suppress(BrokenPipeError):
            self._tar.close()


@contextmanager
def writing(folder: Path, phrase: str, step: Step = lambda _size: None) -> Iterator[Writing]:
    """Write an export into a new folder; after any failure neither file is there."""
    identity = pyrage.x25519.Identity.generate()
    part = folder / (BODY + ".part")
    pipe = Pipe()
    with file_troubles():
        try:
            with part.open("xb") as sink:
                part.chmod(0o600)
                steadily = Steadily(sink, step)
                beside = _Beside(lambda: _encrypt(pipe, steadily, identity.to_public()))
                archive = Writing(pipe)
                try:
                    yield archive
                finally:
                    archive.close()
                    pipe.end()
                    beside.join()
                steadily.settle()
            key = pyrage.passphrase.encrypt(f"{identity}\n".encode(), _settled(phrase))
            write_whole(folder / KEY, key)
            part.replace(folder / BODY)
            sync_folder(folder)
        except BaseException:
            part.unlink(missing_ok=True)
            (folder / KEY).unlink(missing_ok=True)
            raise


class _Told:
    """Reads a file and tells of each piece."""

    def __init__(self, file: IO[bytes], step: Step) -> None:
        self._file = file
        self._step = step

    def read(self, size: int = -1) -> bytes:
        """Return the next piece."""
        piece = self._file.read(size)
        self._step(len(piece))
        return piece


def _encrypt(pipe: Pipe, sink: Any, recipient: Any) -> None:
    try:
        backup_age.encrypt(pipe, sink, [recipient])
    finally:
        pipe.leave()


def size_of(folder: Path) -> int:
    """Return how many bytes the locked file of an export has."""
    return (folder / BODY).stat().st_size


def unlocked(folder: Path, phrase: str) -> Any:
    """Return the key of an export; WrongPassphrase, or DocumentUnreadable when it is damaged."""
    try:
        with open_plain(folder / KEY) as file:
            raw = file.read(_LARGEST_KEY)
    except OSError as error:
        raise DocumentUnreadable("key") from error
    if not raw.startswith(b"age-encryption.org/v1\n-> scrypt "):
        raise DocumentUnreadable("key")
    try:
        text = pyrage.passphrase.decrypt(raw, _settled(phrase)).decode().strip()
        return pyrage.x25519.Identity.from_str(text)
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError) as error:
        raise WrongPassphrase from error


def members(folder: Path, identity: Any, step: Step | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each member in the order of the file, without writing any.

    With a `step` it is read from the medium itself: that is the test of what was just written.
    """
    pipe = Pipe()
    beside = _Beside(lambda: _decrypt(folder / BODY, pipe, identity, step))
    try:
        with tarfile.open(fileobj=cast("Any", pipe), mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is not None:
                    yield member.name, content.read()
        beside.join()
    except (tarfile.TarError, VaultDamaged, OSError, EOFError) as error:
        pipe.leave()
        beside.thread.join()
        if isinstance(beside.error, Stopped):
            raise beside.error from None
        raise DocumentUnreadable("export") from error
    finally:
        pipe.leave()


def _decrypt(path: Path, pipe: Pipe, identity: Any, step: Step | None) -> None:
    try:
        if step is None:
            with open_plain(path) as source:
                backup_age.decrypt(source, pipe, identity)
        else:
            with uncached(path) as source:
                backup_age.decrypt(_Told(source, step), pipe, identity)
    finally:
        pipe.end()
