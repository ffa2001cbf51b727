"""The register of documents that leave the house: what, for whom, approved by whom, how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shelter_app.domain import codelists
from shelter_app.domain.fields import choice, day, flag, link, long_text, number, structure, text
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _


@dataclass(frozen=True, kw_only=True)
class Document(Record):
    """One version of one document; sealed when issued, replaced or recalled, never deleted."""

    table: ClassVar[str] = "document"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Document")
    guarded: ClassVar[bool] = True
    happened: ClassVar[str] = "issued_on"
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("doc_no", "version"),)
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("person_id",),
        ("legal_case_id",),
        ("status",),
    )

    person_id: int = link(N_("Person"), to="person", kept_by_program=True)
    legal_case_id: int = link(N_("Legal case"), to="legal_case", kept_by_program=True)
    doc_no: str = text(N_("Number"), longest=30, kept_by_program=True, in_list=True, search="code")
    type: str = choice(N_("Kind"), codes="document_type", required=True, in_list=True)
    version: int = number(N_("Version"), least=1, default=1, kept_by_program=True, in_list=True)
    status: str = choice(
        N_("Status"), codes="document_status", default="draft", kept_by_program=True, in_list=True
    )
    purpose: str = choice(N_("Purpose"), codes="document_purpose", required=True)
    recipient_kind: str = choice(N_("For"), codes="recipient_kind", required=True, in_list=True)
    recipient_name: str = long_text(
        N_("Addressee: name or office, rank, place"), required=True, longest=300
    )
    consent_id: int = link(N_("Consent"), to="consent")
    legal_basis: str = text(N_("Other legal basis"), longest=300)
    pseudonym_used: str = text(N_("Name used in the document"), required=True, longest=60)
    content: str = structure(N_("Content"), kept_by_program=True)
    redactions: str = structure(N_("What was left out and why"), kept_by_program=True)
    findings_settled: str = structure(N_("Words that were checked"), kept_by_program=True)
    survivor_review: str = choice(
        N_("She read it or it was read to her"), codes="survivor_review", default="not_yet"
    )
    survivor_review_on: date | None = day(N_("On"), future=False)
    survivor_review_note: str = long_text(N_("What she asked to change"), longest=1000)
    prepared_by: int = link(N_("Prepared by"), to="staff", kept_by_program=True)
    approved_by: int = link(N_("Approved by"), to="staff", kept_by_program=True)
    approved_on: date | None = day(N_("Approved on"), kept_by_program=True)
    sent_back_reason: str = text(N_("Why it was sent back"), longest=300, kept_by_program=True)
    issued_on: date | None = day(N_("Issued on"), kept_by_program=True, in_list=True)
    copies: int = number(N_("Copies"), least=0, default=0, kept_by_program=True, in_list=True)
    received_by: str = text(N_("Received by"), longest=200)
    recalled: bool = flag(N_("Recalled"), kept_by_program=True)
    recall_reason: str = text(N_("Why recalled"), longest=300, kept_by_program=True)
    fingerprint: str = text(
        N_("Fingerprint of the paper (SHA-256)"), longest=64, kept_by_program=True
    )
    file_name: str = text(N_("Sealed file"), longest=40, kept_by_program=True)
    file_key: str = text(N_("Key of the file"), longest=64, kept_by_program=True)
    file_size: int | None = number(N_("Size"), kept_by_program=True)
    file_sha256: str = text(N_("Seal of the file"), longest=64, kept_by_program=True)
    draft_file_name: str = text(N_("Editable file"), longest=40, kept_by_program=True)
    draft_file_key: str = text(N_("Key of the editable file"), longest=64, kept_by_program=True)
    draft_file_size: int | None = number(N_("Size"), kept_by_program=True)
    draft_file_sha256: str = text(N_("Fingerprint"), longest=64, kept_by_program=True)

    def headline(self) -> str:
        """Return kind and status."""
        return _("{kind}: {status}").format(
            kind=codelists.label("document_type", self.type),
            status=codelists.label("document_status", self.status).lower(),
        )
