"""Backups without being asked: once a day while the program runs, and at closing.

It also reads a known stick again when it is put in, and says above every page when the last backup
is too old. It never opens a dialog and never stands in the way of leaving for long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from shelter_app import clock
from shelter_app.i18n import _, ngettext
from shelter_app.services import backup_words, backups, doors, restoring
from shelter_app.services.backup_checks import REHEARSERS
from shelter_app.services.backups import Overview, PlaceLine, Present
from shelter_app.services.changes import Changes
from ui.backup_runner import Aside, BackupRunner, newest_on
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.wording import sentence_for

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FIRST_LOOK: Final = 120_000
LOOK_EVERY: Final = 30_000
_AFTER_ARRIVAL: Final = 1_500
_ABOUT_BACKUPS: Final = ("backup_run", "backup_place")
_RECHECK: Final = timedelta(days=1)


class BackupKeeper(QObject):
    """Watches one signed-in window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._aside = Aside(self)
        self._runner = BackupRunner(window.tasks, self._aside, self)
        self._overview: Overview | None = None
        self._there: frozenset[int] = frozenset()
        self._queue: list[Present] = []
        self._put_in: list[Present] = []
        """Sticks that are in since the last look: cleared of what is half-made, then read again."""
        self._cleared: set[int] = set()
        self._then: Callable[[], object] | None = None
        self._said_once = False
        self._sheet: ProgressSheet | None = None
        self._look = QTimer(self)
        self._look.setInterval(FIRST_LOOK)
        self._look.timeout.connect(self.look)
        self._runner.done.connect(self._next)
        self._runner.failed.connect(self._not_made)
        window.tasks.changed.connect(self._changed)
        window.preferences_changed.connect(self._say_again)
        BackupRunner.nothing_under_way()
        self._look.start()
        QTimer.singleShot(_AFTER_ARRIVAL, self, self.start)

    def start(self) -> None:
        """Learn how the house stands; asked once the first page is there."""
        self._window.tasks.ask(self, backups.overview, then=self._know)
        folder = self._window.desk.vault.folder
        self._aside.ask(doors.restored_from, folder, then=self._write_down)

    def _write_down(self, made_at: datetime | None) -> None:
        """Let the trail of restored records say so before the word at the door goes."""
        if made_at is None:
            self._tidy()
        else:
            self._window.tasks.do(self, restoring.write_down, made_at, then=lambda _v: self._tidy())

    def _tidy(self) -> None:
        self._aside.ask(restoring.tidy, self._window.desk.vault.folder)

    def stop(self) -> None:
        """Let go of what is under way: the window locks."""
        self._look.stop()
        self._queue.clear()
        self._put_in.clear()
        self._then = None
        BackupRunner.stop_now()

    # While the program runs

    def look(self) -> None:
        """See which sticks are in, and do what is due on them."""
        self._look.setInterval(LOOK_EVERY)
        if BackupRunner.busy() or self._then is not None:
            return
        self._window.tasks.ask(self, backups.overview, then=self._look_around)

    def _look_around(self, overview: Overview) -> None:
        self._know(overview)
        if overview.places:
            self._aside.ask(backups.present, overview.places, then=self._seen)

    def _seen(self, present: Sequence[Present]) -> None:
        if self._overview is None or BackupRunner.busy() or self._then is not None:
            return
        self._put_in = [each for each in self._put_in if each in present]
        self._put_in += [each for each in present if each.place_id not in self._there]
        self._there = frozenset(each.place_id for each in present)
        self._queue = [each for each in present if self._is_due(each)]
        self._next()

    def _place(self, place_id: int) -> PlaceLine | None:
        places = self._overview.places if self._overview else ()
        return next((place for place in places if place.id == place_id), None)

    def _is_due(self, present: Present) -> bool:
        place = self._place(present.place_id)
        if place is None or self._overview is None or not self._overview.changed:
            return False
        return place.verified_at is None or place.verified_at.date() < clock.today()

    def _welcome(self, present: Present) -> None:
        """Clear a stick of what a backup cut short has left; the second time, read its newest."""
        if present.place_id not in self._cleared:
            self._cleared.add(present.place_id)
            self._runner.clear_away(present)
            return
        self._cleared.discard(present.place_id)
        self._put_in.remove(present)
        if not self._check_again(present):
            self._next()

    def _check_again(self, present: Present) -> bool:
        place = self._place(present.place_id)
        newest = newest_on(place, self._overview.runs) if place and self._overview else None
        if newest is None:
            return False
        looked = max(filter(None, (newest.checked_at, newest.verified_at)))
        return clock.now() - looked > _RECHECK and self._runner.check(present, newest)

    def _next(self) -> None:
        """Go on with the next place, with a stick that was put in, or with leaving."""
        if self._queue:
            self._runner.back_up(self._queue.pop(0))
            return
        if self._put_in and self._then is None:
            self._welcome(self._put_in[0])
            return
        self._end_sheet()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _not_made(self, error: BaseException) -> None:
        """Say what went wrong; whoever was leaving stays and may leave again."""
        sentence = self._runner.sentence_for(error)
        if self._then is not None:
            self._stay(sentence)
            return
        self._queue.clear()
        if not self._runner.progress.stopping:
            self._window.say(sentence, "warning")

    def _stay(self, why: str) -> None:
        self._queue.clear()
        self._end_sheet()
        self._then = None
        self._said_once = True
        again = _("Close the window again to leave without a backup.")
        self._window.say(f"{why} {again}", "warning")

    # Leaving

    def before_leaving(self, then: Callable[[], object]) -> None:
        """Make a backup on what is in, if something changed, and go on to leave."""
        if self._then is not None:
            return
        current = BackupRunner.under_way()
        makes_one = current is not None and current.makes_one and not current.progress.stopping
        known = self._overview is not None and bool(self._overview.places)
        if self._said_once or not (known or makes_one):
            then()
            return
        self._then = then
        if current is not None and makes_one:
            self._wait_for(current)
            return
        if current is not None:
            self._leave()  # a second look at a stick can be had tomorrow
            return
        self._window.tasks.ask(self, backups.overview, then=self._leave_with, failed=self._leave)

    def _wait_for(self, current: BackupRunner) -> None:
        """Show how far the backup is that was begun before, and leave when it is made."""
        self._show_sheet(_("A backup is being made. The program closes after it."), current)
        if current is not self._runner:
            current.done.connect(self._other_done)
            current.failed.connect(partial(self._other_failed, current.kind))

    def _other_done(self) -> None:
        if self._then is not None:
            self._next()

    def _other_failed(self, kind: str, error: BaseException) -> None:
        if self._then is not None:
            self._stay(backup_words.making(error, kind) or sentence_for(error))

    def _show_sheet(self, text: str, runner: BackupRunner) -> None:
        self._sheet = ProgressSheet(self._window, text)
        self._sheet.cancel_button.setText(_("Close without it"))
        self._sheet.cancelled.connect(self._leave_without)
        self._sheet.show_now()
        self._sheet.watch(runner.standing)

    def _leave_with(self, overview: Overview) -> None:
        self._overview = overview
        if not overview.changed:
            self._leave()
            return
        self._aside.ask(backups.present, overview.places, then=self._leave_over, failed=self._leave)

    def _leave_over(self, present: Sequence[Present]) -> None:
        self._queue = list(present)
        if self._queue:
            self._show_sheet(_("Making the backup before closing"), self._runner)
        self._next()

    def _leave_without(self) -> None:
        current = BackupRunner.under_way()
        if current is not None:
            current.progress.stop()
        self._leave()

    def _leave(self, _error: BaseException | None = None) -> None:
        self._queue.clear()
        self._next()

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.finish()
            self._sheet = None

    # The notice

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if changes.touch(*_ABOUT_BACKUPS):
            self._window.tasks.ask(self, backups.overview, then=self._know)

    def _say_again(self) -> None:
        """Put the words onto the top bar that was made anew."""
        if self._overview is not None:
            self._know(self._overview)

    def _know(self, overview: Overview) -> None:
        self._overview = overview
        rehearses = self._window.desk.actor.has_role(*REHEARSERS)
        if rehearses and overview.rehearsal_due and not overview.role:
            self._window.top_bar.set_backup(_("Restore rehearsal due"), "soon")
        else:
            self._window.top_bar.set_backup(notice_of(overview), overview.role)


def notice_of(overview: Overview) -> str:
    """Return the words above the page: '' while the last backup is young enough."""
    if not overview.role:
        return ""
    if overview.newest is None:
        return _("No backup yet")
    return ngettext(
        "Last backup {count} day ago", "Last backup {count} days ago", overview.days
    ).format(count=overview.days)
