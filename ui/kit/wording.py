"""What a failure says to people: what happened, what was kept, what to do next."""

from __future__ import annotations

from typing import Final

from shelter_app import errors
from shelter_app.i18n import N_, _, ngettext

_SENTENCES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (
        errors.NotAllowed,
        N_(
            "Your role does not open this. Nothing was changed. A manager can tell you who can "
            "help."
        ),
    ),
    (
        errors.StaleRecord,
        N_(
            "Somebody changed this while you had it open. Nothing was overwritten and what you "
            "typed is still here. Open the newer version, compare, and save again."
        ),
    ),
    (
        errors.NotFound,
        N_("This cannot be opened from here. It may be closed to you. Nothing was changed."),
    ),
    (
        errors.VaultInUse,
        N_(
            "The records are already open in another window of this program. Close that window "
            "first, then try again."
        ),
    ),
    (
        errors.VaultTooNew,
        N_(
            "These records were last used with a newer version of the program. Nothing was "
            "touched. Please install the newer version and open them with it."
        ),
    ),
    (
        errors.NotAVault,
        N_(
            "There are no records in this folder that this program can open. Nothing was touched. "
            "Choose another folder, or ask whoever keeps the backup."
        ),
    ),
    (
        errors.VaultDamaged,
        N_(
            "One part of the records is damaged. Nothing was written to it. Please do not save "
            "more, and call the manager: the last backup can bring it back."
        ),
    ),
    (
        errors.VaultReadOnly,
        N_(
            "The computer does not let the program write to its folder. Nothing was lost and what "
            "you typed is still here. Free the folder or call whoever looks after the computer, "
            "then save again."
        ),
    ),
    (
        errors.DiskFull,
        N_(
            "The disk is full, so this was not saved. The records are as they were and what you "
            "typed is still here. Make some room, then save again."
        ),
    ),
    (
        errors.BackupTrouble,
        N_(
            "The backup could not be made or read. The records and the older backups are as they "
            "were. Look at the page of the backups, and take another stick if it happens again."
        ),
    ),
    (
        errors.DocumentUnreadable,
        N_(
            "This document is missing or damaged. Everything else works. The last backup may "
            "still have it: please tell the manager."
        ),
    ),
    (
        errors.UnsafeEngine,
        N_(
            "The program did not start because a part it needs to protect the records is "
            "missing. Nothing was touched. Please install the program again."
        ),
    ),
    (
        errors.WorldProblem,
        N_(
            "The computer could not do this. The records are as they were and what you typed is "
            "still here. Please try again; if it happens again, call the manager."
        ),
    ),
    (
        errors.UserProblem,
        N_("This could not be done. Nothing was changed and what you typed is still here."),
    ),
)
_UNEXPECTED: Final = N_(
    "Something went wrong that we did not expect. What was saved before is safe, and what you "
    "typed is kept."
)


def sentence_for(error: BaseException) -> str:
    """Return the sentence for an error, in the language in use; no traceback, no code."""
    if isinstance(error, errors.ValidationFailed):
        count = len(error.problems)
        return ngettext(
            "Not saved yet: {count} field needs a look. What you typed is still here.",
            "Not saved yet: {count} fields need a look. What you typed is still here.",
            count,
        ).format(count=count)
    if isinstance(error, errors.WrongPassphrase):
        return _wrong_passphrase(error.wait_seconds)
    if isinstance(error, errors.NotPossible | errors.DiskFull) and error.args:
        return _(str(error.args[0]))
    if isinstance(error, errors.DocumentUnreadable) and error.backup:
        return _(
            "This document is missing or damaged. Everything else works. It is in this backup, "
            "from which the manager can bring it back: {backup}."
        ).format(backup=error.backup)
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return _(sentence)
    return _(_UNEXPECTED)


def _wrong_passphrase(wait_seconds: int) -> str:
    if not wait_seconds:
        return _("That is not the password. Check Caps Lock and the keyboard, then try again.")
    return ngettext(
        "That is not the password. You can try again in {count} second.",
        "That is not the password. You can try again in {count} seconds.",
        wait_seconds,
    ).format(count=wait_seconds)
