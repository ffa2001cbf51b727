"""Lines about contacts, said the same way in the list and on a person's page."""

from __future__ import annotations

from datetime import date

from shelter_app.domain import codelists, followup_schedule
from shelter_app.domain.aftercare import REACHED, FollowupContact
from shelter_app.domain.followup_schedule import (
    ATTEMPTS_NEEDED,
    CHANNELS_NEEDED,
    DAYS_NEEDED,
    Tries,
)
from shelter_app.i18n import _, ngettext


def milestone_words(milestone: str) -> str:
    """Return the milestone's name; what lies between two is an extra contact."""
    if milestone == followup_schedule.ADHOC:
        return _("Extra contact")
    return codelists.label("followup_milestone", milestone)


def standing_pill(contact: FollowupContact, today: date) -> tuple[str, str]:
    """Return the words and the role of a contact's pill."""
    standing = followup_schedule.standing(contact, today)
    days = (contact.due_on - today).days if contact.due_on else 0
    return standing_words(standing, days, contact.result)


def standing_words(standing: str, days: int, result: str) -> tuple[str, str]:
    """Return words and role for a standing; `days` counts to the due day."""
    if standing == "done":
        role = "good" if result in REACHED else "neutral"
        return codelists.label("followup_result", result), role
    if standing == "late":
        return ngettext("{count} day over", "{count} days over", -days).format(count=-days), (
            "overdue"
        )
    role = "soon" if standing == "due" else "neutral"
    return _when(days), role


def _when(days: int) -> str:
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("{count} day ago", "{count} days ago", -days).format(count=-days)
    return ngettext("in {count} day", "in {count} days", days).format(count=days)


def tries_words(tries: Tries) -> str:
    """Return how far the lost-contact rule has come."""
    words = _(
        "Not reached: {attempts} of {attempts_needed} attempts, on {days} of {days_needed} days, "
        "in {channels} of {channels_needed} ways, over {spread} of 60 days."
    )
    told = words.format(
        attempts=tries.attempts,
        attempts_needed=ATTEMPTS_NEEDED,
        days=tries.days,
        days_needed=DAYS_NEEDED,
        channels=tries.channels,
        channels_needed=CHANNELS_NEEDED,
        spread=tries.spread_days,
    )
    if tries.enough:
        return _("{told} A manager may now decide that contact is lost.").format(told=told)
    return told
