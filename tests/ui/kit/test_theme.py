"""Both themes are readable, and switching is live."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QLabel, QListView, QMenu, QTableView, QWidget
from pytestqt.qtbot import QtBot

from ui.kit import icons, theme
from ui.kit.pill import INK, TINT

_TEXT = [
    ("ink", "bg"),
    ("ink", "panel"),
    ("ink", "sunken"),
    ("ink", "selection"),
    ("mute", "bg"),
    ("mute", "panel"),
    ("mute", "sunken"),
    ("teal", "panel"),
    ("teal", "bg"),
    ("brick", "panel"),
    ("ochre", "panel"),
    ("on_teal", "teal"),
    ("on_teal", "teal_strong"),
    ("on_brick", "brick"),
    ("on_brick", "brick_strong"),
    ("side_ink", "side"),
    ("side_ink", "side_active"),
    ("side_ink", "side_hover"),
    ("side_mute", "side"),
    ("on_toast", "toast"),
    ("toast_action", "toast"),
    ("cover_ink", "cover"),
    ("on_sand", "sand"),
    ("ink", "blue_tint"),
    ("ink", "ochre_tint"),
    ("ink", "brick_tint"),
    *((INK[role], TINT[role]) for role in INK),
]


def _light(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    brighter, darker = sorted((_light(QColor(one)), _light(QColor(other))), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), _TEXT)
def test_words_stand_out_from_their_ground(name: str, text: str, ground: str) -> None:
    assert _contrast(theme.token(name, text), theme.token(name, ground)) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_focus_ring_can_be_seen(name: str) -> None:
    for ground in ("bg", "panel"):
        assert _contrast(theme.token(name, "focus"), theme.token(name, ground)) >= 3


def test_both_themes_know_the_same_roles() -> None:
    assert set(theme._tokens("light")) == set(theme._tokens("dark"))


def test_the_style_sheet_leaves_no_role_unfilled(qapp: QApplication) -> None:
    assert "@" not in qapp.styleSheet()
    assert "sp;" not in qapp.styleSheet()


def test_a_switch_of_theme_reaches_open_windows(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    theme.apply(qapp, "dark")
    assert label.palette().color(label.foregroundRole()) == QColor(theme.token("dark", "ink"))
    assert theme.is_dark()
    theme.apply(qapp, "light")
    assert label.palette().color(label.foregroundRole()) == QColor(theme.token("light", "ink"))


def test_large_text_doubles_the_letters(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 2.0)
    assert qapp.font().pixelSize() == 26
    assert theme.size(10) == 20
    theme.apply(qapp, "light", 1.0)
    assert qapp.font().pixelSize() == 13


def test_inter_is_the_font_that_is_used(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontInfo

    assert QFontInfo(qapp.font()).family() == "Inter"


@pytest.mark.parametrize("kind", [QTableView, QListView, QMenu])
def test_lists_and_menus_wear_our_font_where_the_system_has_its_own_for_them(
    qapp: QApplication, qtbot: QtBot, kind: type[QWidget]
) -> None:
    fonts_by_class: Any = QApplication  # its description asks for bytes and it refuses them
    plain = fonts_by_class.font(kind.__name__)
    theme.apply(qapp, "light", 2.0)
    fonts_by_class.setFont(QFont("Serif", 9), kind.__name__)  # what Windows does for each of them
    try:
        shape = kind()
        qtbot.addWidget(shape)
        shape.ensurePolished()
        assert shape.font().family() == "Inter"
        assert shape.font().pixelSize() == 2 * theme.BODY
    finally:
        fonts_by_class.setFont(plain, kind.__name__)
        theme.apply(qapp, "light")


def test_an_icon_follows_the_theme(qapp: QApplication) -> None:
    icon = icons.icon("lock", "ink")
    light = icon.pixmap(32, 32).toImage()
    theme.apply(qapp, "dark")
    dark = icon.pixmap(32, 32).toImage()
    theme.apply(qapp, "light")
    assert light != dark


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_has_a_picture(name: str) -> None:
    image = icons.icon(name).pixmap(24, 24).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


def test_the_sign_in_shapes_do_not_load_the_icon_font() -> None:
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from ui.kit import theme, page, passphrase_edit, dialog, cover, idle, tasks, wording\n"
        "sys.exit('qtawesome' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
