"""What needs attention, asked of a real house: who is told what, and putting it off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import CounsellingEnrolment, CounsellingSession
from shelter_app.domain.legal import CourtEvent, PoliceContact
from shelter_app.domain.person import IdentityDocument, Person, PersonBackground
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Absence, Placement, Stay
from shelter_app.errors import NotAllowed, NotPossible
from shelter_app.services import court_summary, deadlines, plans, records
from shelter_app.services.work import Work
from tests import builders
from tests.fixtures import House

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.fixture(autouse=True)
def monday_morning(clock_at: Callable[[datetime], None]) -> None:
    clock_at(NOW)


def rules(work: Work, *, mine: bool = False) -> set[str]:
    return {alert.rule for alert in deadlines.attention(work, mine=mine).alerts}


def a_resident(house: House, days: float = 0.2, **changes: object) -> tuple[Person, Stay]:
    worker, counsellor = house.staff_id("social_worker"), house.staff_id("counsellor")
    with house.work("manager") as work:
        person = builders.a_person(work, display_alias="Zawadi", age_band="18-24", **changes)
        stay = builders.a_stay(
            work,
            person,
            state="S20_intake",
            admitted_at=NOW - timedelta(days=days),
            case_manager=worker,
            counsellor=counsellor,
        )
    return person, stay


def test_an_empty_house_asks_for_nothing(house: House) -> None:
    for role in ("manager", "social_worker", "counsellor", "house_mother", "sysadmin", "dpo"):
        with house.work(role) as work:
            assert deadlines.attention(work).alerts == ()


def test_somebody_who_came_in_the_night_needs_consent_a_risk_assessment_and_a_placement(
    house: House,
) -> None:
    a_resident(house)
    with house.work("social_worker") as work:
        assert rules(work, mine=True) == {"DL12", "DL13", "placement"}


def test_what_was_recorded_is_not_asked_for_again(house: House) -> None:
    person, stay = a_resident(house)
    with house.work("social_worker") as work:
        me = work.actor.staff_id
        work.save(
            Placement(
                id=stay.id, person_id=person.id, admission_kind="new", legal_basis="adult_consent"
            )
        )
        work.save(builders.minimal(Consent, NOW, person=person.id, staff=me))
        assert rules(work) == {"DL13"}


def test_a_colleague_is_not_told_of_the_casework_of_others(house: House) -> None:
    a_resident(house)
    with house.work("legal_officer") as work:
        assert rules(work) == {"DL12", "DL13", "placement"}
        assert rules(work, mine=True) == set()
    with house.work("counsellor") as work:
        assert "placement" not in rules(work)
    with house.work("house_mother") as work:
        assert rules(work) == set()


def test_a_child_without_an_order_worries_the_legal_officer_after_a_week(house: House) -> None:
    person, stay = a_resident(house, days=8, sex="F")
    with house.work("manager") as work:
        work.save(replace(work.get(Person, person.id), age_band="14-15"), by_program=True)
        work.save(
            Placement(
                id=stay.id, person_id=person.id, admission_kind="new", legal_basis="police_handover"
            )
        )
        found = {a.rule: a.severity for a in deadlines.attention(work, mine=False).alerts}
    assert found["DL16"] == "critical"
    assert found["DL15"] == "critical"


def test_an_order_that_ends_in_a_week_is_shown_with_the_day(house: House) -> None:
    person, stay = a_resident(house)
    with house.work("manager") as work:
        work.save(
            Placement(
                id=stay.id,
                person_id=person.id,
                admission_kind="new",
                legal_basis="court_order",
                order_court="MSA-SHANZU",
                order_expires_on=NOW.date() + timedelta(days=7),
            )
        )
        alert = next(a for a in deadlines.attention(work, mine=False).alerts if a.rule == "DL17")
    assert alert.what == f"Order ends — {person.person_no} “Zawadi”"
    assert alert.why == "Shanzu Law Courts · ends 30 Nov"
    assert alert.how_long == "Due 30 Nov"
    with house.work("counsellor") as work:
        assert "DL17" not in rules(work)


def test_a_hearing_without_a_companion_is_told_with_and_without_its_reason(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("manager") as work:
        case = builders.a_legal_case(work, person, court_case_no="SO/E118/2026", stage="11_hearing")
        tomorrow = NOW + timedelta(days=1)
        event = builders.a_court_event(work, case, starts_at=tomorrow, type="testimony")
        work.save(
            Appointment(id=event.id, person_id=person.id, kind="court", starts_at=tomorrow),
            by_program=True,
        )
        alert = next(a for a in deadlines.attention(work, mine=True).alerts if a.rule == "DL24")
    assert "SO/E118/2026" in alert.what
    assert alert.severity == "urgent"
    for role in ("house_mother", "counsellor"):
        with house.work(role) as work:
            told = [a for a in deadlines.attention(work, mine=False).alerts if a.rule == "DL24"]
        assert len(told) == 1
        words = f"{told[0].what} {told[0].why}"
        assert "SO/E118" not in words
        assert "Shanzu" not in words
        assert person.display_alias in words


def test_the_police_are_called_after_30_days_and_five_months_are_critical(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("manager") as work:
        old = builders.a_legal_case(
            work, person, ob_number="OB 44/18/6/2026", ob_date=NOW.date() - timedelta(days=151)
        )
        builders.a_legal_case(work, person, ob_date=NOW.date() - timedelta(days=31))
        found = deadlines.attention(work, mine=False).alerts
        legal = [(a.rule, a.subject_id == old.id, a.how_long) for a in found if a.rule < "DL24"]
    assert ("DL21", True, "151 days") in legal
    assert ("DL20", True, "121 days over") not in legal
    assert ("DL20", False, "1 day over") in legal


def test_who_may_not_write_in_a_case_is_offered_the_case_and_no_empty_form(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("legal_officer") as work:
        case = builders.a_legal_case(work, person, ob_date=NOW.date() - timedelta(days=151))
    offered = {}
    for role in ("legal_officer", "social_worker"):
        with house.work(role) as work:
            (alert,) = (a for a in deadlines.attention(work, mine=False).alerts if a.rule == "DL21")
        offered[role] = (alert.verb, alert.place, alert.record_id, alert.detail)
    assert offered["legal_officer"] == ("Log follow-up", "court", case.id, "contact")
    assert offered["social_worker"] == ("Open case", "court", case.id, "")


def test_a_promise_of_the_police_becomes_an_alert_until_it_is_settled(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("legal_officer") as work:
        case = builders.a_legal_case(work, person)
        said = work.save(
            PoliceContact(
                legal_case_id=case.id,
                at=NOW - timedelta(days=5),
                by=work.actor.staff_id,
                type="followup_call",
                summary="Asked",
                promise="Will arrest",
                next_on=NOW.date() - timedelta(days=2),
            )
        )
        assert "promise" in rules(work, mine=True)
        work.save(replace(said, promise_kept_on=NOW.date()))
        assert "promise" not in rules(work)


def test_an_outcome_is_owed_a_day_after_the_court_date(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("legal_officer") as work:
        case = builders.a_legal_case(work, person)
        event = builders.a_court_event(work, case, starts_at=NOW - timedelta(hours=25))
        assert "DL25" in rules(work, mine=True)
        work.save(replace(work.get(CourtEvent, event.id), outcome="proceeded"))
        assert "DL25" not in rules(work)


def test_a_gap_in_counselling_ends_when_a_session_is_planned(house: House) -> None:
    person, _stay = a_resident(house, days=60)
    counsellor = house.staff_id("counsellor")
    with house.work("counsellor") as work:
        enrolment = work.save(
            CounsellingEnrolment(
                person_id=person.id,
                programme="six_session",
                counsellor=counsellor,
                started_on=NOW.date() - timedelta(days=50),
            )
        )
        for number in range(1, 7):
            held = NOW - timedelta(days=56 - 7 * number)
            work.save(
                CounsellingSession(
                    enrolment_id=enrolment.id,
                    counsellor=counsellor,
                    session_no=number,
                    starts_at=held,
                    status="done",
                )
            )
        assert rules(work, mine=True) == {"DL28", "DL29"}
        work.save(
            CounsellingSession(
                enrolment_id=enrolment.id,
                counsellor=counsellor,
                session_no=7,
                starts_at=NOW + timedelta(days=1),
            )
        )
        work.save(replace(enrolment, reviewed=True), by_program=True)
        assert rules(work, mine=True) == set()


def test_papers_that_expire_and_the_eighteenth_birthday_are_seen_in_time(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("manager") as work:
        work.save(
            IdentityDocument(
                person_id=person.id,
                doc_type="birth_certificate",
                holder="survivor",
                expires_on=NOW.date() + timedelta(days=20),
            )
        )
        work.save(
            PersonBackground(
                id=person.id, person_id=person.id, birth_date=datetime(2008, 12, 10).date()
            )
        )
        assert {"DL36", "DL38"} <= rules(work)


def test_somebody_missing_is_critical_for_the_house_too(house: House) -> None:
    _person, stay = a_resident(house)
    with house.work("house_mother") as work:
        work.save(
            Absence(
                stay_id=stay.id,
                type="missing",
                left_at=NOW - timedelta(hours=3),
                authorised_by=work.actor.staff_id,
            )
        )
        found = deadlines.attention(work)
    assert [(a.rule, a.severity, a.how_long) for a in found.alerts] == [
        ("DL39", "critical", "3 h over")
    ]


def test_an_aftercare_contact_is_late_the_day_after_it_was_due(house: House) -> None:
    person, stay = a_resident(house, days=200)
    with house.work("manager") as work:
        left = NOW - timedelta(days=95)
        work.save(replace(work.get(Stay, stay.id), exited_at=left, state="S55_aftercare"))
        work.save(
            FollowupContact(
                person_id=person.id,
                stay_id=stay.id,
                milestone="m3",
                due_on=NOW.date() - timedelta(days=4),
            )
        )
    with house.work("social_worker") as work:
        alerts = deadlines.attention(work, mine=True).alerts
    assert [(a.rule, a.how_long, a.severity) for a in alerts] == [
        ("DL41", "4 days over", "overdue")
    ]


def test_what_was_put_off_rests_and_comes_back_and_three_times_are_enough(
    house: House, clock_at: Callable[[datetime], None]
) -> None:
    person, _stay = a_resident(house)
    for attempt in range(1, 4):
        now = NOW + timedelta(hours=attempt)
        clock_at(now)
        with house.work("social_worker") as work:
            kept = deadlines.put_off(
                work, "DL13", _stay.id, now + timedelta(minutes=30), "Asleep after a long way"
            )
            assert kept.times == attempt
            assert kept.person_id == person.id
            found = deadlines.attention(work)
            assert "DL13" not in {a.rule for a in found.alerts}
            assert found.put_off == 1
    later = NOW + timedelta(hours=5)
    clock_at(later)
    with house.work("social_worker") as work:
        assert "DL13" in rules(work)
        with pytest.raises(NotPossible, match="three times"):
            deadlines.put_off(work, "DL13", _stay.id, later + timedelta(hours=1), "Still asleep")


def test_a_critical_alert_is_acknowledged_but_stays_in_the_list(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("manager") as work:
        case = builders.a_legal_case(work, person, ob_date=NOW.date() - timedelta(days=160))
        before = deadlines.attention(work, mine=False)
        deadlines.put_off(work, "DL21", case.id, NOW + timedelta(days=2), "Conference on Friday")
        after = deadlines.attention(work, mine=False)
    assert (before.pressing, before.from_before) == (1, 0)
    assert (after.pressing, after.from_before) == (1, 1)
    assert after.alerts[-1].rule == "DL21"
    assert after.alerts[-1].put_off_until == NOW + timedelta(days=2)


def test_the_manager_sees_what_others_put_off_and_why(house: House) -> None:
    _person, stay = a_resident(house)
    with house.work("social_worker") as work:
        deadlines.put_off(work, "DL13", stay.id, NOW + timedelta(hours=2), "She is asleep")
        with pytest.raises(NotAllowed):
            deadlines.put_off_by_others(work)
    with house.work("manager") as work:
        (line,) = deadlines.put_off_by_others(work)
    assert (line.by, line.reason, line.alert.rule) == ("Social Worker", "She is asleep", "DL13")


def test_at_night_only_what_is_critical_speaks(
    house: House, clock_at: Callable[[datetime], None]
) -> None:
    person, _stay = a_resident(house)
    with house.work("manager") as work:
        builders.a_legal_case(work, person, ob_date=NOW.date() - timedelta(days=160))
    clock_at(NOW.replace(hour=23))
    with house.work("manager") as work:
        found = deadlines.attention(work, mine=False)
    assert [alert.rule for alert in found.alerts] == ["DL21"]
    assert found.quiet_until_morning == 3


def test_a_plan_written_and_complete_waits_for_its_approval(house: House) -> None:
    person, _stay = a_resident(house, days=15)
    with house.work("social_worker") as work:
        assert "DL31" in rules(work, mine=True)
        plan = plans.start(work, person.id, "To finish school")
        for area in ("safety", "mental", "legal", "physical"):
            plans.save_goal(work, builders.a_goal(plan, NOW, domain=area))
        assert "DL31" not in rules(work)
    with house.work("manager") as work:
        assert "plan_approval" in rules(work, mine=True)
        plans.approve(work, plan.id)
        assert {"plan_approval", "DL31", "DL32"}.isdisjoint(rules(work))


def test_who_wrote_a_plan_is_told_that_it_was_approved_until_she_has_seen_it(
    house: House, clock_at: Callable[[datetime], None]
) -> None:
    person, _stay = a_resident(house, days=15)
    with house.work("social_worker") as work:
        plan = plans.start(work, person.id, "To finish school")
        for area in ("safety", "mental", "legal", "physical"):
            plans.save_goal(work, builders.a_goal(plan, NOW, domain=area))
    with house.work("manager") as work:
        plans.approve(work, plan.id)
        assert "plan_approved" not in rules(work)
    with house.work("legal_officer") as work:
        assert "plan_approved" not in rules(work)
    with house.work("social_worker") as work:
        told = next(a for a in deadlines.attention(work).alerts if a.rule == "plan_approved")
        assert told.why == "Manager approved it on 23 Nov"
    clock_at(NOW + timedelta(days=8))
    with house.work("social_worker") as work:
        assert "plan_approved" not in rules(work)
    clock_at(NOW + timedelta(days=1))
    with house.work("social_worker") as work:
        assert "plan_approved" in rules(work)
        deadlines.seen(work, "plan_approved", plan.id)
        assert "plan_approved" not in rules(work)
        assert deadlines.attention(work).put_off == 0
    with house.work("manager") as work:
        assert deadlines.put_off_by_others(work) == ()


def test_who_prepared_a_paper_is_told_that_it_was_approved_or_sent_back(house: House) -> None:
    person, _stay = a_resident(house)
    with house.work("legal_officer") as work:
        case = builders.a_legal_case(work, person)
        paper = court_summary.start(work, case.id).document
        work.save(replace(paper, status="review"), by_program=True)
        assert {"paper_approved", "paper_sent_back"}.isdisjoint(rules(work))
    with house.work("manager") as work, pytest.raises(NotPossible, match="why it goes back"):
        court_summary.take_back(work, paper.id, " ")
    for step, code in (
        (partial(court_summary.approve), "paper_approved"),
        (partial(court_summary.take_back, reason="The OB number is missing"), "paper_sent_back"),
    ):
        with house.work("manager") as work:
            step(work, paper.id)
            assert code not in rules(work)
        with house.work("legal_officer") as work:
            told = next(a for a in deadlines.attention(work).alerts if a.rule == code)
            assert (told.place, told.record_id) == ("documents", paper.id)
            assert told.why.startswith(f"{person.person_no} “Zawadi” · Court-support summary")
            assert ("The OB number is missing" in told.why) is (code == "paper_sent_back")
            assert deadlines.seen(work, code, paper.id).reason == "seen"
            assert code not in rules(work)
    with house.work("legal_officer") as work:
        draft = court_summary.open_draft(work, paper.id)
        court_summary.save_draft(work, draft.document, draft.choices)
        assert "paper_sent_back" not in rules(work)


def test_who_wrote_a_plan_is_told_why_it_was_sent_back_and_hands_it_in_again(
    house: House,
) -> None:
    person, _stay = a_resident(house, days=15)
    with house.work("social_worker") as work:
        plan = plans.start(work, person.id, "To finish school")
        with pytest.raises(NotPossible, match="was not sent back"):
            plans.hand_in_again(work, plan.id)
    with house.work("manager") as work, pytest.raises(NotPossible, match="her own words"):
        plans.send_back(work, plan.id, "Nothing is in it")
    with house.work("social_worker") as work:
        for area in ("safety", "mental", "legal", "physical"):
            plans.save_goal(work, builders.a_goal(plan, NOW, domain=area))
        with pytest.raises(NotAllowed):
            plans.send_back(work, plan.id, "Not mine to say")
    with house.work("manager") as work:
        assert "plan_approval" in rules(work)
        with pytest.raises(NotPossible, match="why it goes back"):
            plans.send_back(work, plan.id, "  ")
        plans.send_back(work, plan.id, "Who pays the school?")
        assert {"plan_approval", "plan_sent_back"}.isdisjoint(rules(work))
        with pytest.raises(NotPossible, match="handed in again"):
            plans.approve(work, plan.id)
    with house.work("legal_officer") as work:
        assert "plan_sent_back" not in rules(work)
    with house.work("social_worker") as work:
        told = next(a for a in deadlines.attention(work).alerts if a.rule == "plan_sent_back")
        assert told.why == "Manager sent it back on 23 Nov · Who pays the school?"
        assert told.news
        plans.hand_in_again(work, plan.id)
        assert "plan_sent_back" not in rules(work)
    with house.work("manager") as work:
        assert "plan_approval" in rules(work)
        assert plans.approve(work, plan.id).status == "approved"


def test_what_has_to_be_done_cannot_be_called_seen(house: House) -> None:
    _person, stay = a_resident(house)
    with house.work("social_worker") as work, pytest.raises(NotPossible):
        deadlines.seen(work, "DL13", stay.id)


def test_the_residents_of_a_worker_who_left_come_to_the_manager(house: House) -> None:
    a_resident(house)
    with house.work("manager") as work:
        assert rules(work, mine=True) == set()
        worker = next(s for s in work.matching(Staff) if "social_worker" in s.roles)
        work.save(replace(worker, ended_on=NOW.date() - timedelta(days=1)), by_program=True)
        assert rules(work, mine=True) == {"DL12", "DL13", "placement"}


def test_putting_off_can_be_undone(house: House) -> None:
    _person, stay = a_resident(house)
    desk = house.desk("social_worker")
    until = NOW + timedelta(hours=2)
    done = desk.do(deadlines.put_off, "DL13", stay.id, until, "She is asleep").result()
    desk.do(records.undo, done.undo).result()
    assert "DL13" in {alert.rule for alert in desk.ask(deadlines.attention).result().alerts}
