"""The card of court dates: coming ones with who goes along, then those whose outcome is owed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from shelter_app import clock
from shelter_app.domain import codelists, legal_stage
from shelter_app.i18n import _, ngettext
from shelter_app.services.court_pages import Attending, CasePage, Companion, Hearing
from ui.features.court import rows
from ui.features.court.entries_card import EntriesCard
from ui.kit import day_text, theme
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

    def next_step(self) -> QPushButton | None:
        """Return what is to be done next: name a companion, record an outcome, the first date."""
        for name in ("HearingsCard_companion", "HearingsCard_outcome", "HearingsCard_date"):
            for made in self.findChildren(QPushButton, name):
                if made.isVisible() and made.menu() is None:
                    return made
        return None

    def _row(self, hearing: Hearing, page: CasePage) -> QWidget:
        event = hearing.event
        when = day_text.near_moment(event.starts_at, clock.today())
        row = rows.entry(
            f"{when} · {event.headline()}",
            self._detail(hearing, page),
            name="HearingsCard_date",
            pills=self._pills(hearing, page),
        )
        row.clicked.connect(lambda: self.event_chosen.emit(event.id))
        if event.is_past() and not event.is_recorded() and page.may_write:
            return rows.with_action(
                row,
                _("Record outcome"),
                "HearingsCard_outcome",
                lambda: self.outcome_wanted.emit(event.id),
            )
        if event.is_past() or not page.knows_house:
            return row
        own = page.attending(event.id)
        holder: QWidget = row
        if own is not None and event.survivor_required and page.may_assign:
            holder = self._with_companions(row, own)
        return self._with_others(holder, hearing, page) if hearing.others else holder

    def _with_others(self, first: QWidget, hearing: Hearing, page: CasePage) -> QWidget:
        """Return the date with a line for each further survivor who has to be there."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(first)
        for other in hearing.others:
            named = ", ".join(companion.name for companion in other.companions)
            detail = _("with {companion}").format(companion=named) if named else ""
            row = rows.entry(
                other.survivor,
                detail or _("has to be there too"),
                name="HearingsCard_attending",
                dot="overdue" if other.needs_companion else "court",
                pills=_company_pills(other.companions, alone=other.needs_companion),
                face="",
            )
            row.clicked.connect(
                lambda _on=False, number=hearing.event.id: self.event_chosen.emit(number)
            )
            line = self._with_companions(row, other) if page.may_assign else row
            line.setContentsMargins(theme.size(12), 0, 0, 0)
            column.addWidget(line)
        return holder

    def _with_companions(self, row: QWidget, whose: Attending) -> QWidget:
        """Return the row with its button: name somebody, or a menu of who goes along."""
        outing_id = whose.appointment_id
        if not whose.companions:
            return rows.with_action(
                row,
                _("Name companion"),
                "HearingsCard_companion",
                lambda: self.companion_wanted.emit(outing_id, 0),
            )
        menu = QMenu(self)
        menu.setObjectName("HearingsCard_companion_menu")
        known = [(c.name, c.accompaniment.id) for c in whose.companions]
        for text, accompaniment_id in (*known, (_("Another companion…"), 0)):
            menu.addAction(text).triggered.connect(self._wanting(outing_id, accompaniment_id))
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
    def _pills(hearing: Hearing, page: CasePage) -> list[tuple[str, str]]:
        event = hearing.event
        pills = _company_pills(hearing.companions, alone=hearing.needs_companion)
        if event.is_past() and not event.is_recorded():
            pills.append((_("Outcome not recorded"), "overdue"))
        if not event.is_past() and not event.survivor_required:
            words = _("She need not be there")
            if page.others:
                words = _("{survivor} need not be there").format(survivor=page.survivor)
            pills.append((words, "neutral"))
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


def _company_pills(companions: Sequence[Companion], *, alone: bool) -> list[tuple[str, str]]:
    pills: list[tuple[str, str]] = []
    if alone:
        pills.append((_("Companion: not assigned"), "overdue"))
    if any(companion.clashes for companion in companions):
        pills.append((_("Companion wanted elsewhere"), "soon"))
    return pills
