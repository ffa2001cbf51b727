"""The card of court dates: coming ones with who goes along, then those whose outcome is owed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from shelter_app import clock
from shelter_app.domain import codelists, legal_stage
from shelter_app.i18n import _, ngettext
from shelter_app.services.court_pages import CasePage, Hearing
from ui.features.court import rows
from ui.features.court.entries_card import EntriesCard
from ui.kit import day_text
from ui.kit.button import button

_FEW: Final = 6


class HearingsCard(EntriesCard):
    """Coming dates first, then those whose outcome is owed, then the rest."""

    event_chosen = Signal(object)
    outcome_wanted = Signal(object)
    companion_wanted = Signal(object, object)

    def __init__(self) -> None:
        super().__init__(_("Court dates"))
        self.more_button = button("", "HearingsCard_more", "link")
        self.body.addWidget(self.more_button)
        self._page: CasePage | None = None
        self._all = False
        self.more_button.clicked.connect(self._show_all)

    def show_page(self, page: CasePage) -> None:
        """Show the dates of a case."""
        if self._page is None or self._page.case.id != page.case.id:
            self._all = False
        self._page = page
        ordered = _in_order(page.hearings)
        shown = ordered if self._all else ordered[:_FEW]
        hint = "" if ordered else _("No court date yet.")
        self.show_entries((self._row(hearing, page) for hearing in shown), hint)
        left = len(ordered) - len(shown)
        words = ngettext("Show {count} earlier date", "Show {count} earlier dates", left)
        self.more_button.setText(words.format(count=left))
        self.more_button.setVisible(left > 0)

    def _row(self, hearing: Hearing, page: CasePage) -> QWidget:
        event = hearing.event
        when = day_text.near_moment(event.starts_at, clock.today())
        row = rows.entry(
            f"{when} · {event.headline()}",
            self._detail(hearing, page),
            name="HearingsCard_date",
            pills=self._pills(hearing),
        )
        row.clicked.connect(lambda: self.event_chosen.emit(event.id))
        holder: QWidget = row
        if event.is_past() and not event.is_recorded() and page.may_write:
            holder = rows.with_action(
                row,
                _("Record outcome"),
                "HearingsCard_outcome",
                lambda: self.outcome_wanted.emit(event.id),
            )
        elif page.may_assign and page.knows_house and not event.is_past():
            holder = self._with_companions(row, hearing)
        return holder

    def _with_companions(self, row: QWidget, hearing: Hearing) -> QWidget:
        """Return the row with its button: name somebody, or a menu of who goes along."""
        event_id = hearing.event.id
        if not hearing.companions:
            return rows.with_action(
                row,
                _("Name companion"),
                "HearingsCard_companion",
                lambda: self.companion_wanted.emit(event_id, 0),
            )
        menu = QMenu(self)
        menu.setObjectName("HearingsCard_companion_menu")
        known = [(c.name, c.accompaniment.id) for c in hearing.companions]
        for text, accompaniment_id in (*known, (_("Another companion…"), 0)):
            menu.addAction(text).triggered.connect(self._wanting(event_id, accompaniment_id))
        return rows.with_menu(row, _("Companion"), "HearingsCard_companion", menu)

    def _wanting(self, event_id: int, accompaniment_id: int) -> Callable[[], None]:
        return lambda: self.companion_wanted.emit(event_id, accompaniment_id)

    @staticmethod
    def _detail(hearing: Hearing, page: CasePage) -> str:
        event = hearing.event
        parts = [legal_stage.court_name(event.court_station)]
        if event.outcome == "adjourned":
            parts.append(codelists.label("adjournment_reason", event.adjourn_reason).lower())
        if not event.is_past() and event.leave_house_at:
            when = day_text.show_time(event.leave_house_at)
            parts.append(_("leaves {time}").format(time=when))
        if page.knows_house and hearing.companions:
            named = ", ".join(companion.name for companion in hearing.companions)
            parts.append(_("with {companion}").format(companion=named))
        if event.amends_id:
            parts.append(_("corrected entry"))
        return " · ".join(part for part in parts if part)

    @staticmethod
    def _pills(hearing: Hearing) -> list[tuple[str, str]]:
        event = hearing.event
        pills: list[tuple[str, str]] = []
        if hearing.needs_companion:
            pills.append((_("Companion: not assigned"), "overdue"))
        if any(companion.clashes for companion in hearing.companions):
            pills.append((_("Companion wanted elsewhere"), "soon"))
        if event.is_past() and not event.is_recorded():
            pills.append((_("Outcome not recorded"), "overdue"))
        if not event.is_past() and not event.survivor_required:
            pills.append((_("She need not be there"), "neutral"))
        return pills

    def _show_all(self) -> None:
        self._all = True
        if self._page is not None:
            self.show_page(self._page)


def _in_order(hearings: tuple[Hearing, ...]) -> list[Hearing]:
    coming = [h for h in hearings if not h.event.is_past()]
    past = [h for h in hearings if h.event.is_past()]
    owed = [h for h in past if not h.event.is_recorded()]
    done = [h for h in reversed(past) if h.event.is_recorded()]
    return [*coming, *owed, *done]
