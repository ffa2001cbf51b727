"""How a deadline is worded: what, why and how long, with working names and codes only."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shelter_app.domain import codelists, legal_stage
from shelter_app.domain.day_names import day_name, month_name
from shelter_app.domain.deadlines import ROLE_OF_SEVERITY, Fact, Standing
from shelter_app.domain.record import Record
from shelter_app.i18n import N_, _, ngettext

_HOURS_SHOWN: Final = 72
_HOURS_OVER_SHOWN: Final = 48
_WEEK: Final = 7
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Alert:
    """One line of 'Needs attention', ready to be shown."""

    rule: str
    subject_id: int
    person_id: int
    severity: str
    role: str
    due_at: datetime
    what: str
    why: str
    source: str
    how_long: str
    verb: str
    place: str
    record_id: int
    detail: str
    for_house: bool
    old: bool = False
    news: bool = False
    times_put_off: int = 0
    put_off_until: datetime | None = None


def day_words(day: date, today: date) -> str:
    """Return '2 Sep', with the year when it is another one."""
    words = _("{day} {month}").format(day=day.day, month=month_name(day.month))
    if day.year == today.year:
        return words
    return _("{day} {year}").format(day=words, year=day.year)


def moment_words(moment: datetime, today: date) -> str:
    """Return '2 Sep 19:40', or 'today 19:40'."""
    clock = f"{moment.hour:02d}:{moment.minute:02d}"
    if moment.date() == today:
        return _("today {time}").format(time=clock)
    return _("{day} {time}").format(day=day_words(moment.date(), today), time=clock)


def whom(fact: Fact) -> str:
    """Return code and working name: 'R-0219 “Zawadi”'."""
    if not fact.name:
        return fact.code
    return _("{code} “{name}”").format(code=fact.code, name=fact.name)


def how_long(standing: Standing, now: datetime) -> str:
    """Return how long there still is or how long it is over; never a negative number."""
    rule = standing.rule
    if rule.counting == "since":
        days = (now.date() - standing.fact.since.date()).days
        if days <= 0:
            return _("Today")
        return ngettext("{count} day", "{count} days", days).format(count=days)
    if rule.hourly:
        return _hours(standing.due_at - now)
    return _days(standing.due_at.date(), now.date(), event=rule.counting == "event")


def _hours(left: timedelta) -> str:
    if left > timedelta(0):
        if left <= 59 * _MINUTE:
            count = math.ceil(left / _MINUTE)
            return _("{count} min left").format(count=count)
        hours = math.ceil(left / _HOUR)
        if hours <= _HOURS_SHOWN:
            return _("{count} h left").format(count=hours)
        return _days_left(math.ceil(left / timedelta(days=1)))
    over = -left
    if over < _MINUTE:
        return _("Now")
    if over < _HOUR:
        return _("{count} min over").format(count=over // _MINUTE)
    if over < _HOURS_OVER_SHOWN * _HOUR:
        return _("{count} h over").format(count=over // _HOUR)
    return _days_over(over.days)


def _days_left(days: int) -> str:
    return ngettext("{count} day left", "{count} days left", days).format(count=days)


def _days_over(days: int) -> str:
    return ngettext("{count} day over", "{count} days over", days).format(count=days)


def _days(due: date, today: date, *, event: bool) -> str:
    ahead = (due - today).days
    if ahead < 0:
        if event:
            return ngettext("{count} day ago", "{count} days ago", -ahead).format(count=-ahead)
        return _days_over(-ahead)
    if ahead <= 1:
        return _("Tomorrow") if ahead else _("Today")
    when = day_name(due) if ahead < _WEEK else day_words(due, today)
    return when if event else _("Due {day}").format(day=when)


def worded(
    standing: Standing,
    now: datetime,
    *,
    times: int = 0,
    until: datetime | None = None,
    may_write: Callable[[type[Record]], bool] = lambda _kind: True,
) -> Alert:
    """Return a standing in words, for the person who looks at the list now.

    Whoever may not write what is missing is offered the file instead of an empty form.
    """
    rule, fact = standing.rule, standing.fact
    subject = fact.number or whom(fact)
    what = _(rule.title)
    if subject:
        what = _("{what} — {whom}").format(what=what, whom=subject)
    button = rule.button.offered(may_write)
    targets = {"person": fact.person_id, "record": fact.record_id, "subject": fact.subject_id}
    return Alert(
        rule=rule.code,
        subject_id=fact.subject_id,
        person_id=fact.person_id,
        severity=standing.severity,
        role=ROLE_OF_SEVERITY[standing.severity],
        due_at=standing.due_at,
        what=what,
        why=_why(standing, now.date()),
        source="" if rule.news else rule.source(),
        how_long=how_long(standing, now),
        verb=_(button.verb),
        place=button.place,
        record_id=targets.get(button.to, 0),
        detail=button.detail.format(subject=fact.subject_id),
        for_house=rule.for_house,
        old=standing.is_old(now),
        news=rule.news,
        times_put_off=times,
        put_off_until=until,
    )


_LISTS: Final = {
    "event": "court_event_type",
    "milestone": "followup_milestone",
    "absence": "absence_type",
    "paper": "id_document_type",
    "consent": "consent_type",
    "document": "document_type",
}


def _why(standing: Standing, today: date) -> str:
    """Return the fact with its dates; a part that is not known leaves no gap."""
    fact = standing.fact
    said = _(standing.rule.words).format(
        since=moment_words(fact.since, today),
        since_day=day_words(fact.since.date(), today),
        since_time=f"{fact.since.hour:02d}:{fact.since.minute:02d}",
        due_day=day_words(standing.due_at.date(), today),
        at_day=day_words(fact.at.date(), today) if fact.at else "",
        last_call=_last(fact, today, N_("last follow-up {day}"), N_("no follow-up yet")),
        last_contact=_last(fact, today, N_("last contact {day}"), N_("no contact yet")),
        last_look=_last(fact, today, N_("last looked at together {day}"), N_("not reviewed yet")),
        kind=_label(fact.kind),
        place=_label(fact.place),
        whom=whom(fact) if fact.number else "",
        count=fact.count,
        of=fact.of,
        by=fact.by,
        reason=fact.reason,
        days=max(0, (today - fact.since.date()).days),
    )
    return " · ".join(part for part in (p.strip() for p in said.split("·")) if part)


def _last(fact: Fact, today: date, known: str, never: str) -> str:
    return _(known).format(day=day_words(fact.at.date(), today)) if fact.at else _(never)


def _label(word: str) -> str:
    """Return 'list:code' as the list's label, other words as they are."""
    name, _colon, code = word.partition(":")
    if name == "court":
        return legal_stage.court_name(code)
    if name in _LISTS and code:
        return codelists.label(_LISTS[name], code)
    return word
