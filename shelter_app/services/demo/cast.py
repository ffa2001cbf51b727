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
        self.taken[person] = fitting[0][0]
        return fitting[0][0]

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
