"""Narrow places break words only where the text has a space."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics

from ui.kit import theme
from ui.kit.word_lines import word_lines

_WORDS = st.lists(st.text("abcdewm", min_size=1, max_size=12), min_size=1, max_size=9)


@given(words=_WORDS, room=st.integers(0, 300))
def test_lines_hold_every_word_whole_and_only_a_single_word_is_wider_than_the_room(
    words: list[str], room: int
) -> None:
    metrics = QFontMetrics(theme.font())
    lines = word_lines(" ".join(words), metrics, room)
    assert " ".join(lines).split(" ") == words
    assert [line for line in lines if " " in line and metrics.horizontalAdvance(line) > room] == []


def test_a_line_takes_as_many_words_as_fit() -> None:
    metrics = QFontMetrics(theme.font())
    room = metrics.horizontalAdvance("Safety check")
    assert word_lines("Safety check needed", metrics, room) == ["Safety check", "needed"]
