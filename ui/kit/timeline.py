"""What happened, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.i18n import _
from ui.kit import layouts
from ui.kit.button import button, label, rule
from ui.kit.pill import Dot
from ui.kit.row import RowButton, TwoLines


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened; `record` is handed back untouched when it is chosen."""

    role: str
    headline: str
    detail: str
    record: object = None


class Timeline(QWidget):
    """A list of entries; each is a button, and 'Show more' asks for the next page."""

    record_chosen = Signal(object)
    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, empty: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self._empty_label = label(empty or _("Nothing recorded yet."), "mute", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.more_button = button(_("Show more"), "timeline_more", "link")
        self.more_button.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self._empty_label)
        whole.addLayout(self._list)
        whole.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addStretch(1)
        self.more_button.clicked.connect(self.more_wanted)

    def set_entries(self, entries: Sequence[TimelineEntry], more: bool = False) -> None:
        """Show these entries and nothing else."""
        layouts.clear(self._list)
        self.add_entries(entries, more)

    def add_entries(self, entries: Sequence[TimelineEntry], more: bool = False) -> None:
        """Add the next page under what is shown."""
        for entry in entries:
            if self._list.count():
                self._list.addWidget(rule())
            self._list.addWidget(self._row(entry))
        self._empty_label.setVisible(not self._list.count())
        self.more_button.setVisible(more)

    def _row(self, entry: TimelineEntry) -> QWidget:
        row = RowButton(f"{entry.headline}. {entry.detail}")
        row.setObjectName("timeline_row")
        row.add(Dot(entry.role))
        row.add(TwoLines(entry.headline, entry.detail, face=""), 1)
        row.clicked.connect(lambda: self.record_chosen.emit(entry.record))
        return row
