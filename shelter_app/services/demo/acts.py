"""A life on its way into the records: coming, sleeping away, leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Final

from shelter_app.domain.access import Actor
from shelter_app.domain.person import ADULT_AGE, Person, PersonBackground, SealedIdentity, age_on
from shelter_app.domain.stay import Absence, Placement, Stay
from shelter_app.services import house, leaving, residents
from shelter_app.services.demo.cast import Cast, Diary, Places
from shelter_app.services.demo.lives import Life, StayCourse
from shelter_app.services.work import Work

_FAMILY_NAMES: Final = (
    "Kiprotich",
    "Githinji",
    "Nzioka",
    "Wekesa",
    "Okumu",
    "Mutinda",
    "Chepkwony",
)
_FIRST_NAMES: Final = (
    "Philomena",
    "Scholastica",
    "Bernadette",
    "Consolata",
    "Perpetua",
    "Leocadia",
)


@dataclass(frozen=True)
class Act:
    """One thing somebody does at one moment."""

    at: datetime
    by: Actor
    name: str
    run: Callable[[Work], None]


@dataclass
class Story:
    """A life on its way into the records: ids found so far and who is responsible."""

    life: Life
    cast: Cast
    places: Places
    diary: Diary
    now: datetime
    rng: Random
    acts: list[Act] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    due: list[tuple[date, int]] = field(default_factory=list)
    """Aftercare contacts still to be made: day and id."""
    standing: int = 0
    """Place among those who are here (0, 1, 2 …), -1 for those who left."""

    @property
    def worker(self) -> Actor:
        """Return her case worker."""
        return self.cast.one("social_worker", self.life.number)

    @property
    def counsellor(self) -> Actor:
        """Return her counsellor."""
        return self.cast.one("counsellor", self.life.number // 2)

    @property
    def manager(self) -> Actor:
        """Return the manager."""
        return self.cast.one("manager")

    @property
    def lawyer(self) -> Actor:
        """Return the court officer."""
        return self.cast.one("legal_officer")

    @property
    def person_id(self) -> int:
        """Return her id once she is recorded."""
        return self.ids["person"]

    def is_child_at(self, moment: datetime) -> bool:
        """Say whether she is under 18 at that moment."""
        return age_on(self.life.birth, moment.date()) < ADULT_AGE

    def do(self, at: datetime, by: Actor, name: str, run: Callable[[Work], None]) -> None:
        """Add an act; what would lie in the future is left out."""
        if at <= self.now:
            self.acts.append(Act(at, by, name, run))


def add_stay(story: Story, course: StayCourse, number: int) -> None:
    """Add coming, sleeping away and leaving of one stay."""
    came = course.came
    if number == 0:
        story.do(came, story.worker, "create", lambda work: _create(story, work))
    story.do(
        came + timedelta(minutes=20),
        story.worker,
        "admit",
        lambda work: _admit(story, work, course, again=number > 0),
    )
    for days, state in ((1, "S25_emergency"), (3, "S30_assessment")):
        reached = came + timedelta(days=days)
        if course.left is None or reached < course.left:
            story.do(reached, story.worker, "step", partial(_step, story, state))
    last = number == len(story.life.stays) - 1
    _absences(story, course, is_open=last and course.left is None)
    if course.left is not None:
        left = course.left
        story.do(left, story.manager, "exit", lambda work: _exit(story, work, course))


def _create(story: Story, work: Work) -> None:
    life, rng = story.life, story.rng
    first = _FIRST_NAMES[rng.randrange(len(_FIRST_NAMES))]
    last = _FAMILY_NAMES[rng.randrange(len(_FAMILY_NAMES))]
    allergic = life.number % 17 == 3
    person = Person(
        display_alias=life.alias,
        sex=life.sex,
        language_main=life.language,
        language_other=() if life.language == "swa" else ("swa",),
        disability=("speech",) if life.number % 40 == 11 else (),
        allergy_alert="Penicillin" if allergic else "",
        photograph_allowed=life.number % 9 == 0,
        house_notes="Likes to sleep near the door" if life.number % 8 == 0 else "",
    )
    background = PersonBackground(
        birth_date=life.birth,
        birth_date_precision="day" if life.nationality == "KE" else "year",
        nationality=life.nationality,
        home_county="001" if life.nationality == "KE" else "",
        immigration_status=life.status,
        uasc_status=_with_whom(story),
        exploitation=life.primary,
        education_at_entry=rng.choice(("primary", "primary", "secondary", "none", "jss")),
    )
    sealed = SealedIdentity(
        true_first_name=first,
        true_other_names=last,
        phone_own=f"07{rng.randint(10, 19)} {rng.randint(100, 999)} {rng.randint(100, 999)}",
    )
    saved = residents.create(
        work, person, background=background, sealed=sealed, looked_for=life.alias
    )
    story.ids["person"] = saved.id


def _with_whom(story: Story) -> str:
    if not story.is_child_at(story.life.stays[0].came):
        return "na"
    fled = story.life.status in ("refugee", "asylum_seeker")
    return "unaccompanied" if fled else "with_family"


def _admit(story: Story, work: Work, course: StayCourse, *, again: bool) -> None:
    age = age_on(story.life.birth, course.came.date())
    child = work.get(Person, story.person_id).age_band not in ("18-24", "25plus")
    basis = "children_officer" if story.life.number % 29 == 4 else "court_order"
    expires = None
    if child and basis == "court_order":
        expires = course.came.date() + timedelta(days=540)
    stay = house.admit(
        work,
        Stay(
            person_id=story.person_id,
            admitted_at=course.came,
            case_manager=story.worker.staff_id,
            counsellor=story.counsellor.staff_id,
            belongings_done=True,
            house_rules_explained=True,
        ),
        story.places.give(story.life.number, age),
        Placement(
            person_id=story.person_id,
            admission_kind="readmission" if again else "new",
            legal_basis=basis if child else "adult_consent",
            order_number=f"{100 + story.life.number}/{course.came.year}" if expires else "",
            order_court="MSA-TONONOKA" if expires else "",
            order_expires_on=expires,
        ),
    )
    story.ids["stay"] = stay.id


def _step(story: Story, state: str, work: Work) -> None:
    house.set_step(work, story.ids["stay"], state)


def _absences(story: Story, course: StayCourse, *, is_open: bool) -> None:
    """Now and then somebody sleeps in hospital or at school; one is away tonight."""
    if story.life.number % 6 == 2:
        away = course.came + timedelta(days=story.rng.randint(12, 30))
        back = away + timedelta(days=story.rng.randint(1, 3), hours=-2)
        if (course.left is None or back < course.left) and back < story.now:
            story.do(away, story.worker, "away", lambda work: _leave(story, work, away, "hospital"))
            story.do(back, story.worker, "back", lambda work: _come_back(story, work))
    if is_open and story.standing == 4:
        away = datetime.combine(story.now.date() - timedelta(days=1), time(15))
        story.do(away, story.worker, "away", lambda work: _leave(story, work, away, "hospital"))


def _leave(story: Story, work: Work, away: datetime, kind: str) -> None:
    absence = house.leave(
        work,
        Absence(
            stay_id=story.ids["stay"],
            type=kind,
            left_at=away,
            expected_back=away + timedelta(days=3),
            bed_held=True,
            authorised_by=work.actor.staff_id,
        ),
    )
    story.ids["absence"] = absence.id


def _come_back(story: Story, work: Work) -> None:
    house.come_back(work, story.ids["absence"])


def _exit(story: Story, work: Work, course: StayCourse) -> None:
    draft = leaving.exit_draft(work, story.ids["stay"])
    child = story.is_child_at(work.now)
    leaving.exit_stay(
        work,
        replace(
            draft,
            exit_type=course.exit_type,
            exit_destination_country=story.life.nationality,
            exit_risk=story.rng.choice(("low", "low", "low", "medium", "medium", "high")),
            children_officer_approved=True if child else None,
            belongings_returned=True,
            documents_given=True,
            exit_override_reason="Agreed in the case conference",
        ),
    )
    story.places.free(story.life.number)
