"""Whether anything worth a backup was written since the last one."""

from __future__ import annotations

import sqlalchemy as sa

from shelter_app.storage.connection import MAIN, schema_of

_ABOUT_BACKUPS = ("backup_run", "backup_place")


def written_after(connection: sa.Connection, compartment: str, seq: int) -> bool:
    """Say whether the audit trail has a change after this row that is not about backups."""
    statement = sa.text(
        f"SELECT EXISTS (SELECT 1 FROM {schema_of(compartment)}.audit WHERE seq > :seq"  # noqa: S608
        " AND record_type NOT IN :about AND action NOT IN ('open', 'print', 'search'))"
    ).bindparams(sa.bindparam("about", expanding=True))
    found = connection.execute(statement, {"seq": seq, "about": list(_ABOUT_BACKUPS)})
    return bool(found.scalar_one())


def last_restored(connection: sa.Connection) -> str:
    """Return the detail of the newest row that says these records came from a backup, or ''."""
    statement = sa.text(
        f"SELECT detail FROM {schema_of(MAIN)}.audit WHERE action = 'restore'"  # noqa: S608
        " ORDER BY seq DESC LIMIT 1"
    )
    return str(connection.execute(statement).scalar() or "")
