"""From life courses to acts: who does what when, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from random import Random

from shelter_app.domain.person import age_on
from shelter_app.services import house
from shelter_app.services.demo import care_acts, court_acts, leaving_acts, today_acts
from shelter_app.services.demo.acts import Act, Story, add_stay
from shelter_app.services.demo.cast import Cast, Diary, Places
from shelter_app.services.demo.lives import Life
from shelter_app.services.work import Work


def acts_of(courses: Sequence[Life], cast: Cast, places: Places, now: datetime) -> tuple[Act, ...]:
    """Return every act of every life up to now, in order of time."""
    diary = Diary()
    stories: list[Story] = []
    standing = 0
    for life in courses:
        rng = Random(1_000 + life.number)  # noqa: S311 - the demo house is always the same
        story = Story(life, cast, places, diary, now, rng, standing=-1)
        if life.is_here:
            story.standing = standing
            standing += 1
        for number, stay in enumerate(life.stays):
            add_stay(story, stay, number)
        care_acts.add(story)
        court_acts.add(story)
        leaving_acts.add(story)
        stories.append(story)
    today_acts.add(stories)
    _house_moves(stories, places, now)
    return tuple(sorted((act for s in stories for act in s.acts), key=lambda act: act.at))


def _house_moves(stories: Sequence[Story], places: Places, now: datetime) -> None:
    """A fortnight ago the beds were given anew: those who grew older moved to the older ones."""
    moment = datetime.combine(now.date() - timedelta(days=14), time(10))
    here = [
        story
        for story in stories
        if story.life.is_here and story.life.stays[-1].came < moment - timedelta(hours=1)
    ]

    def run(story: Story, work: Work) -> None:
        number = story.life.number
        wanted = places.rearranged(
            {other.life.number: age_on(other.life.birth, now.date()) for other in here}
        ).get(number)
        if wanted is None or places.taken.get(number) == wanted:
            return
        other = next((who for who, bed in places.taken.items() if bed == wanted), None)
        if other is not None:
            places.taken[other] = places.taken[number]
        places.taken[number] = wanted
        house.move_to(work, story.ids["stay"], wanted)

    for place, story in enumerate(here):
        story.do(moment + timedelta(minutes=place), story.manager, "room", partial(run, story))
