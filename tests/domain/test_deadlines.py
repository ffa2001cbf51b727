"""The deadline engine: when a rule speaks, how loudly, in which words; nothing about storage."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app.domain import codelists
from shelter_app.domain.access import Actor, compartments_of
from shelter_app.domain.deadline_rules import RULES, rules_for
from shelter_app.domain.deadline_words import how_long, worded
from shelter_app.domain.deadlines import (
    CRITICAL,
    DUE,
    OVERDUE,
    SEVERITIES,
    URGENT,
    Fact,
    Rule,
    Standing,
    due_at,
    in_order,
    is_mine,
    is_night,
    may_be_told,
    standing,
)
from shelter_app.domain.person import eighteenth_birthday

NEGATIVE = re.compile(r"(?<![A-Z])[-−]\d")
MONDAY = datetime(2026, 11, 23, 9, 0)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1))
NEAR = st.timedeltas(timedelta(days=-40), timedelta(days=40))
STEPS = st.timedeltas(timedelta(0), timedelta(days=1500))


def a_fact(code: str = "DL12", since: datetime = MONDAY, **more: object) -> Fact:
    values: dict[str, object] = {
        "subject_id": 5,
        "person_id": 7,
        "name": "Zawadi",
        "code": "R-0219",
        "case_worker": 11,
    }
    return Fact(rule=code, since=since, **(values | more))  # type: ignore[arg-type]


def an_actor(role: str, staff_id: int = 1) -> Actor:
    roles = frozenset({role})
    return Actor(staff_id, "s", role, roles, compartments_of(roles))


def the(code: str) -> Rule:
    return rules_for(code)[0]


def severity(code: str, since: datetime, now: datetime, **more: object) -> str:
    found = standing(the(code), a_fact(code, since, **more), now)
    return found.severity if found else ""


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.code}-{r.title}")
@given(since=MOMENTS, before=NEAR, later=STEPS | NEAR.map(abs))
def test_a_rule_never_gets_quieter_while_nothing_is_done(
    rule: Rule, since: datetime, before: timedelta, later: timedelta
) -> None:
    fact = a_fact(rule.code, since)
    due = due_at(rule, fact)
    assert due is not None
    at = due + before
    first, second = standing(rule, fact, at), standing(rule, fact, at + later)
    if first is None:
        return
    if second is None:
        assert rule.ends is not None
        assert at + later >= first.due_at + rule.ends
    else:
        assert second.rank >= first.rank


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.code}-{r.title}")
@given(since=MOMENTS, at=MOMENTS, settled=st.none() | MOMENTS)
def test_no_alert_ever_speaks_of_a_negative_number_or_leaves_a_gap(
    rule: Rule, since: datetime, at: datetime, settled: datetime | None
) -> None:
    found = standing(rule, a_fact(rule.code, since, settled_at=settled), at)
    if found is None:
        return
    alert = worded(found, at)
    for words in (alert.how_long, alert.why, alert.what, alert.source):
        assert not NEGATIVE.search(words)
        assert "{" not in words
        assert " ·  ·" not in words
    assert alert.how_long
    assert alert.verb


@given(since=MOMENTS, back=st.timedeltas(timedelta(seconds=1), timedelta(days=3650)))
def test_a_clock_set_back_before_the_admission_says_nothing(
    since: datetime, back: timedelta
) -> None:
    assert severity("DL12", since, since - back) == ""
    assert severity("DL13", since, since - back) == ""


def test_the_first_day_is_counted_to_the_minute() -> None:
    due = MONDAY + timedelta(hours=24)
    assert severity("DL12", MONDAY, MONDAY) == DUE
    assert severity("DL12", MONDAY, due - timedelta(minutes=1)) == DUE
    assert severity("DL12", MONDAY, due) == URGENT


def test_a_rule_that_counts_days_is_overdue_from_midnight_after_its_day() -> None:
    due = datetime(2026, 12, 7)
    assert due_at(the("DL31"), a_fact("DL31")) == due
    assert severity("DL31", MONDAY, due + timedelta(hours=23, minutes=59)) == DUE
    assert severity("DL31", MONDAY, due + timedelta(days=1)) == OVERDUE


def test_five_months_without_an_arrest_are_critical() -> None:
    reported = datetime(2026, 1, 1)
    for days, wanted in ((59, ""), (60, OVERDUE), (90, URGENT), (150, CRITICAL)):
        assert severity("DL21", reported, reported + timedelta(days=days, hours=8)) == wanted
    found = standing(the("DL21"), a_fact("DL21", reported), reported + timedelta(days=151))
    assert found is not None
    assert how_long(found, reported + timedelta(days=151)) == "151 days"


def test_an_order_that_ends_grows_louder_at_30_14_7_and_1_days() -> None:
    ends = datetime(2026, 12, 31)
    for days, wanted in ((31, ""), (30, DUE), (14, OVERDUE), (7, URGENT), (1, CRITICAL)):
        assert severity("DL17", ends, ends - timedelta(days=days)) == wanted


def test_a_notice_due_on_a_weekend_is_due_on_monday() -> None:
    friday = datetime(2026, 11, 20, 15, 30)
    assert due_at(the("DL15"), a_fact("DL15", friday)) == datetime(2026, 11, 23, 15, 30)
    thursday = datetime(2026, 11, 19, 15, 30)
    assert due_at(the("DL15"), a_fact("DL15", thursday)) == datetime(2026, 11, 20, 15, 30)


def test_the_length_of_a_stay_is_looked_at_after_90_180_365_days_and_then_every_90() -> None:
    came = datetime(2024, 1, 1, 18, 0)
    start = datetime(2024, 1, 1)

    def next_due(settled: datetime | None) -> datetime | None:
        return due_at(the("DL37"), a_fact("DL37", came, settled_at=settled))

    assert next_due(None) == start + timedelta(days=90)
    assert next_due(start + timedelta(days=95)) == start + timedelta(days=180)
    assert next_due(start + timedelta(days=200)) == start + timedelta(days=365)
    assert next_due(start + timedelta(days=370)) == start + timedelta(days=455)
    assert next_due(start + timedelta(days=460)) == start + timedelta(days=545)


@given(settled=MOMENTS)
def test_the_next_look_at_a_stay_is_always_after_the_last_one(settled: datetime) -> None:
    came = datetime(2015, 1, 1)
    found = due_at(the("DL37"), a_fact("DL37", came, settled_at=settled))
    assert found is not None
    assert found > settled


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=61, minutes=20), "62 h left"),
        (timedelta(hours=1), "1 h left"),
        (timedelta(minutes=30), "30 min left"),
        (timedelta(seconds=1), "1 min left"),
        (timedelta(0), "Now"),
        (-timedelta(minutes=5), "5 min over"),
        (-timedelta(hours=5), "5 h over"),
        (-timedelta(days=4, hours=3), "4 days over"),
        (-timedelta(hours=47, minutes=59), "47 h over"),
    ],
)
def test_hours_left_and_over_are_said_plainly(left: timedelta, words: str) -> None:
    rule = the("DL12")
    found = standing(rule, a_fact(since=MONDAY), MONDAY + timedelta(hours=23))
    assert found is not None
    assert how_long(found, found.due_at - left) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-4, "4 days over"),
        (-1, "1 day over"),
        (0, "Today"),
        (1, "Tomorrow"),
        (4, "Due Fri"),
        (7, "Due 30 Nov"),
        (60, "Due 22 Jan 2027"),
    ],
)
def test_days_are_said_as_people_say_them(days: int, words: str) -> None:
    due = datetime(2026, 11, 23) + timedelta(days=days)
    found = standing(the("DL32"), a_fact("DL32", due), due)
    assert found is not None
    assert how_long(found, MONDAY) == words


def test_an_alert_says_what_why_and_on_what_it_rests_with_the_working_name_only() -> None:
    hearing = datetime(2026, 11, 24, 9, 0)
    fact = a_fact(
        "DL24",
        hearing,
        number="SO/E118/2026",
        place="court:MSA-SHANZU",
        kind="event:testimony",
        record_id=3,
    )
    found = standing(the("DL24"), fact, MONDAY)
    assert found is not None
    alert = worded(found, MONDAY)
    assert alert.what == "Hearing without a companion — SO/E118/2026"
    assert alert.why.startswith("R-0219 “Zawadi” · Shanzu Law Courts 09:00 · ")
    assert alert.source == "DL24 · practice"
    assert alert.how_long == "Tomorrow"
    assert (alert.place, alert.record_id, alert.detail) == ("court", 3, "companion:5")


def test_the_house_mother_is_told_of_an_outside_appointment_without_its_reason() -> None:
    with_reason, for_house = rules_for("DL24")
    mother = an_actor("house_mother")
    assert not may_be_told(with_reason, mother, assigned=True)
    assert may_be_told(for_house, mother, assigned=True)
    found = standing(for_house, a_fact("DL24", datetime(2026, 11, 24, 9, 0)), MONDAY)
    assert found is not None
    said = " ".join((worded(found, MONDAY).what, worded(found, MONDAY).why)).casefold()
    assert "court" not in said
    assert "hearing" not in said
    assert worded(found, MONDAY).source == "practice"


def test_no_rule_with_a_reason_reaches_a_role_without_its_keys_and_levels() -> None:
    for rule in RULES:
        for role in ("sysadmin", "clinical_supervisor", "me_officer", "dpo"):
            told = may_be_told(rule, an_actor(role), assigned=True)
            assert told is (role in rule.only_for)
        if not rule.for_house:
            assert not may_be_told(rule, an_actor("house_mother"), assigned=True)
    assert not may_be_told(the("DL21"), an_actor("counsellor"), assigned=True)
    assert may_be_told(the("DL28"), an_actor("counsellor"), assigned=True)
    assert not may_be_told(the("DL31"), an_actor("social_worker"), assigned=False)
    assert may_be_told(the("DL31"), an_actor("social_worker"), assigned=True)


def test_every_button_that_opens_a_form_says_what_is_written_there() -> None:
    forms = ("contact", "outcome", "companion")
    for rule in RULES:
        offers = rule.button
        opens_a_form = offers.detail.endswith(":0") or offers.detail.partition(":")[0] in forms
        assert opens_a_form == (offers.writes is not None), rule.title
        plain = offers.offered(lambda _kind: False)
        assert plain.writes is None
        assert not plain.detail.endswith(":0")
        assert offers.offered(lambda _kind: True) == offers


def test_what_is_mine_follows_the_name_first_and_the_role_when_nobody_is_named() -> None:
    found = standing(the("DL20"), a_fact("DL20", MONDAY - timedelta(days=60), owner=8), MONDAY)
    assert found is not None
    assert is_mine(found, an_actor("legal_officer", 8))
    assert not is_mine(found, an_actor("legal_officer", 9))
    assert is_mine(found, an_actor("social_worker", 11))
    unnamed = standing(the("DL20"), a_fact("DL20", MONDAY - timedelta(days=60)), MONDAY)
    assert unnamed is not None
    assert is_mine(unnamed, an_actor("legal_officer", 9))
    assert not is_mine(unnamed, an_actor("manager", 2))


def test_what_belonged_to_somebody_who_left_comes_to_the_manager_and_the_role() -> None:
    found = standing(the("DL31"), a_fact("DL31", MONDAY - timedelta(days=30)), MONDAY)
    stalled = a_fact("DL20", MONDAY - timedelta(days=60), owner=8)
    call = standing(the("DL20"), stalled, MONDAY)
    assert found is not None
    assert call is not None
    manager = an_actor("manager", 2)
    assert not is_mine(found, manager)
    assert is_mine(found, manager, gone={11})
    assert is_mine(call, an_actor("legal_officer", 9), gone={8})


def test_what_is_critical_and_nobodys_is_the_managers() -> None:
    reported = MONDAY - timedelta(days=200)
    named = standing(the("DL21"), a_fact("DL21", reported, owner=8), MONDAY)
    nobodys = standing(the("DL21"), a_fact("DL21", reported, case_worker=0), MONDAY)
    assert named is not None
    assert nobodys is not None
    assert not is_mine(named, an_actor("manager", 2))
    assert is_mine(nobodys, an_actor("manager", 2))


def test_the_loud_come_first_and_among_them_the_new_before_the_old() -> None:
    def at(code: str, since: datetime, subject: int) -> Standing:
        found = standing(the(code), a_fact(code, since, subject_id=subject), MONDAY)
        assert found is not None
        return found

    hearing = at("DL24", MONDAY + timedelta(days=1), 1)
    long_stalled = at("DL21", MONDAY - timedelta(days=400), 2)
    just_stalled = at("DL21", MONDAY - timedelta(days=151), 3)
    late_contact = at("DL41", MONDAY - timedelta(days=4), 4)
    review = at("DL32", MONDAY + timedelta(days=4), 5)
    found = in_order([review, long_stalled, late_contact, hearing, just_stalled], MONDAY)
    assert [s.fact.subject_id for s in found] == [3, 1, 2, 4, 5]


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(21, 59, False), (22, 0, True), (3, 0, True), (5, 59, True), (6, 0, False)],
)
def test_the_night_lasts_from_ten_to_six(hour: int, minute: int, night: bool) -> None:
    assert is_night(datetime(2026, 11, 23, hour, minute)) is night


def test_law_that_a_lawyer_has_not_confirmed_says_so() -> None:
    assert the("DL16").to_be_confirmed
    assert the("DL16").source().endswith("to be confirmed by counsel")
    assert the("DL37").to_be_confirmed
    assert not the("DL24").to_be_confirmed


def test_every_rule_takes_its_severity_from_the_list_and_names_a_real_role() -> None:
    roles = {row.code for row in codelists.code_list("staff_role").rows}
    for rule in RULES:
        assert rule.overdue in SEVERITIES
        assert rule.owner_role in roles
        assert rule.source()
        row = codelists.code_list("deadline_rules").row(rule.code)
        if row is not None:
            assert rule.owner_role == row.more["owner_role"]


@pytest.mark.parametrize(
    ("birth", "eighteen"),
    [(date(2008, 2, 29), date(2026, 3, 1)), (date(2008, 11, 24), date(2026, 11, 24))],
)
def test_the_eighteenth_birthday_exists_for_everybody(birth: date, eighteen: date) -> None:
    assert eighteenth_birthday(birth) == eighteen
