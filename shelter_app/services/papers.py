"""Scanned papers beside a record: listed, added, looked at, copied out, taken back.

What shows her name or her face is sealed: adding it needs no reason, because nothing is read;
seeing it needs one, like the true identity. A file goes to the disk before its row is committed,
so a cut in between leaves noise that is swept later, never a row without its paper.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from shelter_app.domain import access, paper_files
from shelter_app.domain.access import Action
from shelter_app.domain.backup import BackupPlace, BackupRun
from shelter_app.domain.consent import Consent
from shelter_app.domain.legal import Suspect
from shelter_app.domain.paper_files import FileForm
from shelter_app.domain.papers import (
    BESIDE,
    PAPERS,
    PHOTOGRAPH_CONSENT,
    SEALED,
    FacePhoto,
    Paper,
    SuspectPhoto,
    face_photo_until,
    link_of,
)
from shelter_app.domain.record import Record
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Stay
from shelter_app.errors import DocumentUnreadable, NotAllowed, NotFound, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import break_glass, folders, sealed_details
from shelter_app.services.work import Work, person_of
from shelter_app.storage import attachments
from shelter_app.storage.safe_files import write_whole

OPEN_FIRST: Final = N_(
    "This lies with her true identity. Open that first, with a reason; then it can be seen here"
    " for an hour."
)
NO_CONSENT: Final = N_(
    "The house keeps no photographs. If one is needed for the day she is missing, write down her"
    " consent first, of the kind “Photograph for file”."
)
NOT_CLEAN: Final = N_("This file is not a paper that can be kept: a picture or a PDF.")
TOO_LARGE: Final = N_("This file is too large: 20 MB at most.")
_SAY_WHY: Final = N_("Please say why.")


@dataclass(frozen=True)
class PaperLine:
    """One paper as it stands in a list; the key of its file stays below."""

    kind: type[Paper]
    id: int
    about: str
    obtained: str
    form: str
    pages: int
    added_at: datetime | None
    added_by: str
    until: date | None = None
    """The last day it is kept, for a photograph of somebody who left."""


@dataclass(frozen=True)
class Shelf:
    """The papers beside one record, and what the worker may do there."""

    kind: type[Paper]
    record_id: int
    """Of the record they lie beside."""
    lines: tuple[PaperLine, ...]
    may_add: bool
    closed: bool = False
    """They are sealed, and no reason was given within the hour."""
    refusal: str = ""
    """Why none can be added now, or ''."""


@dataclass(frozen=True)
class Opened:
    """A paper with its content, for a window and nothing else."""

    line: PaperLine
    content: bytes = dataclasses.field(repr=False)


def kind_beside(kind: type[Record]) -> type[Paper]:
    """Return the kind of papers that lie beside records of a type; NotAllowed when none do."""
    if kind not in BESIDE:
        raise NotAllowed(f"papers of {kind.table}")
    return BESIDE[kind]


def shelf(work: Work, kind: type[Record], record_id: int) -> Shelf:
    """Return the papers beside a record; sealed ones only where a reason was given."""
    papers = kind_beside(kind)
    of = work.get(kind, record_id)
    if papers in SEALED:
        return _sealed_shelf(work, papers, of)
    if not work.may(Action.READ, papers, person_of(of)):
        raise NotAllowed(f"read {papers.table}")
    may_add = work.may(Action.WRITE, papers, person_of(of))
    return Shelf(papers, of.id, _lines(work, papers, of.id), may_add)


def _sealed_shelf(work: Work, papers: type[Paper], of: Record) -> Shelf:
    may_add = sealed_details.may_write(work.actor)
    if not (may_add or break_glass.may_ask(work)):
        raise NotAllowed(f"read {papers.table}")
    refusal = ""
    if papers is FacePhoto and photograph_consent(work, person_of(of)) is None:
        refusal = NO_CONSENT
    if break_glass.standing(work, person_of(of)) is None:
        return Shelf(papers, of.id, (), may_add, closed=True, refusal=refusal)
    return Shelf(papers, of.id, _lines(work, papers, of.id), may_add, refusal=refusal)


def of_person(work: Work, person_id: int) -> tuple[PaperLine, ...]:
    """Return the sealed papers of somebody whose true identity is open to the worker."""
    if break_glass.standing(work, person_id) is None:
        return ()
    found: list[PaperLine] = []
    for kind in SEALED:
        rows = work.rule_matching(kind, person_id=person_id, order=("created_at", "id"))
        found += _shown(work, kind, rows)
    return tuple(found)


def count_beside(work: Work, kind: type[Record], ids: Iterable[int]) -> dict[int, int]:
    """Return how many papers lie beside records the worker may see, by the record's id."""
    papers = kind_beside(kind)
    wanted = list(ids)
    if papers in SEALED or not wanted:
        return {}
    counted: dict[int, int] = {}
    equals: dict[str, Any] = {link_of(papers): wanted}
    for paper in work.matching(papers, **equals):
        of = getattr(paper, link_of(papers))
        counted[of] = counted.get(of, 0) + 1
    return counted


def start(work: Work, kind: type[Record], record_id: int) -> Paper:
    """Return a new paper beside a record, to be filled in; NotPossible says what it needs first."""
    papers = kind_beside(kind)
    of = work.get(kind, record_id)
    _require_adding(work, papers, of)
    values: dict[str, Any] = {link_of(papers): of.id, "person_id": person_of(of)}
    if isinstance(of, Suspect):
        values["legal_case_id"] = of.legal_case_id
    if papers is FacePhoto:
        consent = photograph_consent(work, of.id)
        if consent is None:
            raise NotPossible(NO_CONSENT)
        values["consent_id"] = consent.id
    return papers(**values)


def add(work: Work, record: Paper, content: bytes) -> PaperLine:
    """Keep a paper: its file first, then the row that makes it reachable."""
    kind = type(record)
    if kind not in PAPERS:
        raise NotAllowed(f"add {kind.table}")
    if len(content) > paper_files.LARGEST:
        raise NotPossible(TOO_LARGE)
    if not paper_files.is_clean(content):
        raise NotPossible(NOT_CLEAN)
    fresh = start(work, PAPERS[kind], getattr(record, link_of(kind)))
    form = paper_files.form_of(content)
    typed: dict[str, Any] = {"about": record.about}
    if isinstance(record, SuspectPhoto):
        typed["obtained"] = record.obtained
    stored = attachments.store(work.vault.folder, kind.compartment, content)
    kept = work.save(
        dataclasses.replace(
            fresh,
            **typed,
            file_form=form.value,
            pages=(record.pages or 1) if form is FileForm.PDF else 1,
            file_name=stored.name,
            file_key=stored.key.hex(),
            file_size=stored.size,
            file_sha256=stored.sha256,
        ),
        by_program=kind in SEALED,
    )
    return _shown(work, kind, [kept])[0]


def open_paper(work: Work, kind: type[Record], record_id: int) -> Opened:
    """Return a paper to look at; that somebody looked is kept, for sealed ones with the reason."""
    paper = _readable(work, kind, record_id)
    work.log("open", paper)
    return Opened(_shown(work, type(paper), [paper])[0], content_of(work, paper))


def save_copy(work: Work, kind: type[Record], record_id: int, folder: Path, reason: str) -> Path:
    """Write a copy that is no longer locked, under a neutral name; the reason is kept."""
    if not reason.strip():
        raise NotPossible(_SAY_WHY)
    paper = _readable(work, kind, record_id)
    content = content_of(work, paper)
    work.log("export", paper, reason.strip())
    folders.require(folder)
    ending = f".{paper.file_form}"
    stem = folders.free_stem(folder, f"paper-{work.today.isoformat()}", ending)
    path = folder / f"{stem}{ending}"
    write_whole(path, content)
    return path


def take_back(work: Work, kind: type[Record], record_id: int, reason: str) -> Record:
    """Take a paper back with a reason: it is in no list any more, and stays in the trail.

    A photograph of her face is erased for good by the next round of `paper_care`.
    """
    if not reason.strip():
        raise NotPossible(_SAY_WHY)
    paper = _readable(work, kind, record_id)
    _require_writing(work, type(paper), person_of(paper))
    gone = dataclasses.replace(paper, voided=True, void_reason=reason.strip())
    return work.save(gone, by_program=type(paper) in SEALED)


def content_of(work: Work, record: Paper) -> bytes:
    """Return the file of a paper that was read before; DocumentUnreadable names a backup of it."""
    try:
        stored = attachments.Stored(
            record.file_name,
            bytes.fromhex(record.file_key),
            record.file_size or 0,
            record.file_sha256,
        )
        return attachments.load(work.vault.folder, record.compartment, stored)
    except (DocumentUnreadable, ValueError) as error:
        raise DocumentUnreadable("paper", backup=_backup_with(work, record)) from error


def _require_adding(work: Work, papers: type[Paper], of: Record) -> None:
    if of.voided:
        raise NotFound(f"{of.table} {of.id}")
    _require_writing(work, papers, person_of(of))


def _require_writing(work: Work, kind: type[Paper], person_id: int) -> None:
    if kind not in SEALED:
        work.require(Action.WRITE, kind, person_id)
    elif not sealed_details.may_write(work.actor):
        raise NotAllowed(f"write {kind.table}")


def _readable(work: Work, kind: type[Record], record_id: int) -> Paper:
    """Return a paper that may be seen now; a look at a sealed one is told like any other."""
    if kind not in PAPERS:
        raise NotAllowed(f"open {kind.table}")
    if kind not in SEALED:
        paper = work.get(kind, record_id)
    else:
        if not break_glass.may_ask(work):
            raise NotAllowed(f"open {kind.table}")
        sealed = work.rule_find(kind, record_id)
        standing = break_glass.standing(work, person_of(sealed)) if sealed is not None else None
        if sealed is None or standing is None:
            raise NotPossible(OPEN_FIRST)
        break_glass.note_look(work, person_of(sealed), standing.reason)
        paper = sealed
    if paper.voided or not isinstance(paper, Paper):
        raise NotFound(f"{kind.table} {record_id}")
    return paper


def _backup_with(work: Work, paper: Paper) -> str:
    """Return the newest good backup that was made since the paper came in, '' when there is none.

    Papers lie beside the backups of a place once and stay there, so an old one has it as well.
    """
    since = paper.created_at
    for run in work.rule_matching(BackupRun, order=("-made_at",)):
        good = run.made_at and since and run.made_at >= since and not run.trouble and not run.gone
        if good and run.verified_at:
            place = work.rule_find(BackupPlace, run.place_id)
            where = place.headline() if place else ""
            return _("{name} ({place})").format(name=run.headline(), place=where)
    return ""


def _lines(work: Work, kind: type[Paper], record_id: int) -> tuple[PaperLine, ...]:
    equals: dict[str, Any] = {link_of(kind): record_id}
    return _shown(work, kind, work.rule_matching(kind, order=("created_at", "id"), **equals))


def _shown(work: Work, kind: type[Paper], found: Iterable[Paper]) -> tuple[PaperLine, ...]:
    papers = list(found)
    staff = work.many(Staff, {paper.created_by for paper in papers})
    return tuple(
        PaperLine(
            kind=kind,
            id=paper.id,
            about=paper.about,
            obtained=paper.obtained if isinstance(paper, SuspectPhoto) else "",
            form=paper.file_form,
            pages=paper.pages or 1,
            added_at=paper.created_at,
            added_by=staff[paper.created_by].alias if paper.created_by in staff else "",
            until=photo_until(work, paper) if isinstance(paper, FacePhoto) else None,
        )
        for paper in papers
    )


def photograph_consent(work: Work, person_id: int) -> Consent | None:
    """Return the consent a photograph for the file may rest on today."""
    found = work.rule_matching(
        Consent, person_id=person_id, type=PHOTOGRAPH_CONSENT, order=("-given_on", "-id")
    )
    return next((one for one in found if one.in_force(work.today)), None)


def photo_until(work: Work, photo: FacePhoto) -> date | None:
    """Return the last day a photograph of her face is kept; None while she lives here.

    Of somebody who never came to live here it is kept as long as of somebody who left that day.
    """
    stays = work.rule_matching(Stay, person_id=photo.person_id, order=("-admitted_at",))
    if any(stay.exited_at is None for stay in stays):
        return None
    left = max((stay.exited_at for stay in stays if stay.exited_at), default=photo.created_at)
    return face_photo_until(left.date() if left else None)


def may_see_kind(actor: access.Actor, kind: type[Paper]) -> bool:
    """Say whether a role ever sees papers of a kind; the list of a closed one is not built."""
    if kind in SEALED:
        return access.may_break(actor, kind)
    return access.may(actor, Action.READ, kind)
