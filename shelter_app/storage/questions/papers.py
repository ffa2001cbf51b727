"""Photographs of faces that may have to go, whatever became of their records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from shelter_app.domain.papers import FacePhoto
from shelter_app.storage import records
from shelter_app.storage.questions.deadlines import PERSON

_MAY_GO: Final = sa.text(
    f"SELECT f.id, {PERSON} FROM identity.face_photo AS f"  # noqa: S608 - fixed words
    " LEFT JOIN house.person AS person ON person.id = f.person_id"
    " LEFT JOIN cases.consent AS c ON c.id = f.consent_id"
    " WHERE f.file_name <> '' AND (f.voided = 1"
    " OR c.withdrawn_on IS NOT NULL OR c.status IN ('withdrawn', 'refused')"
    " OR NOT EXISTS (SELECT 1 FROM house.stay AS here WHERE here.person_id = f.person_id"
    " AND here.voided = 0 AND here.exited_at IS NULL))"
)


@dataclass(frozen=True)
class OfWhom:
    """A photograph whose file is still there, with what deadlines say of its person."""

    photo: FacePhoto
    name: str
    code: str
    case_worker: int


def may_go(connection: sa.Connection) -> list[OfWhom]:
    """Return photographs of who does not live here, or took a consent or the photograph back."""
    rows = {row[0]: row[1:] for row in connection.execute(_MAY_GO)}
    found = records.find_many(connection, FacePhoto, rows)
    return [OfWhom(photo, *rows[number]) for number, photo in found.items()]
