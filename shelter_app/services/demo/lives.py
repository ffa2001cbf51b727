"""Invented life courses whose totals follow the scenario; pure, and the same for the same seed.

A course says when somebody came, in which case she is, how long she was counselled and when she
left. Turning courses into records is the business of `acts`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final, TypeVar

from shelter_app import paths

T = TypeVar("T")

YEARS: Final = 3
_FULL_PEOPLE: Final = 220
_MOST_IN_HOUSE: Final = 39
_SHORTEST_STAY: Final = 9
_AGES: Final = {
    "under10": (7, 9),
    "10-13": (10, 13),
    "14-15": (14, 15),
    "16-17": (16, 17),
    "18-24": (18, 24),
    "25plus": (25, 34),
}
_EXITS: Final = {
    "family_reintegration": "family_reintegration",
    "kinship_foster_guardianship": "kinship",
    "independent_living": "independent_living",
    "transfer": "transfer_shelter",
    "repatriation": "repatriation",
    "resettlement": "resettlement",
    "ran_away": "ran_away",
    "self_discharge_adult": "self_discharge",
}
_PRIMARY: Final = {
    "csec": "csec",
    "domestic_servitude": "domestic_servitude",
    "sexual_exploitation": "sexual_exploitation",
    "gbv_no_exploit": "gbv_no_exploit",
    "child_marriage_or_fgm_flight": "child_marriage",
    "forced_begging_or_bar_labour": "forced_begging",
    "attempted": "attempted",
}
_STATUS: Final = {
    "kenyan": "kenyan",
    "refugee": "refugee",
    "asylum_seeker": "asylum_seeker",
    "eac_national": "eac_national",
    "irregular_or_other": "irregular",
}
_LANGUAGES: Final = {
    "KE": "swa",
    "UG": "lug",
    "CD": "lin",
    "SO": "som",
    "BI": "run",
    "ET": "amh",
    "SS": "din",
    "TZ": "swa",
    "RW": "kin",
}
_LEGAL: Final = ("stalled", "charged", "final", "reported")


@dataclass(frozen=True)
class StayCourse:
    """One stay from admission to leaving; `left` is None for somebody who is here."""

    came: datetime
    left: datetime | None = None
    exit_type: str = ""


@dataclass(frozen=True)
class CounsellingCourse:
    """How a counselling programme went: 'completed', 'dropped' or 'in_progress'."""

    ending: str
    held: int
    missed: int
    changed: bool


@dataclass(frozen=True)
class LegalCourse:
    """How far a case came: reported, stalled, charged, or decided with a verdict."""

    reach: str
    verdict: str = ""
    hearings: int = 0


@dataclass(frozen=True, kw_only=True)
class Life:
    """One invented person."""

    number: int
    alias: str
    sex: str
    birth: date
    nationality: str
    language: str
    status: str
    primary: str
    stays: tuple[StayCourse, ...]
    counselling: CounsellingCourse | None = None
    legal: LegalCourse | None = None

    @property
    def is_here(self) -> bool:
        """Say whether the last stay is open."""
        return self.stays[-1].left is None


def scenario() -> dict[str, Any]:
    """Return the parameters of the demo house."""
    text = paths.resource("demo", "scenario.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def dealt(shares: Mapping[T, float], count: int, rng: Random) -> list[T]:
    """Return `count` values in the proportion of the shares (largest remainder), shuffled."""
    total = sum(shares.values())
    exact = {value: share * count / total for value, share in shares.items()}
    given = {value: int(amount) for value, amount in exact.items()}
    rest = sorted(exact, key=lambda value: exact[value] - given[value], reverse=True)
    for value in rest[: count - sum(given.values())]:
        given[value] += 1
    hand = [value for value, times in given.items() for _ in range(times)]
    rng.shuffle(hand)
    return hand


def lives(people: int, today: date, seed: int = 20) -> tuple[Life, ...]:
    """Return the courses of `people` invented persons up to today, in the order they came."""
    rng = Random(seed)  # noqa: S311 - a demo house must be the same every time
    told = scenario()
    courses = _stays(people, today, rng, told)
    ages = dealt(told["age_at_admission"], people, rng)
    countries = dealt(told["nationality"], people, rng)
    primaries = dealt(told["primary"], people, rng)
    exits = dealt(told["exits"], sum(s.left is not None for c in courses for s in c), rng)
    made: list[Life] = []
    for number, stays in enumerate(courses):
        ended = tuple(
            replace(stay, exit_type=_EXITS[exits.pop()]) if stay.left else stay for stay in stays
        )
        band = ages[number]
        least, most = _AGES["25plus" if band == "25plus" else band]
        boy = band == "under10" and number % 2 == 1
        made.append(
            Life(
                number=number,
                alias="",
                sex="M" if boy else "F",
                birth=_birth(stays[0].came.date(), rng.randint(least, most), rng),
                nationality=_country(countries[number]),
                language=_LANGUAGES.get(countries[number], "swa"),
                status=_status(countries[number], rng),
                primary=_PRIMARY[primaries[number]],
                stays=ended,
            )
        )
    with_care = _with_counselling(made, told, rng)
    with_courts = _with_cases(with_care, told, rng)
    return _named(with_courts)


def _birth(came: date, age: int, rng: Random) -> date:
    return came - timedelta(days=age * 365 + rng.randint(10, 340))


def _country(code: str) -> str:
    return "KE" if code == "XX" else code


def _status(country: str, rng: Random) -> str:
    if country == "KE":
        return "kenyan"
    if country in ("UG", "TZ", "RW", "BI"):
        return rng.choice(("eac_national", "eac_national", "irregular"))
    return rng.choice(("refugee", "refugee", "asylum_seeker"))


# Stays


def _stays(
    people: int, today: date, rng: Random, told: Mapping[str, Any]
) -> list[list[StayCourse]]:
    """Return each person's stays; nobody comes to a full house, and the ends add up."""
    start = datetime.combine(today - timedelta(days=365 * YEARS), time(9))
    carried = min(told["stays"]["carried_over_at_start"], people // 5)
    again = round(told["stays"]["readmissions"] * people / _FULL_PEOPLE)
    here_at_end = min(told["stays"]["in_residence_end"], max(people // 4, 1))
    admissions = people - carried + again
    exits = carried + admissions - here_at_end
    arrivals = _moments(admissions, told["referrals"]["admitted_by_year"], start, today, rng)
    departures = _moments(exits, told["stays"]["exits_by_year"], start, today, rng)
    courses: list[list[StayCourse]] = []
    present: list[int] = []
    for _ in range(carried):
        came = start - timedelta(days=rng.randint(5, 200), minutes=rng.randint(0, 500))
        courses.append([StayCourse(came)])
        present.append(len(courses) - 1)
    returns = set(rng.sample(range(admissions // 2, admissions), again)) if again else set()
    for number, came in enumerate(arrivals):
        while departures and departures[0] <= came:
            _depart(courses, present, departures.pop(0), rng)
        while len(present) >= _MOST_IN_HOUSE and departures:
            departures.pop(0)
            _depart(courses, present, came - timedelta(hours=3), rng)
        who = _somebody_who_left(courses, present, came, rng) if number in returns else None
        if who is None:
            courses.append([])
            who = len(courses) - 1
        courses[who].append(StayCourse(came))
        present.append(who)
    for moment in departures:
        _depart(courses, present, moment, rng)
    return courses[:people]


def _moments(
    count: int, by_year: Mapping[str, int], start: datetime, today: date, rng: Random
) -> list[datetime]:
    years = dealt(dict(enumerate(by_year.values())), count, rng)
    last = datetime.combine(today, time(8))
    made = []
    for year in years:
        day = start + timedelta(days=365 * year + rng.randint(0, 364), hours=rng.randint(0, 11))
        made.append(min(day, last - timedelta(days=rng.randint(1, 20))))
    return sorted(made)


def _depart(
    courses: list[list[StayCourse]], present: list[int], left: datetime, rng: Random
) -> None:
    """Let somebody leave who has been here long enough, rather the longer ones."""
    ready = [p for p in present if (left - courses[p][-1].came).days >= _SHORTEST_STAY]
    if not ready:
        ready = sorted(present, key=lambda p: courses[p][-1].came)[:1]
        left = max(left, courses[ready[0]][-1].came + timedelta(days=_SHORTEST_STAY))
    weights = [(left - courses[p][-1].came).days + 1 for p in ready]
    who = rng.choices(ready, weights)[0]
    courses[who][-1] = replace(courses[who][-1], left=left)
    present.remove(who)


def _somebody_who_left(
    courses: Sequence[Sequence[StayCourse]], present: Sequence[int], came: datetime, rng: Random
) -> int | None:
    away = [
        place
        for place, stays in enumerate(courses)
        if place not in present
        and len(stays) == 1
        and stays[-1].left
        and (came - stays[-1].left).days >= 60
    ]
    return rng.choice(away) if away else None


# Counselling and court


def _with_counselling(people: list[Life], told: Mapping[str, Any], rng: Random) -> list[Life]:
    shares = told["counselling"]
    scale = len(people) / _FULL_PEOPLE
    here = [life.number for life in people if life.is_here]
    gone = [life.number for life in people if not life.is_here]
    here.sort(key=lambda number: people[number].stays[-1].came, reverse=True)
    rng.shuffle(gone)
    waiting = here[: len(here) // 12]
    in_progress = here[len(waiting) :][: max(1, round(shares["in_progress"] * scale))]
    rest = [number for number in here if number not in (*waiting, *in_progress)] + gone
    completed = rest[: round(shares["completed6"] * scale)]
    dropped = rest[len(completed) : len(completed) + round(shares["dropped"] * scale)]
    changed = set(completed[: round(len(completed) * shares["positive_pct"] / 100)])
    dna = shares["dna_pct"] / (100 - shares["dna_pct"])
    plans: dict[int, CounsellingCourse] = {}
    for number in completed:
        plans[number] = _course("completed", 6, dna, changed=number in changed, rng=rng)
    for number in dropped:
        plans[number] = _course("dropped", rng.randint(1, 4), dna, changed=False, rng=rng)
    for number in in_progress:
        plans[number] = _course("in_progress", rng.randint(1, 5), dna, changed=False, rng=rng)
    return [replace(life, counselling=plans.get(life.number)) for life in people]


def _course(ending: str, held: int, dna: float, *, changed: bool, rng: Random) -> CounsellingCourse:
    missed = sum(rng.random() < dna for _ in range(held))
    return CounsellingCourse(ending, held, missed, changed)


def _with_cases(people: list[Life], told: Mapping[str, Any], rng: Random) -> list[Life]:
    shares = told["legal"]
    scale = len(people) / _FULL_PEOPLE
    count = round(shares["legal_cases"] * scale)
    wanted = [life for life in people if life.primary not in ("attempted", "child_marriage")]
    chosen = sorted(rng.sample(wanted, min(count, len(wanted))), key=lambda life: life.number)
    final = round(shares["final"] * scale)
    charged = round(shares["charged"] * scale) - final
    events = dealt(
        dict.fromkeys(range(max(final + charged, 1)), 1.0),
        round(shares["court_events"] * scale),
        rng,
    )
    verdicts = dealt(
        {
            "convicted": shares["convicted"],
            "acquitted_215": shares["acquitted"],
            "withdrawn_87a": shares["withdrawn"],
        },
        final,
        rng,
    )
    plans: dict[int, LegalCourse] = {}
    for place, life in enumerate(chosen):
        hearings = events.count(place)
        if place < final:
            plans[life.number] = LegalCourse("final", verdicts[place], hearings)
        elif place < final + charged:
            plans[life.number] = LegalCourse("charged", "", hearings)
        elif place < final + charged + round(shares["stalled_150d"] * scale):
            plans[life.number] = LegalCourse("stalled")
        else:
            plans[life.number] = LegalCourse("reported")
    return [replace(life, legal=plans.get(life.number)) for life in people]


# Names


def _named(people: Sequence[Life]) -> tuple[Life, ...]:
    """Give those who are here the best known working names, everybody a different one."""
    girls, boys = _names("working_names.txt"), _names("working_names_boys.txt")
    pools = {"F": _endless(girls), "M": _endless(boys)}
    names: dict[int, str] = {}
    for life in sorted(people, key=lambda life: (not life.is_here, life.number)):
        names[life.number] = next(pools[life.sex])
    return tuple(replace(life, alias=names[life.number]) for life in people)


def _names(file: str) -> list[str]:
    text = paths.resource("wordlists", file).read_text(encoding="utf-8")
    return [line.strip().capitalize() for line in text.splitlines() if line.strip()]


def _endless(names: Sequence[str]) -> Any:
    yield from names
    for first in names:
        for second in names:
            if first != second:
                yield f"{first} {second}"
