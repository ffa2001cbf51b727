"""What was made, newest first: verified, checked again, rehearsed, or why it was not made."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from shelter_app.i18n import _, ngettext
from shelter_app.services import backup_words
from shelter_app.services.backups import Overview, RunLine
from ui.features.backups.words import place_words, size_words, when
from ui.kit import layouts
from ui.kit.button import label
from ui.kit.card import Card
from ui.kit.pill import Pill
from ui.kit.row import TwoLines

MOST: Final = 40


class HistoryCard(Card):
    """A row for each backup, the newest forty."""

    def __init__(self) -> None:
        super().__init__(_("History"))
        self.setObjectName("BackupsPage_history")
        self._shown: tuple[Any, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.more_label = label("", "secondary", wrap=True, name="BackupsPage_more")
        self.add(self.more_label)
        self.hide()

    def show_runs(self, overview: Overview) -> None:
        """Show the history."""
        if self._shown == overview.runs:
            return
        self._shown = overview.runs
        layouts.clear(self._rows)
        places = {place.id: place_words(place) for place in overview.places}
        for run in overview.runs[:MOST]:
            self._rows.addWidget(RunRow(run, places.get(run.place_id, _("a place of before"))))
        left = len(overview.runs) - MOST
        words = ngettext(
            "{count} older one is not shown.", "{count} older ones are not shown.", left
        )
        self.more_label.setText(words.format(count=left))
        self.more_label.setVisible(left > 0)
        self.setVisible(bool(overview.runs))


class RunRow(QFrame):
    """One backup."""

    def __init__(self, run: RunLine, place: str) -> None:
        super().__init__()
        self.setObjectName("BackupsPage_run")
        self.setProperty("kind", "row")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(12)
        headline = _("{when} · {place}").format(when=when(run.made_at), place=place)
        box.addWidget(TwoLines(headline, _detail(run)), 1)
        box.addWidget(Pill(*_state(run)), 0, Qt.AlignmentFlag.AlignTop)


def _state(run: RunLine) -> tuple[str, str]:
    if run.trouble:
        words = _("Changed since") if run.trouble == "changed" else _("Not made")
        return words, "overdue"
    if run.gone:
        return _("Removed to make room"), "neutral"
    if run.rehearsed_at:
        return _("Rehearsed"), "good"
    return (_("Verified twice"), "good") if run.checked_at else (_("Verified"), "good")


def _detail(run: RunLine) -> str:
    if run.trouble:
        return backup_words.of_code(run.trouble, run.kind)
    parts = [size_words(run.size)]
    if run.checked_at:
        parts.append(_("checked again: {when}").format(when=when(run.checked_at)))
    if run.words:
        parts.append(_("check words: {words}").format(words=run.words))
    return " · ".join(parts)
