"""The icon font stays in the program's folder: nothing of it is put into somebody's account."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from qtawesome.iconic_font import IconicFont

from ui.kit import icons


@pytest.mark.usefixtures("qapp")
def test_the_font_is_not_put_into_the_account_as_windows_would_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert icons.glyph("today")
    account = str(tmp_path / "account")
    fonts = str(tmp_path / "fonts")
    with monkeypatch.context() as windows:
        windows.setenv("LOCALAPPDATA", account)
        windows.setenv("WINDIR", str(tmp_path / "windows"))
        windows.setattr(os, "name", "nt")
        kept = IconicFont._install_fonts(QApplication.instance(), fonts)
    assert kept == fonts
    assert not (tmp_path / "account").exists()
