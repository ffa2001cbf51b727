"""The document register: issue and seal, reopen exactly as issued, count copies, recall."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from shelter_app.domain import access
from shelter_app.domain.access import Action
from shelter_app.domain.court_summary import CourtSummary
from shelter_app.domain.document import Document
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.errors import DocumentUnreadable, NotPossible
from shelter_app.i18n import N_
from shelter_app.services import court_summary, folders, search
from shelter_app.services.rendering import court_summary as paper
from shelter_app.services.work import Work
from shelter_app.storage import attachments
from shelter_app.storage.questions import documents as register
from shelter_app.storage.questions.search import Index
from shelter_app.storage.safe_files import write_whole

_MOST_FOUND: Final = 200
CHIPS: dict[str, tuple[tuple[str, ...], bool | None]] = {
    "drafts": (("draft",), None),
    "waiting": (("review",), None),
    "approved": (("approved",), None),
    "issued": (("issued", "replaced"), False),
    "recalled": (("issued", "replaced", "withdrawn"), True),
}
"""Chip of the page -> states and whether recalled."""


@dataclass(frozen=True)
class Listed:
    """A line of the register with the working name and the preparer's alias."""

    entry: register.Entry
    person: str
    prepared_by: str


@dataclass(frozen=True)
class RegisterEntry:
    """What the register says of an issued paper."""

    issued_on: date | None
    approved_by: str
    approved_on: date | None
    copies: int
    received_by: str
    fingerprint: str
    recall_reason: str
    counts_copies: bool


@dataclass(frozen=True)
class Papers:
    """An issued document's two files, byte for byte as sealed."""

    name: str
    pdf: bytes
    word: bytes


def issue(work: Work, document_id: int, *, copies: int = 1, received_by: str = "") -> Document:
    """Seal an approved summary: typeset it, keep both files encrypted, enter the register."""
    document = work.get(Document, document_id)
    work.require(Action.WRITE, Document, document.person_id)
    if document.status != "approved":
        raise NotPossible(N_("It has to be approved by a second person first."))
    if copies < 1:
        raise NotPossible(N_("How many copies? At least one."))
    summary = replace(court_summary.frozen_summary(document), issued=True, day=work.today)
    pdf, word = paper.pdf(summary), paper.word(summary)
    stored = attachments.store(work.vault.folder, Document.compartment, pdf)
    editable = attachments.store(work.vault.folder, Document.compartment, word)
    _replace_older(work, document)
    issued = work.save(
        replace(
            document,
            status="issued",
            issued_on=work.today,
            copies=copies,
            received_by=received_by,
            fingerprint=hashlib.sha256(pdf).hexdigest(),
            file_name=stored.name,
            file_key=stored.key.hex(),
            file_size=stored.size,
            file_sha256=stored.sha256,
            draft_file_name=editable.name,
            draft_file_key=editable.key.hex(),
            draft_file_size=editable.size,
            draft_file_sha256=editable.sha256,
        )
    )
    work.log("print", issued, f"{copies}")
    return issued


def reopen(work: Work, document_id: int) -> Papers:
    """Return an issued document exactly as it was; DocumentUnreadable when it is damaged."""
    document = work.get(Document, document_id)
    if not document.file_name:
        raise NotPossible(N_("This document was not issued yet."))
    pdf = _load(
        work, document.file_name, document.file_key, document.file_size, document.file_sha256
    )
    if hashlib.sha256(pdf).hexdigest() != document.fingerprint:
        raise DocumentUnreadable("fingerprint")
    word = _load(
        work,
        document.draft_file_name,
        document.draft_file_key,
        document.draft_file_size,
        document.draft_file_sha256,
    )
    return Papers(neutral_name(document), pdf, word)


def export(work: Work, document_id: int, folder: Path, reason: str) -> Path:
    """Write the sealed PDF and its editable twin to a folder or stick, under the neutral number.

    The reason goes into the audit; the row is written even if the stick is pulled out afterwards.
    """
    if not reason.strip():
        raise NotPossible(N_("Please say why."))
    papers = reopen(work, document_id)
    work.log("export", work.get(Document, document_id), reason.strip())
    folders.require(folder)
    write_whole(folder / f"{papers.name}.pdf", papers.pdf)
    write_whole(folder / f"{papers.name}.docx", papers.word)
    return folder / f"{papers.name}.pdf"


def preview(work: Work, document_id: int, *, width: int = 700) -> tuple[bytes, ...]:
    """Return the pages of a summary as pictures, as they stand now."""
    return paper.pages(_as_it_stands(work, document_id), width=width)


def register_entry(work: Work, document_id: int) -> RegisterEntry:
    """Return the register's entry of an issued document."""
    document = work.get(Document, document_id)
    approver = work.rule_find(Staff, document.approved_by)
    return RegisterEntry(
        issued_on=document.issued_on,
        approved_by=approver.alias if approver else "",
        approved_on=document.approved_on,
        copies=document.copies,
        received_by=document.received_by,
        fingerprint=document.fingerprint,
        recall_reason=document.recall_reason,
        counts_copies=document.status == "issued" and not document.recalled,
    )


def add_copies(work: Work, document_id: int, copies: int) -> Document:
    """Count further copies given out."""
    document = work.get(Document, document_id)
    if document.status != "issued" or copies < 1:
        raise NotPossible(N_("Only copies of an issued document are counted."))
    return work.save(replace(document, copies=document.copies + copies))


def recall(work: Work, document_id: int, reason: str) -> Document:
    """Recall an issued document on withdrawal of consent or error (E.3 step 9)."""
    work.require_role("manager")
    document = work.get(Document, document_id)
    if document.status not in ("issued", "replaced"):
        raise NotPossible(N_("Only an issued document can be recalled."))
    if not reason.strip():
        raise NotPossible(N_("Please say why."))
    return work.save(replace(document, recalled=True, recall_reason=reason.strip()))


def new_version(work: Work, document_id: int) -> Document:
    """Begin the next version of an issued document, or return the one already being written."""
    document = work.get(Document, document_id)
    if document.status != "issued":
        raise NotPossible(N_("A new version begins from an issued document."))
    versions = work.rule_matching(Document, order=("-version",), doc_no=document.doc_no)
    if versions and versions[0].version > document.version:
        return versions[0]
    return work.save(court_summary.next_version(work, document))


def neutral_name(document: Document) -> str:
    """Return the file name without any name: 'CSS-2026-0031-v2'."""
    return f"{document.doc_no}-v{document.version}"


def listed(work: Work, ids: list[int]) -> list[Listed]:
    """Return lines of the register for these ids."""
    if not work.may(Action.READ, Document):
        return []
    readable = work.many(Document, ids)
    return _named(work, register.entries(work.connection, [key for key in ids if key in readable]))


def listed_of(work: Work, person_id: int) -> list[Listed]:
    """Return a person's documents."""
    if not work.may(Action.READ, Document, person_id):
        return []
    return _named(work, register.entries_of(work.connection, person_id))


def ids(work: Work, chip: str, text: str = "") -> list[int]:
    """Return the ids of the documents behind a chip, narrowed by number, working name or code."""
    if not work.may(Action.READ, Document):
        return []
    statuses, recalled = CHIPS[chip]
    listed = register.register_ids(work.connection, statuses, recalled=recalled)
    if not text.strip():
        return _readable(work, listed)
    index = Index(work.connection, Document.compartment, (Document.table,))
    numbers = {hit.record_id for hit in index.search(text, _MOST_FOUND)}
    people, _more = search.person_ids(work, text)
    return _readable(
        work,
        [
            entry.id
            for entry in register.entries(work.connection, listed)
            if entry.id in numbers or entry.person_id in people
        ],
    )


def _readable(work: Work, ids: list[int]) -> list[int]:
    """Leave out the papers of people on somebody else's caseload."""
    if access.may(work.actor, Action.READ, Document, assigned=False):
        return ids
    readable = work.many(Document, ids)
    return [key for key in ids if key in readable]


def _named(work: Work, entries: list[register.Entry]) -> list[Listed]:
    persons = work.many(Person, {entry.person_id for entry in entries})
    staff = work.many(Staff, {entry.prepared_by for entry in entries})
    made = []
    for entry in entries:
        person, worker = persons.get(entry.person_id), staff.get(entry.prepared_by)
        made.append(
            Listed(entry, person.headline() if person else "", worker.alias if worker else "")
        )
    return made


def _as_it_stands(work: Work, document_id: int) -> CourtSummary:
    summary = court_summary.open_draft(work, document_id).summary
    issued = work.get(Document, document_id).status in ("issued", "replaced", "withdrawn")
    return replace(summary, issued=issued)


def _replace_older(work: Work, document: Document) -> None:
    for older in work.rule_matching(Document, doc_no=document.doc_no, status="issued"):
        if older.id != document.id:
            work.save(replace(older, status="replaced"), by_program=True)


def _load(work: Work, name: str, key: str, size: int | None, sha256: str) -> bytes:
    stored = attachments.Stored(name, bytes.fromhex(key), size or 0, sha256)
    return attachments.load(work.vault.folder, Document.compartment, stored)
