"""The update file on a stick: who made it, for what, and whether a single byte was changed.

    magic line | length of the manifest (4 bytes) | manifest (JSON) | signature (64) | installer

The signature (Ed25519) covers the manifest; the manifest holds the size and SHA-256 of the
installer behind it. Nothing in the file is believed before the signature of a key that this
program carries fits. Keys are rotated by shipping the next one beside the one in use: a release
signed with the old key carries the new one, and the release after that may be signed with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shelter_app import paths
from shelter_app.errors import ShelterError, Stopped
from shelter_app.storage.safe_files import file_troubles

MAGIC: Final = b"DAILY-REGISTER-UPDATE-1\n"
SUFFIX: Final = ".update"
PLATFORMS: Final = ("linux", "windows")
_PURPOSE: Final = b"makao-update-1|"
_LENGTH: Final = struct.Struct(">I")
_LONGEST_MANIFEST: Final = 64 << 10
_SIGNATURE: Final = 64
_BLOCK: Final = 1 << 20
_VERSION: Final = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class Refusal(Enum):
    """Why an update file is not used; nothing was touched."""

    FOREIGN = "foreign"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    TAMPERED = "tampered"
    UNKNOWN_KEY = "unknown_key"
    OTHER_PLATFORM = "other_platform"
    NOT_NEWER = "not_newer"
    TOO_FAR = "too_far"


class UpdateRefused(ShelterError):
    """The file is not an update this program may install; `why` says the reason."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Manifest:
    """What a release says of itself; `oldest` is the oldest version it can follow."""

    version: str
    platform: str
    oldest: str
    size: int
    sha256: str
    key: str
    made: str
    news: Mapping[str, str]


def key_name(public: bytes) -> str:
    """Return the short name of a key: eight digits of its hash."""
    return hashlib.sha256(public).hexdigest()[:8]


def fingerprint(public: bytes) -> str:
    """Return what people compare to know a key again: 20 digits of its hash, in fours."""
    digits = hashlib.sha256(public).hexdigest()[:20]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def trusted() -> dict[str, bytes]:
    """Return the public keys this program carries, by name."""
    return keys_in(paths.resource("update_keys.toml").read_text("utf-8"))


def keys_in(text: str) -> dict[str, bytes]:
    """Return the public keys that a file of keys (TOML) holds, by name."""
    keys = [bytes.fromhex(entry["public"]) for entry in tomllib.loads(text).get("keys", ())]
    return {key_name(key): key for key in keys}


def ordered(version: str) -> tuple[int, ...]:
    """Return a version as numbers, so that 1.10 comes after 1.9."""
    return tuple(int(part) for part in version.split("."))


def write(path: Path, installer: Path, manifest: Mapping[str, Any], key: Ed25519PrivateKey) -> None:
    """Make an update file; for whoever releases, never for the running program."""
    data = installer.read_bytes()
    whole = dict(manifest) | {
        "format": 1,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "key": key_name(key.public_key().public_bytes_raw()),
    }
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1).encode()
    head = MAGIC + _LENGTH.pack(len(text)) + text + key.sign(_PURPOSE + text)
    path.write_bytes(head + data)


def read(path: Path, keys: Mapping[str, bytes]) -> Manifest:
    """Return what a signed file says of itself; UpdateRefused when it may not be believed."""
    with _on_stick(), path.open("rb") as file:
        manifest = _head(file, keys)
        left = os.fstat(file.fileno()).st_size - file.tell()
    if left != manifest.size:
        raise UpdateRefused(Refusal.TRUNCATED if left < manifest.size else Refusal.TAMPERED)
    return manifest


def require_fitting(manifest: Manifest, *, version: str, platform: str) -> None:
    """Refuse what is for another system, not newer, or too far ahead of this version."""
    if manifest.platform != platform:
        raise UpdateRefused(Refusal.OTHER_PLATFORM)
    if ordered(manifest.version) <= ordered(version):
        raise UpdateRefused(Refusal.NOT_NEWER)
    if ordered(version) < ordered(manifest.oldest):
        raise UpdateRefused(Refusal.TOO_FAR)


def unpack(
    path: Path,
    target: Path,
    keys: Mapping[str, bytes],
    *,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Manifest:
    """Copy the installer to a private file and check every byte of the copy that will be run.

    The copy, not the stick, is what is checked and started, so that nothing can be changed in
    between. Whatever goes wrong, no target is left.
    """
    part = target.with_name(target.name + ".part")
    try:
        with _on_stick():
            file = path.open("rb")
        with file, file_troubles():
            manifest = _head(file, keys)
            _copy(file, part, manifest, progress, stopped)
        with part.open("rb") as written:
            if hashlib.file_digest(written, "sha256").hexdigest() != manifest.sha256:
                raise UpdateRefused(Refusal.TAMPERED)
        part.chmod(0o700)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _copy(
    file: IO[bytes],
    part: Path,
    manifest: Manifest,
    progress: Callable[[int, int], None] | None,
    stopped: Callable[[], bool] | None,
) -> None:
    done = 0
    handle = os.open(
        part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600
    )
    with os.fdopen(handle, "wb") as writer:
        while done < manifest.size:
            if stopped is not None and stopped():
                raise Stopped
            block = _read(file, min(_BLOCK, manifest.size - done))
            if not block:
                raise UpdateRefused(Refusal.TRUNCATED)
            writer.write(block)
            done += len(block)
            if progress is not None:
                progress(done, manifest.size)
        if _read(file, 1):
            raise UpdateRefused(Refusal.TAMPERED)
        writer.flush()
        os.fsync(writer.fileno())


def _head(file: IO[bytes], keys: Mapping[str, bytes]) -> Manifest:
    if _exactly(file, len(MAGIC), Refusal.FOREIGN) != MAGIC:
        raise UpdateRefused(Refusal.FOREIGN)
    (length,) = _LENGTH.unpack(_exactly(file, _LENGTH.size))
    if not 0 < length <= _LONGEST_MANIFEST:
        raise UpdateRefused(Refusal.TAMPERED)
    text = _exactly(file, length)
    signature = _exactly(file, _SIGNATURE)
    manifest = _manifest(text)
    public = keys.get(manifest.key)
    if public is None:
        raise UpdateRefused(Refusal.UNKNOWN_KEY)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _PURPOSE + text)
    except InvalidSignature as error:
        raise UpdateRefused(Refusal.TAMPERED) from error
    return manifest


@contextmanager
def _on_stick() -> Iterator[None]:
    """Say of whatever the system refuses that the stick is at fault, not this computer."""
    try:
        yield
    except OSError as error:
        raise UpdateRefused(Refusal.UNREADABLE) from error


def _read(file: IO[bytes], count: int) -> bytes:
    with _on_stick():
        return file.read(count)


def _exactly(file: IO[bytes], count: int, otherwise: Refusal = Refusal.TRUNCATED) -> bytes:
    found = _read(file, count)
    if len(found) != count:
        raise UpdateRefused(otherwise)
    return found


def _manifest(text: bytes) -> Manifest:
    """Read a manifest strictly; it is not believed yet, so any surprise is refused."""
    try:
        raw = json.loads(text)
        news = raw["news"]
        made = Manifest(
            version=raw["version"],
            platform=raw["platform"],
            oldest=raw["oldest"],
            size=raw["size"],
            sha256=raw["sha256"],
            key=raw["key"],
            made=raw["made"],
            news=news,
        )
        sound = (
            raw["format"] == 1
            and all(_VERSION.fullmatch(v) for v in (made.version, made.oldest))
            and made.platform in PLATFORMS
            and type(made.size) is int
            and made.size > 0
            and _HASH.fullmatch(made.sha256) is not None
            and isinstance(made.key, str)
            and isinstance(made.made, str)
            and all(isinstance(k, str) and isinstance(v, str) for k, v in news.items())
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UpdateRefused(Refusal.TAMPERED) from error
    if not sound:
        raise UpdateRefused(Refusal.TAMPERED)
    return made
