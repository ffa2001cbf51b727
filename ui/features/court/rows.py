"""The rows the court cards are made of: one button each, with pills and an action at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.kit.button import button
from ui.kit.pill import Dot, Pill
from ui.kit.row import RowButton, TwoLines


def entry(
    headline: str,
    detail: str,
    *,
    name: str,
    dot: str = "",
    pills: Sequence[tuple[str, str]] = (),
    face: str = "strong",
) -> RowButton:
    """Return a row that is one button; `pills` are (words, role)."""
    spoken = ". ".join(part for part in (headline, detail, *(p[0] for p in pills)) if part)
    row = RowButton(spoken)
    row.setObjectName(name)
    if dot:
        row.add(Dot(dot))
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(TwoLines(headline, detail, face))
    if pills:
        line = QHBoxLayout()
        line.setSpacing(6)
        for text, role in pills:
            line.addWidget(Pill(text, role))
        line.addStretch(1)
        column.addLayout(line)
    row.add(words, 1)
    return row


def with_action(row: QWidget, text: str, name: str, act: Callable[[], object]) -> QWidget:
    """Return the row with its one small button at the right."""
    holder, made = _with_button(row, text, name)
    made.clicked.connect(act)
    return holder


def with_menu(row: QWidget, text: str, name: str, menu: QMenu) -> QWidget:
    """Return the row with a small button at the right that opens a menu."""
    holder, made = _with_button(row, text, name)
    menu.setParent(made, menu.windowFlags())
    made.setMenu(menu)
    return holder


def _with_button(row: QWidget, text: str, name: str) -> tuple[QWidget, QPushButton]:
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    made = button(text, name, "small")
    made.setAccessibleName(f"{text}: {row.accessibleName()}")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    line.addWidget(row, 1)
    line.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
    return holder, made
