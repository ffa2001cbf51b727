"""Accused who were never charged and whose time is over: kept longer, or erased by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.i18n import _, ngettext
from shelter_app.services import uncharged
from shelter_app.services.purge import Report
from shelter_app.services.uncharged import Over, Queue
from ui.features.rights import new_keys
from ui.features.rights.decisions_card import accused_words
from ui.features.rights.keep_dialog import KeepDialog
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.message_bar import MessageBar

_OFFERED: Final = timedelta(days=365)
"""The day offered first for keeping longer; the reason may ask for another."""


class UnchargedCard(Card):
    """One line for each entry, with the two decisions; nothing of it says a name."""

    changed = Signal()

    def __init__(self, context: Context, bar: MessageBar) -> None:
        super().__init__(_("Accused never charged"), _("their time is over"))
        self.setObjectName("UnchargedCard")
        self._context = context
        self._bar = bar
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, uncharged.queue, then=self.show_queue)

    def show_queue(self, queue: Queue) -> None:
        """Show the entries whose time is over."""
        layouts.clear(self._lines)
        lines = [self._line(each) for each in queue.entries]
        layouts.add_ruled(self._lines, lines)
        if not lines:
            nothing = _(
                "Nobody. An accused who is never charged comes here two years after the entry was "
                "made, once the case has ended."
            )
            self._lines.addWidget(label(nothing, "mute", wrap=True))
        more = queue.total - len(lines)
        if more > 0:
            words = ngettext("{count} more", "{count} more", more).format(count=more)
            self._lines.addWidget(label(words, "mute"))

    def _line(self, entry: Over) -> QWidget:
        made = QWidget()
        across = QHBoxLayout(made)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(accused_words(entry.code, entry.number), "field"))
        status = codelists.label("accused_status", entry.status)
        until = _("kept until {day}").format(day=show_day(entry.until))
        said = " · ".join(part for part in (entry.case_title, status, until) if part)
        words.addWidget(label(said, "mute", wrap=True))
        across.addLayout(words, 1)
        number = entry.suspect_id
        look = partial(self._context.go, "court", entry.case_id)
        self._button(across, _("Open case"), f"case_{number}", look)
        self._button(across, _("Keep longer…"), f"keep_{number}", partial(self._keep, entry))
        ask = partial(self._ask_to_erase, entry)
        self._button(across, _("Propose to erase…"), f"accused_{number}", ask)
        return made

    def _button(
        self,
        across: QHBoxLayout,
        text: str,
        name: str,
        act: Callable[[], object],
    ) -> None:
        made = button(text, name)
        made.clicked.connect(lambda _on=False: act())
        across.addWidget(made)

    def _keep(self, entry: Over) -> None:
        sentence = _(
            "The entry of {whom} is kept longer, two years from today at most, and comes back for "
            "review on that day. Who kept it and why is written down."
        ).format(whom=accused_words(entry.code, entry.number))
        dialog = KeepDialog(self, sentence, clock.today() + _OFFERED)
        dialog.accepted.connect(
            lambda: self.keep_longer(entry.suspect_id, dialog.day_edit.value(), dialog.reason())
        )
        dialog.show_once()

    def keep_longer(self, suspect_id: int, until: date | None, reason: str) -> None:
        """Keep an entry until another day."""
        if until is None:
            self._bar.say(_("Please type the day until which it is kept."), "warning")
            return
        self._context.tasks.do(
            self,
            uncharged.keep_longer,
            suspect_id,
            until,
            reason,
            then=lambda _suspect: self._done(_("Kept until {day}.").format(day=show_day(until))),
            failed=self._bar.explain,
        )

    def _ask_to_erase(self, entry: Over) -> None:
        sentence = _(
            "You propose to erase the entry of {whom}: name, description, pictures. A second "
            "person has to approve before anything happens. What the survivor told stays in her "
            "own file."
        ).format(whom=accused_words(entry.code, entry.number))
        dialog = ReasonDialog(self, sentence, _("Propose to erase"), _("Go back"))
        dialog.setObjectName("UnchargedCard_propose")
        dialog.accepted.connect(lambda: self.propose(entry.suspect_id, dialog.reason()))
        dialog.show_once()

    def propose(self, suspect_id: int, reason: str) -> None:
        """Propose to erase an entry."""
        self._context.tasks.do(
            self,
            uncharged.propose,
            suspect_id,
            reason,
            then=lambda _decision: self._done(
                _("Proposed. A second person approves it on this page.")
            ),
            failed=self._bar.explain,
        )

    def confirm_erasing(self, decision_id: int, whom: str) -> None:
        """Ask once more before an entry is erased for good."""
        dialog = Dialog(
            self,
            _(
                "The entry of {whom} is erased now, for good: name, description, pictures, drafts "
                "and what the audit trail says of it. This cannot be undone by anybody. Then a "
                "copy of the records is made without it, and the cases get a new key, so that no "
                "key in use opens what the disk still holds of the old pages."
            ).format(whom=whom),
            _("Erase for good"),
            _("Go back"),
            dangerous=True,
        )
        dialog.setObjectName("UnchargedCard_erase")
        dialog.accepted.connect(lambda: self.erase(decision_id))
        dialog.show_once()

    def erase(self, decision_id: int) -> None:
        """Erase the entry of an approved decision."""
        self._context.tasks.run(
            self,
            uncharged.carry_out,
            decision_id,
            then=self._erased,
            failed=self._bar.explain,
        )

    def _erased(self, report: Report) -> None:
        self._done(
            _("The entry is erased. In older backups until {day} at the latest.").format(
                day=show_day(report.in_backups_until)
            )
        )
        new_keys.give(self, self._context, self._bar)

    def _done(self, words: str) -> None:
        self._bar.say(words)
        self.changed.emit()
