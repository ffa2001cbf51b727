"""The safe-contact card: what must be read before anybody picks up a telephone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_app.domain import codelists
from shelter_app.domain.aftercare import SafeContact, SafeContactNumber
from shelter_app.i18n import _, ngettext
from shelter_app.services.aftercare import PersonAftercare
from ui.kit.button import button, label
from ui.kit.countdown import Countdown
from ui.kit.day_text import show_day
from ui.kit.message_bar import MessageBar
from ui.kit.page import Card, EmptyState, KeyValueList

SHOWN_FOR: Final = 120
"""Seconds a number stays on the screen."""


class SafeContactCard(Card):
    """How she may be reached; the number only on request, logged, and gone after two minutes."""

    number_wanted = Signal()
    change_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Read this first"), parent=parent)
        self.setObjectName("SafeContactCard")
        self._may_reveal = False
        self.message_bar = MessageBar()
        self.facts = KeyValueList()
        self.empty = EmptyState(
            _("How may we reach her without putting her in danger? Agree it with her first."),
            _("Make the safe-contact card"),
        )
        self.number_facts = KeyValueList()
        self.countdown_label = Countdown(
            "SafeContactCard_countdown", "secondary", say=_hidden_again
        )
        self.number_button = button(
            _("Show number (logged)"), "SafeContactCard_number", "small", icon="phone"
        )
        self.hide_button = button(_("Hide the number"), "SafeContactCard_hide", "small")
        self.change_button = button(_("Change the card"), "SafeContactCard_change", "small")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for made in (self.number_button, self.hide_button, self.change_button):
            buttons.addWidget(made)
        buttons.addStretch(1)
        for shown in (
            self.message_bar,
            self.empty,
            self.facts,
            self.number_facts,
            self.countdown_label,
        ):
            self.add(shown)
        self.body.addLayout(buttons)
        self.hide_number()
        self.number_button.clicked.connect(self.number_wanted)
        self.hide_button.clicked.connect(self.hide_number)
        self.change_button.clicked.connect(self.change_wanted)
        self.empty.acted.connect(self.change_wanted)
        self.countdown_label.over.connect(self.hide_number)

    def show_person(self, seen: PersonAftercare) -> None:
        """Show a person's card, or the invitation to make one."""
        self.facts.clear()
        card = seen.card
        self.empty.setVisible(card is None)
        self.empty.action_button.setVisible(seen.may_write)
        self.facts.setVisible(card is not None)
        self.change_button.setVisible(card is not None and seen.may_write)
        self._may_reveal = seen.may_reveal and seen.has_number
        self.number_button.setVisible(self._may_reveal and not self.countdown_label.left)
        if card is not None:
            self._fill(card)
        if card is not None and card.no_contact:
            self.message_bar.say(_("She asked for no contact. She may always call us."), "warning")
            self.message_bar.close_button.hide()
        else:
            self.message_bar.clear()

    def show_number(self, number: SafeContactNumber) -> None:
        """Show the number and place for two minutes, without letting it be copied."""
        self.hide_number()
        for words, value in (
            (_("Ask for"), number.contact_name),
            (_("Number"), number.phone),
            (_("Where"), number.address),
        ):
            if value:
                shown = label(value, "strong", wrap=True)
                self.number_facts.add(words, shown, name=f"SafeContactCard_{words}")
        self.countdown_label.start(SHOWN_FOR)
        self._show_number_parts(on=True)

    def hide_number(self) -> None:
        """Take the number off the screen."""
        self.countdown_label.stop()
        self.number_facts.clear()
        self._show_number_parts(on=False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the number away when another tab or page comes."""
        super().hideEvent(event)
        if self.countdown_label.left and not event.spontaneous():
            self.hide_number()

    def _show_number_parts(self, *, on: bool) -> None:
        self.number_facts.setVisible(on)
        self.countdown_label.setVisible(on)
        self.hide_button.setVisible(on)
        self.number_button.setVisible(not on and self._may_reveal)

    def _fill(self, card: SafeContact) -> None:
        through = codelists.label("relationship", card.through) if card.through else _("herself")
        self.facts.add(_("Through"), through, name="SafeContactCard_through")
        self.facts.add(_("How"), codelists.label("contact_channel", card.channel))
        self.facts.add(_("Safe hours"), label(card.hours, "strong", wrap=True))
        if card.cover_topic:
            self.facts.add(_("If somebody else answers"), card.cover_topic)
        if card.never_say:
            self.facts.add(_("Never"), card.never_say, role="brick")
        self.facts.add(_("Agreed with her"), show_day(card.agreed_on))


def _hidden_again(seconds: int) -> str:
    return ngettext(
        "Hidden again in {count} second", "Hidden again in {count} seconds", seconds
    ).format(count=seconds)
