"""Icons by what they mean, drawn from one icon font in a colour role of the theme worn now."""

from __future__ import annotations

from functools import cache
from typing import Final

import qtawesome
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QIconEngine, QPainter, QPixmap
from qtawesome.iconic_font import IconicFont

from ui.kit import theme

_FAMILY: Final = "ph"

_GLYPHS: Final = {
    "today": "sun",
    "referrals": "tray",
    "residents": "users",
    "house": "bed",
    "calendar": "calendar-blank",
    "counselling": "chat-centered-dots",
    "court": "scales",
    "aftercare": "leaf",
    "indicators": "chart-bar",
    "directory": "address-book",
    "settings": "gear",
    "lock": "lock-simple",
    "unlock": "lock-simple-open",
    "search": "magnifying-glass",
    "add": "plus",
    "remove": "minus",
    "print": "printer",
    "close": "x",
    "back": "caret-left",
    "forward": "caret-right",
    "up": "caret-up",
    "down": "caret-down",
    "more": "dots-three",
    "warning": "warning",
    "danger": "warning-octagon",
    "information": "info",
    "done": "check",
    "undo": "arrow-counter-clockwise",
    "edit": "pencil-simple",
    "phone": "phone",
    "person": "user",
    "identity": "identification-card",
    "document": "file-text",
    "attachment": "paperclip",
    "export": "export",
    "download": "download-simple",
    "filter": "funnel",
    "show": "eye",
    "hide": "eye-slash",
    "time": "clock",
    "history": "clock-counter-clockwise",
    "snooze": "bell-slash",
    "alert": "bell",
    "key": "key",
    "backup": "hard-drives",
    "shield": "shield-check",
    "staff": "identification-badge",
    "health": "heartbeat",
    "family": "users-three",
    "school": "student",
    "transport": "car",
    "place": "map-pin",
    "police": "shield",
    "plan": "clipboard-text",
    "note": "note",
    "copy": "copy",
    "language": "translate",
    "theme": "moon",
    "text_size": "text-aa",
    "help": "question",
    "sign_out": "sign-out",
    "no_photographs": "prohibit",
    "allergy": "first-aid",
    "table": "table",
    "action": "lightning",
    "move": "arrows-left-right",
    "away": "suitcase",
    "keyboard": "keyboard",
    "empty": "folder-open",
}


def names() -> tuple[str, ...]:
    """Return every icon there is, for the gallery and the self-check."""
    return tuple(_GLYPHS)


def _leave_where_it_is(_fonts: IconicFont, folder: str) -> str:
    return folder


@cache
def _load() -> None:
    """Keep the one family we use, and keep it in the program's own folder.

    The others would cost memory and start-up time. On Windows the library would copy the font into
    the account and name it in the registry: a trace on every computer a stick is opened on.
    """
    IconicFont._install_fonts = _leave_where_it_is  # noqa: SLF001 - no public way to keep it in
    bundled = qtawesome._BUNDLED_FONTS  # noqa: SLF001 - no public way to load one family
    qtawesome._BUNDLED_FONTS = tuple(  # noqa: SLF001
        font for font in bundled if font[0] == _FAMILY
    )


@cache
def glyph(name: str) -> str:
    """Return the character of an icon; KeyError for a name that is not ours."""
    _load()
    return str(qtawesome.charmap(f"{_FAMILY}.{_GLYPHS[name]}"))


@cache
def _font(pixels: int) -> QFont:
    _load()
    made: QFont = qtawesome.font(_FAMILY, pixels)
    return made


def paint(painter: QPainter, rect: QRect, name: str, role: str = "ink") -> None:
    """Draw an icon into a rectangle, for widgets that paint themselves."""
    painter.save()
    painter.setFont(_font(min(rect.width(), rect.height())))
    painter.setPen(theme.color(role))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, glyph(name))
    painter.restore()


class _Engine(QIconEngine):
    """Draws with the theme of the moment, so icons follow a switch without being made again."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the glyph; a disabled one is faint."""
        role = "faint" if mode == QIcon.Mode.Disabled else self._role
        paint(painter, rect, self._name, role)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return a picture for callers that want one."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Return an engine like this one, as Qt asks for."""
        return _Engine(self._name, self._role)


def icon(name: str, role: str = "ink") -> QIcon:
    """Return an icon by its meaning, in a colour role of the theme."""
    glyph(name)
    return QIcon(_Engine(name, role))
