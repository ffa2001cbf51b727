"""The timeline tab: everything that happened, newest first, narrowed by kind."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.i18n import _
from shelter_app.services import timeline
from shelter_app.services.changes import Changes
from shelter_app.services.timeline import Page
from shelter_app.services.work import Work
from ui.features.resident import words
from ui.kit.context import Context
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.page import Card, Timeline


class TimelineTab(QWidget):
    """Pills that narrow, entries a page at a time; every entry opens its record."""

    entry_chosen = Signal(object)

    def __init__(self, context: Context, person_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("TimelineTab")
        self._context = context
        self._person_id = person_id
        self._asked = 0
        self._page = Page((), None)
        self.chips: FilterChips | None = None
        self.timeline = Timeline(empty=_("Nothing of this kind is recorded yet."))
        self._card = Card()
        self._card.add(self.timeline, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._card)
        self.timeline.record_chosen.connect(self.entry_chosen)
        self.timeline.more_wanted.connect(self._ask_more)
        context.tasks.ask(self, _readable_groups, person_id, then=self._make_chips)
        self._ask()

    def refresh(self, changes: Changes) -> None:
        """Ask again when something of this person was touched."""
        if self._person_id in changes.persons:
            self._ask()

    def _make_chips(self, groups: tuple[tuple[str, str], ...]) -> None:
        chips = [Chip(key, _(name)) for key, name in groups]
        chips.append(Chip(timeline.COMING, _("Still to come")))
        self.chips = FilterChips(chips, searchable=False)
        self.chips.changed.connect(self._ask)
        self._card.body.insertWidget(0, self.chips)

    def _ask(self) -> None:
        self._asked += 1
        asked = self._asked
        groups = self.chips.chosen() if self.chips is not None else ()
        self._context.tasks.ask(
            self,
            timeline.page,
            self._person_id,
            groups,
            then=lambda page: self._show(asked, page, more=False),
        )

    def _ask_more(self) -> None:
        asked = self._asked
        groups = self.chips.chosen() if self.chips is not None else ()
        self._context.tasks.ask(
            self,
            timeline.page,
            self._person_id,
            groups,
            self._page.next_page,
            then=lambda page: self._show(asked, page, more=True),
        )

    def _show(self, asked: int, page: Page, *, more: bool) -> None:
        if asked != self._asked:
            return
        self._page = page
        entries = [words.entry(one) for one in page.entries]
        show = self.timeline.add_entries if more else self.timeline.set_entries
        show(entries, page.next_page is not None)


def _readable_groups(work: Work, person_id: int) -> tuple[tuple[str, str], ...]:
    return timeline.readable_groups(work, person_id)
