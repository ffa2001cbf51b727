"""Scanned papers and photographs beside a record: each is an encrypted file of its own.

Four record types, because four audiences: a consent's paper belongs to casework, an accused's
photograph to the case, what shows her name or her face lies with the true identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from shelter_app.domain.consent import Consent
from shelter_app.domain.fields import link, number, text
from shelter_app.domain.legal import Suspect
from shelter_app.domain.person import IdentityDocument, Person
from shelter_app.domain.record import Record
from shelter_app.i18n import N_

PHOTOGRAPH_CONSENT: Final = "photo_id"
"""The kind of consent a photograph for the file rests on."""
KEPT_AFTER_EXIT: Final = timedelta(days=30)
"""How long a photograph of her face is kept after she left (domain specification E.2)."""


@dataclass(frozen=True, kw_only=True)
class Paper(Record):
    """What every kind says: what it shows, what kind of file, and where the file lies."""

    guarded: ClassVar[bool] = True

    about: str = text(N_("What it shows"), longest=120, help=N_("For example: front, back"))
    file_form: str = text(N_("Kind of file"), longest=4, kept_by_program=True)
    pages: int | None = number(N_("Pages"), least=1, kept_by_program=True)
    file_name: str = text(N_("Sealed file"), longest=40, kept_by_program=True)
    file_key: str = text(N_("Key of the file"), longest=64, kept_by_program=True)
    file_size: int | None = number(N_("Size"), kept_by_program=True)
    file_sha256: str = text(N_("Seal of the file"), longest=64, kept_by_program=True)


@dataclass(frozen=True, kw_only=True)
class ConsentPaper(Paper):
    """The signed or thumb-marked form of a consent."""

    table: ClassVar[str] = "consent_paper"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "casework"
    title: ClassVar[str] = N_("Paper of a consent")
    parent: ClassVar[str] = "consent_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("consent_id",), ("person_id",))

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    consent_id: int = link(N_("Consent"), to="consent", required=True, kept_by_program=True)


@dataclass(frozen=True, kw_only=True)
class SuspectPhoto(Paper):
    """A picture of somebody accused, for the gate to know; only if lawfully obtained."""

    table: ClassVar[str] = "suspect_photo"
    compartment: ClassVar[str] = "cases"
    level: ClassVar[str] = "legal"
    title: ClassVar[str] = N_("Picture of an accused")
    parent: ClassVar[str] = "suspect_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("suspect_id",), ("person_id",))

    person_id: int = link(N_("Survivor"), to="person", kept_by_program=True)
    legal_case_id: int = link(N_("Legal case"), to="legal_case", kept_by_program=True)
    suspect_id: int = link(N_("Accused"), to="suspect", required=True, kept_by_program=True)
    obtained: str = text(
        N_("How it was lawfully obtained"),
        required=True,
        longest=300,
        help=N_("From whom, when and for what. Not from social media, not taken in secret."),
    )


@dataclass(frozen=True, kw_only=True)
class IdentityPaperCopy(Paper):
    """A copy of an identity paper: it shows her name, so it lies with the true identity."""

    table: ClassVar[str] = "identity_paper_copy"
    compartment: ClassVar[str] = "identity"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Copy of an identity paper")
    parent: ClassVar[str] = "identity_document_id"
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("identity_document_id",), ("person_id",))

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    identity_document_id: int = link(
        N_("Identity document"), to="identity_document", required=True, kept_by_program=True
    )


@dataclass(frozen=True, kw_only=True)
class FacePhoto(Paper):
    """A photograph of her face, for the day she is missing; it rests on a consent and expires."""

    table: ClassVar[str] = "face_photo"
    compartment: ClassVar[str] = "identity"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Photograph of her face")
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    consent_id: int = link(N_("Consent"), to="consent", required=True, kept_by_program=True)


BESIDE: Final[dict[type[Record], type[Paper]]] = {
    Consent: ConsentPaper,
    Suspect: SuspectPhoto,
    IdentityDocument: IdentityPaperCopy,
    Person: FacePhoto,
}
"""The record and the kind of papers that lie beside it."""
PAPERS: Final[dict[type[Record], type[Record]]] = {kind: of for of, kind in BESIDE.items()}
SEALED: Final = (IdentityPaperCopy, FacePhoto)
"""Opened like the true identity: by a reason, which those who watch over it are told."""


def link_of(kind: type[Record]) -> str:
    """Return the field by which a kind of papers names the record it lies beside."""
    return kind.parent or "person_id"


def face_photo_until(left_on: date | None) -> date | None:
    """Return the last day a photograph of her face is kept, None while she lives here."""
    return None if left_on is None else left_on + KEPT_AFTER_EXIT
