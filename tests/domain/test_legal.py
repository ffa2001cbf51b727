"""Rules of police and court: course, stage, standstill, charges and the records' own checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_app import i18n
from shelter_app.domain import charges, codelists
from shelter_app.domain.legal import (
    CONCLUDED,
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.domain.legal_course import course_of
from shelter_app.domain.legal_stage import (
    Facts,
    adjournment_reasons,
    heading,
    order_of,
    proposed_stage,
    stage_track,
    standstill,
)

NOW = datetime(2026, 11, 23, 10, 0)
REPORTED = date(2026, 9, 2)
STAGES = [row.code for row in codelists.code_list("legal_case_stage").rows]


@pytest.fixture(autouse=True)
def at_ten(clock_at: Callable[[datetime], None]) -> None:
    clock_at(NOW)


def a_case(**changes: Any) -> LegalCase:
    values: dict[str, Any] = {
        "id": 1,
        "person_id": 2,
        "case_type": "criminal_sexual",
        "short_title": "Court matter A",
        "stage": "02_reported",
        "lead_staff": 3,
        "ob_date": REPORTED,
        "opened_on": REPORTED,
    }
    return LegalCase(**(values | changes))


def a_suspect(**changes: Any) -> Suspect:
    values: dict[str, Any] = {"legal_case_id": 1, "relationship": "neighbour"}
    return Suspect(**(values | {"status": "identified"} | changes))


def a_charge(**changes: Any) -> Charge:
    values: dict[str, Any] = {"legal_case_id": 1, "suspect_id": 5, "charge_text": "Rape"}
    return Charge(**(values | changes))


def an_event(starts_at: datetime, **changes: Any) -> CourtEvent:
    values: dict[str, Any] = {
        "legal_case_id": 1,
        "starts_at": starts_at,
        "court_station": "MSA-SHANZU",
        "type": "mention",
    }
    return CourtEvent(**(values | changes))


def fields_wrong(record: Any) -> set[str]:
    return {problem.field for problem in record.problems()}


def test_the_course_tells_what_happened_in_order_and_what_is_ahead() -> None:
    facts = Facts(
        a_case(ob_number="12/2/9/2026", police_station="Nyali", stage="09_charged"),
        suspects=[a_suspect(arrested_on=date(2026, 9, 19))],
        charges=[a_charge(plea="not_guilty", plea_on=date(2026, 9, 21))],
        contacts=[
            PoliceContact(legal_case_id=1, type="p3", at=datetime(2026, 9, 3, 9), summary="Filed")
        ],
        events=[an_event(datetime(2026, 11, 24, 9), type="testimony", id=9)],
    )
    told = [(step.what, step.state) for step in course_of(facts, NOW, {})]
    assert told == [
        ("Reported · OB 12/2/9/2026", "done"),
        ("P3 issue / return", "done"),
        ("Arrest", "done"),
        ("Plea: not guilty", "done"),
        ("Survivor testifies (chief / cross)", "next"),
        ("Judgment", "ahead"),
        ("Sentence", "ahead"),
    ]


def test_a_coming_date_says_who_goes_along_or_that_nobody_does() -> None:
    event = an_event(NOW + timedelta(days=1), id=9)
    facts = Facts(a_case(), events=[event])

    def said(companions: dict[int, str] | None) -> str:
        return next(s.detail for s in course_of(facts, NOW, companions) if s.record_id == 9)

    assert said({9: "Amina"}) == "with Amina"
    assert said({}) == "no companion yet"
    assert said(None) == ""


def test_a_past_date_without_outcome_is_owed() -> None:
    facts = Facts(a_case(), events=[an_event(NOW - timedelta(days=1), id=9)])
    assert next(s.state for s in course_of(facts, NOW) if s.record_id == 9) == "missing"


def test_corrected_entries_are_left_out_of_the_course() -> None:
    old = an_event(NOW - timedelta(days=1), id=9, superseded=True, outcome="proceeded")
    assert not [s for s in course_of(Facts(a_case(), events=[old]), NOW) if s.record_id == 9]


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (Facts(a_case(stage="01_no_report")), "02_reported"),
        (Facts(a_case(), suspects=[a_suspect()]), "06_suspect_identified"),
        (Facts(a_case(), suspects=[a_suspect(arrested_on=REPORTED)]), "07_arrested"),
        (Facts(a_case(), charges=[a_charge()]), "08_file_odpp"),
        (Facts(a_case(), charges=[a_charge(plea="not_guilty")]), "09_charged"),
        (
            Facts(
                a_case(),
                charges=[a_charge(plea="not_guilty")],
                events=[an_event(NOW - timedelta(days=3), type="testimony", outcome="part_heard")],
            ),
            "11_hearing",
        ),
        (
            Facts(a_case(), charges=[a_charge(verdict="convicted", sentence_type="life")]),
            "14_sentence",
        ),
        (Facts(a_case(), charges=[a_charge(verdict="withdrawn_87a")]), "20_withdrawn"),
        (Facts(a_case(stage="16_concluded"), charges=[a_charge()]), ""),
        (Facts(a_case(stage="11_hearing"), charges=[a_charge(plea="guilty")]), ""),
        (Facts(a_case(case_type="care_protection"), charges=[a_charge()]), ""),
    ],
)
def test_the_facts_speak_for_a_stage(facts: Facts, stage: str) -> None:
    assert proposed_stage(facts) == stage


@given(
    stage=st.sampled_from(STAGES),
    arrested=st.booleans(),
    plea=st.sampled_from(["", "not_taken", "guilty", "not_guilty"]),
    verdict=st.sampled_from(["", "pending", "convicted", "acquitted_215", "nolle"]),
)
def test_a_stage_is_never_lowered_and_an_ended_case_is_left_alone(
    stage: str, arrested: bool, plea: str, verdict: str
) -> None:
    facts = Facts(
        a_case(stage=stage),
        suspects=[a_suspect(arrested_on=REPORTED if arrested else None)],
        charges=[a_charge(plea=plea, verdict=verdict)],
    )
    proposed = proposed_stage(facts)
    assert not proposed or order_of(proposed) > order_of(stage)
    assert not (proposed and stage in CONCLUDED)


@pytest.mark.parametrize(
    ("days", "level"),
    [(29, ""), (30, "call"), (59, "call"), (60, "amber"), (90, "escalate"), (150, "five_months")],
)
def test_the_clock_since_the_report_rings_at_its_days(days: int, level: str) -> None:
    found = standstill(Facts(a_case()), REPORTED + timedelta(days=days))
    assert (found.level if found else "") == level


def test_an_arrest_stops_the_clock_since_the_report() -> None:
    facts = Facts(a_case(), suspects=[a_suspect(arrested_on=REPORTED)])
    assert standstill(facts, REPORTED + timedelta(days=200)) is None


def test_a_childs_trial_over_six_months_is_said_and_an_adults_is_not() -> None:
    charge = a_charge(plea="not_guilty", plea_on=REPORTED)
    facts = Facts(a_case(stage="11_hearing"), charges=[charge])
    later = REPORTED + timedelta(days=181)
    found = standstill(facts, later, is_child=True)
    assert found is not None
    assert found.level == "trial"
    assert standstill(facts, later) is None


@pytest.mark.parametrize(
    ("stage", "current"),
    [
        ("01_no_report", -1),
        ("02_reported", 0),
        ("06_suspect_identified", 0),
        ("07_arrested", 1),
        ("09_charged", 2),
        ("12_defence", 3),
        ("13_judgment", 4),
        ("14_sentence", 5),
        ("16_concluded", 5),
    ],
)
def test_the_track_stands_at_its_stage(stage: str, current: int) -> None:
    track = stage_track(a_case(stage=stage))
    assert track.labels == ("Reported", "Arrest", "Charged", "Hearing", "Judgment", "Sentence")
    assert track.current == current


def test_a_care_matter_has_no_criminal_track() -> None:
    assert stage_track(a_case(case_type="care_protection")).labels == ()


def test_a_heading_counts_the_accused() -> None:
    case = a_case(court_case_no="SO/E118/2026")
    assert heading(case, 0) == "SO/E118/2026 · Court matter A"
    assert heading(case, 1) == "SO/E118/2026 · Republic v. accused 1"
    assert heading(case, 3) == "SO/E118/2026 · Republic v. accused 1 and 2 others"
    assert heading(a_case(ob_number="OB 4/5"), 1) == "OB 4/5 · Republic v. accused 1"


def test_each_adjournment_is_counted_with_its_reason() -> None:
    events = [
        an_event(NOW - timedelta(days=9), outcome="adjourned", adjourn_reason="prosecutor"),
        an_event(NOW - timedelta(days=30), outcome="adjourned", adjourn_reason="time"),
        an_event(NOW - timedelta(days=3), outcome="proceeded"),
    ]
    assert adjournment_reasons(events) == ("time", "prosecutor")


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        (an_event(NOW + timedelta(days=1), outcome="proceeded"), {"outcome"}),
        (an_event(NOW - timedelta(days=1), outcome="adjourned"), {"adjourn_reason"}),
        (an_event(NOW, next_at=NOW - timedelta(days=1)), {"next_at"}),
        (an_event(NOW, leave_house_at=NOW + timedelta(hours=1)), {"leave_house_at"}),
        (a_charge(sentence_type="life"), {"sentence_type"}),
        (a_charge(sentence_type="life", verdict="convicted"), set()),
        (a_charge(plea_on=REPORTED, verdict_on=REPORTED - timedelta(days=1)), {"verdict_on"}),
        (a_suspect(arrested_on=REPORTED, bail_on=REPORTED - timedelta(days=1)), {"bail_on"}),
        (a_case(concluded_on=REPORTED), {"stage"}),
        (a_case(stage="16_concluded", concluded_on=REPORTED - timedelta(1)), {"concluded_on"}),
        (Accompaniment(court_event_id=1, role="social_worker"), {"staff_id"}),
        (Accompaniment(court_event_id=1, role="police"), set()),
    ],
)
def test_a_record_says_what_is_wrong_with_it(record: Any, wrong: set[str]) -> None:
    assert fields_wrong(record) == wrong


def test_a_promise_is_not_due_before_it_was_made() -> None:
    contact = PoliceContact(
        legal_case_id=1,
        at=NOW,
        by=3,
        type="followup_call",
        summary="Called",
        promise="Will call back",
        next_on=NOW.date(),
    )
    assert fields_wrong(contact) == set()
    assert fields_wrong(replace(contact, next_on=NOW.date() - timedelta(days=1))) == {"next_on"}


def test_every_offered_charge_names_its_act_section_and_source() -> None:
    offered = [choice for rows in charges.offered_by_act().values() for choice in rows]
    assert len(offered) > 50
    assert all(one.act and one.section and one.source for one in offered)
    assert not any(charges.is_repealed(one.code) for one in offered)


def test_people_read_the_list_and_not_the_notes_of_its_makers() -> None:
    offered = [choice for rows in charges.offered_by_act().values() for choice in rows]
    for choice in offered:
        shown = f"{choice.known_penalty} {choice.known_source}"
        assert "verify" not in shown.casefold()
        assert not shown.startswith("See ")
    unsure = charges.charge_choice("SOA-9")
    assert unsure is not None
    assert (unsure.to_be_confirmed, unsure.penalty_to_be_confirmed) == (False, True)
    sure = charges.charge_choice("SOA-3")
    assert sure is not None
    assert not sure.penalty_to_be_confirmed


def test_a_penalty_is_translated_only_where_that_is_sure_and_else_quoted_in_english() -> None:
    def penalty_of(code: str) -> str:
        choice = charges.charge_choice(code)
        assert choice is not None
        return choice.known_penalty

    codes = ("SOA-7", "SOA-10", "SOA-8-2", "CTIP-3")
    assert [penalty_of(code) for code in codes[:3]] == [
        "Not less than 10 years",
        "Not less than 15 years, may be enhanced to life",
        "Life imprisonment",
    ]
    with_fine = penalty_of("CTIP-3")
    i18n.set_language("sw")
    assert [penalty_of(code) for code in codes] == [
        "Kifungo kisichopungua miaka 10",
        "Kifungo kisichopungua miaka 15, kinaweza kuongezwa hadi kifungo cha maisha",
        "Kifungo cha maisha",
        f"Kwa Kiingereza cha sheria yenyewe: “{with_fine}”",
    ]


def test_only_unconfirmed_sections_ask_for_counsel() -> None:
    assert charges.confirmation_note("SOA-3") == ""
    assert charges.confirmation_note("SOA-5") == "to be confirmed by counsel"
    assert charges.confirmation_note("") == ""
