"""Accused who were never charged and whose time is over: kept longer, or erased by two people."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Signal

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.i18n import _, ngettext
from shelter_app.services import uncharged
from shelter_app.services.purge import Report
from shelter_app.services.uncharged import Over, Queue
from ui.features.rights import new_keys
from ui.features.rights.decisions_card import accused_words
from ui.features.rights.keep_dialog import KeepDialog
from ui.features.rights.lines_card import Line, LinesCard
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.message_bar import MessageBar

_OFFERED: Final = timedelta(days=365)
"""The day offered first for keeping longer; the reason may ask for another."""


class UnchargedCard(LinesCard):
    """One line for each entry, with the two decisions; nothing of it says a name."""

    changed = Signal()

    def __init__(self, context: Context, bar: MessageBar) -> None:
        title, aside = _("Accused never charged"), _("their time is over")
        super().__init__("UnchargedCard", context, bar, title, aside)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, uncharged.queue, then=self.show_queue)

    def show_queue(self, queue: Queue) -> None:
        """Show the entries whose time is over."""
        lines = [self._line(each) for each in queue.entries]
        nothing = _(
            "Nobody. An accused who is never charged comes here two years after the entry was "
            "made, once the case has ended."
        )
        self.show_lines(lines, nothing)
        more = queue.total - len(lines)
        if more > 0:
            words = ngettext(
                "{count} more comes here once these are decided",
                "{count} more come here once these are decided",
                more,
            )
            self._lines.addWidget(label(words.format(count=more), "mute"))

    def _line(self, entry: Over) -> Line:
        status = codelists.label("accused_status", entry.status)
        until = _("kept until {day}").format(day=show_day(entry.until))
        said = " · ".join(part for part in (entry.case_title, status, until) if part)
        whom = label(accused_words(entry.code, entry.number), "field")
        line = Line(whom, label(said, "mute", wrap=True))
        number = entry.suspect_id
        look = partial(self._context.go, "court", entry.case_id)
        line.offer(_("Open case"), f"case_{number}", look)
        line.offer(_("Keep longer…"), f"keep_{number}", partial(self._keep, entry))
        ask = partial(self._ask_to_erase, entry)
        line.offer(_("Propose to erase…"), f"accused_{number}", ask)
        return line

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
