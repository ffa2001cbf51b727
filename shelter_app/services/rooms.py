"""Setting up rooms and beds: a manager's work, simple because it is done once a year."""

from __future__ import annotations

from typing import Final

from shelter_app.domain.stay import Bed, BedStay, Room
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.services.work import Work

SOMEBODY_IN_BED: Final = N_("Somebody has this bed. Move her first.")
ROOM_IN_USE: Final = N_("This room still has beds. Take them out first.")


def save_room(work: Work, room: Room) -> Room:
    """Keep a room as edited."""
    work.require_role("manager")
    return work.save(room)


def save_bed(work: Work, bed: Bed) -> Bed:
    """Keep a bed as edited; a bed somebody has cannot be taken out of service."""
    work.require_role("manager")
    if bed.out_of_service:
        _require_empty(work, bed.id)
    return work.save(bed)


def add_beds(work: Work, room_id: int, count: int) -> tuple[Bed, ...]:
    """Add beds numbered on from the last one of the room."""
    work.require_role("manager")
    room = work.get(Room, room_id)
    taken = {bed.bed_no for bed in work.matching(Bed, room_id=room.id)}
    letter = room.name[:1].upper()
    made: list[Bed] = []
    number = 0
    while len(made) < count:
        number += 1
        if f"{letter}{number}" not in taken:
            made.append(work.save(Bed(room_id=room.id, bed_no=f"{letter}{number}")))
    return tuple(made)


def remove_bed(work: Work, bed_id: int) -> None:
    """Take a bed off the board; past nights in it stay known."""
    work.require_role("manager")
    _require_empty(work, bed_id)
    work.void(Bed, bed_id, "removed")


def remove_room(work: Work, room_id: int) -> None:
    """Take an empty room off the board."""
    work.require_role("manager")
    if work.matching(Bed, room_id=room_id, limit=1):
        raise NotPossible(ROOM_IN_USE)
    work.void(Room, room_id, "removed")


def _require_empty(work: Work, bed_id: int) -> None:
    if bed_id and work.matching(BedStay, bed_id=bed_id, to_at=None, limit=1):
        raise NotPossible(SOMEBODY_IN_BED)
