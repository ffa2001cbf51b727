"""The directory of partner organisations: found by name, kind or phone, written by few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shelter_app.domain import access, codelists
from shelter_app.domain.access import Action
from shelter_app.domain.partner import Partner
from shelter_app.services import records
from shelter_app.services.work import Work
from shelter_app.storage.questions.search import Index

_MOST: Final = 2_000


@dataclass(frozen=True)
class PartnerCard:
    """A partner as this worker may see it, and what she may do with it."""

    partner: Partner
    readable: frozenset[str]
    may_write: bool


def partner_ids(work: Work, text: str = "") -> list[int]:
    """Return the partners, those we still work with first; with a text those it finds."""
    work.require(Action.READ, Partner)
    if text.strip():
        hits = Index(work.connection, Partner.compartment, (Partner.table,)).search(text, _MOST)
        return [hit.record_id for hit in hits]
    found = work.matching(Partner, order=("name",), limit=_MOST)
    return [one.id for one in sorted(found, key=lambda one: (not one.active, one.name.casefold()))]


def partners(work: Work, ids: Sequence[int]) -> list[Partner]:
    """Return some partners in the order asked for, as this worker may see them."""
    found = work.many(Partner, ids)
    return [records.masked(work, found[key]) for key in ids if key in found]


def kind_words(partner: Partner) -> str:
    """Return what kind of organisation it is."""
    return codelists.label("partner_type", partner.type)


def card(work: Work, partner_id: int) -> PartnerCard:
    """Return one partner, or an empty one to fill in for the id 0."""
    partner = records.open_record(work, Partner, partner_id) if partner_id else Partner()
    fields = access.readable_fields(work.actor, Partner, assigned=True)
    may_write = access.may(work.actor, Action.WRITE, Partner)
    return PartnerCard(partner, frozenset(field.name for field in fields), may_write)


def save(work: Work, partner: Partner) -> Partner:
    """Save a partner."""
    return records.masked(work, records.save_record(work, partner))
