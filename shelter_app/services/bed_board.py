"""What the house sees of its beds: the board, tonight, one person's house card, her stays.

Everything here stands in the house file, so it reads the same for a house mother; only the
placement behind a stay needs the casework key and is left out without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shelter_app.domain import access, bed_nights, stay_states
from shelter_app.domain.access import Action
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Room, Stay
from shelter_app.services import records, search
from shelter_app.services.work import Work
from shelter_app.storage.questions import house as questions
from shelter_app.storage.questions.house import PlannedTime

OCCUPIED: Final = "occupied"
AWAY: Final = "away"
FREE: Final = "free"
CLOSED: Final = "closed"


@dataclass(frozen=True)
class Sleeper:
    """Somebody in residence, with her bed if she has one."""

    stay_id: int
    person_id: int
    name: str
    code: str
    day: int
    age_band: str = ""
    absence: Absence | None = None


@dataclass(frozen=True)
class Tile:
    """One bed of the board."""

    bed_id: int
    bed_no: str
    state: str
    cot: bool = False
    reason: str = ""
    sleeper: Sleeper | None = None


@dataclass(frozen=True)
class RoomView:
    """A room with its beds; cots do not count as beds."""

    room: Room
    tiles: tuple[Tile, ...]

    @property
    def beds(self) -> int:
        """The number of beds, cots left out."""
        return sum(not tile.cot for tile in self.tiles)


@dataclass(frozen=True)
class Tonight:
    """The house tonight in figures; cots are in the rooms but not in the figures."""

    rooms: tuple[RoomView, ...]
    capacity: int
    sleeping: int
    """Who sleeps here; somebody away whose bed is kept does not. Every page shows this number."""
    held: int
    free: int
    closed: int
    away: tuple[tuple[str, int], ...]
    in_cots: int = 0


@dataclass(frozen=True)
class Board:
    """The bed board and what this worker may do on it."""

    tonight: Tonight
    without_bed: tuple[Sleeper, ...]
    without_basis: tuple[int, ...]
    """People the house admitted whose basis this worker could record."""
    may_admit: bool
    may_move: bool
    may_exit: bool
    may_set_up: bool


@dataclass(frozen=True)
class HouseCard:
    """What the house knows of a resident (F-21), nothing else, and what may be done."""

    person: Person
    stay: Stay
    room: str
    bed_no: str
    bed_id: int
    absence: Absence | None
    today: tuple[PlannedTime, ...]
    case_worker: str
    actions: frozenset[str]


@dataclass(frozen=True)
class BedSpan:
    """A bed somebody had for a time."""

    room: str
    bed_no: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True)
class StayView:
    """One stay with its beds, absences and nights; the placement by level."""

    stay: Stay
    nights: int
    beds: tuple[BedSpan, ...]
    absences: tuple[Absence, ...]
    placement: Placement | None
    case_worker: str
    next_steps: tuple[str, ...]


@dataclass(frozen=True)
class StayTab:
    """What the resident's tab about stays shows."""

    stays: tuple[StayView, ...]
    card: HouseCard | None
    may_admit: bool
    may_place: bool
    may_correct: bool
    placement_missing: bool


def board(work: Work) -> Board:
    """Return every room with who sleeps where, now."""
    tonight_view, without = _house_now(work)
    return Board(
        tonight=tonight_view,
        without_bed=without,
        without_basis=_without_basis(work),
        may_admit=work.may(Action.WRITE, Stay),
        may_move=work.may(Action.WRITE, BedStay),
        may_exit=work.actor.has_role("manager"),
        may_set_up=work.actor.has_role("manager"),
    )


def _without_basis(work: Work) -> tuple[int, ...]:
    if not access.may(work.actor, Action.WRITE, Placement):
        return ()
    found = (stay.person_id for stay in questions.stays_without_placement(work.connection))
    return tuple(person for person in found if work.may(Action.WRITE, Placement, person))


def tonight(work: Work) -> Tonight:
    """Return the figures and tiles of tonight, for the Today page."""
    return _house_now(work)[0]


def _house_now(work: Work) -> tuple[Tonight, tuple[Sleeper, ...]]:
    rooms = work.matching(Room, order=("place_in_list", "name"))
    beds = work.matching(Bed, order=("bed_no",))
    stays = {stay.id: stay for stay in work.matching(Stay, exited_at=None)}
    people = work.many(Person, (stay.person_id for stay in stays.values()))
    away = {found.stay_id: found for found in work.matching(Absence, returned_at=None)}
    in_bed = {
        found.bed_id: found.stay_id
        for found in work.matching(BedStay, bed_id=[bed.id for bed in beds], to_at=None)
    }
    sleepers = {
        stay.id: _sleeper(stay, people[stay.person_id], away.get(stay.id), work.today)
        for stay in stays.values()
        if stay.person_id in people
    }
    tiles: dict[int, list[Tile]] = {}
    for bed in sorted(beds, key=lambda bed: _natural(bed.bed_no)):
        found = sleepers.get(in_bed.get(bed.id, 0))
        tiles.setdefault(bed.room_id, []).append(_tile(bed, found))
    views = tuple(RoomView(room, tuple(tiles.get(room.id, ()))) for room in rooms)
    with_bed = set(in_bed.values())
    without = tuple(found for key, found in sleepers.items() if key not in with_bed)
    return _figures(views), tuple(sorted(without, key=lambda found: found.name))


def _sleeper(stay: Stay, person: Person, absence: Absence | None, today: date) -> Sleeper:
    day = bed_nights.day_of_stay(stay.admitted_at, today) if stay.admitted_at else 1
    return Sleeper(
        stay.id, person.id, person.display_alias, person.person_no, day, person.age_band, absence
    )


def _tile(bed: Bed, sleeper: Sleeper | None) -> Tile:
    if sleeper is not None:
        state = AWAY if sleeper.absence else OCCUPIED
    else:
        state = CLOSED if bed.out_of_service else FREE
    reason = bed.out_of_service_reason if state == CLOSED else ""
    return Tile(bed.id, bed.bed_no, state, bed.cot, reason, sleeper)


def _figures(rooms: tuple[RoomView, ...]) -> Tonight:
    beds = [tile for view in rooms for tile in view.tiles if not tile.cot]
    states = Counter(tile.state for tile in beds)
    away = Counter(
        tile.sleeper.absence.type for tile in beds if tile.sleeper and tile.sleeper.absence
    )
    cots = [tile for view in rooms for tile in view.tiles if tile.cot]
    return Tonight(
        rooms=rooms,
        capacity=len(beds) - states[CLOSED],
        sleeping=states[OCCUPIED],
        held=states[AWAY],
        free=states[FREE],
        closed=states[CLOSED],
        away=tuple(sorted(away.items())),
        in_cots=sum(tile.state == OCCUPIED for tile in cots),
    )


def _natural(bed_no: str) -> tuple[str, int, str]:
    """Order B2 before B10."""
    letters = bed_no.rstrip("0123456789")
    digits = bed_no[len(letters) :]
    return letters, int(digits) if digits.isdecimal() else 0, bed_no


def house_card(work: Work, stay_id: int) -> HouseCard:
    """Return what the house may know of somebody in residence."""
    stay = work.get(Stay, stay_id)
    person = search.visible_person(work, stay.person_id)
    in_bed = next(iter(work.matching(BedStay, stay_id=stay.id, to_at=None)), None)
    bed = work.find(Bed, in_bed.bed_id) if in_bed else None
    room = work.find(Room, bed.room_id) if bed else None
    absence = next(iter(work.matching(Absence, stay_id=stay.id, returned_at=None)), None)
    times = questions.appointments_on(work.connection, work.today)
    staff = work.find(Staff, stay.case_manager) if stay.case_manager else None
    return HouseCard(
        person=person,
        stay=stay,
        room=room.name if room else "",
        bed_no=bed.bed_no if bed else "",
        bed_id=bed.id if bed else 0,
        absence=absence,
        today=tuple(found for found in times if found.person_id == person.id),
        case_worker=staff.alias if staff else "",
        actions=_actions(work, stay, absence, has_bed=bed is not None),
    )


def _actions(work: Work, stay: Stay, absence: Absence | None, *, has_bed: bool) -> frozenset[str]:
    found: set[str] = {"open"}
    if stay.exited_at is not None:
        return frozenset(found)
    if work.may(Action.WRITE, Absence, stay.person_id):
        found.add("back" if absence else "away")
        if absence and absence.bed_held and has_bed:
            found.add("give_up")
    if work.may(Action.WRITE, BedStay, stay.person_id) and (has_bed or not absence):
        found.add("move")
    if work.actor.has_role("manager"):
        found.add("exit")
    return frozenset(found)


def stay_tab(work: Work, person_id: int) -> StayTab:
    """Return a person's stays, newest first, with what this worker may know and do."""
    search.visible_person(work, person_id)
    stays = work.matching(Stay, order=("-admitted_at",), person_id=person_id)
    may_place = access.may(work.actor, Action.WRITE, Placement) and work.may(
        Action.WRITE, Placement, person_id
    )
    current = next((stay for stay in stays if stay.exited_at is None), None)
    views = _stay_views(work, stays, may_step=may_place)
    known = {view.stay.id for view in views if view.placement is not None}
    return StayTab(
        stays=views,
        card=house_card(work, current.id) if current else None,
        may_admit=current is None and work.may(Action.WRITE, Stay, person_id),
        may_place=may_place,
        may_correct=work.may(Action.WRITE, Stay, person_id),
        placement_missing=may_place and current is not None and current.id not in known,
    )


def _stay_views(work: Work, stays: list[Stay], *, may_step: bool) -> tuple[StayView, ...]:
    ids = [stay.id for stay in stays]
    spans = work.matching(BedStay, order=("from_at", "id"), stay_id=ids) if ids else []
    beds = work.many(Bed, {span.bed_id for span in spans})
    rooms = work.many(Room, {bed.room_id for bed in beds.values()})
    away = work.matching(Absence, order=("-left_at",), stay_id=ids) if ids else []
    placements = {
        key: records.masked(work, found) for key, found in work.many(Placement, ids).items()
    }
    staff = work.many(Staff, {stay.case_manager for stay in stays})
    views = []
    for stay in stays:
        absences = tuple(found for found in away if found.stay_id == stay.id)
        worker = staff.get(stay.case_manager)
        steps = stay_states.next_states(stay.state) if may_step and not stay.exited_at else ()
        views.append(
            StayView(
                stay=stay,
                nights=_nights(stay, absences, work.today),
                beds=tuple(_spans(stay.id, spans, beds, rooms)),
                absences=absences,
                placement=placements.get(stay.id),
                case_worker=worker.alias if worker else "",
                next_steps=steps,
            )
        )
    return tuple(views)


def _nights(stay: Stay, absences: tuple[Absence, ...], today: date) -> int:
    if stay.admitted_at is None:
        return 0
    return bed_nights.nights_so_far(stay.admitted_at, stay.exited_at, absences, today)


def _spans(
    stay_id: int, spans: list[BedStay], beds: dict[int, Bed], rooms: dict[int, Room]
) -> Iterable[BedSpan]:
    for span in spans:
        bed = beds.get(span.bed_id)
        if span.stay_id != stay_id or bed is None or span.from_at is None:
            continue
        room = rooms.get(bed.room_id)
        yield BedSpan(room.name if room else "", bed.bed_no, span.from_at, span.to_at)
