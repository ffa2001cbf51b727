"""The update file: believed only when every byte is the one that was signed."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.errors import Stopped
from shelter_app.storage import update_file
from shelter_app.storage.update_file import Refusal, UpdateRefused

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
KEYS = {update_file.key_name(PUBLIC): PUBLIC}
INSTALLER = b"#!/bin/sh\nexit 0\n" + bytes(range(256)) * 20


def described(**changes: Any) -> dict[str, Any]:
    return {
        "version": "1.10.0",
        "platform": "linux",
        "oldest": "1.0.0",
        "made": "2026-11-22",
        "news": {"en": "Quicker search.", "sw": "Utafutaji wa haraka zaidi."},
        **changes,
    }


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    installer = tmp_path / "installer"
    installer.write_bytes(INSTALLER)
    path = tmp_path / "daily-register-1.10.0-linux.update"
    update_file.write(path, installer, described(), KEY)
    return path


def refused(path: Path, target: Path) -> Refusal:
    with pytest.raises(UpdateRefused) as caught:
        update_file.unpack(path, target, KEYS)
    assert not target.exists()
    assert not list(target.parent.glob("*.part"))
    return caught.value.why


def test_a_signed_file_is_believed_and_unpacked_byte_by_byte(stick: Path, tmp_path: Path) -> None:
    assert update_file.read(stick, KEYS).news["en"] == "Quicker search."
    manifest = update_file.unpack(stick, tmp_path / "run", KEYS)
    assert manifest.version == "1.10.0"
    assert (tmp_path / "run").read_bytes() == INSTALLER


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_single_changed_bit_is_refused_wherever_it_is(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("stick")
    (folder / "installer").write_bytes(INSTALLER)
    path = folder / "x.update"
    update_file.write(path, folder / "installer", described(), KEY)
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)
    assert refused(path, folder / "run") in set(Refusal)


@given(kept=st.floats(0, 0.999))
def test_a_file_cut_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, kept: float
) -> None:
    folder = tmp_path_factory.mktemp("stick")
    (folder / "installer").write_bytes(INSTALLER)
    path = folder / "x.update"
    update_file.write(path, folder / "installer", described(), KEY)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert refused(path, folder / "run") in (Refusal.TRUNCATED, Refusal.FOREIGN)
    with pytest.raises(UpdateRefused):
        update_file.read(path, KEYS)


def test_something_hung_on_at_the_end_is_refused(stick: Path, tmp_path: Path) -> None:
    stick.write_bytes(stick.read_bytes() + b"\n")
    assert refused(stick, tmp_path / "run") is Refusal.TAMPERED
    with pytest.raises(UpdateRefused):
        update_file.read(stick, KEYS)


def test_a_file_signed_by_somebody_else_is_refused(stick: Path, tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    update_file.write(stick, tmp_path / "installer", described(), stranger)
    assert refused(stick, tmp_path / "run") is Refusal.UNKNOWN_KEY
    known_name = update_file.key_name(stranger.public_key().public_bytes_raw())
    with pytest.raises(UpdateRefused) as caught:
        update_file.read(stick, {known_name: PUBLIC})
    assert caught.value.why is Refusal.TAMPERED


def test_a_photograph_is_not_an_update(tmp_path: Path) -> None:
    (tmp_path / "x.update").write_bytes(b"\xff\xd8\xff\xe0" + bytes(5_000))
    assert refused(tmp_path / "x.update", tmp_path / "run") is Refusal.FOREIGN


@pytest.mark.parametrize(
    ("version", "platform", "why"),
    [
        ("1.10.0", "linux", Refusal.NOT_NEWER),
        ("1.11.0", "linux", Refusal.NOT_NEWER),
        ("1.9.0", "windows", Refusal.OTHER_PLATFORM),
        ("0.9.9", "linux", Refusal.TOO_FAR),
    ],
)
def test_what_does_not_fit_this_program_is_refused(
    stick: Path, version: str, platform: str, why: Refusal
) -> None:
    manifest = update_file.read(stick, KEYS)
    with pytest.raises(UpdateRefused) as caught:
        update_file.require_fitting(manifest, version=version, platform=platform)
    assert caught.value.why is why
    update_file.require_fitting(manifest, version="1.9.9", platform="linux")


def test_calling_it_off_leaves_nothing(stick: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        update_file.unpack(stick, tmp_path / "run", KEYS, stopped=lambda: True)
    assert not (tmp_path / "run").exists()
    assert not list(tmp_path.glob("*.part"))


@given(
    manifest=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_a_strange_manifest_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, manifest: Any
) -> None:
    folder = tmp_path_factory.mktemp("stick")
    text = json.dumps(manifest).encode()
    head = update_file.MAGIC + len(text).to_bytes(4, "big") + text
    (folder / "x.update").write_bytes(head + KEY.sign(b"makao-update-1|" + text) + INSTALLER)
    assert refused(folder / "x.update", folder / "run") is Refusal.TAMPERED


def test_every_key_the_program_carries_is_a_key() -> None:
    for name, public in update_file.trusted().items():
        assert len(public) == 32
        assert hashlib.sha256(public).hexdigest().startswith(name)


@pytest.mark.skipif(sys.platform != "linux", reason="a file whose every reading fails")
@pytest.mark.parametrize("place", ["/proc/self/mem", "/nowhere/at-all.update"])
def test_a_stick_that_fails_or_is_gone_is_said_to_be_at_fault(place: str, tmp_path: Path) -> None:
    with pytest.raises(UpdateRefused) as caught:
        update_file.read(Path(place), KEYS)
    assert caught.value.why is Refusal.UNREADABLE
    assert refused(Path(place), tmp_path / "run") is Refusal.UNREADABLE
