"""Documents: what comes back is what was stored, or a clear refusal."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelter_app import clock
from shelter_app.errors import DocumentUnreadable, NotPossible
from shelter_app.storage import attachments

CHUNK = 64 << 10
CANARY = b"plain words of a statement "


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7, 1 << 20]
)
def test_a_document_comes_back_as_it_was(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    stored = attachments.store(tmp_path, "cases", data)
    assert attachments.load(tmp_path, "cases", stored) == data
    assert stored.size == size


def test_nothing_readable_and_no_true_size_lies_on_the_disk(tmp_path: Path) -> None:
    first = attachments.store(tmp_path, "cases", CANARY * 100)
    second = attachments.store(tmp_path, "cases", b"x")
    paths = [tmp_path / "att" / "cases" / stored.name for stored in (first, second)]
    assert paths[0].stat().st_size == paths[1].stat().st_size
    assert paths[0].stat().st_mtime == paths[1].stat().st_mtime
    assert CANARY not in paths[0].read_bytes()
    assert paths[0].stat().st_mode & 0o077 == 0
    assert first.key != second.key
    assert first.key.hex() not in repr(first)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 2 * (CHUNK + 16) + 10), flip=st.integers(1, 255))
def test_any_changed_byte_is_found(tmp_path: Path, place: int, flip: int) -> None:
    stored = attachments.store(tmp_path, "cases", CANARY * 4_000)
    path = tmp_path / "att" / "cases" / stored.name
    raw = bytearray(path.read_bytes())
    raw[place] ^= flip
    path.write_bytes(raw)
    with pytest.raises(DocumentUnreadable):
        attachments.load(tmp_path, "cases", stored)
    forged = replace(stored, sha256=hashlib.sha256(raw).hexdigest())
    with pytest.raises(DocumentUnreadable):
        attachments.load(tmp_path, "cases", forged)


@pytest.mark.parametrize("length", [0, 3, 11, 12, CHUNK + 27, CHUNK + 26, 2 * CHUNK])
def test_a_cut_document_is_found(tmp_path: Path, length: int) -> None:
    stored = attachments.store(tmp_path, "cases", os.urandom(3 * CHUNK))
    path = tmp_path / "att" / "cases" / stored.name
    raw = path.read_bytes()[:length]
    path.write_bytes(raw)
    forged = replace(stored, sha256=hashlib.sha256(raw).hexdigest())
    with pytest.raises(DocumentUnreadable):
        attachments.load(tmp_path, "cases", forged)


def test_chunks_cannot_be_swapped_or_dropped(tmp_path: Path) -> None:
    stored = attachments.store(tmp_path, "cases", os.urandom(3 * CHUNK))
    path = tmp_path / "att" / "cases" / stored.name
    raw = path.read_bytes()
    step = CHUNK + 16
    header, parts = raw[:11], [raw[11 + n * step : 11 + (n + 1) * step] for n in range(3)]
    for order in ((1, 0, 2), (0, 2), (0, 1), (0, 1, 2, 2)):
        forged = header + b"".join(parts[number] for number in order)
        path.write_bytes(forged)
        claimed = replace(
            stored,
            sha256=hashlib.sha256(forged).hexdigest(),
            size=min(stored.size, len(order) * CHUNK),
        )
        with pytest.raises(DocumentUnreadable):
            attachments.load(tmp_path, "cases", claimed)


def test_a_missing_document_is_unreadable_and_the_rest_works(tmp_path: Path) -> None:
    gone = attachments.store(tmp_path, "cases", b"gone")
    kept = attachments.store(tmp_path, "cases", b"kept")
    attachments.remove(tmp_path, "cases", gone.name)
    attachments.remove(tmp_path, "cases", gone.name)
    with pytest.raises(DocumentUnreadable):
        attachments.load(tmp_path, "cases", gone)
    assert attachments.load(tmp_path, "cases", kept) == b"kept"


@pytest.mark.parametrize("name", ["../../vault.lock", "x.bin", "", "0" * 16, "a/b.bin", "\0" * 20])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    stored = attachments.store(tmp_path, "cases", b"x")
    with pytest.raises(DocumentUnreadable):
        attachments.load(tmp_path, "cases", replace(stored, name=name))
    with pytest.raises(DocumentUnreadable):
        attachments.load(tmp_path, "../cases", stored)


def test_a_document_that_is_too_large_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotPossible):
        attachments.store(tmp_path, "cases", bytes(attachments.LARGEST + 1))


def test_only_old_files_that_no_row_names_are_swept_from_one_part(tmp_path: Path) -> None:
    kept = attachments.store(tmp_path, "cases", b"kept")
    lost = attachments.store(tmp_path, "cases", b"lost")
    other = attachments.store(tmp_path, "identity", b"other")
    half = tmp_path / "att" / "cases" / f"{'a' * 16}.bin.part"
    half.write_bytes(b"half")
    strange = tmp_path / "att" / "cases" / "notes.txt"
    strange.write_bytes(b"not ours")
    now = clock.now()
    assert attachments.sweep(tmp_path, "cases", {kept.name}, now - timedelta(days=1)) == 0
    assert attachments.sweep(tmp_path, "cases", {kept.name}, now + timedelta(seconds=5)) == 2
    assert attachments.sweep(tmp_path, "counselling", set(), now + timedelta(days=5)) == 0
    assert attachments.load(tmp_path, "cases", kept) == b"kept"
    assert attachments.load(tmp_path, "identity", other) == b"other"
    assert strange.exists()
    assert not (tmp_path / "att" / "cases" / lost.name).exists()


def test_a_file_without_end_in_its_place_is_told_as_damaged(tmp_path: Path) -> None:
    stored = attachments.store(tmp_path, "cases", b"paper")
    path = tmp_path / attachments.FOLDER / "cases" / stored.name
    with path.open("r+b") as file:
        file.truncate(1 << 38)
    with pytest.raises(DocumentUnreadable):
        attachments.load(tmp_path, "cases", stored)
