"""What the forms of the house offer to choose from: beds, people to admit, workers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shelter_app.domain import admission
from shelter_app.domain.admission import fits_cot
from shelter_app.domain.person import IN_RESIDENCE, Person
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Bed, Room, Stay
from shelter_app.i18n import _
from shelter_app.services import search
from shelter_app.services.bed_board import FREE, RoomView, Tile, tonight
from shelter_app.services.work import Work

MOST_OFFERED: Final = 20
CASE_WORK_ROLES: Final = ("social_worker", "manager")


def free_beds(work: Work, typed: str = "", *, person_id: int = 0) -> tuple[tuple[int, str], ...]:
    """Return every free bed as 'Room · bed', those that fit this person first, cots last."""
    person = work.find(Person, person_id) if person_id else None
    found = []
    for view, tile in _tiles(work):
        if tile.state == FREE and not (tile.cot and person and not fits_cot(person.age_band)):
            misfits = (
                bool(admission.room_hints(view.room, person.sex, person.age_band))
                if person
                else False
            )
            words = _bed_words(view.room, tile.bed_no)
            words = _("{bed} (cot)").format(bed=words) if tile.cot else words
            found.append(((misfits, tile.cot), tile.bed_id, words))
    ordered = sorted(found, key=lambda choice: choice[0])
    return _typed(typed, tuple((bed_id, words) for _last, bed_id, words in ordered))


def bed_targets(work: Work, typed: str = "", *, stay_id: int = 0) -> tuple[tuple[int, str], ...]:
    """Return the beds somebody may move to: free ones, then those to change places with."""
    stay = work.find(Stay, stay_id) if stay_id else None
    person = work.find(Person, stay.person_id) if stay else None
    free, taken = [], []
    for view, tile in _tiles(work):
        if tile.cot and person is not None and not fits_cot(person.age_band):
            continue
        words = _bed_words(view.room, tile.bed_no)
        if tile.state == FREE:
            free.append((tile.bed_id, words))
        elif tile.sleeper and tile.sleeper.stay_id != stay_id:
            swap = _("{bed}, change places with “{name}”")
            taken.append((tile.bed_id, swap.format(bed=words, name=tile.sleeper.name)))
    return _typed(typed, (*free, *taken))


def bed_label(work: Work, bed_id: int) -> str:
    """Return 'Room · bed' for a bed."""
    bed = work.get(Bed, bed_id)
    room = work.find(Room, bed.room_id)
    return _bed_words(room, bed.bed_no) if room else bed.bed_no


def _tiles(work: Work) -> Iterable[tuple[RoomView, Tile]]:
    return ((view, tile) for view in tonight(work).rooms for tile in view.tiles)


def _bed_words(room: Room, bed_no: str) -> str:
    return f"{room.name} · {bed_no}"


def _typed(typed: str, choices: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
    wanted = typed.strip().casefold()
    return tuple(choice for choice in choices if wanted in choice[1].casefold())


def person_label(work: Work, person_id: int) -> str:
    """Return a person's working name and code."""
    return work.get(Person, person_id).headline()


def staff_label(work: Work, staff_id: int) -> str:
    """Return the alias of somebody who works here."""
    return work.get(Staff, staff_id).alias


def admittable(work: Work, typed: str) -> tuple[tuple[int, str], ...]:
    """Return people without an open stay, found as everywhere else: by name, code or alias."""
    found = search.people(work, typed, limit=MOST_OFFERED) if typed.strip() else ()
    words = _("“{name}” {code}")
    return tuple(
        (person.id, words.format(name=person.alias, code=person.code))
        for person in found
        if person.situation != IN_RESIDENCE
    )


def case_workers(work: Work, typed: str = "") -> tuple[tuple[int, str], ...]:
    """Return the staff who can be responsible for a resident."""
    return _staff(work, typed, CASE_WORK_ROLES)


def counsellors(work: Work, typed: str = "") -> tuple[tuple[int, str], ...]:
    """Return the counsellors of the house."""
    return _staff(work, typed, ("counsellor",))


def staff_choices(work: Work, typed: str = "") -> tuple[tuple[int, str], ...]:
    """Return everybody who works here now."""
    return _staff(work, typed, ())


def _staff(work: Work, typed: str, roles: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    wanted = typed.strip().casefold()
    return tuple(
        (found.id, found.alias)
        for found in work.matching(Staff, order=("alias",))
        if not found.locked
        and (not roles or not set(roles).isdisjoint(found.roles))
        and wanted in found.alias.casefold()
    )
