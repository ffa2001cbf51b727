"""This computer's choices and its log: robust against damage, silent about people."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app import logs, settings
from shelter_app.settings import Settings
from ui import crash


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    logs.start(tmp_path)
    yield tmp_path / "register.log"
    logs.stop()


@given(
    theme=st.sampled_from(settings.THEMES),
    size=st.sampled_from(settings.TEXT_SIZES),
    minutes=st.sampled_from(list(settings.IDLE_MINUTES)),
    folder=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
)
def test_choices_come_back_as_they_were_kept(
    tmp_path_factory: pytest.TempPathFactory, theme: str, size: int, minutes: int, folder: str
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    chosen = Settings("sw", theme, size, minutes, folder)
    settings.save(chosen, path)
    assert settings.load(path) == chosen


@pytest.mark.parametrize(
    "content",
    ["", "not toml at all [", 'language = "xx"\ntext_size = 7\nidle_minutes = 0', "theme = 3"],
)
def test_a_damaged_file_is_as_if_nothing_was_ever_chosen(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content, encoding="utf-8")
    assert settings.load(path) == Settings()


def test_one_bad_value_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('language = "sw"\ntext_size = "big"\n', encoding="utf-8")
    assert settings.load(path) == Settings(language="sw")


def test_choices_that_cannot_be_written_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.save(Settings(), tmp_path / "file" / "settings.toml")


def test_the_log_keeps_codes_and_drops_what_could_be_a_sentence(log: Path) -> None:
    logs.note("vault", part="cases", rows=7, said="Pendo came back from court")
    text = log.read_text(encoding="utf-8")
    assert "vault part=cases rows=7" in text
    assert "Pendo" not in text


def test_other_libraries_cannot_write_into_the_log(log: Path) -> None:
    logging.getLogger("makao").warning("Pendo %s", "was here")
    logging.getLogger("sqlalchemy").warning("bound values")
    assert not log.exists() or "Pendo" not in log.read_text(encoding="utf-8")


def test_a_bug_leaves_type_and_place_and_nothing_it_carried(log: Path) -> None:
    before, before_thread = sys.excepthook, threading.excepthook
    told: list[str] = []
    try:
        crash.install(lambda: told.append("told"))
        try:
            raise ValueError("Pendo, 0722 123456")
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.excepthook, threading.excepthook = before, before_thread
    text = log.read_text(encoding="utf-8")
    assert "bug type=ValueError" in text
    assert "Pendo" not in text
    assert told == ["told"]


def test_settings_nested_beyond_reason_fall_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("text_size = " + "[" * 5_000, "ascii")
    assert settings.load(path) == settings.Settings()


def test_settings_are_on_the_disk_before_they_take_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut leaves an empty file, and the program asks for a new house."""
    path = tmp_path / "settings.toml"
    steps: list[str] = []
    synced, replaced = os.fsync, os.replace

    def fsync(handle: int) -> None:
        steps.append("synced")
        synced(handle)

    def replace(source: Path, target: Path) -> None:
        steps.append("replaced")
        replaced(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    settings.save(Settings(folder="/srv/house"), path)
    assert steps == ["synced", "replaced"]
    assert settings.load(path).folder == "/srv/house"


def test_a_folder_whose_name_is_no_text_is_not_kept_and_ends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings.save(Settings(language="sw"), path)
    settings.save(Settings(folder="/srv/\udcff"), path)
    assert settings.load(path) == Settings(language="sw")
