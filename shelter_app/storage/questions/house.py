"""Questions about beds, stays and what stands in the house calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import sqlalchemy as sa

from shelter_app.domain.appointment import Appointment
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.storage.tables import table_of

BED_TAKEN: Final = N_(
    "This bed was given to somebody else a moment ago, or somebody had it at that time. "
    "Nothing was changed. Please choose another bed."
)
ALREADY_HERE: Final = N_("She already has an open stay in the house. Nothing was changed.")

_STAY_NO: Final = sa.text(
    "SELECT coalesce(max(stay_no), 0) + 1 FROM house.stay WHERE person_id = :person AND voided = 0"
)
_COURT_ALONE: Final = sa.text(
    "SELECT 1 FROM cases.court_event AS event WHERE event.person_id = :person"
    " AND event.starts_at >= :start AND event.starts_at < :end AND event.voided = 0"
    " AND event.superseded = 0 AND event.survivor_required = 1"
    " AND NOT EXISTS (SELECT 1 FROM house.accompaniment AS going"
    " WHERE going.court_event_id = event.id AND going.voided = 0) LIMIT 1"
)
_WITHOUT_PLACEMENT: Final = sa.text(
    "SELECT stay.id, stay.person_id, stay.admitted_at FROM house.stay AS stay"
    " WHERE stay.exited_at IS NULL AND stay.voided = 0"
    " AND NOT EXISTS (SELECT 1 FROM cases.placement AS kept"
    " WHERE kept.id = stay.id AND kept.voided = 0) ORDER BY stay.admitted_at"
).columns(id=sa.Integer, person_id=sa.Integer, admitted_at=sa.DateTime)


@dataclass(frozen=True)
class PlannedTime:
    """A time in the house calendar: when, not why."""

    person_id: int
    kind: str
    starts_at: datetime
    leave_house_at: datetime | None


@dataclass(frozen=True)
class OpenStay:
    """A stay that a question found."""

    stay_id: int
    person_id: int
    admitted_at: datetime


@contextmanager
def one_bed_one_person() -> Iterator[None]:
    """Turn the file's refusal of a second person in a bed into a sentence."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        words = str(error.orig)
        if "bed_stay.bed_id" in words or "bed is taken" in words or "bed_stay" in words:
            raise NotPossible(BED_TAKEN) from None
        if "stay.person_id" in words:
            raise NotPossible(ALREADY_HERE) from None
        raise


def next_stay_no(connection: sa.Connection, person_id: int) -> int:
    """Return the number of a person's next stay."""
    return int(connection.execute(_STAY_NO, {"person": person_id}).scalar_one())


def goes_to_court_alone(
    connection: sa.Connection, person_id: int, now: datetime, within: timedelta
) -> bool:
    """Say whether a court date she must attend has nobody named to go along."""
    span = {"person": person_id, "start": _text(now), "end": _text(now + within)}
    return connection.execute(_COURT_ALONE, span).first() is not None


def stays_without_placement(connection: sa.Connection) -> tuple[OpenStay, ...]:
    """Return open stays whose basis nobody has recorded yet (admitted at night by the house)."""
    return tuple(OpenStay(*row) for row in connection.execute(_WITHOUT_PLACEMENT))


def appointments_on(connection: sa.Connection, day: date) -> tuple[PlannedTime, ...]:
    """Return the times of a day, cancelled ones left out."""
    table = table_of(Appointment)
    start = datetime.combine(day, time())
    statement = (
        sa.select(table.c.person_id, table.c.kind, table.c.starts_at, table.c.leave_house_at)
        .where(
            table.c.starts_at >= start,
            table.c.starts_at < start + timedelta(days=1),
            table.c.voided == sa.false(),
            table.c.cancelled == sa.false(),
        )
        .order_by(table.c.starts_at)
    )
    return tuple(PlannedTime(*row) for row in connection.execute(statement))


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
