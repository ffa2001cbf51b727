"""Releasing: the secret key stays encrypted and outside, and the program believes what it signs."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shelter_app.services import updates
from shelter_app.storage import update_file

ROOT = Path(__file__).resolve().parent.parent.parent
PHRASE = "nyumba salama mlima mrefu"


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The script itself; its folder is no package."""
    monkeypatch.setenv("MAKAO_RELEASE_PHRASE", PHRASE)
    sys.path.insert(0, str(ROOT / "packaging"))
    try:
        import release as script  # type: ignore[import-not-found]

        yield script
    finally:
        sys.path.remove(str(ROOT / "packaging"))


@pytest.fixture
def keys(release: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "update_keys.toml"
    copy.write_text("# Public keys.\nkeys = []\n", "utf-8")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    release.new_key(tmp_path / "secret" / "key.pem", copy)
    return copy


def public_keys(keys: Path) -> dict[str, bytes]:
    raw = tomllib.loads(keys.read_text("utf-8"))["keys"]
    found = [bytes.fromhex(entry["public"]) for entry in raw]
    return {update_file.key_name(key): key for key in found}


def test_the_secret_key_is_encrypted_and_only_its_owner_reads_it(
    release: Any, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret" / "key.pem"
    assert b"ENCRYPTED" in secret.read_bytes()
    assert secret.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("MAKAO_RELEASE_PHRASE", "another phrase altogether")
    with pytest.raises(SystemExit, match="does not open"):
        release.secret_key(secret)
    with pytest.raises(SystemExit, match="there is a key already"):
        release.new_key(secret, keys)


def test_what_the_key_signs_is_what_the_program_believes(
    release: Any, keys: Path, tmp_path: Path
) -> None:
    key = release.secret_key(tmp_path / "secret" / "key.pem")
    (tmp_path / "installer").write_bytes(b"#!/bin/sh\n")
    manifest = release.manifest("linux") | {"version": "99.0.0"}
    update_file.write(tmp_path / "x.update", tmp_path / "installer", manifest, key)
    assert updates.offer(tmp_path / "x.update", public_keys(keys)).version == "99.0.0"


def test_a_second_key_is_carried_beside_the_first(release: Any, keys: Path, tmp_path: Path) -> None:
    release.new_key(tmp_path / "next" / "key.pem", keys)
    assert len(public_keys(keys)) == 2
    assert keys.read_text("utf-8").startswith("# Public keys.\n")


def test_the_news_of_a_release_is_written_in_both_languages(release: Any) -> None:
    for platform in update_file.PLATFORMS:
        manifest = release.manifest(platform)
        assert manifest["news"]["en"]
        assert manifest["news"]["sw"]
        assert update_file.ordered(manifest["oldest"]) <= update_file.ordered(manifest["version"])


def test_without_a_key_the_release_says_what_to_do(release: Any, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="nothing was signed") as stopped:
        release.secret_key(tmp_path / "nowhere" / "key.pem")
    assert "--new-key" in str(stopped.value)
    assert "packaging/README.md" in str(stopped.value)


def test_a_build_that_carries_other_keys_is_not_signed(
    release: Any, keys: Path, tmp_path: Path
) -> None:
    inside = tmp_path / "dist" / "_internal" / "resources"
    inside.mkdir(parents=True)
    with pytest.raises(SystemExit, match="refuse every later update"):
        release.require_keys_inside(tmp_path / "dist", keys)
    (inside / keys.name).write_text("keys = []\n", "utf-8")
    with pytest.raises(SystemExit, match="Build it again"):
        release.require_keys_inside(tmp_path / "dist", keys)
    (inside / keys.name).write_bytes(keys.read_bytes())
    release.require_keys_inside(tmp_path / "dist", keys)


def test_the_next_version_is_built_from_all_that_the_build_takes_in(
    script: Callable[[str], Any],
) -> None:
    asked = (ROOT / "packaging" / "makao.spec").read_text("utf-8")
    taken = set(re.findall(r'ROOT / "([a-z_]+)"', asked))
    assert {"resources", "docs"} <= taken
    copied = {path.relative_to(ROOT).parts[0] for path in script("next_version")._copied()}
    assert taken <= copied
