"""A Monday morning in a small house in which something of every kind is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.care_plan import CarePlan, PlanAction
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import CounsellingEnrolment, CounsellingSession
from shelter_app.domain.legal import Accompaniment
from shelter_app.domain.person import Person
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.stay import Absence, BedStay, Placement, Stay
from shelter_app.services import papers, plans
from shelter_app.services.work import Work
from tests import builders
from tests.fixtures import House
from tests.made_files import a_png

MORNING = datetime(2026, 11, 23, 8, 40)
AREAS = ("safety", "mental", "legal", "physical", "economic_education")


@dataclass
class BusyDay:
    """The people of the day by working name, and Pendo's plan."""

    people: dict[str, Person]
    stays: dict[str, Stay]
    plan: CarePlan
    case_id: int = 0


def prepare(house: House) -> BusyDay:
    """Fill the house; the clock stands at MORNING already."""
    worker = house.staff_id("social_worker")
    counsellor = house.staff_id("counsellor")
    legal = house.staff_id("legal_officer")
    with house.work("manager") as work:
        made = _people(work, worker, counsellor)
        made.plan = _plan(work, made.people["Pendo"], worker)
        made.case_id = _court(work, made, legal)
        _sessions(work, made, counsellor)
        _rest(work, made, worker)
    return made


def _people(work: Work, worker: int, counsellor: int) -> BusyDay:
    people: dict[str, Person] = {}
    stays: dict[str, Stay] = {}
    rooms = [
        builders.a_room_with_beds(work, beds, name=name, place_in_list=place)
        for place, (name, beds) in enumerate(
            (("Acacia", 6), ("Baobab", 6), ("Cedar", 4), ("Mother & baby", 4)), start=1
        )
    ]
    beds = [bed for _room, found in rooms for bed in found]
    names = ("Pendo", "Zawadi", "Saida", "Amani", "Salama", "Imani", "Tumaini", "Rehema")
    for number, name in enumerate(names):
        person = builders.a_person(
            work, display_alias=name, person_no=f"R-{200 + number:04d}", age_band="18-24"
        )
        days = 0.55 if name == "Zawadi" else 40 + 7 * number
        stay = builders.a_stay(
            work,
            person,
            state="S35_care_plan",
            admitted_at=MORNING - timedelta(days=days),
            case_manager=worker,
            counsellor=counsellor,
        )
        bed = beds[number if number < 5 else number + 1]
        work.save(
            BedStay(stay_id=stay.id, bed_id=bed.id, from_at=stay.admitted_at), by_program=True
        )
        if name != "Zawadi":
            _settle(work, person, worker, counsellor)
            work.save(
                Placement(
                    id=stay.id,
                    person_id=person.id,
                    admission_kind="new",
                    legal_basis="adult_consent",
                ),
                by_program=True,
            )
        people[name], stays[name] = person, stay
    return BusyDay(people, stays, CarePlan())


def _settle(work: Work, person: Person, worker: int, counsellor: int) -> None:
    """Record what the first days ask for, so that only Zawadi's is still open."""
    kept = [
        work.save(builders.minimal(kind, MORNING, person=person.id, staff=worker), by_program=True)
        for kind in (Consent, RiskAssessment)
    ]
    papers.add(work, papers.start(work, Consent, kept[0].id), a_png(60, 40))
    work.save(
        CounsellingEnrolment(
            person_id=person.id,
            programme="six_session",
            counsellor=counsellor,
            started_on=MORNING.date() - timedelta(days=6),
        ),
        by_program=True,
    )


def _plan(work: Work, person: Person, worker: int) -> CarePlan:
    """Write a plan in the case worker's name, so that the manager may approve it."""
    plan = plans.start(work, person.id, "I want to finish my tailoring course and sleep well.")
    plan = work.save(replace(plan, prepared_by=worker), by_program=True)
    for number, area in enumerate(AREAS):
        goal = plans.save_goal(
            work,
            builders.a_goal(
                plan,
                MORNING,
                domain=area,
                goal_text=f"Goal {number + 1} in her own words",
                score_start=1,
                score_now=1 + number % 3,
            ),
        )
        for step in range(2):
            plans.save_action(
                work,
                PlanAction(
                    goal_id=goal.id,
                    action=f"Step {step + 1}",
                    who=worker,
                    due_on=MORNING.date() + timedelta(days=5 * step + number),
                ),
            )
    return plans.approve(work, plan.id)


def _court(work: Work, made: BusyDay, legal: int) -> int:
    case = builders.a_legal_case(
        work,
        made.people["Salama"],
        court_case_no="SO/E118/2026",
        stage="11_hearing",
        lead_staff=legal,
    )
    tomorrow = datetime(2026, 11, 24, 9, 0)
    for at, kind in ((tomorrow, "testimony"), (MORNING.replace(hour=11, minute=0), "mention")):
        event = builders.a_court_event(work, case, starts_at=at, type=kind)
        work.save(
            Appointment(
                id=event.id,
                person_id=case.person_id,
                kind="court",
                starts_at=at,
                leave_house_at=at - timedelta(minutes=90),
            ),
            by_program=True,
        )
        if kind == "mention":
            work.save(
                Accompaniment(court_event_id=event.id, role="legal_officer", staff_id=legal),
                by_program=True,
            )
    builders.a_legal_case(
        work,
        made.people["Saida"],
        ob_number="OB 44/18/6/2026",
        ob_date=MORNING.date() - timedelta(days=151),
        police_station="Nyali Police Station",
        lead_staff=legal,
    )
    return case.id


def _sessions(work: Work, made: BusyDay, counsellor: int) -> None:
    for hour, name, number in ((10, "Pendo", 4), (11, "Imani", 1)):
        (enrolment,) = work.matching(CounsellingEnrolment, person_id=made.people[name].id)
        work.save(
            CounsellingSession(
                enrolment_id=enrolment.id,
                counsellor=counsellor,
                session_no=number,
                room="Room 2",
                starts_at=MORNING.replace(hour=hour, minute=0),
            )
        )


def _rest(work: Work, made: BusyDay, worker: int) -> None:
    for name, kind in (("Tumaini", "hospital"), ("Rehema", "boarding_school")):
        work.save(
            Absence(
                stay_id=made.stays[name].id,
                type=kind,
                left_at=MORNING - timedelta(days=2),
                expected_back=MORNING + timedelta(hours=-3 if name == "Tumaini" else 80),
                authorised_by=worker,
            )
        )
    for name, hour, kind in (("Imani", 14, "followup"), ("Amani", 16, "review")):
        work.save(
            Appointment(
                person_id=made.people[name].id,
                kind=kind,
                starts_at=MORNING.replace(hour=hour, minute=0),
                staff_id=worker,
            )
        )
    neema = builders.a_person(work, display_alias="Neema", person_no="R-0164")
    stay = builders.a_stay(
        work, neema, admitted_at=MORNING - timedelta(days=300), case_manager=worker
    )
    left = MORNING - timedelta(days=95)
    work.save(replace(stay, exited_at=left, state="S55_aftercare"), by_program=True)
    for milestone, days in (("m3", -4), ("m6", 5)):
        work.save(
            FollowupContact(
                person_id=neema.id,
                stay_id=stay.id,
                milestone=milestone,
                due_on=MORNING.date() + timedelta(days=days),
            )
        )
    made.people["Neema"] = neema
