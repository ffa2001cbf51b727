"""Names and numbers beside a record that its readers must not see: kept with the true identity.

Each shares the id of the record it belongs to and is opened like the identity: by a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from shelter_app.domain.consent import Consent
from shelter_app.domain.fields import link, text
from shelter_app.domain.person import IdentityDocument
from shelter_app.domain.record import NEEDED, Record
from shelter_app.domain.stay import Stay
from shelter_app.errors import Problem
from shelter_app.i18n import N_


@dataclass(frozen=True, kw_only=True)
class IdentityDocumentNumber(Record):
    """The number of an identity paper; shares the paper's id."""

    table: ClassVar[str] = "identity_document_number"
    compartment: ClassVar[str] = "identity"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Number of an identity paper")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    doc_number: str = text(N_("Number on the paper"), required=True, longest=60)


@dataclass(frozen=True, kw_only=True)
class ConsentGiver(Record):
    """Who gave a consent, by name; shares the consent's id."""

    table: ClassVar[str] = "consent_giver_name"
    compartment: ClassVar[str] = "identity"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Who gave a consent")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    giver_name: str = text(N_("Who gave it, by name"), required=True, longest=120)


@dataclass(frozen=True, kw_only=True)
class Whereabouts(Record):
    """Where she went after a stay and who received her, by name; shares the stay's id."""

    table: ClassVar[str] = "whereabouts"
    compartment: ClassVar[str] = "identity"
    level: ClassVar[str] = "sealed"
    title: ClassVar[str] = N_("Where she went")
    guarded: ClassVar[bool] = True
    indexed: ClassVar[tuple[tuple[str, ...], ...]] = (("person_id",),)

    person_id: int = link(N_("Person"), to="person", required=True, kept_by_program=True)
    exit_destination_note: str = text(N_("Where she went, so that she is found"), longest=500)
    handed_to_name: str = text(N_("Received by, by name"), longest=120)

    def problems(self) -> list[Problem]:
        """Add that one of the two is written down."""
        found = super().problems()
        if not self.exit_destination_note and not self.handed_to_name:
            found.append(Problem("handed_to_name", NEEDED))
        return found


PARENTS: Final[dict[type[Record], type[Record]]] = {
    IdentityDocumentNumber: IdentityDocument,
    ConsentGiver: Consent,
    Whereabouts: Stay,
}
"""The sealed detail and the record it belongs to."""
