"""The first words after signing in: failed attempts, a crash, keys to grant, drafts that wait."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from shelter_app.i18n import _, ngettext
from shelter_app.services import accounts, drafts, residents
from shelter_app.services.accounts import Arrival
from shelter_app.services.drafts import Waiting
from ui.kit.button import button, label
from ui.kit.day_text import show_moment
from ui.navigation import place_of_draft

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def welcome(window: MainWindow) -> None:
    """Ask what there is to say and say it above the first page."""
    window.tasks.ask(window, accounts.arrival, then=partial(_say, window))
    window.tasks.ask(window, drafts.mine, then=partial(_offer, window))
    # Quietly: birthdays move age bands; in a folder that cannot be written they wait.
    window.tasks.do(window, residents.refresh_projections, failed=lambda _error: None)


def _say(window: MainWindow, arrival: Arrival) -> None:
    if arrival.failures:
        window.say(failures_sentence(arrival), "warning")
    elif not arrival.closed_cleanly:
        window.say(
            _(
                "The program was not closed in order last time. Everything that was saved is here "
                "and has been checked."
            )
        )
    elif arrival.waiting_grants:
        window.say(
            ngettext(
                "{count} colleague waits for a key you can grant: see Staff.",
                "{count} colleagues wait for a key you can grant: see Staff.",
                arrival.waiting_grants,
            ).format(count=arrival.waiting_grants)
        )


def failures_sentence(arrival: Arrival) -> str:
    """Return '7 failed attempts since …': whoever did not cause them should ask around."""
    since = show_moment(arrival.failures_since) if arrival.failures_since else ""
    return ngettext(
        "{count} failed attempt to sign in with your name since {when}. If it was not you, tell "
        "the manager.",
        "{count} failed attempts to sign in with your name since {when}. If it was not you, tell "
        "the manager.",
        arrival.failures,
    ).format(count=arrival.failures, when=since)


def _offer(window: MainWindow, waiting: tuple[Waiting, ...]) -> None:
    for draft in waiting[:3]:
        if place_of_draft(draft.place.table) in window.places:
            window.add_notice(DraftOffer(window, draft))


class DraftOffer(QFrame):
    """'You were writing …': go on where it stopped, or let it go."""

    settled = Signal()

    def __init__(self, window: MainWindow, draft: Waiting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("DraftOffer")
        self.setProperty("kind", "message")
        self._window = window
        self._draft = draft
        text = _("You were writing: {what}, {when}. It is kept.").format(
            what=_(draft.title), when=show_moment(draft.saved_at)
        )
        self.text_label = label(text, wrap=True, name="DraftOffer_text")
        self.continue_button = button(_("Continue"), "DraftOffer_continue", "small")
        self.discard_button = button(_("Discard"), "DraftOffer_discard", "small")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 8, 8)
        line.setSpacing(8)
        line.addWidget(self.text_label, 1)
        line.addWidget(self.continue_button)
        line.addWidget(self.discard_button)
        self.continue_button.clicked.connect(self._continue)
        self.discard_button.clicked.connect(self._discard)

    def _continue(self) -> None:
        place = place_of_draft(self._draft.place.table)
        self._settle()
        self._window.go(place, self._draft.place.record_id, "draft")

    def _discard(self) -> None:
        self._window.tasks.do(self._window, drafts.discard, self._draft.place)
        self._settle()

    def _settle(self) -> None:
        self.hide()
        self.deleteLater()
        self.settled.emit()
