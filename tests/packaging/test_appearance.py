"""What an installer wrote about name and picture is read, and nothing strange is shown."""

from __future__ import annotations

import codecs
import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from shelter_app import paths
from ui.appearance import FILE, Appearance, read
from ui.kit import theme

USUAL = Appearance()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"Office Diary\ncalendar\n", Appearance("Office Diary", "calendar")),
        (
            codecs.BOM_UTF16_LE + "Daftari ü\nfiles\n".encode("utf-16-le"),
            Appearance("Daftari ü", "files"),
        ),
        (b"Office Diary", Appearance("Office Diary", "register")),
        (b"Office Diary\n../../secret", Appearance("Office Diary", "register")),
        (b"x" * 41 + b"\nfiles", Appearance("Register", "files")),
        (b"\xff\xfe\x00", USUAL),
        (b"\x00\x01\x02", USUAL),
        (b"", USUAL),
    ],
)
def test_a_name_and_a_picture_are_read_or_the_usual_ones_shown(
    tmp_path: Path, written: bytes, shown: Appearance
) -> None:
    (tmp_path / FILE).write_bytes(written)
    assert read(tmp_path) == shown
    assert shown.picture_file().exists()


def test_without_a_choice_it_is_the_register(tmp_path: Path) -> None:
    assert read(tmp_path) == USUAL


def test_the_style_is_read_whole_from_a_folder_with_spaces_in_its_name(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "Mahali pa kazi ñü"
    shutil.copytree(paths.resource("styles"), place / "styles")
    shutil.copytree(paths.resource("themes"), place / "themes")
    monkeypatch.setattr(paths, "resource", place.joinpath)
    theme.apply(qapp, "dark")
    theme.apply(qapp, "light")
    try:
        frame = QFrame()
        qtbot.addWidget(frame)
        frame.setProperty("kind", "side")
        frame.resize(40, 40)
        assert str(place) in qapp.styleSheet()
        assert frame.grab().toImage().pixelColor(20, 20) == theme.color("side")
    finally:
        monkeypatch.undo()
        theme.apply(qapp, "light")
