"""Looking at backups that exist: reading one again, and restoring one for practice."""

from __future__ import annotations

import dataclasses
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from shelter_app import i18n
from shelter_app.domain import catalogue
from shelter_app.domain.backup import BackupRun
from shelter_app.domain.day_words import long_day
from shelter_app.errors import BackupTrouble
from shelter_app.i18n import _, ngettext
from shelter_app.services import erased_again, folders
from shelter_app.services.backups import run_of
from shelter_app.services.rendering import typesetting
from shelter_app.services.work import Work
from shelter_app.storage import audit_head, backup, backup_places, restore
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.keyring_keys import Private
from shelter_app.storage.migrations import STEPS
from shelter_app.storage.safe_files import write_whole

TEMPLATE: Final = "backup_rehearsal.typ"
REHEARSERS: Final = ("manager",)
"""A rehearsal opens the backup with the keys of who is signed in; only managers' open it."""
_SCRATCH: Final = "backup-rehearsal-"


@dataclass(frozen=True)
class ToCheck:
    """What a check of a stick compares with: the sums taken when the backup was verified."""

    run_id: int
    name: str
    sha256: str
    papers: str


@dataclass(frozen=True)
class ToRehearse:
    """What a rehearsal needs from the signed-in manager; taken on the vault's thread."""

    run_id: int
    name: str
    slot_id: str
    scratch: Path
    words: str
    private: Private = field(repr=False)
    vault_folder: Path


@dataclass(frozen=True)
class Facts:
    """What a restored copy holds, in words and numbers for a window and a sheet of paper."""

    made_at: datetime
    newest_at: datetime | None
    residents: int
    counts: tuple[tuple[str, int], ...]
    words: str
    digits: str
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    rows: int
    strays: int
    lost_papers: int
    erased: int = 0
    """People who were erased after the backup was made and are in it."""
    erased_accused: int = 0
    """Entries of accused that were erased after the backup was made and are in it."""
    erasing_waits: tuple[str, ...] = ()
    """Parts where they are erased again once somebody with the key signs in."""


def to_check(work: Work, run_id: int) -> ToCheck:
    """Return what a backup must be when it is read again."""
    run = run_of(work, run_id)
    return ToCheck(run.id, run.name, run.sha256, run.papers)


def check(wanted: ToCheck, root: Path, progress: Progress) -> None:
    """Read a backup again from its stick and compare; needs no key, so everybody may."""
    place = backup_places.place_in(root)
    if backup_places.read_mark(place) is None:
        raise BackupTrouble("gone")  # taken out meanwhile: that says nothing of the backup
    if not (place / wanted.name).is_dir():
        raise BackupTrouble("changed")
    backup.check_again(root, wanted.name, wanted.sha256, wanted.papers, progress)


def record_check(work: Work, run_id: int, *, good: bool) -> None:
    """Write down how a check went; a backup that changed is never counted on again."""
    run = run_of(work, run_id)
    if good:
        work.save(dataclasses.replace(run, checked_at=work.now), by_program=True)
    else:
        work.save(dataclasses.replace(run, verified_at=None, trouble="changed"), by_program=True)


def to_rehearse(work: Work, run_id: int) -> ToRehearse:
    """Return what a rehearsal of a backup needs; managers only."""
    work.require_role(*REHEARSERS)
    run = run_of(work, run_id)
    vault = work.vault
    scratch = vault.folder / "staging" / f"{_SCRATCH}{secrets.token_hex(4)}"
    return ToRehearse(
        run.id, run.name, vault.slot_id, scratch, run.words, vault.private, vault.folder
    )


def rehearse(wanted: ToRehearse, root: Path, progress: Progress) -> Facts:
    """Restore a backup into a scratch folder, check everything, and wipe the scratch."""
    folder = backup_places.place_in(root) / wanted.name
    try:
        wanted.scratch.parent.mkdir(mode=0o700, exist_ok=True)
        opened = restore.open_as(folder, wanted.slot_id, wanted.private)
        restore.require_readable(opened.manifest, STEPS)
        restore.extract(opened, wanted.scratch, progress)
        place, vault_id = folder.parent, opened.manifest.vault_id
        erased = {row.id for row in erased_again.known(place, wanted.vault_folder, vault_id)}
        report = restore.check(opened, wanted.scratch, progress, erased)
        facts = facts_of(report, restore.missing_papers(wanted.scratch, opened.manifest))
    finally:
        shutil.rmtree(wanted.scratch, ignore_errors=True)
    if wanted.words and facts.words != wanted.words:
        raise BackupTrouble("changed")
    return facts


def facts_of(report: restore.Report, lost_papers: int) -> Facts:
    """Return a report of storage as people read it."""
    code = audit_head.words_over_all(report.heads)
    newest = datetime.fromisoformat(report.newest_utc) if report.newest_utc else None
    return Facts(
        made_at=report.made_at,
        newest_at=newest.astimezone().replace(tzinfo=None) if newest else None,
        residents=report.counts.get("person", 0) - report.erased,
        counts=tuple((table, count) for table, count in _shown(report.counts)),
        words=" ".join(code.words),
        digits=code.text,
        opened=report.opened,
        closed=report.closed,
        rows=report.rows,
        strays=report.strays,
        lost_papers=lost_papers,
        erased=report.erased,
        erased_accused=report.erased_accused,
    )


def _shown(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    order = [kind.table for kind in catalogue.RECORD_TYPES]
    return [(table, counts[table]) for table in order if counts.get(table)]


def record_rehearsal(work: Work, run_id: int, facts: Facts) -> None:
    """Write down a rehearsal that went well."""
    run = run_of(work, run_id)
    kept = work.save(
        dataclasses.replace(run, rehearsed_at=work.now, checked_at=work.now), by_program=True
    )
    work.log("rehearsal", kept, facts.words)


def headline(facts: Facts) -> str:
    """Return 'OK: 61 residents, newest entry 12 November 2026.'."""
    who = ngettext("{count} resident", "{count} residents", facts.residents).format(
        count=facts.residents
    )
    if facts.newest_at is None:
        return _("OK: {who}.").format(who=who)
    day = long_day(facts.newest_at.date())
    return _("OK: {who}, newest entry {day}.").format(who=who, day=day)


def erased_words(facts: Facts) -> str:
    """Return what a restore would erase again; '' when it holds nothing that was erased since."""
    said = []
    if facts.erased:
        people = ngettext(
            "{count} person who was erased since is still in it: a restore erases her again.",
            "{count} people who were erased since are still in it: a restore erases them again.",
            facts.erased,
        )
        said.append(people.format(count=facts.erased))
    if facts.erased_accused:
        accused = ngettext(
            "{count} entry of an accused that was erased since is still in it: a restore erases it "
            "again.",
            "{count} entries of accused that were erased since are still in it: a restore erases "
            "them again.",
            facts.erased_accused,
        )
        said.append(accused.format(count=facts.erased_accused))
    return " ".join(said)


def report_pdf(work: Work, facts: Facts, name: str) -> bytes:
    """Return the one-page report of a rehearsal."""
    return typesetting.pdf(TEMPLATE, _data(work.now, facts, name))


def save_report(work: Work, facts: Facts, name: str, folder: Path) -> Path:
    """Write the report into a folder under a neutral name; that it left is written down."""
    folders.require(folder)
    path = folder / f"rehearsal-{work.today.isoformat()}.pdf"
    write_whole(path, report_pdf(work, facts, name))
    for run in work.rule_matching(BackupRun, name=name, limit=1):
        work.log("export", run, "rehearsal report")
    return path


def _data(now: datetime, facts: Facts, name: str) -> dict[str, Any]:
    lines = [
        (_("Backup"), name),
        (_("Made"), f"{long_day(facts.made_at.date())} {facts.made_at:%H:%M}"),
        (_("Rehearsed"), f"{long_day(now.date())} {now:%H:%M}"),
        (_("Check words"), f"{facts.words} ({facts.digits})"),
        (_("Entries of the audit trail checked"), f"{facts.rows:,}"),
        (_("References that lead nowhere"), str(facts.strays)),
        (_("Documents that did not come along"), str(facts.lost_papers)),
    ]
    if facts.erased:
        lines.append((_("Erased since; would be erased again"), str(facts.erased)))
    if facts.erased_accused:
        accused = _("Accused erased since; would be erased again")
        lines.append((accused, str(facts.erased_accused)))
    counts = [(_(catalogue.record_type(table).title), f"{n:,}") for table, n in facts.counts]
    closed = ""
    if facts.closed:
        closed = _("The closed part came along untouched; sheet C opens it.")
    return {
        "language": i18n.language(),
        "title": _("Restore rehearsal"),
        "headline": headline(facts),
        "lines": lines,
        "counts_title": _("What the copy holds"),
        "counts": counts,
        "closed": closed,
        "footer": _(
            "The backup was restored into a scratch folder, checked and wiped. No name is on this "
            "page."
        ),
        "signed": _("Seen by"),
    }
