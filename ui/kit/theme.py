"""One look for every window: colour roles and text sizes become a palette and one style sheet.

Roles live in resources/themes, rules in resources/styles/app.qss. The rules write a colour as
`@role` and a length that grows with the text as `13sp`; both are filled in here.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from shelter_app import paths

Scheme = Literal["system", "light", "dark"]

BODY: Final = 13
FAMILIES: Final = (
    "Inter",
    "Noto Sans",
    "Noto Sans Ethiopic",
    "Noto Sans Arabic",
    "Segoe UI",
    "DejaVu Sans",
)
_FILL: Final = re.compile(r"@([a-z_]+)|(?<![\w.#])(\d+(?:\.\d+)?)sp\b")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_PALETTE: Final = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.Button: "panel",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "brick",
    QPalette.ColorRole.ToolTipBase: "panel",
    QPalette.ColorRole.ToolTipText: "ink",
    QPalette.ColorRole.PlaceholderText: "mute",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "ink",
    QPalette.ColorRole.Accent: "teal",
    QPalette.ColorRole.Link: "teal",
    QPalette.ColorRole.LinkVisited: "teal",
    QPalette.ColorRole.Light: "panel",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "control_line",
    QPalette.ColorRole.Shadow: "faint",
}
_DISABLED: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


@dataclass
class _Look:
    """What is worn now; one per process, like the language."""

    scheme: Scheme = "system"
    theme: str = "light"
    scale: float = 1.0
    colours: dict[str, QColor] = field(default_factory=dict)
    following: bool = False


_look = _Look()


@cache
def _tokens(name: str) -> dict[str, str]:
    raw = tomllib.loads(paths.resource("themes", f"{name}.toml").read_text(encoding="utf-8"))
    return {role: str(value) for role, value in raw["roles"].items()}


def roles() -> tuple[str, ...]:
    """Return every colour role, in the order of the theme file."""
    return tuple(_tokens("light"))


def token(theme: str, role: str) -> str:
    """Return a role's value in a named theme, for checks of contrast."""
    return _tokens(theme)[role]


def color(role: str) -> QColor:
    """Return the colour a painter uses for a role in the theme worn now."""
    if not _look.colours:
        _wear(_look.theme)
    return QColor(_look.colours[role])


def size(pixels: float) -> int:
    """Return a length that grows with the text size."""
    return round(pixels * _look.scale)


def scale() -> float:
    """Return the text size in use, 1.0 to 2.0."""
    return _look.scale


def is_dark() -> bool:
    """Say whether the dark theme is worn."""
    return _look.theme == "dark"


def font(pixels: float = BODY, weight: int = 400) -> QFont:
    """Return the program's font at a size of the scale, for painters."""
    return QFont(_font(max(1, size(pixels)), weight))


@cache
def _font(height: int, weight: int) -> QFont:
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(height)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def is_animated() -> bool:
    """Say whether things may slide: not where the system asks for calm, nor without a screen."""
    if QGuiApplication.platformName() in {"offscreen", "minimal"}:
        return False
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def set_state(widget: QWidget, **properties: Any) -> None:
    """Set dynamic properties that the style sheet looks at, and show the difference at once."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed and QApplication.instance() is not None:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def apply(app: QApplication, scheme: Scheme = "system", scale: float = 1.0) -> None:
    """Dress the whole program; called again for each change of scheme or text size."""
    _look.scheme = scheme
    _look.scale = min(2.0, max(1.0, scale))
    _load_fonts(paths.resource("fonts"), "Inter")
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    if not _look.following:
        app.styleHints().colorSchemeChanged.connect(_follow)
        _look.following = True
    _dress(app)


def load_fallback_fonts() -> None:
    """Load the fonts of the other scripts, once the first window stands."""
    _load_fonts(paths.resource("fonts"), "NotoSans")


def _dress(app: QApplication) -> None:
    _wear(_theme_for(app))
    app.setPalette(_palette())
    app.setFont(font())
    app.setStyleSheet(_style_sheet())


def _follow(_scheme: Qt.ColorScheme) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and _look.scheme == "system" and _look.colours:
        _dress(app)


def _theme_for(app: QApplication) -> str:
    if _look.scheme != "system":
        return _look.scheme
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _wear(theme: str) -> None:
    _look.theme = theme
    _look.colours = {role: QColor(value) for role, value in _tokens(theme).items()}


def _palette() -> QPalette:
    palette = QPalette()
    for role, name in _PALETTE.items():
        palette.setColor(role, color(name))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, color("faint"))
    return palette


@cache
def _rules() -> str:
    raw = paths.resource("styles", "app.qss").read_text(encoding="utf-8")
    return _COMMENT.sub("", raw)


def _style_sheet() -> str:
    pictures = paths.resource("styles", _look.theme).as_posix()

    def fill(found: re.Match[str]) -> str:
        role, length = found.groups()
        if role == "pictures":
            return pictures
        if role == "families":
            return ", ".join(f'"{name}"' for name in FAMILIES)
        return _look.colours[role].name() if role else f"{size(float(length))}px"

    return _FILL.sub(fill, _rules())


@cache
def _load_fonts(folder: Path, beginning: str) -> None:
    if folder.is_dir():
        for path in sorted(folder.rglob(f"{beginning}*")):
            if path.suffix.lower() in {".ttf", ".otf"}:
                QFontDatabase.addApplicationFont(str(path))
