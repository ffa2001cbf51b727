"""The forms of the resident page, each in the side editor: which rows, which service saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from shelter_app.domain import access, catalogue
from shelter_app.domain.consent import Consent
from shelter_app.domain.person import (
    Alias,
    IdentityDocument,
    Person,
    PersonBackground,
    SealedIdentity,
)
from shelter_app.domain.record import Record
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.sealed_details import ConsentGiver, IdentityDocumentNumber, Whereabouts
from shelter_app.i18n import N_
from shelter_app.services import identity, records, resident_forms, residents, sealed_details
from shelter_app.services.work import Work
from ui.kit.link_editor import LinkSource
from ui.kit.record_form import RecordForm
from ui.kit.tasks import Tasks


@dataclass(frozen=True)
class Form:
    """One form: its title, its rows, and the service that saves what it edits."""

    title: str
    new_title: str
    rows: tuple[tuple[str, ...], ...]
    save: Callable[..., Record]
    undo: str


_STAFF: Final = LinkSource(resident_forms.staff_choices, resident_forms.staff_label)
_PARTNERS: Final = LinkSource(resident_forms.partner_choices, resident_forms.partner_label)
_LINKS: Final = {
    "done_by": _STAFF,
    "explained_by": _STAFF,
    "assigned_by": _STAFF,
    "recipient_org": _PARTNERS,
}

FORMS: Final[dict[type[Record], Form]] = {
    Person: Form(
        N_("What the house knows"),
        "",
        (
            ("display_alias", "sex"),
            ("language_main", "age_band"),
            ("language_other",),
            ("allergy_alert", "diet"),
            ("disability",),
            ("disability_support",),
            ("house_notes",),
            ("photograph_allowed",),
        ),
        residents.save_person,
        N_("Saved"),
    ),
    PersonBackground: Form(
        N_("Background"),
        N_("Background"),
        (
            ("birth_date", "birth_date_precision"),
            ("age_basis", "nationality"),
            ("other_nationality", "home_county"),
            ("immigration_status", "uasc_status"),
            ("exploitation",),
            ("education_at_entry", "literate"),
            ("religion", "marital_status"),
            ("children_count", "pregnancy_status"),
            ("blood_allergies",),
            ("alias_reason",),
            ("gender_note",),
            ("deceased_on", "retention_class"),
            ("legal_hold",),
        ),
        residents.save_background,
        N_("Background saved"),
    ),
    SealedIdentity: Form(
        N_("True identity, sealed"),
        N_("True identity, sealed"),
        (
            ("true_first_name", "true_other_names"),
            ("nickname_known", "phone_own"),
            ("national_id_no", "unhcr_no"),
            ("address_true",),
            ("next_of_kin_true",),
            ("identifying_marks",),
            ("ethnicity_note",),
        ),
        identity.save,
        "",
    ),
    RiskAssessment: Form(
        N_("Risk assessment"),
        N_("New risk assessment"),
        (
            ("domain", "risk_level"),
            ("stage", "done_by"),
            ("done_at",),
            ("detail",),
            ("named_threat_id",),
            ("trigger",),
            ("review_due",),
        ),
        residents.save_risk,
        N_("Risk assessment saved"),
    ),
    Consent: Form(
        N_("Consent"),
        N_("New consent"),
        (
            ("type",),
            ("status", "basis"),
            ("giver", "method"),
            ("explained_in", "explained_by"),
            ("recipient_org",),
            ("limits",),
            ("given_on", "expires_on"),
            ("withdrawn_on",),
            ("guardian_not_sought_reason",),
        ),
        records.save_record,
        N_("Consent saved"),
    ),
    IdentityDocument: Form(
        N_("Identity paper"),
        N_("New identity paper"),
        (
            ("doc_type", "holder"),
            ("issued_on", "expires_on"),
            ("replacement_started_on",),
            ("note",),
        ),
        records.save_record,
        N_("Identity paper saved"),
    ),
    IdentityDocumentNumber: Form(
        N_("Number of an identity paper"),
        N_("Number of an identity paper"),
        (("doc_number",),),
        sealed_details.save,
        "",
    ),
    ConsentGiver: Form(
        N_("Who gave a consent"),
        N_("Who gave a consent"),
        (("giver_name",),),
        sealed_details.save,
        "",
    ),
    Whereabouts: Form(
        N_("Where she went"),
        N_("Where she went"),
        (("handed_to_name",), ("exit_destination_note",)),
        sealed_details.save,
        "",
    ),
    Alias: Form(
        N_("Name in use"),
        N_("New name in use"),
        (("alias", "used_for"), ("assigned_on", "assigned_by"), ("active",)),
        residents.save_alias,
        N_("Name saved"),
    ),
}


SEALED_BESIDE: Final[dict[type[Record], tuple[type[Record], str]]] = {
    IdentityDocument: (IdentityDocumentNumber, N_("Number on the paper, sealed…")),
    Consent: (ConsentGiver, N_("Who gave it by name, sealed…")),
}
"""What is kept with the true identity beside a record, and the button that leads there."""


def form_of(table: str) -> Form | None:
    """Return the form of a record type this page edits, None for others' types."""
    return FORMS.get(catalogue.record_type(table))


def build(
    kind: type[Record], tasks: Tasks, actor: access.Actor, person_id: int = 0
) -> RecordForm[Any]:
    """Make the form of a record type with the fields this worker may see, and may write."""
    # A sealed record comes here only after it was opened with a reason.
    readable = {field.name for field in access.readable_fields(actor, kind, opened=True)}
    made: RecordForm[Any] = RecordForm(kind, tasks, readable=readable, links=_links(person_id))
    for row in FORMS[kind].rows:
        made.row(*row)
    made.finish()
    for name in residents.unwritable_fields(actor, kind):
        if made.has_field(name):
            made.editor(name).set_read_only(True)
    return made


def _links(person_id: int) -> dict[str, LinkSource]:
    accused = partial(resident_forms.accused_choices, person_id=person_id)
    return _LINKS | {"named_threat_id": LinkSource(accused, resident_forms.accused_label)}


def load(work: Work, table: str, person_id: int, record_id: int) -> Record:
    """Return the record a form begins with: the stored one, or a new one for this person."""
    return resident_forms.to_edit(work, catalogue.record_type(table), person_id, record_id)
