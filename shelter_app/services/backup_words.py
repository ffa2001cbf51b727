"""What went wrong with a backup or a restore, as one sentence each: what happened, what to do."""

from __future__ import annotations

from typing import Final

from shelter_app.domain.backup import FOLDER, STICK
from shelter_app.errors import (
    BackupTrouble,
    DiskFull,
    Stopped,
    VaultDamaged,
    VaultInUse,
    VaultReadOnly,
    VaultTooNew,
    WrongPassphrase,
)
from shelter_app.i18n import N_, _, ngettext

SENTENCES: Final = {
    "full": N_(
        "There is no room left on the stick. Nothing was written and the older backups are "
        "intact. Take a larger stick, or remove other files from this one."
    ),
    "read_only": N_(
        "The stick cannot be written: it is locked or set to read only. The older backups are "
        "intact. Move the little switch on its side, or take another stick."
    ),
    "gone": N_(
        "The stick was taken out or does not answer. The half-made backup does not count and the "
        "older ones are intact. Put the stick in again and make the backup once more."
    ),
    "too_slow": N_(
        "The stick is too slow: after two hours with nobody here the records had to lock, and the "
        "backup was not finished. The older ones are intact. Take a faster stick."
    ),
    "held": N_(
        "Another program, perhaps the virus scanner, holds the file on the stick. The older "
        "backups are intact. Wait a minute and make the backup once more."
    ),
    "not_verified": N_(
        "The stick did not give back what was written to it, so this backup was thrown away. The "
        "older ones were left alone. Do not trust this stick any more: take another one."
    ),
    "changed": N_(
        "This backup is not what it was when it was made. It may be damaged. Make a new backup "
        "now, to another stick if you have one."
    ),
    "computer_full": N_(
        "There is not enough room on this computer's disk for the copy. Nothing was changed. "
        "Make some room, then try again."
    ),
    "other_vault": N_(
        "This stick holds backups of another house. It was left alone. Please take another stick."
    ),
    "other_place": N_("This is another stick. Please put in the one that was asked for."),
    "nobody": N_("There is nobody who could open this backup, so none was made. Call the manager."),
    "not_yours": N_(
        "This backup was made before your keys could open it. Make a new backup first, or use a "
        "recovery sheet."
    ),
    "audit": N_(
        "The audit trail in this backup does not hold together: somebody or something changed it. "
        "Do not use this backup; take another one and tell the data protection lead."
    ),
    "nothing_here": N_(
        "There is no backup of this program in this folder. Choose the stick itself, or the folder "
        "called office-backups on it."
    ),
    "no_folder": N_("Please choose a folder that is there and can be written."),
}
IN_FOLDER: Final = {
    "full": N_(
        "There is no room left on the disk of this folder. Nothing was written and the older "
        "backups are intact. Remove other files from that disk, or choose another place."
    ),
    "read_only": N_(
        "The folder cannot be written: the computer does not allow it. The older backups are "
        "intact. Choose another folder, or ask a technician."
    ),
    "gone": N_(
        "The folder is not there or does not answer. The half-made backup does not count and the "
        "older ones are intact. See that its disk is connected and make the backup once more."
    ),
    "too_slow": N_(
        "The disk of this folder is too slow: after two hours with nobody here the records had to "
        "lock, and the backup was not finished. The older ones are intact. Choose a faster place."
    ),
    "held": N_(
        "Another program, perhaps the virus scanner, holds the file in the folder. The older "
        "backups are intact. Wait a minute and make the backup once more."
    ),
    "not_verified": N_(
        "The disk of this folder did not give back what was written to it, so this backup was "
        "thrown away. The older ones were left alone. Do not trust this disk any more: choose "
        "another place."
    ),
    "changed": N_(
        "This backup is not what it was when it was made. It may be damaged. Make a new backup "
        "now, in another place if you have one."
    ),
    "other_vault": N_(
        "This folder holds backups of another house. It was left alone. Please choose another "
        "folder."
    ),
    "other_place": N_("This is another place. Please choose the one that was asked for."),
}
"""What is said instead where the place is a folder of the computer or of a disk."""
_NOT_READ: Final = {
    STICK: N_(
        "The stick was taken out or does not answer. Nothing was changed. Put it in again and try "
        "once more."
    ),
    FOLDER: N_(
        "The folder is not there or does not answer. Nothing was changed. See that its disk is "
        "connected and try once more."
    ),
}
_NOT_THERE: Final = {
    STICK: N_("Please put the stick in first."),
    FOLDER: N_("This folder cannot be reached now. See that its disk is connected."),
}
_STOPPING: Final = {
    STICK: N_(
        "The stick has not answered yet. You can go on working: what is half-made is removed as "
        "soon as it answers, and the older backups are intact."
    ),
    FOLDER: N_(
        "The folder's disk has not answered yet. You can go on working: what is half-made is "
        "removed as soon as it answers, and the older backups are intact."
    ),
}
DAMAGED: Final = N_(
    "This backup is damaged and cannot be used. Nothing was changed. Please take another one."
)
TOO_NEW: Final = N_(
    "This backup was made by a newer version of the program. Nothing was changed. Install the "
    "newer version first."
)
WRONG: Final = N_("That does not open this backup. Check what you typed; nothing is lost.")
OWN_DAMAGE: Final = N_(
    "The records on this computer are damaged, so no backup was made over the good ones. Please "
    "do not save more, and call the manager: the last backup can bring them back."
)
IN_USE: Final = N_("The records are open in another window of this program. Close that one first.")
CANNOT_WRITE: Final = N_("The computer does not let the program write here. Nothing was changed.")
STOPPED: Final = N_("Stopped. Nothing half-made was left, and the older backups are intact.")


def of_code(code: str, kind: str = STICK) -> str:
    """Return the sentence for a kept trouble code at a kind of place, in the language in use."""
    code = code if code in SENTENCES else "gone"
    if kind == FOLDER and code in IN_FOLDER:
        return _(IN_FOLDER[code])
    return _(SENTENCES[code])


def not_there(kind: str) -> str:
    """Return what to do before a place that is not in reach can be used."""
    return _(_NOT_THERE.get(kind, _NOT_THERE[STICK]))


def stopping(kind: str) -> str:
    """Return what to say while a place does not answer to a stop."""
    return _(_STOPPING.get(kind, _STOPPING[STICK]))


def busy(going_on: bool) -> str:
    """Return why nothing new begins now: one is being made, or one that was stopped still ends."""
    if going_on:
        return _("A backup is being made already. Please wait a moment.")
    return _("The backup before is still being stopped. Please wait a moment.")


def making(error: BaseException, kind: str = STICK) -> str:
    """Return the sentence for what stopped a backup, or '' for what is not about backups."""
    if isinstance(error, VaultDamaged):
        return _(OWN_DAMAGE)
    if isinstance(error, DiskFull):
        return of_code("computer_full")
    return _common(error, kind)


def reading(error: BaseException, kind: str = STICK) -> str:
    """Return the sentence for what stopped a restore or a check, or ''."""
    if isinstance(error, VaultDamaged):
        return _(DAMAGED)
    if isinstance(error, VaultTooNew):
        return _(TOO_NEW)
    if isinstance(error, WrongPassphrase):
        return _wrong(error.wait_seconds)
    if isinstance(error, DiskFull) or (isinstance(error, BackupTrouble) and error.code == "full"):
        return of_code("computer_full")
    if isinstance(error, BackupTrouble) and error.code == "gone":
        return _(_NOT_READ.get(kind, _NOT_READ[STICK]))
    return _common(error, kind)


def _common(error: BaseException, kind: str) -> str:
    if isinstance(error, BackupTrouble):
        return of_code(error.code, kind)
    others = ((Stopped, STOPPED), (VaultInUse, IN_USE), (VaultReadOnly, CANNOT_WRITE))
    for class_, sentence in others:
        if isinstance(error, class_):
            return _(sentence)
    return ""


def _wrong(wait_seconds: int) -> str:
    if not wait_seconds:
        return _(WRONG)
    return ngettext(
        "That is not the password. You can try again in {count} second.",
        "That is not the password. You can try again in {count} seconds.",
        wait_seconds,
    ).format(count=wait_seconds)
