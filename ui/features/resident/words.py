"""How the resident page words what it shows: pills, situation lines, timeline entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.person import AFTERCARE, CLOSED, IN_RESIDENCE, NOT_ADMITTED
from shelter_app.i18n import _, ngettext
from shelter_app.services.resident_page import Header, ResidentPage
from shelter_app.services.timeline import Entry
from ui.kit import day_text
from ui.kit.page import TimelineEntry

RISK_ROLES: Final = {"low": "neutral", "medium": "soon", "high": "overdue", "critical": "overdue"}
_DOTS: Final = {
    "house": "neutral",
    "casework": "good",
    "counselling": "counselling",
    "court": "court",
    "aftercare": "soon",
    "documents": "neutral",
}
_SOON_DAYS: Final = 30


def day(value: date | None) -> str:
    """Return '9 Nov', with the year only when it is another one."""
    return day_text.near_day(value, clock.today())


def moment(value: datetime | None) -> str:
    """Return 'Tue 24 Nov 09:00', with the year only when it is another one."""
    return day_text.near_moment(value, clock.today())


def in_days(value: date) -> str:
    """Return how far away a day is: 'today', 'in 7 days', '3 days ago'."""
    days = (value - clock.today()).days
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("{count} day ago", "{count} days ago", -days).format(count=-days)
    return ngettext("in {count} day", "in {count} days", days).format(count=days)


def risk(level: str) -> str:
    """Return a short name of a risk level: what stands before the dash of the list."""
    return codelists.label("risk_level", level).partition(" - ")[0]


def situation_pill(header: Header) -> tuple[str, str]:
    """Return the words and role of the pill that says where she stands."""
    if header.situation == IN_RESIDENCE and header.away:
        where = codelists.label("absence_type", header.away)
        return _("Away: {where}").format(where=where), "soon"
    words = {
        IN_RESIDENCE: (_("In residence · day {day}").format(day=header.day), "good"),
        AFTERCARE: (_("Aftercare · month {month}").format(month=header.months), "court"),
        CLOSED: (_("Closed"), "neutral"),
        NOT_ADMITTED: (_("Not admitted yet"), "neutral"),
    }
    return words[header.situation]


def pills(header: Header) -> Iterator[tuple[str, str]]:
    """Give the pills beside the working name, the situation first."""
    yield situation_pill(header)
    person = header.person
    if not person.photograph_allowed:
        yield _("Do not photograph"), "overdue"
    if person.allergy_alert:
        yield _("Allergy: {what}").format(what=person.allergy_alert), "soon"
    if person.risk_level in ("medium", "high", "critical"):
        words = _("Risk: {level}").format(level=risk(person.risk_level).lower())
        yield words, RISK_ROLES[person.risk_level]
    if header.order_expires_on:
        yield _order(header.order_expires_on)
    if header.turns_18_on:
        yield _("Turns 18 {when}").format(when=in_days(header.turns_18_on)), "soon"


def _order(expires: date) -> tuple[str, str]:
    role = "overdue" if (expires - clock.today()).days <= _SOON_DAYS // 2 else "soon"
    if expires < clock.today():
        return _("Order expired {when}").format(when=in_days(expires)), "overdue"
    return _("Order expires {when}").format(when=in_days(expires)), role


def about(header: Header) -> tuple[str, ...]:
    """Return the line under the name in parts: age, sex, nationality, languages, case worker."""
    person = header.person
    parts = [_age(header), codelists.label("sex", person.sex).lower() if person.sex else ""]
    if header.nationality:
        parts.append(codelists.label("nationality", header.nationality))
    spoken = [code for code in (person.language_main, *person.language_other) if code]
    parts.append(codelists.labels("language", tuple(spoken)))
    if header.case_worker:
        parts.append(_("case worker {name}").format(name=header.case_worker))
    if header.may_reveal:
        parts.append(_("legal name hidden"))
    return tuple(part for part in parts if part)


def _age(header: Header) -> str:
    if header.age is not None:
        return ngettext("{count} year", "{count} years", header.age).format(count=header.age)
    return codelists.label("age_band", header.person.age_band) if header.person.age_band else ""


def placed_by(page: ResidentPage) -> str:
    """Return on what basis she is here: 'Committal order 211/2026, Children Court Tononoka'."""
    placement = page.situation.placement
    if placement is None:
        return ""
    basis = codelists.label("legal_basis", placement.legal_basis) if placement.legal_basis else ""
    first = " ".join(part for part in (basis, placement.order_number) if part)
    court = placement.order_court
    parts = [first, codelists.label("court_stations_ke", court) if court else ""]
    return ", ".join(part for part in parts if part)


def safe_contact(page: ResidentPage) -> str:
    """Return through whom, how and when she may be contacted; never the number."""
    card = page.situation.safe_contact
    if card is None:
        return ""
    if card.no_contact:
        return _("She asked for no contact")
    through = codelists.label("relationship", card.through) if card.through else ""
    channel = codelists.label("contact_channel", card.channel).lower()
    words = ", ".join(part for part in (through, channel, card.hours.lower()) if part)
    return words[:1].upper() + words[1:]


def entry(one: Entry) -> TimelineEntry:
    """Return a line of the timeline."""
    when = day_text.show_day(one.day, weekday=True, year=one.day.year != clock.today().year)
    parts = [when, day_text.show_time(one.at) if one.at and (one.at.hour or one.at.minute) else ""]
    detail = " · ".join([" ".join(part for part in parts if part), one.by] if one.by else parts[:1])
    return TimelineEntry(_DOTS.get(one.group, "neutral"), one.headline, detail, one)
