"""After leaving in the demo house: the card and the contacts of the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from shelter_app.domain.aftercare import FollowupContact, SafeContactNumber
from shelter_app.services import aftercare
from shelter_app.services.demo.acts import Story
from shelter_app.services.work import Work

_BUSY_LATELY: Final = 24
_FORGOTTEN_SHARE: Final = 0.003
_UNREACHABLE_SHARE: Final = 0.09
_LATE_SHARE: Final = 0.14


def add(story: Story) -> None:
    """Add the card before leaving, and a contact for each milestone that has come."""
    for stay in story.life.stays:
        if stay.left is None:
            continue
        story.do(
            stay.left - timedelta(days=2), story.worker, "card", lambda work: _card(story, work)
        )
    last = story.life.stays[-1]
    if last.left is not None:
        story.do(
            last.left + timedelta(minutes=5),
            story.worker,
            "schedule",
            lambda work: _remember(story, work),
        )
        day = last.left.date() + timedelta(days=8)
        lately = story.now.date() - timedelta(days=_BUSY_LATELY)
        while day < story.now.date():
            story.do(_at(day, 15), story.worker, "contacts", lambda work: _call(story, work))
            day += timedelta(days=2 if day >= lately else 11)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))


def _card(story: Story, work: Work) -> None:
    draft = aftercare.card_draft(work, story.person_id)
    aftercare.save_card(
        work,
        replace(
            draft,
            through="grandmother" if story.life.number % 2 else "aunt",
            channel="phone_call",
            hours="Weekdays after 17:00",
            cover_topic="the school fees office",
            never_say="Never leave a message",
            agreed_on=work.today,
        ),
        SafeContactNumber(
            person_id=story.person_id,
            contact_name="Mama Dzame",
            phone=f"07{20 + story.life.number % 9} {100 + story.life.number % 800} 456",
        ),
    )


def _remember(story: Story, work: Work) -> None:
    found = work.matching(FollowupContact, person_id=story.person_id, done_on=None)
    story.due = sorted((contact.due_on, contact.id) for contact in found if contact.due_on)


def _call(story: Story, work: Work) -> None:
    """Make the contacts that are due; some are forgotten, some reach nobody."""
    rng = story.rng
    for entry in list(story.due):
        due_on, contact_id = entry
        if due_on > work.today:
            return
        if rng.random() < _LATE_SHARE:
            continue
        if rng.random() < _FORGOTTEN_SHARE:
            story.due.remove(entry)
            continue
        draft = aftercare.contact_draft(work, story.person_id, contact_id)
        reached = rng.random() > _UNREACHABLE_SHARE
        if reached:
            story.due.remove(entry)
        aftercare.record_contact(
            work,
            replace(
                draft,
                done_on=work.today,
                type=draft.type or "call",
                result="reached" if reached else "no_answer",
                safe_to_talk=True if reached else None,
                housing_ok=True if reached else None,
                school_or_work=True if reached else None,
                feels_safe=3 if reached else None,
                reexploitation="none" if reached else "unknown",
                action="Asked about school; all well." if reached else "",
                next_due=None,
            ),
        )
        return
