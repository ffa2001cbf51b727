"""How far long work on files has come; the windows look at it while another thread works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shelter_app.domain.backup import FOLDER, STICK
from shelter_app.i18n import N_, _, ngettext
from shelter_app.storage.backup_progress import Progress

__all__ = ["Progress", "Unhurried", "standing", "step_text", "time_left", "unattended"]

_STEPS: Final = {
    "reading": N_("Reading the records…"),
    "writing": N_("Encrypting and writing…"),
    "checking": N_("Reading back what was written…"),
    "looking": N_("Looking into the copy…"),
    "restoring": N_("Decrypting and copying…"),
    "update": N_("Checking and copying the new version…"),
}


_SLOW: Final = {
    STICK: N_(
        "This stick is slow. You can stop and go on working: the older backups are intact. A newer "
        "stick is quicker."
    ),
    FOLDER: N_(
        "This folder's disk is slow. You can stop and go on working: the older backups are intact."
    ),
}


def standing(progress: Progress, kind: str = STICK) -> tuple[int, int, str]:
    """Return how many kB are done, of how many, and what is being done now in words."""
    return progress.done >> 10, progress.total >> 10, step_text(progress, kind)


def step_text(progress: Progress, kind: str = STICK) -> str:
    """Return what is being done now, the time it may still take, and why it takes minutes."""
    slow = _(_SLOW.get(kind, _SLOW[STICK])) if progress.is_slow else ""
    return " ".join(filter(None, (_step_and_time(progress), slow)))


def unattended(progress: Progress) -> tuple[int, int, str]:
    """Return the same for a screen that nobody sits at: without what one could do meanwhile."""
    return progress.done >> 10, progress.total >> 10, _step_and_time(progress)


@dataclass(frozen=True)
class Unhurried:
    """A Progress as the sheet over a window asks for it, where nobody is advised to stop."""

    progress: Progress

    @property
    def share(self) -> float:
        """Return the part that is done, from 0 to 1."""
        return self.progress.done / self.progress.total if self.progress.total else 0.0

    @property
    def step(self) -> str:
        """Return what is being done now and how long it may still take."""
        return _step_and_time(self.progress)

    def stop(self) -> None:
        """Ask the work to end."""
        self.progress.stop()


def _step_and_time(progress: Progress) -> str:
    step = _(_STEPS[progress.step]) if progress.step in _STEPS else ""
    return " ".join(filter(None, (step, time_left(progress.seconds_left))))


def time_left(seconds: int) -> str:
    """Return 'about 3 minutes left', '' while nobody can tell or it is a moment only."""
    if seconds < 5:
        return ""
    if seconds < 90:
        seconds = -(-seconds // 5) * 5  # a count that runs down by ones is watched, not believed
        words = ngettext("About {count} second left.", "About {count} seconds left.", seconds)
        return words.format(count=seconds)
    minutes = round(seconds / 60)
    return ngettext("About {count} minute left.", "About {count} minutes left.", minutes).format(
        count=minutes
    )
