"""One backup from the window's side: picture, packing, writing down, making room; one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

from PySide6.QtCore import QObject, Signal

from shelter_app.domain.backup import STICK
from shelter_app.errors import BackupTrouble
from shelter_app.i18n import _
from shelter_app.services import backup_checks, backup_words, backups
from shelter_app.services.backup_checks import ToCheck
from shelter_app.services.backups import PlaceLine, Present, RunLine
from shelter_app.services.progress import Progress, standing, unattended
from ui.door import Door
from ui.kit.lasting_work import LastingWork
from ui.kit.tasks import Tasks
from ui.kit.wording import sentence_for

_CLEARING_AWAY: Final = 1.5


class Aside(QObject):
    """A thread beside the vault's, for work on sticks, with the usual bridge."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._door = Door()
        self.tasks = Tasks(self._door, self)

    def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Run a function there; `then` and `failed` as with Tasks."""
        self.tasks.ask(self, self._door.run, function, *args, **kwargs)

    def wait(self, seconds: float) -> None:
        """Wait until what runs there has ended, but not for long."""
        with suppress(TimeoutError):
            self._door.executor.submit(int).result(timeout=seconds)


class BackupRunner(QObject):
    """Runs backups and checks; tells when one is done or why not."""

    done = Signal()
    failed = Signal(object)
    """(error): what went wrong; the trouble is written down already."""

    _current: ClassVar[BackupRunner | None] = None

    def __init__(self, tasks: Tasks, aside: Aside, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._aside = aside
        self._place_id = 0
        self._root = Path()
        self.kind = STICK
        self.makes_one = False
        self.progress = Progress()
        self._lasting: LastingWork | None = None
        self._is_written = False

    @classmethod
    def busy(cls) -> bool:
        """Say whether a backup or a check is under way anywhere in the program."""
        return BackupRunner._current is not None

    @classmethod
    def under_way(cls) -> BackupRunner | None:
        """Return the one that is at work, whoever began it."""
        return BackupRunner._current

    @classmethod
    def stop_now(cls) -> None:
        """Stop what is under way and let it clear away what is half-made: the window locks."""
        current, BackupRunner._current = BackupRunner._current, None
        if current is not None:
            current.progress.stop()
            current._aside.wait(_CLEARING_AWAY)  # noqa: SLF001 - one of our own kind

    @classmethod
    def nothing_under_way(cls) -> None:
        """Begin anew with a new window: what an earlier one had begun was stopped with it."""
        BackupRunner._current = None

    def back_up(self, present: Present) -> bool:
        """Begin a backup; False when another piece of work is under way."""
        if not self._begin(present):
            return False
        self.makes_one = True
        self._last_through_idleness()
        self._tasks.run(
            self, backups.begin, self.progress, then=self._pictured, failed=self._give_up
        )
        return True

    def check(self, present: Present, run: RunLine) -> bool:
        """Read a backup again from its stick; False when other work is under way."""
        if not self._begin(present):
            return False
        self._tasks.ask(
            self, backup_checks.to_check, run.id, then=self._to_check, failed=self._fail
        )
        return True

    def clear_away(self, present: Present) -> bool:
        """Remove what was left half-made on a stick; False when other work is under way."""
        if not self._begin(present):
            return False
        self._aside.ask(
            backups.clear_unfinished, self._root, then=lambda _v: self._end(), failed=self._fail
        )
        return True

    def sentence_for(self, error: BaseException) -> str:
        """Return what went wrong and what to do, said of the kind of place it is."""
        said = backup_words.making if self.makes_one else backup_words.reading
        return said(error, self.kind) or sentence_for(error)

    def standing(self) -> tuple[int, int, str]:
        """Return how far the copy under way has come, for a sheet over the window."""
        return standing(self.progress, self.kind)

    def stop(self) -> None:
        """Ask the work to end; what is half-made is removed."""
        self.progress.stop()

    def _begin(self, present: Present) -> bool:
        if BackupRunner.busy():
            return False
        BackupRunner._current = self
        self._place_id, self._root = present.place_id, present.root
        self.kind = present.kind
        self.makes_one = self._is_written = False
        self.progress = Progress()
        return True

    # A backup

    def _last_through_idleness(self) -> None:
        """Let the idle lock wait until the backup is made and written down."""
        sentence = _("The records lock as soon as the backup is finished.")
        look = partial(unattended, self.progress)
        self._lasting = LastingWork(self, sentence, self.progress, look)
        self._lasting.given_up.connect(self._was_given_up)

    def _was_given_up(self, stood: bool) -> None:
        """Write down, before the vault closes, that the place did not answer or was too slow."""
        if not self._is_written:
            code = "gone" if stood else "too_slow"
            self._tasks.do(self, backups.record_trouble, self._place_id, code)

    def _pictured(self, picture: object) -> None:
        self._aside.ask(
            backups.finish,
            picture,
            self._root,
            self.progress,
            then=self._written,
            failed=self._give_up,
        )

    def _written(self, written: object) -> None:
        self._is_written = True
        self._tasks.do(
            self, backups.record, self._place_id, written, then=self._recorded, failed=self._fail
        )

    def _recorded(self, superfluous: Sequence[str]) -> None:
        if not superfluous:
            self._end()
            return
        self._aside.ask(
            backups.prune, self._root, superfluous, then=self._pruned, failed=lambda _e: self._end()
        )

    def _pruned(self, names: Sequence[str]) -> None:
        self._tasks.do(
            self,
            backups.record_pruned,
            self._place_id,
            names,
            then=lambda _v: self._end(),
            failed=self._fail,
        )

    def _give_up(self, error: BaseException) -> None:
        """Write down what went wrong with the stick, then say so."""
        if not isinstance(error, BackupTrouble):
            self._fail(error)
            return
        self._tasks.do(
            self,
            backups.record_trouble,
            self._place_id,
            error.code,
            then=lambda _v: self._fail(error),
            failed=self._fail,
        )

    # A check

    def _to_check(self, wanted: ToCheck) -> None:
        self._aside.ask(
            backup_checks.check,
            wanted,
            self._root,
            self.progress,
            then=lambda _v: self._checked(wanted, good=True),
            failed=partial(self._not_good, wanted),
        )

    def _not_good(self, wanted: ToCheck, error: BaseException) -> None:
        if isinstance(error, BackupTrouble) and error.code == "changed":
            self._checked(wanted, good=False, error=error)
        else:
            self._fail(error)

    def _checked(self, wanted: ToCheck, *, good: bool, error: BaseException | None = None) -> None:
        self._tasks.do(
            self,
            backup_checks.record_check,
            wanted.run_id,
            good=good,
            then=lambda _v: self._end() if error is None else self._fail(error),
            failed=self._fail,
        )

    def _end(self) -> None:
        self._is_over()
        self.done.emit()

    def _fail(self, error: BaseException) -> None:
        self._is_over()
        self.failed.emit(error)

    def _is_over(self) -> None:
        BackupRunner._current = None
        if self._lasting is not None:
            self._lasting.end()
            self._lasting = None


def newest_on(place: PlaceLine, runs: Sequence[RunLine]) -> RunLine | None:
    """Return the newest verified backup that lies at a place."""
    there = (run for run in runs if run.place_id == place.id and run.verified_at and not run.gone)
    return next(there, None)
