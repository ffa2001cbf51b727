"""Words on lines of a given room: broken between words, never inside one."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics


def word_lines(words: str, metrics: QFontMetrics, room: float) -> list[str]:
    """Return the lines a text takes; a word that is wider than the room has one of its own."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
