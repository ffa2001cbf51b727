"""New keys: which parts of the records want one because somebody left, and giving it to them.

Before any key is made anew a verified backup is made on this computer; without it nothing begins.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.staff import Staff
from shelter_app.errors import BackupTrouble, DiskFull, NotPossible, Stopped, WorldProblem
from shelter_app.i18n import N_, _
from shelter_app.services import backups
from shelter_app.services.inside import Inside
from shelter_app.services.work import Work
from shelter_app.storage import local_backup, rotation
from shelter_app.storage.backup_progress import Progress

KEEPERS: Final = ("manager", "sysadmin")
"""Who opens and closes accounts; the keys still come only from somebody who holds them."""
NOTHING_HERE: Final = N_("No key you hold has to be made anew.")
NO_ROOM: Final = N_(
    "There is not enough room on this computer: before new keys are made, the records are copied. "
    "Nothing was changed and the new keys are still due. Make some room, then try again."
)
NO_BACKUP: Final = N_(
    "The copy of the records that comes before new keys could not be made or did not read back "
    "right. Nothing was changed and the new keys are still due. Try again; if it happens again, "
    "the disk of this computer may be failing."
)
_SHARE_OF_BACKUP: Final = 0.6


@dataclass
class Course:
    """How far long work is: written on the vault thread, read by the window; may be stopped."""

    share: float = 0.0
    step: str = ""
    stopped: bool = field(default=False)

    def stop(self) -> None:
        """Ask the work to end and leave everything as it was."""
        self.stopped = True

    def reached(self, share: float) -> None:
        """Note how far it is."""
        self.share = share


@dataclass(frozen=True)
class Due:
    """Parts that want a new key: those this worker opens, and those somebody else must do."""

    here: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything wants a new key."""
        return bool(self.here or self.elsewhere)


@dataclass(frozen=True)
class Loss:
    """What taking access away means: what closes, what only others can re-key, who is the last."""

    closes: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    last_of: tuple[str, ...] = ()


def due(work: Work) -> Due:
    """Return which parts want a new key."""
    wanted, held = work.vault.due, work.vault.compartments
    return Due(_ordered(wanted & held), _ordered(wanted - held))


def generations(work: Work) -> dict[str, int]:
    """Return how often each part was given a key."""
    known = work.vault.generations
    return {name: known[name] for name in COMPARTMENTS if name in known}


def loss(work: Work, staff_id: int, kept: frozenset[str]) -> Loss:
    """Return what closes for somebody who keeps only these compartments, and what follows."""
    work.require_role(*KEEPERS)
    staff = work.get(Staff, staff_id)
    if not staff.slot_id:
        return Loss()
    closes = work.vault.reach_of(staff.slot_id) - kept
    alone = {name for name in closes if not work.vault.others_open(name, staff.slot_id)}
    return Loss(_ordered(closes), _ordered(closes - work.vault.compartments), _ordered(alone))


class _Followed(Progress):
    """A backup's own count, told as the first part of longer work that may be called off."""

    def __init__(self, course: Course, stopping: Callable[[], bool]) -> None:
        super().__init__()
        self._course = course
        self._stopping = stopping

    def went(self, size: int) -> None:
        """Count what went by, tell how far it is, and look whether to stop."""
        if self._stopping():
            self.stop()
        super().went(size)
        if self.total:
            self._course.reached(_SHARE_OF_BACKUP * self.done / self.total)


def back_up_first(inside: Inside, course: Course) -> None:
    """Make the verified backup on this computer that comes before new keys, or say why not."""
    course.step = _("First a copy of the records is made on this computer and read back…")
    managers = inside.ask(backups.managers_slots)
    progress = _Followed(course, _stopping(inside, course))
    try:
        local_backup.make(inside.vault, managers, progress)
    except Stopped:
        raise NotPossible(rotation.STOPPED) from None
    except DiskFull as error:
        raise DiskFull(NO_ROOM) from error
    except BackupTrouble as error:
        raise NotPossible(NO_BACKUP) from error


def give_due_keys(inside: Inside, course: Course) -> tuple[str, ...]:
    """Give new keys to every due part this worker opens; returns them."""
    here = inside.ask(due).here
    if not here:
        return ()
    _rotate(inside, frozenset(here), course)
    return here


def give_new_keys(inside: Inside, course: Course) -> tuple[str, ...]:
    """Give new keys to all parts this worker opens, because she has a reason; a keeper's act."""
    inside.ask(Work.require_role, *KEEPERS)
    everything = inside.vault.compartments
    _rotate(inside, everything, course)
    return _ordered(everything)


def renew_after_sheet(inside: Inside, course: Course) -> None:
    """Give new keys to what is due and held after a sheet was made anew; its maker has backed up.

    What fails or is stopped now stays due and is done at the next sign-in: the new sheet must reach
    its paper all the same.
    """
    held = inside.vault.due & inside.vault.compartments
    if held:
        with suppress(WorldProblem, NotPossible):
            _renew(inside, held, course)


def _rotate(inside: Inside, compartments: frozenset[str], course: Course) -> None:
    back_up_first(inside, course)
    _renew(inside, compartments, course)


def _renew(inside: Inside, compartments: frozenset[str], course: Course) -> None:
    """Write down before and after: were the program killed in between, the trail has the first.

    A sheet at the door has no account; that it was used is written down where it is.
    """
    has_account = bool(inside.actor.staff_id)
    if has_account:
        inside.do(_note, _ordered(compartments), begun=True)
    inside.vault.rotate(compartments, _watch(inside, course))
    if has_account:
        inside.do(_note, _ordered(compartments))


def _watch(inside: Inside, course: Course) -> rotation.Watch:
    course.step = _("Making the new keys…")
    left = 1 - _SHARE_OF_BACKUP
    return rotation.Watch(
        progress=lambda share: course.reached(_SHARE_OF_BACKUP + left * share),
        cancelled=_stopping(inside, course),
    )


def _stopping(inside: Inside, course: Course) -> Callable[[], bool]:
    return lambda: course.stopped or inside.leaving()


def _note(work: Work, compartments: tuple[str, ...], *, begun: bool = False) -> None:
    me = work.rule_find(Staff, work.actor.staff_id)
    if me is None:
        raise NotPossible(NOTHING_HERE)
    known = work.vault.generations
    said = ", ".join(f"{name} {known[name] + begun}" for name in compartments)
    work.log("rotate", me, f"begun: {said}" if begun else said)


def _ordered(names: frozenset[str] | set[str]) -> tuple[str, ...]:
    return tuple(name for name in COMPARTMENTS if name in names)
