"""What needs attention now, for whom, and putting it off: the engine over the open vault.

One pass asks a few set-based questions, the rules decide, and only what is shown is put in words.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from shelter_app.domain import deadlines as engine
from shelter_app.domain.access import COUNSELLORS, Action, Actor, may
from shelter_app.domain.alert import MOST_SNOOZES, SEEN, AlertSnooze, HouseAlertSnooze
from shelter_app.domain.deadline_facts import facts_of
from shelter_app.domain.deadline_rules import NEWS_ENDS
from shelter_app.domain.deadline_rules_legal import PROMISE
from shelter_app.domain.deadline_rules_rights import KEEPERS
from shelter_app.domain.deadline_times import Timetable
from shelter_app.domain.deadline_words import Alert, worded
from shelter_app.domain.deadlines import CRITICAL, Fact, Rule, Standing
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.services import paper_care
from shelter_app.services.deadline_times import timetable
from shelter_app.services.work import Work
from shelter_app.storage.questions import deadlines as house_questions
from shelter_app.storage.questions import deadlines_casework as casework_questions
from shelter_app.storage.questions import rights as rights_questions
from shelter_app.storage.questions.deadlines import Asking

TOO_OFTEN: Final = N_("This was put off three times already. It has to be dealt with now.")
REASON_NEEDED: Final = N_("Please say why it can wait.")
IN_THE_PAST: Final = N_("Please choose a time that is still to come.")
LONGEST_DELAY: Final = timedelta(days=14)
AT_ONCE: Final = 40
"""Lines that are put in words unless more are asked for."""
TOO_LONG: Final = N_("Two weeks at most: then it shows again.")

_LOUDER: Final = {"DL20": "DL21", "DL23": "DL24"}
"""A rule that says less about a subject of which another one already speaks."""


@dataclass(frozen=True)
class Attention:
    """What needs attention: the lines that are shown, and the counts behind them."""

    alerts: tuple[Alert, ...]
    count: int
    mine: int
    everybody: int
    pressing: int
    """How many of them are urgent or critical: the red ones."""
    from_before: int
    """How many of these are old, or were seen by somebody."""
    quiet_until_morning: int
    put_off: int
    more: bool = False
    """Whether there is more than could be counted."""


@dataclass(frozen=True)
class PutOff:
    """An alert that somebody put off: who, why, until when, how often."""

    alert: Alert
    by: str
    reason: str
    at: datetime | None


_Key = tuple[str, int]


@dataclass(frozen=True)
class Survey:
    """Everything the worker may be told at one moment, and what was put off."""

    told: tuple[Standing, ...]
    kept: dict[_Key, AlertSnooze]
    gone: frozenset[int]
    more: bool = False
    """Whether some question had more to tell than is brought: then the counts are the least."""


def survey(work: Work) -> Survey:
    """Ask the open files once; every list below is made from what this returns."""
    gone = {staff.id for staff in work.matching(Staff) if _has_left(staff, work.today)}
    asking = Asking(work.connection, work.now)
    told = tuple(_standings(work, asking))
    return Survey(told, _put_off(work), frozenset(gone), more=asking.cut)


def _has_left(staff: Staff, today: date) -> bool:
    return staff.locked or (staff.ended_on is not None and staff.ended_on < today)


def attention(
    work: Work,
    *,
    mine: bool = True,
    most: int = AT_ONCE,
    found: Survey | None = None,
    leave_out: Container[str] = (),
) -> Attention:
    """Return what needs attention, the loudest first; `mine` leaves out what others deal with.

    `leave_out` names rules that have a list of their own.
    """
    found = found or survey(work)
    now, kept = work.now, found.kept
    resting = [
        s for s in found.told if s.severity != CRITICAL and not s.rule.news and _rests(kept, s, now)
    ]
    waiting = [
        s
        for s in found.told
        if (s.severity == CRITICAL or not _rests(kept, s, now)) and s.rule.code not in leave_out
    ]
    own = [s for s in waiting if engine.is_mine(s, work.acting, found.gone)]
    listed = own if mine else waiting
    night = engine.is_night(now)
    shown = engine.in_order((s for s in listed if not night or s.severity == CRITICAL), now)
    shown.sort(key=lambda s: _rests(kept, s, now))
    loud = [s for s in shown if s.is_loud]
    return Attention(
        alerts=tuple(_worded(work, s, kept) for s in shown[:most]),
        count=len(shown),
        mine=len(own),
        everybody=len(waiting),
        pressing=len(loud),
        from_before=sum(s.is_old(now) or _rests(kept, s, now) for s in loud),
        quiet_until_morning=len(listed) - len(shown),
        put_off=len(resting),
        more=found.more,
    )


def count_mine(work: Work) -> int:
    """Return how many things need this worker's attention, for the mark in the side list."""
    return attention(work, mine=True, most=0).count


def of_rules(work: Work, found: Survey, codes: Container[str]) -> tuple[Alert, ...]:
    """Return the alerts of some rules in words, whoever they belong to."""
    chosen = engine.in_order((s for s in found.told if s.rule.code in codes), work.now)
    return tuple(_worded(work, s, found.kept) for s in chosen)


def standings(work: Work) -> list[Standing]:
    """Return everything this worker may be told, put off or not, in no order."""
    return _standings(work, Asking(work.connection, work.now))


def _standings(work: Work, asking: Asking) -> list[Standing]:
    found: dict[_Key, Standing] = {}
    times = timetable(work)
    telling = _Telling(work.acting, times)
    for fact in _facts(work, asking, times):
        rule = telling.rule_for(fact)
        told = engine.standing(rule, fact, work.now) if rule else None
        if told is not None:
            found.setdefault(_key(told), told)
    return [
        s for s in found.values() if (_LOUDER.get(s.rule.code, ""), s.fact.subject_id) not in found
    ]


def put_off_by_others(work: Work, found: Survey | None = None) -> tuple[PutOff, ...]:
    """Return what was put off and still rests, for the manager."""
    work.require_role("manager")
    found = found or survey(work)
    kept, now = found.kept, work.now
    put_off = (s for s in found.told if not s.rule.news and _rests(kept, s, now))
    resting = engine.in_order(put_off, now)
    staff = work.many(Staff, {kept[_key(s)].created_by for s in resting})
    lines = []
    for rests in resting:
        snooze = kept[_key(rests)]
        by = staff.get(snooze.created_by)
        alert = _worded(work, rests, kept)
        lines.append(PutOff(alert, by.alias if by else "", snooze.reason, snooze.created_at))
    return tuple(lines)


def put_off(work: Work, rule: str, subject_id: int, until: datetime, reason: str) -> AlertSnooze:
    """Put an alert off with a reason; three times at most. A critical one is acknowledged only."""
    if not reason.strip():
        raise NotPossible(REASON_NEEDED)
    if until <= work.now:
        raise NotPossible(IN_THE_PAST)
    if until > work.now + LONGEST_DELAY:
        raise NotPossible(TOO_LONG)
    found = _standing_of(work, rule, subject_id)
    earlier = _put_off(work).get((rule, subject_id))
    times = earlier.times if earlier is not None and earlier.due_at == found.due_at else 0
    if times >= MOST_SNOOZES:
        raise NotPossible(TOO_OFTEN)
    return _keep(work, found, until, reason, times + 1)


def seen(work: Work, rule: str, subject_id: int) -> AlertSnooze:
    """Take away what was only told, once its reader has seen it; a later answer shows again."""
    found = _standing_of(work, rule, subject_id)
    if not found.rule.news or found.rule.ends is None:
        raise NotPossible(REASON_NEEDED)
    return _keep(work, found, found.due_at + found.rule.ends, SEEN, 1)


def _standing_of(work: Work, rule: str, subject_id: int) -> Standing:
    found = next((s for s in standings(work) if _key(s) == (rule, subject_id)), None)
    if found is None:
        raise NotPossible(N_("This has been dealt with in the meantime."))
    return found


def _keep(work: Work, found: Standing, until: datetime, reason: str, times: int) -> AlertSnooze:
    kind = HouseAlertSnooze if found.rule.for_house else AlertSnooze
    return work.save(
        kind(
            person_id=found.fact.person_id,
            rule=found.rule.code,
            subject_id=found.fact.subject_id,
            due_at=found.due_at,
            until=until,
            reason=reason,
            times=times,
        )
    )


# Parts


def _facts(work: Work, asking: Asking, times: Timetable) -> Iterable[Fact]:
    """Ask every question whose file is open to the worker."""
    connection, now = work.connection, work.now
    if work.holds("cases") and work.actor.has_role(*KEEPERS):
        yield from rights_questions.facts(
            connection, now, work.actor.staff_id, house=work.holds("house")
        )
    if {"cases", "counselling"} <= work.actor.compartments and work.actor.has_role(*COUNSELLORS):
        yield from rights_questions.counselling_leaves(connection)
    if not work.holds("house"):
        return
    if work.holds("cases") and not work.actor.roles <= {"house_mother"}:
        for stay in house_questions.open_stays(connection, now):
            yield from facts_of(stay)
        papers, consents = times.days_before("DL36"), times.days_before("DL53")
        yield from casework_questions.police(asking)
        yield from casework_questions.trials(asking, after=times.days_after("DL22"))
        yield from casework_questions.court(asking, ahead=_ahead(times, "DL23", "DL24"))
        yield from casework_questions.after_court(connection, now, after=times.days_after("DL26"))
        yield from casework_questions.promises(asking, ahead=times.days_before(PROMISE))
        yield from casework_questions.papers_and_consents(
            connection, now, papers=papers, consents=consents
        )
        yield from casework_questions.aftercare(asking, ahead=times.days_before("DL41"))
        yield from casework_questions.to_approve(asking)
        yield from casework_questions.answered(asking, back=NEWS_ENDS.days)
        yield from house_questions.counselling(asking)
        yield from paper_care.facts(work)
    yield from house_questions.away(connection)
    yield from house_questions.alone_outside(connection, now, ahead=times.days_before("DL24"))


def _ahead(times: Timetable, *codes: str) -> int:
    return max(times.days_before(code) for code in codes)


class _Telling:
    """Which rules this worker may be told of; asked once for each rule, not for each fact."""

    def __init__(self, actor: Actor, times: Timetable) -> None:
        self._actor = actor
        self._times = times
        self._known: dict[tuple[str, bool, bool], Rule | None] = {}

    def rule_for(self, fact: Fact) -> Rule | None:
        """Return the first rule about a fact of this kind that the worker may be told of."""
        assigned = engine.is_assigned(fact, self._actor)
        key = (fact.rule, bool(fact.record_id), assigned)
        if key not in self._known:
            self._known[key] = self._first(*key)
        rule = self._known[key]
        return rule if rule and engine.is_news_for(rule, fact, self._actor) else None

    def _first(self, code: str, speaks_of_a_matter: bool, assigned: bool) -> Rule | None:
        for rule in self._times.rules_for(code):
            if (rule.button.to == "record") == speaks_of_a_matter and engine.may_be_told(
                rule, self._actor, assigned=assigned
            ):
                return rule
        return None


def _key(found: Standing) -> _Key:
    return found.rule.code, found.fact.subject_id


def _put_off(work: Work) -> dict[_Key, AlertSnooze]:
    """Return the latest time each alert was put off, from the files that are open."""
    found: dict[_Key, AlertSnooze] = {}
    since = work.now - timedelta(days=120)
    for kind in (HouseAlertSnooze, AlertSnooze):
        if work.holds(kind.compartment):
            for snooze in house_questions.snoozes(work.connection, kind, since):
                if work.may(Action.READ, kind, snooze.person_id):
                    found[(snooze.rule, snooze.subject_id)] = snooze
    return found


def _rests(kept: dict[_Key, AlertSnooze], found: Standing, now: datetime) -> bool:
    """Say whether an alert that was put off is still to rest; a new due day ends that.

    A critical one never rests: for it, this says that somebody acknowledged it.
    """
    snooze = kept.get(_key(found))
    if snooze is None or snooze.until is None:
        return False
    return snooze.due_at == found.due_at and snooze.until > now


def _worded(work: Work, found: Standing, kept: dict[_Key, AlertSnooze]) -> Alert:
    assigned = engine.is_assigned(found.fact, work.acting)
    may_write = partial(may, work.actor, Action.WRITE, assigned=assigned)
    snooze = kept.get(_key(found))
    if snooze is None or snooze.due_at != found.due_at:
        return worded(found, work.now, may_write=may_write)
    until = snooze.until if _rests(kept, found, work.now) else None
    return worded(found, work.now, times=snooze.times, until=until, may_write=may_write)
