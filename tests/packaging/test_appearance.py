"""What an installer wrote about name and picture is read, and nothing strange is shown."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from ui.appearance import FILE, Appearance, read

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
