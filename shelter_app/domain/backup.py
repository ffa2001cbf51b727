"""Where backups go and which were made: known to everybody who signs in, about nobody in care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from shelter_app.domain.fields import choice, flag, link, moment, number, structure, text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _

STICK: Final = "stick"
FOLDER: Final = "folder"


@dataclass(frozen=True, kw_only=True)
class BackupPlace(Record):
    """A stick or a folder that was made known; a stick is found again by its mark."""

    table: ClassVar[str] = "backup_place"
    compartment: ClassVar[str] = "office"
    level: ClassVar[str] = "open"
    title: ClassVar[str] = N_("Place for backups")
    guarded: ClassVar[bool] = True
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("mark",),)

    label: str = text(N_("Letter"), required=True, longest=20, in_list=True)
    kind: str = choice(N_("Kind of place"), codes="backup_place_kind", required=True)
    mark: str = text(N_("Mark"), longest=32, required=True, kept_by_program=True)
    folder: str = text(N_("Folder on this computer"), longest=1000, kept_by_program=True)
    kept_where: str = text(N_("Where it is kept"), longest=200)
    retired: bool = flag(N_("No longer used"), kept_by_program=True)

    def headline(self) -> str:
        """Return 'Stick A' or the word for a folder with its letter."""
        words = _("Stick {letter}") if self.kind == STICK else _("Folder {letter}")
        return words.format(letter=self.label)


@dataclass(frozen=True, kw_only=True)
class BackupRun(Record):
    """One backup: made, read back whole, checked again later; or why it was not made."""

    table: ClassVar[str] = "backup_run"
    compartment: ClassVar[str] = "office"
    level: ClassVar[str] = "open"
    title: ClassVar[str] = N_("Backup")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("place_id", "made_at"), ("made_at",))

    place_id: int = link(N_("Place"), to="backup_place", required=True)
    name: str = text(N_("Name"), longest=60, kept_by_program=True, in_list=True)
    made_at: datetime | None = moment(N_("Made"), required=True, in_list=True)
    verified_at: datetime | None = moment(N_("Read back whole"), kept_by_program=True)
    checked_at: datetime | None = moment(N_("Checked again"), kept_by_program=True)
    rehearsed_at: datetime | None = moment(N_("Restored for practice"), kept_by_program=True)
    kibibytes: int | None = number(N_("Size"), unit="KiB", kept_by_program=True)
    sha256: str = text(N_("Checksum"), longest=64, kept_by_program=True)
    papers: str = text(N_("Checksum of the documents"), longest=64, kept_by_program=True)
    heads: str = structure(N_("Where the audit trail stood"), kept_by_program=True)
    words: str = text(N_("Check words"), longest=120, kept_by_program=True)
    trouble: str = text(N_("Trouble"), longest=20, kept_by_program=True)
    gone: bool = flag(N_("Removed to make room"), kept_by_program=True)

    def headline(self) -> str:
        """Return when it was made."""
        made = self.made_at.strftime("%Y-%m-%d %H:%M") if self.made_at else ""
        return _("Backup of {when}").format(when=made)
