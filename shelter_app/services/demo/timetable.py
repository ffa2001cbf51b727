"""From life courses to acts: who does what when, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from shelter_app.services.demo import care_acts, court_acts, leaving_acts, today_acts
from shelter_app.services.demo.acts import Act, Story, add_stay
from shelter_app.services.demo.cast import Cast, Diary, Places
from shelter_app.services.demo.lives import Life


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
    return tuple(sorted((act for s in stories for act in s.acts), key=lambda act: act.at))
