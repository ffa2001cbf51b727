"""Papers that are looked for whatever became of their records."""

from __future__ import annotations

import sqlalchemy as sa

from shelter_app.domain.papers import FacePhoto
from shelter_app.storage import records
from shelter_app.storage.tables import table_of


def face_photos(connection: sa.Connection) -> list[FacePhoto]:
    """Return the photographs of faces whose file is still there, those taken back included."""
    table = table_of(FacePhoto)
    ids = connection.execute(sa.select(table.c.id).where(table.c.file_name != "")).scalars()
    found = records.find_many(connection, FacePhoto, list(ids))
    return list(found.values())
