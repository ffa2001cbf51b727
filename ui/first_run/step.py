"""One step of the assistant: what it asks, and whether it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from shelter_app.services.house_setup import Plan
from ui.kit import theme
from ui.kit.button import label


@dataclass
class Draft:
    """What was answered so far; it lives only in this window."""

    plan: Plan

    def change(self, **values: Any) -> None:
        """Take an answer."""
        self.plan = replace(self.plan, **values)


def empty_plan(folder: Path) -> Plan:
    """Return a plan with nothing but the usual folder."""
    return Plan(folder, "", "", "")


class Step(QWidget):
    """A heading, a few sentences, and what people fill in; `go_on` says that it is answered."""

    go_on = Signal()
    changed = Signal()

    def __init__(self, heading: str, lead: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(heading)
        self.heading_label = label(heading, "page-title", wrap=True, name=f"{name}_heading")
        self.lead_label = label(lead, "mute", wrap=True, name=f"{name}_lead")
        self.problem_label = label("", "hint", wrap=True, name=f"{name}_problem")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.size(8))
        self.column.addWidget(self.heading_label)
        self.column.addWidget(self.lead_label)
        self.column.addSpacing(theme.size(8))

    def add_field(self, text: str, edit: QWidget, buddy: QWidget | None = None) -> None:
        """Add a labelled field."""
        name = label(text, "field")
        name.setBuddy(buddy or edit)
        (buddy or edit).setAccessibleName(text)
        self.column.addWidget(name)
        self.column.addWidget(edit)

    def add_line(self, text: str, name: str, longest: int) -> QLineEdit:
        """Add one labelled line of text; Enter goes on."""
        edit = QLineEdit()
        edit.setObjectName(name)
        edit.setMaxLength(longest)
        edit.returnPressed.connect(self.go_on)
        self.add_field(text, edit)
        return edit

    def finish(self) -> None:
        """Put the place for a problem under the fields and push all to the top."""
        self.column.addWidget(self.problem_label)
        self.column.addStretch(1)
        self.say("")

    def say(self, problem: str) -> None:
        """Say what is missing; '' takes it back."""
        self.problem_label.setText(problem)
        self.problem_label.setVisible(bool(problem))
        theme.set_state(self.problem_label, problem=bool(problem))

    def begin(self) -> None:
        """Take the focus where one starts."""
        self.setFocus()

    def accept(self) -> bool:
        """Check and keep the answer; False stays here and has said why."""
        return True
