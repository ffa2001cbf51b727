"""One entry opened: who, when, and each field before and after."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from shelter_app.i18n import _
from shelter_app.services.audit_trail import Line
from shelter_app.services.audit_values import Change, Entry
from ui.kit import layouts, theme
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.day_text import show_moment

_PLACES: Final = {
    "staff": "staff",
    "setting": "settings",
    "partner": "directory",
    "document": "documents",
    "room": "house",
    "bed": "house",
    "legal_case": "court",
}
_TABS: Final = {
    "stay": "stay",
    "absence": "stay",
    "bed_stay": "stay",
    "placement": "stay",
    "care_plan": "plan",
    "plan_goal": "plan",
    "plan_action": "plan",
    "plan_review": "plan",
    "counselling_enrolment": "counselling",
    "counselling_session": "counselling",
    "suspect": "court",
    "charge": "court",
    "police_contact": "court",
    "court_event": "court",
    "safe_contact": "aftercare",
    "followup_contact": "aftercare",
}


class EntryCard(Card):
    """Empty until an entry is chosen."""

    open_asked = Signal(str, object, str)
    """(place, record id, detail) of the record behind the entry."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Entry"), parent=parent)
        self.setObjectName("EntryCard")
        self._target: tuple[str, int, str] | None = None
        self.head_label = label("", "secondary", wrap=True, name="EntryCard_head")
        self.open_button = button(_("Open the record"), "EntryCard_open")
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 8, 0)
        self._lines.setSpacing(8)
        inner = QWidget()
        inner.setProperty("kind", "page-body")
        inner.setLayout(self._lines)
        self.scroll_area = QScrollArea()
        self.scroll_area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setWidget(inner)
        self.scroll_area.setAccessibleName(_("What changed"))
        self.add(self.head_label)
        self.add(self.scroll_area, 1)
        self.add(self.open_button)
        self.open_button.clicked.connect(self._open)
        self.clear()

    def clear(self) -> None:
        """Show that nothing is chosen."""
        layouts.clear(self._lines)
        self._target = None
        self.open_button.hide()
        self.head_label.setText(_("Choose an entry to see what it says."))

    def show_entry(self, entry: Entry) -> None:
        """Show an entry."""
        layouts.clear(self._lines)
        line = entry.line
        words = (line.who, _(line.action), _(line.title), line.about)
        head = " · ".join(word for word in words if word)
        self.head_label.setText(f"{show_moment(line.at)}\n{head}")
        if line.note:
            self._say(line.note)
        if line.emptied:
            self._say(
                _("The words of this entry were erased for good; two people decided it."), "mute"
            )
        for change in entry.changes:
            self._show_change(change, compared=entry.compared)
        if not (line.note or line.emptied or entry.changes):
            self._say(_("Nothing more was written down."), "mute")
        self._lines.addStretch(1)
        self._target = target_of(line)
        self.open_button.setVisible(self._target is not None)

    def _show_change(self, change: Change, *, compared: bool) -> None:
        self._say(change.label, "mute")
        if change.closed:
            self._say(_("changed; what it says is not for this role"), "hint")
            return
        if not compared:
            self._say(change.after or _("empty"))
            return
        self._say(
            _("{before}  →  {after}").format(
                before=change.before or _("empty"), after=change.after or _("empty")
            )
        )

    def _say(self, text: str, face: str = "") -> None:
        self._lines.addWidget(label(text, face, wrap=True, selectable=True))

    def _open(self) -> None:
        if self._target is not None:
            self.open_asked.emit(*self._target)

    def sizeHint(self) -> QSize:
        """Return a comfortable width for before and after."""
        hint = super().sizeHint()
        hint.setWidth(theme.size(330))
        return hint


def target_of(line: Line) -> tuple[str, int, str] | None:
    """Return where the record behind an entry is shown, or None for one without a page."""
    place = _PLACES.get(line.table)
    if place is not None:
        return place, line.record_id, ""
    if line.person_id:
        return "resident", line.person_id, _TABS.get(line.table, "")
    return None
