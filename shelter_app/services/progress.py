"""How far long work on files has come; the windows look at it while another thread works."""

from __future__ import annotations

from typing import Final

from shelter_app.i18n import N_, _, ngettext
from shelter_app.storage.backup_progress import Progress

__all__ = ["Progress", "standing", "step_text", "time_left"]

_STEPS: Final = {
    "reading": N_("Reading the records…"),
    "writing": N_("Encrypting and writing…"),
    "checking": N_("Reading back what was written…"),
    "looking": N_("Looking into the copy…"),
    "restoring": N_("Decrypting and copying…"),
    "update": N_("Checking and copying the new version…"),
}


def standing(progress: Progress) -> tuple[int, int, str]:
    """Return how many kB are done, of how many, and what is being done now in words."""
    return progress.done >> 10, progress.total >> 10, step_text(progress)


def step_text(progress: Progress) -> str:
    """Return what is being done now, with the time it may still take."""
    step = _(_STEPS[progress.step]) if progress.step in _STEPS else ""
    left = time_left(progress.seconds_left)
    return f"{step} {left}".strip()


def time_left(seconds: int) -> str:
    """Return 'about 3 minutes left', '' while nobody can tell or it is a moment only."""
    if seconds < 5:
        return ""
    if seconds < 90:
        words = ngettext("About {count} second left.", "About {count} seconds left.", seconds)
        return words.format(count=seconds)
    minutes = round(seconds / 60)
    return ngettext("About {count} minute left.", "About {count} minutes left.", minutes).format(
        count=minutes
    )
