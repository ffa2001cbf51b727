"""The data dictionary, read off the declarations: what is kept, where, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from shelter_app.domain import codelists
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.i18n import _


@dataclass(frozen=True)
class Entry:
    """One field of one record type, in the language in use."""

    record_type: str
    title: str
    field: str
    label: str
    kind: str
    codes: str
    required: bool
    level: str
    compartment: str


def entries() -> tuple[Entry, ...]:
    """Return every declared field of every record type, in the order of the catalogue."""
    return tuple(
        Entry(
            record_type=kind.table,
            title=_(kind.title),
            field=field.name,
            label=_(field.label),
            kind=field.kind.value,
            codes=field.codes if field.kind in (Kind.CHOICE, Kind.CHOICES) else field.to,
            required=field.required,
            level=codelists.label("sensitivity_level", field.level),
            compartment=kind.compartment,
        )
        for kind in RECORD_TYPES
        for field in fields_of(kind)
    )
