"""'Stay & house' on the resident's page: where she sleeps now, and every stay with its nights."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain import codelists
from shelter_app.domain.fields import field_of
from shelter_app.domain.sealed_details import Whereabouts
from shelter_app.domain.stay import Placement, Stay
from shelter_app.domain.stay_states import is_away
from shelter_app.i18n import _, ngettext
from shelter_app.services import bed_board, sealed_details
from shelter_app.services.bed_board import HouseCard, StayTab, StayView
from shelter_app.services.changes import Changes
from ui.features.house.acts import StayActs, sleeper_of
from ui.features.house.panel import HousePanel
from ui.features.house.wording import back_words, where_words
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.context import Context
from ui.kit.day_text import show_day, show_moment
from ui.kit.flow import FlowLayout
from ui.kit.message_bar import MessageBar
from ui.kit.page import Card, EmptyState, KeyValueList, Pill
from ui.kit.side_editor import editor_over

TABLES: Final = ("stay", "placement", "bed_stay", "absence", "bed", "room", "appointment")


def resident_tab(context: Context, person_id: int) -> QWidget:
    """Return the tab for one person."""
    return StayTabView(context, person_id)


class StayTabView(QWidget):
    """Her stays, newest first, with what this worker may know and do."""

    def __init__(self, context: Context, person_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("StayTab")
        self._context = context
        self._person_id = person_id
        self._acts: StayActs | None = None
        self._tab: StayTab | None = None
        self._wanted = ""
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self.message_bar = MessageBar()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.message_bar)
        whole.addLayout(self._columns)
        whole.addStretch(1)
        self._missing: Callable[[], object] | None = None
        self.message_bar.acted.connect(self._record_basis)
        self.reload()

    def refresh(self, changes: Changes) -> None:
        """Ask again when something the tab shows was written."""
        if changes.touch(*TABLES):
            self.reload()

    def show_record(self, record_id: int, table: str) -> None:
        """Begin a record of a type ('absence', 'stay', 'placement') that belongs here."""
        if record_id:
            return
        self._wanted = table
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close what is open about her when another tab or person comes; a draft is kept."""
        super().hideEvent(event)
        if self._acts is not None and not event.spontaneous():
            self._acts.close()

    def reload(self) -> None:
        """Ask for her stays."""
        self._context.tasks.ask(self, bed_board.stay_tab, self._person_id, then=self._show)

    @property
    def acts(self) -> StayActs:
        """What can be done; its editor slides over the whole page the tab stands in."""
        if self._acts is None:
            self._acts = StayActs(self._context, self, editor_over(self))
        return self._acts

    def _begin(self) -> None:
        """Open the form that was asked for, once her stays are known."""
        tab = self._tab
        if tab is None or not self._wanted:
            return
        wanted, self._wanted = self._wanted, ""
        if wanted == "absence" and tab.card is not None and tab.card.absence is None:
            self.acts.away(sleeper_of(tab.card))
        elif wanted == "stay" and tab.may_admit:
            self.acts.admit(self._person_id)
        elif wanted == "placement" and tab.may_place and tab.stays:
            self.acts.place(tab.stays[0].stay, tab.stays[0].placement)

    def _show(self, tab: StayTab) -> None:
        self._tab = tab
        layouts.clear(self._columns)
        self._say_missing(tab)
        self._begin()
        if not tab.stays:
            self._columns.addWidget(self._nothing(may_admit=tab.may_admit))
            return
        stays = QWidget()
        column = QVBoxLayout(stays)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for view in tab.stays:
            latest = view is tab.stays[0]
            made = self._stay(view, may_place=tab.may_place, may_correct=tab.may_correct and latest)
            column.addWidget(made)
        column.addStretch(1)
        self._columns.addWidget(stays, 3)
        beside = self._now(tab.card) if tab.card else self._outside(may_admit=tab.may_admit)
        self._columns.addWidget(beside, 2, Qt.AlignmentFlag.AlignTop)

    def _say_missing(self, tab: StayTab) -> None:
        if tab.placement_missing and tab.stays:
            stay = tab.stays[0].stay
            self._missing = lambda: self.acts.place(stay, None)
            self.message_bar.say(
                _("The house admitted her. Nobody has recorded why and on what basis yet."),
                "warning",
                _("Record it"),
            )
        else:
            self.message_bar.clear()

    def _record_basis(self) -> None:
        if self._missing is not None:
            self._missing()

    def _nothing(self, *, may_admit: bool) -> EmptyState:
        sentence = _("She has not lived in the house so far. Stays, beds and nights stand here.")
        empty = EmptyState(sentence, _("Admit to a bed") if may_admit else "")
        empty.acted.connect(lambda: self.acts.admit(self._person_id))
        return empty

    def _now(self, card: HouseCard) -> Card:
        made = Card(_("In the house"))
        panel = HousePanel(_without(card, "open"))
        sleeper = sleeper_of(card)
        acts: dict[str, Callable[[], object]] = {
            "move": lambda: self.acts.move(sleeper),
            "away": lambda: self.acts.away(sleeper),
            "back": lambda: self.acts.back(sleeper),
            "give_up": lambda: self.acts.give_up(sleeper),
            "exit": lambda: self.acts.leave_house(sleeper),
        }
        panel.wanted.connect(lambda key: acts[key]())
        made.add(panel)
        return made

    def _outside(self, *, may_admit: bool) -> Card:
        made = Card(_("Not in the house"))
        made.add(label(_("She does not sleep here at the moment."), "mute", wrap=True))
        if may_admit:
            again = button(_("Admit again"), "StayTab_admit", "primary")
            again.clicked.connect(lambda: self.acts.admit(self._person_id))
            made.body.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _stay(self, view: StayView, *, may_place: bool, may_correct: bool) -> Card:
        stay = view.stay
        nights = ngettext("{count} night", "{count} nights", view.nights)
        card = Card(
            _("Stay {number}").format(number=stay.stay_no), nights.format(count=view.nights)
        )
        card.setObjectName(f"StayTab_stay_{stay.id}")
        facts = KeyValueList()
        state = codelists.label("case_state", stay.state)
        role = "neutral" if stay.exited_at else "soon" if is_away(stay.state) else "good"
        facts.add(_("State"), Pill(state, role))
        facts.add(_("Admitted"), show_moment(stay.admitted_at, weekday=True))
        if stay.exited_at:
            facts.add(_("Left"), show_moment(stay.exited_at, weekday=True))
        if view.case_worker:
            facts.add(_("Case worker"), view.case_worker)
        if view.placement is not None:
            _add_basis(facts, view.placement)
        for name in ("belongings_done", "house_rules_explained"):
            facts.add(_(field_of(Stay, name).label), _yes_or_no(on=getattr(stay, name)))
        facts.add(_("Beds"), _bed_lines(view), name="StayTab_beds")
        if view.absences:
            facts.add(_("Away"), _absence_lines(view), name="StayTab_absences")
        card.add(facts)
        buttons = self._buttons(view, may_place=may_place, may_correct=may_correct)
        card.body.addLayout(buttons)
        return card

    def _buttons(self, view: StayView, *, may_place: bool, may_correct: bool) -> FlowLayout:
        line = FlowLayout()
        for state in view.next_steps:
            words = _("Next: {state}").format(state=codelists.label("case_state", state))
            made = button(words, f"StayTab_step_{state}", "small")
            made.clicked.connect(lambda _on=False, state=state: self.acts.step(view.stay, state))
            line.addWidget(made)
        if may_place and view.placement is not None:
            change = button(_("Change the basis"), f"StayTab_basis_{view.stay.id}", "small")
            change.clicked.connect(lambda: self.acts.place(view.stay, view.placement))
            line.addWidget(change)
        if may_correct:
            correct = button(_("Correct the stay"), f"StayTab_correct_{view.stay.id}", "small")
            correct.clicked.connect(lambda: self.acts.correct(view.stay))
            line.addWidget(correct)
        if view.stay.exited_at and sealed_details.may_write(self._context.actor):
            where = button(
                _("Where she went, sealed…"), f"StayTab_where_{view.stay.id}", "small", icon="lock"
            )
            detail = f"overview:{Whereabouts.table}:{view.stay.id}"
            where.clicked.connect(lambda: self._context.go("resident", view.stay.person_id, detail))
            line.addWidget(where)
        return line


def _without(card: HouseCard, action: str) -> HouseCard:
    return dataclasses.replace(card, actions=card.actions - {action})


def _add_basis(facts: KeyValueList, placement: Placement) -> None:
    if placement.legal_basis:
        facts.add(_("Basis"), codelists.label("legal_basis", placement.legal_basis))
    if placement.order_number:
        court = codelists.label("court_stations_ke", placement.order_court)
        facts.add(_("Order"), ", ".join(part for part in (placement.order_number, court) if part))
    if placement.order_expires_on:
        facts.add(_("Order expires"), show_day(placement.order_expires_on))
    if placement.brought_by:
        facts.add(_("Brought by"), placement.brought_by)
    if placement.exit_type:
        facts.add(_("How she left"), codelists.label("exit_type", placement.exit_type))
        _add_leaving(facts, placement)
    if placement.exit_override_reason:
        facts.add(_("Why then"), placement.exit_override_reason)
    if placement.late_entry_reason:
        facts.add(_("Recorded later"), placement.late_entry_reason)


def _add_leaving(facts: KeyValueList, placement: Placement) -> None:
    """Show what was written down when she left: where to, who received her, what she has."""
    places = (
        codelists.label("kenya_county", placement.exit_destination_county),
        codelists.label("nationality", placement.exit_destination_country),
    )
    went = ", ".join(place for place in places if place)
    if went:
        facts.add(_("Went to"), went, name="StayTab_went_to")
    for name in ("handed_to_type", "exit_risk"):
        field, code = field_of(Placement, name), getattr(placement, name)
        if code:
            facts.add(_(field.label), codelists.label(field.codes, code))
    for name in ("children_officer_approved", "belongings_returned", "documents_given"):
        answer = getattr(placement, name)
        if answer is not None:
            facts.add(_(field_of(Placement, name).label), _yes_or_no(on=answer))


def _yes_or_no(*, on: bool) -> str:
    return _("Yes") if on else _("No")


def _bed_lines(view: StayView) -> str:
    lines = []
    for span in reversed(view.beds):
        until = show_day(span.to_at.date()) if span.to_at else _("now")
        lines.append(
            _("{room} · {bed}, {first} to {until}").format(
                room=span.room, bed=span.bed_no, first=show_day(span.from_at.date()), until=until
            )
        )
    return "\n".join(lines) or _("none")


def _absence_lines(view: StayView) -> str:
    lines = []
    for absence in view.absences:
        left = show_day(absence.left_at.date()) if absence.left_at else ""
        back = (
            show_day(absence.returned_at.date())
            if absence.returned_at
            else _("expected {day}").format(day=back_words(absence))
        )
        lines.append(
            _("{where}, {left} to {back}").format(where=where_words(absence), left=left, back=back)
        )
    return "\n".join(lines)
