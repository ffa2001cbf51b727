"""The page of the backups: how things stand, 'Back up now', places, history, rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain.backup import STICK
from shelter_app.i18n import _
from shelter_app.services import backup_words, backups
from shelter_app.services.backups import Overview, PlaceLine, Present
from shelter_app.services.changes import Changes
from ui.backup_runner import Aside, BackupRunner, newest_on
from ui.features.backups.history_card import HistoryCard
from ui.features.backups.places_card import PlacesCard
from ui.features.backups.rehearsal_card import RehearsalCard
from ui.features.backups.restore_card import RestoreCard
from ui.features.backups.state_card import StateCard
from ui.kit.context import Context
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.wording import sentence_for

_LOOK_EVERY: Final = 3_000
_LETS_GO_AFTER: Final = 1_500
"""Milliseconds after which a stick that does not answer holds the window no longer."""


def page(context: Context) -> QWidget:
    """Return the page of the backups."""
    return BackupsPage(context)


class BackupsPage(Page):
    """Everybody sees the state and 'Back up now'; whoever looks after the sticks sees the rest."""

    restore_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Backups"),
            _("A copy on a stick outside the house brings the records back after theft or fire."),
            parent=context.place,
        )
        self.setObjectName("BackupsPage")
        self._context = context
        self._overview: Overview | None = None
        self._present: tuple[Present, ...] = ()
        self._sheet: ProgressSheet | None = None
        self._said = ""
        self._keeps = context.actor.has_role(*backups.KEEPERS)
        self._aside = Aside(self)
        self._runner = BackupRunner(context.tasks, self._aside, self)
        self.bar = MessageBar()
        self.state_card = StateCard()
        self.body.addWidget(self.bar)
        self.body.addWidget(self.state_card)
        self.places_card = PlacesCard(context, self._aside)
        self.history_card = HistoryCard()
        self.rehearsal_card = RehearsalCard(context, self._aside)
        self.restore_card = RestoreCard(context)
        if self._keeps:
            self._lay_out_the_rest()
        else:
            for card in (self.places_card, self.history_card, self.rehearsal_card):
                card.setParent(self)
                card.hide()
            self.restore_card.setParent(self)
            self.restore_card.hide()
            self.body.addStretch(1)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._connect()
        self.load()

    def _connect(self) -> None:
        self._look.timeout.connect(self._look_around)
        self.state_card.wanted.connect(self.back_up)
        self.places_card.back_up_wanted.connect(self.back_up)
        self.places_card.check_wanted.connect(self.check)
        self.places_card.added.connect(self._say_added)
        self.places_card.failed.connect(self._say_failure)
        self.restore_card.wanted.connect(self.restore_wanted)
        self._runner.done.connect(self._done)
        self._runner.failed.connect(self._not_done)

    def _lay_out_the_rest(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(16)
        right.setSpacing(16)
        left.addWidget(self.places_card)
        left.addWidget(self.history_card)
        left.addStretch(1)
        right.addWidget(self.rehearsal_card)
        right.addWidget(self.restore_card)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        self.body.addLayout(columns, 1)

    # What is shown

    def load(self) -> None:
        """Ask how the house stands."""
        self._context.tasks.ask(self, backups.overview, then=self._know)

    def refresh(self, changes: Changes) -> None:
        """Show it again when a backup or a place changed."""
        if changes.touch("backup_run", "backup_place"):
            self.load()

    def _know(self, overview: Overview) -> None:
        self._overview = overview
        self._show_all()
        self._look_around()

    def _look_around(self) -> None:
        if self._overview is not None and not BackupRunner.busy():
            self._aside.ask(backups.present, self._overview.places, then=self._seen)

    def _seen(self, present: Sequence[Present]) -> None:
        if tuple(present) != self._present:
            self._present = tuple(present)
            self._show_all()

    def _show_all(self) -> None:
        if self._overview is None:
            return
        self.state_card.show_state(self._overview, self._present, keeper=self._keeps)
        if self._keeps:
            self.places_card.show_places(self._overview, self._present)
            self.history_card.show_runs(self._overview)
            self.rehearsal_card.show_state(self._overview, self._present)

    def showEvent(self, event: QShowEvent) -> None:
        """Watch for sticks while somebody looks."""
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the sticks alone while nobody looks."""
        self._look.stop()
        super().hideEvent(event)

    # What is done

    def back_up(self, place_id: int) -> None:
        """Make a backup at a place that is in."""
        present = self._where(place_id)
        if present is None or not self._runner.back_up(present):
            self._say_busy(place_id, present)
            return
        self._open_sheet(_("Making the backup"))
        place = self._line(place_id)
        if place is not None and place.kind == STICK:
            self._said = _(
                "The backup is made and was read back whole. You can take the stick out."
            )
        else:
            self._said = _("The backup is made and was read back whole.")

    def check(self, place_id: int) -> None:
        """Read the newest backup of a place again."""
        present, place = self._where(place_id), self._line(place_id)
        newest = newest_on(place, self._overview.runs) if place and self._overview else None
        if newest is None:
            self.bar.say(_("There is no verified backup on it yet. Make one first."))
            return
        if present is None or not self._runner.check(present, newest):
            self._say_busy(place_id, present)
            return
        self._open_sheet(_("Reading the backup again"))
        self._said = _("The backup is exactly what it was when it was made.")

    def _say_busy(self, place_id: int, present: Present | None) -> None:
        if present is None:
            place = self._line(place_id)
            self.bar.say(backup_words.not_there(place.kind if place else STICK), "warning")
        else:
            self.bar.say(backup_words.busy(self._under_way()))

    def _under_way(self) -> bool:
        current = BackupRunner.under_way()
        return current is None or not current.progress.stopping

    def _where(self, place_id: int) -> Present | None:
        return next((each for each in self._present if each.place_id == place_id), None)

    def _line(self, place_id: int) -> PlaceLine | None:
        places = self._overview.places if self._overview else ()
        return next((place for place in places if place.id == place_id), None)

    def _open_sheet(self, text: str) -> None:
        self.bar.clear()
        self._sheet = ProgressSheet(self, text)
        self._sheet.cancelled.connect(self._stop)
        self._sheet.watch(self._runner.standing)

    def _stop(self) -> None:
        self._runner.stop()
        QTimer.singleShot(_LETS_GO_AFTER, self, self._let_go)

    def _let_go(self) -> None:
        """Give the window back although the stick still holds the thread that waits for it."""
        if self._sheet is not None and self._runner.progress.stopping:
            self._close_sheet()
            self.bar.say(backup_words.stopping(self._runner.kind))

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None

    def _done(self) -> None:
        self._close_sheet()
        self.bar.say(self._said)
        self.load()

    def _say_added(self, place: str) -> None:
        self.bar.say(_("{place} is known now. Make its first backup.").format(place=place))

    def _not_done(self, error: BaseException) -> None:
        self._close_sheet()
        self.bar.say(self._runner.sentence_for(error), "warning")
        self.load()

    def _say_failure(self, error: BaseException, kind: str) -> None:
        self.bar.say(backup_words.making(error, kind) or sentence_for(error), "warning")
        self.load()
