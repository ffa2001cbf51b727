"""The header that never scrolls away: who she is to us, and what everybody must know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from shelter_app.i18n import _
from shelter_app.services.resident_page import Header
from ui.features.resident import words
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.page import Avatar, FlowLayout, Pill


class ResidentHeader(QWidget):
    """Letter, working name, code, pills, and one line about her; the legal name is a click away."""

    identity_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ResidentHeader")
        self.avatar = Avatar("")
        self.name_label = label("", "page-title", name="ResidentHeader_name")
        self.code_label = label("", "mute", name="ResidentHeader_code")
        self.show_button = button(_("Show (logged)"), "ResidentHeader_show", "link")
        self._pill_line = FlowLayout(spacing=8)
        self._about_line = FlowLayout(spacing=6)
        self._names = QWidget()
        self._about: list[QLabel] = []
        self._lay_out()
        self.show_button.clicked.connect(self.identity_wanted)

    def show_header(self, header: Header) -> None:
        """Show what is known of her."""
        person = header.person
        self.avatar.set_letter(person.display_alias[:1].upper())
        self.name_label.setText(_("“{name}”").format(name=person.display_alias))
        self.code_label.setText(person.person_no)
        pills = [Pill(text, role) for text, role in words.pills(header)]
        self._pill_line.removeWidget(self._names)
        _fill(self._pill_line, [self._names, *pills])
        parts = words.about(header)
        texts = [f"{part} ·" for part in parts[:-1]] + list(parts[-1:])
        self._about = [label(text, "mute", name="ResidentHeader_about") for text in texts]
        self._about_line.removeWidget(self.show_button)
        _fill(self._about_line, self._about)
        self._about_line.addWidget(self.show_button)
        self.show_button.setVisible(header.may_reveal)
        spoken = [person.display_alias, person.person_no, *(pill.text() for pill in pills)]
        self.setAccessibleName(", ".join(spoken))

    def _lay_out(self) -> None:
        self._about_line.addWidget(self.show_button)
        line = QHBoxLayout(self._names)
        line.setContentsMargins(0, 0, 4, 0)
        line.setSpacing(10)
        line.addWidget(self.name_label)
        line.addWidget(self.code_label)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addLayout(self._pill_line)
        lines.addLayout(self._about_line)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self.avatar, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(lines, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


def _fill(line: FlowLayout, widgets: Sequence[QWidget]) -> None:
    """Put these widgets in a line in place of what stood there."""
    layouts.clear(line)
    for widget in widgets:
        line.addWidget(widget)
        widget.show()
