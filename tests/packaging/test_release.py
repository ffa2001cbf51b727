"""Releasing: the secret key stays encrypted and outside, and the program believes what it signs."""

from __future__ import annotations

import re
import sys
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
    return update_file.keys_in(keys.read_text("utf-8"))


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
    carried = release.keys_for_build(tmp_path / "secret" / "key.pem", keys)
    inside = tmp_path / "program" / "_internal" / "resources"
    inside.mkdir(parents=True)
    with pytest.raises(SystemExit, match="refuse every later update"):
        release.require_keys_inside(tmp_path / "program", carried)
    (inside / keys.name).write_text("keys = []\n", "utf-8")
    with pytest.raises(SystemExit, match="Build it again"):
        release.require_keys_inside(tmp_path / "program", carried)
    (inside / keys.name).write_text(carried, "utf-8")
    release.require_keys_inside(tmp_path / "program", carried)


@pytest.fixture
def none_yet(release: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source whose project has no key, and an account that has never built."""
    copy = tmp_path / "update_keys.toml"
    copy.write_text("# Public keys.\nkeys = []\n", "utf-8")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "KEYS", copy)
    return copy


def test_the_first_build_makes_a_key_and_every_later_one_carries_it(
    release: Any, none_yet: Path, tmp_path: Path
) -> None:
    place = tmp_path / "account" / "key.pem"
    carried = release.keys_for_build(place, none_yet)
    assert release.keys_for_build(place, none_yet) == carried
    assert len(update_file.keys_in(carried)) == 1
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0
    assert none_yet.read_text("utf-8") == "# Public keys.\nkeys = []\n"


def test_the_source_as_it_is_builds_a_program_that_believes_somebody(
    release: Any, tmp_path: Path
) -> None:
    carried = release.keys_for_build(tmp_path / "account" / "key.pem", release.KEYS)
    assert updates.signers(update_file.keys_in(carried))


def test_what_was_built_on_a_fresh_clone_is_signed_and_taken_without_more(
    release: Any,
    none_yet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = tmp_path / "account" / "key.pem"
    installer, program = built(release, tmp_path, release.keys_for_build(place, none_yet))
    monkeypatch.setattr(release, "installers", lambda: {"linux": installer})
    monkeypatch.delenv("MAKAO_RELEASE_PHRASE")
    [update] = release.release(place, tmp_path / "updates")
    believed = public_keys(program / "_internal" / "resources" / "update_keys.toml")
    assert update_file.read(update, believed).platform == "linux"
    told = capsys.readouterr().out
    assert updates.signers(believed)[0] in told
    assert "--new-key" in told


def test_making_the_key_the_projects_locks_it_and_old_programs_go_on_believing_it(
    release: Any, none_yet: Path, tmp_path: Path
) -> None:
    place = tmp_path / "account" / "key.pem"
    before = update_file.keys_in(release.keys_for_build(place, none_yet))
    release.new_key(place, none_yet)
    assert b"ENCRYPTED" in place.read_bytes()
    assert public_keys(none_yet) == before
    assert update_file.keys_in(release.keys_for_build(place, none_yet)) == before
    assert sorted(path.name for path in place.parent.iterdir()) == ["key.pem"]


def test_a_key_whose_phrase_was_mistyped_is_not_made(
    release: Any, none_yet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "account" / "key.pem"
    monkeypatch.delenv("MAKAO_RELEASE_PHRASE")
    typed = iter([PHRASE, PHRASE + "x"])
    monkeypatch.setattr("getpass.getpass", lambda _question: next(typed))
    with pytest.raises(SystemExit, match="differ"):
        release.new_key(place, none_yet)
    assert not place.exists()
    assert public_keys(none_yet) == {}


def test_a_source_without_the_commit_of_its_release_key_builds_nothing(
    release: Any, none_yet: Path, tmp_path: Path
) -> None:
    place = tmp_path / "account" / "key.pem"
    release.new_key(place, none_yet)
    none_yet.write_text("keys = []\n", "utf-8")
    with pytest.raises(SystemExit, match="not in this source"):
        release.keys_for_build(place, none_yet)


def test_where_no_key_can_be_kept_the_build_says_that_it_takes_no_updates(
    release: Any, none_yet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "account").write_text("a file where the folder would be", "utf-8")
    carried = release.keys_for_build(tmp_path / "account" / "key.pem", none_yet)
    assert update_file.keys_in(carried) == {}
    assert "takes no updates" in capsys.readouterr().out


def built(release: Any, place: Path, carried: str) -> tuple[Path, Path]:
    """Lay down what a build leaves for the release: an installer, and the folder beside it."""
    program = place / release.NAME
    inside = program / release.layout.KEYS_IN_PROGRAM
    inside.parent.mkdir(parents=True)
    inside.write_text(carried, "utf-8")
    installer = place / f"{release.NAME}.run"
    installer.write_bytes(b"#!/bin/sh\n")
    return installer, program


def test_the_next_version_is_built_from_all_that_the_build_takes_in(
    script: Callable[[str], Any],
) -> None:
    asked = (ROOT / "packaging" / "makao.spec").read_text("utf-8")
    taken = set(re.findall(r'ROOT / "([a-z_]+)"', asked))
    assert {"resources", "docs"} <= taken
    copied = {path.relative_to(ROOT).parts[0] for path in script("next_version")._copied()}
    assert taken <= copied
