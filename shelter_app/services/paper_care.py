"""What happens to papers by itself, in the parts that are open: photographs expire, noise goes.

Run at sign-in, after the first page stands, by whoever's keys open the part. A part that is closed
is left alone: that its rows cannot be seen does not mean that its files belong to nobody.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from shelter_app.domain.consent import Consent
from shelter_app.domain.deadline_rules import (
    PHOTO_LEFT,
    PHOTO_NO_STAY,
    PHOTO_TAKEN_BACK,
    PHOTO_WITHDRAWN,
)
from shelter_app.domain.deadlines import Fact
from shelter_app.domain.papers import KEPT_AFTER_EXIT, FacePhoto
from shelter_app.domain.person import PersonBackground
from shelter_app.domain.stay import Stay
from shelter_app.i18n import N_
from shelter_app.services.inside import Inside
from shelter_app.services.papers import photo_until, photograph_consent
from shelter_app.services.work import Work
from shelter_app.storage import attachments, everything
from shelter_app.storage import migrate as meta
from shelter_app.storage.questions import papers as questions

SWEPT_AFTER: Final = timedelta(days=7)
"""A file without its row is left from a cut between the two; nobody can open it."""
AFTER_EXIT: Final = N_("Erased by itself: 30 days after she left")
WITHDRAWN: Final = N_("Erased by itself: she withdrew her consent")
TAKEN_BACK: Final = N_("Erased by itself: it was taken back")
_SWEPT_ON: Final = "papers_swept_on"
"""In each part beside its version, so that whoever opens only some sweeps only those."""
_NO_LONGER: Final = ("withdrawn", "refused")
_NEEDS: Final = frozenset(kind.compartment for kind in (FacePhoto, Stay, Consent, PersonBackground))


@dataclass(frozen=True)
class Looked:
    """How many photographs were erased and how many left-over files removed."""

    erased: int = 0
    swept: int = 0


def look_after(inside: Inside) -> Looked:
    """Erase photographs whose time is over, and once a day sweep files that belong to no row."""
    names: tuple[str, ...] = ()
    if inside.vault.compartments >= _NEEDS and inside.ask(_has_due):
        names = inside.do(_erase_due)
        for name in names:
            attachments.remove(inside.vault.folder, FacePhoto.compartment, name)
    return Looked(len(names), _sweep(inside))


def _sweep(inside: Inside) -> int:
    """Sweep the parts that were not swept today; the name of every paper is read for it."""
    parts = inside.ask(_to_sweep)
    if not parts:
        return 0
    before = inside.ask(lambda work: work.now) - SWEPT_AFTER
    swept = 0
    for compartment in parts:
        known = inside.ask(_names_in, compartment)
        swept += attachments.sweep(inside.vault.folder, compartment, known, before)
    inside.do(_note_sweep, parts)
    return swept


def _to_sweep(work: Work) -> tuple[str, ...]:
    """Return the open parts whose mark is not today's; a clock that was ahead counts as another."""
    today = work.today.isoformat()
    return tuple(
        part
        for part in sorted(work.vault.compartments)
        if meta.read_meta(work.connection, part).get(_SWEPT_ON) != today
    )


def _note_sweep(work: Work, parts: tuple[str, ...]) -> None:
    for part in parts:
        meta.write_meta(work.connection, part, {_SWEPT_ON: work.today.isoformat()})


def _names_in(work: Work, compartment: str) -> frozenset[str]:
    return everything.paper_names(work.vault, compartment)


def _has_due(work: Work) -> bool:
    return any(why_due(work, each.photo) for each in questions.may_go(work.connection))


def _erase_due(work: Work) -> tuple[str, ...]:
    """Empty the rows, so that no key is left, and return the files that go with them."""
    gone = []
    for each in questions.may_go(work.connection):
        photo = each.photo
        if reason := why_due(work, photo):
            gone.append(photo.file_name)
            emptied = dataclasses.replace(
                photo,
                about="",
                file_name="",
                file_key="",
                file_size=None,
                file_sha256="",
                voided=True,
                void_reason=reason,
            )
            work.save(emptied, by_program=True)
    return tuple(gone)


def why_due(work: Work, photo: FacePhoto) -> str:
    """Return why a photograph has to go now, '' while it may stay."""
    found = going(work, photo)
    return found.reason if found is not None and found.on <= work.today else ""


@dataclass(frozen=True)
class Going:
    """That a photograph goes by itself: why, since when that is so, and on which day."""

    reason: str
    rule: str
    since: datetime
    on: date


def going(work: Work, photo: FacePhoto) -> Going | None:
    """Return when and why a photograph goes, None while nothing ends its time.

    A legal hold keeps it; so does coming back before its last day is over.
    """
    background = work.rule_find(PersonBackground, photo.person_id)
    if background is not None and background.legal_hold:
        return None
    if photo.voided:
        return Going(TAKEN_BACK, PHOTO_TAKEN_BACK, photo.updated_at or work.now, work.today)
    consent = work.rule_find(Consent, photo.consent_id)
    said_no = consent is not None and (consent.withdrawn_on or consent.status in _NO_LONGER)
    if consent is not None and said_no and photograph_consent(work, photo.person_id) is None:
        day = consent.withdrawn_on
        since = datetime.combine(day, time.min) if day else consent.updated_at or work.now
        return Going(WITHDRAWN, PHOTO_WITHDRAWN, since, work.today)
    until = photo_until(work, photo)
    if until is None:
        return None
    stayed = work.rule_matching(Stay, person_id=photo.person_id, limit=1)
    rule = PHOTO_LEFT if stayed else PHOTO_NO_STAY
    since = datetime.combine(until - KEPT_AFTER_EXIT, time.min)
    return Going(AFTER_EXIT, rule, since, until + timedelta(days=1))


def facts(work: Work) -> Iterator[Fact]:
    """Yield the photographs that go by themselves, to those whom a reason would show them."""
    if not (work.actor.compartments >= _NEEDS and work.may_break(FacePhoto)):
        return
    for each in questions.may_go(work.connection):
        found = going(work, each.photo)
        if found is not None:
            yield Fact(
                rule=found.rule,
                subject_id=each.photo.id,
                since=found.since,
                person_id=each.photo.person_id,
                name=each.name,
                code=each.code,
                case_worker=each.case_worker,
            )
