"""Who acts in the demo house, and which beds there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from shelter_app.domain.access import Actor

_HOURS: Final = (time(9), time(10), time(11, 30), time(14), time(15), time(16))
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Cast:
    """Workers by their first role."""

    people: dict[str, tuple[Actor, ...]]

    def one(self, role: str, number: int = 0) -> Actor:
        """Return a worker of a role; the number shares the work between several."""
        found = self.people[role]
        return found[number % len(found)]


@dataclass
class Places:
    """Beds with the ages they are meant for, and who has which at the moment."""

    beds: tuple[tuple[int, int, int], ...]
    taken: dict[int, int] = field(default_factory=dict)

    def give(self, person: int, age: int) -> int:
        """Return a free bed, one meant for this age when there is one."""
        free = [bed for bed in self.beds if bed[0] not in self.taken.values()]
        fitting = [bed for bed in free if bed[1] <= age <= bed[2]] or free
        narrowest = min(fitting, key=lambda bed: bed[2] - bed[1])
        self.taken[person] = narrowest[0]
        return narrowest[0]

    def rearranged(self, ages: dict[int, int]) -> dict[int, int]:
        """Return who would have which bed if as many as possible had one meant for their age."""
        given: dict[int, int] = {}

        def find(person: int, seen: set[int]) -> bool:
            for bed_id, least, most in sorted(self.beds, key=lambda bed: bed[2] - bed[1]):
                if bed_id in seen or not least <= ages[person] <= most:
                    continue
                seen.add(bed_id)
                holder = given.get(bed_id)
                if holder is None or find(holder, seen):
                    given[bed_id] = person
                    return True
            return False

        for person in ages:
            find(person, set())
        return {person: bed_id for bed_id, person in given.items()}

    def free(self, person: int) -> None:
        """Take a bed back."""
        self.taken.pop(person, None)


@dataclass
class Diary:
    """Hours already given to a worker, so that nobody is in two rooms at once."""

    used: set[tuple[int, datetime]] = field(default_factory=set)

    def next_free(self, staff_id: int, day: date) -> datetime:
        """Return the first free hour of a working day on or after the day."""
        while True:
            if day.weekday() < _SATURDAY:
                for hour in _HOURS:
                    moment = datetime.combine(day, hour)
                    if (staff_id, moment) not in self.used:
                        self.used.add((staff_id, moment))
                        return moment
            day += timedelta(days=1)
