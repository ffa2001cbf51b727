"""Valid records by default; a test says only what matters to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.aftercare import FollowupContact, SafeContact, SafeContactNumber
from shelter_app.domain.alert import AlertSnooze, HouseAlertSnooze
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.backup import BackupPlace, BackupRun
from shelter_app.domain.breach import Breach
from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal, PlanReview
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.closure import Closure
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingLeaving,
    CounsellingNote,
    CounsellingResult,
    CounsellingSession,
)
from shelter_app.domain.court_attendance import CourtAttendance
from shelter_app.domain.deadline_times import DeadlineTimes
from shelter_app.domain.document import Document
from shelter_app.domain.legal import (
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.domain.oversight import BreakGlass, BreakGlassSeen, Covering
from shelter_app.domain.papers import ConsentPaper, FacePhoto, IdentityPaperCopy, SuspectPhoto
from shelter_app.domain.partner import Partner
from shelter_app.domain.person import (
    Alias,
    IdentityDocument,
    Person,
    PersonBackground,
    SealedIdentity,
)
from shelter_app.domain.record import Record
from shelter_app.domain.retention import Erasure, FormerResident, TwoPersonDecision
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.sealed_details import (
    ConsentGiver,
    IdentityDocumentNumber,
    Whereabouts,
)
from shelter_app.domain.staff import Setting, Staff
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Room, Stay
from shelter_app.services.work import Work

_numbers = count(1)


def minimal(kind: type[Record], now: datetime, **links: int) -> Record:
    """Return a valid new record of any type; `links` names the records it refers to."""
    today = now.date()
    person: dict[str, Any] = {"person_id": links["person"]} if "person" in links else {}
    staff = links.get("staff", 0)
    number = next(_numbers)
    made: dict[type[Record], Any] = {
        Setting: lambda: Setting(house_name="House"),
        DeadlineTimes: lambda: DeadlineTimes(rule="DL28", due_after=1 + number % 20),
        Staff: lambda: Staff(alias=f"Worker {number}", roles=("nurse",), started_on=today),
        BackupPlace: lambda: BackupPlace(label=f"P{number}", kind="stick", mark=f"{number:016x}"),
        BackupRun: lambda: BackupRun(place_id=links["backup_place"], made_at=now),
        Partner: lambda: Partner(name="Partner", type="police"),
        Room: lambda: Room(name=f"Room {number}", room_type="dorm"),
        Bed: lambda: Bed(room_id=links["room"], bed_no=f"B{number}"),
        Person: lambda: Person(
            display_alias=f"Resident{number}",
            person_no=f"T-{number:04d}",
            sex="F",
            language_main="swa",
        ),
        PersonBackground: lambda: PersonBackground(id=links["person"], **person),
        SealedIdentity: lambda: SealedIdentity(id=links["person"], **person),
        Alias: lambda: Alias(alias="P.O.", used_for="court_document", assigned_on=today, **person),
        IdentityDocument: lambda: IdentityDocument(
            doc_type="birth_certificate", holder="survivor", **person
        ),
        IdentityDocumentNumber: lambda: IdentityDocumentNumber(
            id=links["identity_document"], doc_number="A 4711", **person
        ),
        IdentityPaperCopy: lambda: IdentityPaperCopy(
            identity_document_id=links["identity_document"], **person
        ),
        FacePhoto: lambda: FacePhoto(consent_id=links.get("consent", 1), **person),
        ConsentPaper: lambda: ConsentPaper(consent_id=links["consent"], **person),
        SuspectPhoto: lambda: SuspectPhoto(
            suspect_id=links["suspect"],
            legal_case_id=links["legal_case"],
            obtained="From the investigating officer, on request",
            **person,
        ),
        Whereabouts: lambda: Whereabouts(id=links["stay"], handed_to_name="Her aunt", **person),
        ConsentGiver: lambda: ConsentGiver(id=links["consent"], giver_name="Her mother", **person),
        Stay: lambda: Stay(
            state="S20_intake",
            admitted_at=now - timedelta(hours=1),
            case_manager=staff,
            **person,
        ),
        Placement: lambda: Placement(
            id=links["stay"], admission_kind="new", legal_basis="court_order", **person
        ),
        BedStay: lambda: BedStay(
            stay_id=links["stay"], bed_id=links["bed"], from_at=now - timedelta(hours=1)
        ),
        Absence: lambda: Absence(
            stay_id=links["stay"],
            type="hospital",
            left_at=now - timedelta(minutes=30),
            expected_back=now + timedelta(days=1),
            authorised_by=staff,
        ),
        Consent: lambda: Consent(
            type="services",
            status="given",
            basis="consent",
            giver="self_adult",
            explained_in="swa",
            explained_by=staff,
            method="written",
            given_on=today,
            expires_on=today + timedelta(days=365),
            **person,
        ),
        RiskAssessment: lambda: RiskAssessment(
            stage="intake",
            done_at=now,
            done_by=staff,
            domain="external_threat",
            risk_level="medium",
            review_due=today + timedelta(days=28),
            **person,
        ),
        CarePlan: lambda: CarePlan(version=number, prepared_by=staff, **person),
        PlanGoal: lambda: PlanGoal(
            care_plan_id=links["care_plan"],
            domain="safety",
            goal_text="Feels safe at night",
            due_on=today + timedelta(days=90),
        ),
        PlanAction: lambda: PlanAction(
            goal_id=links["plan_goal"], action="Call aunt", due_on=today + timedelta(days=7)
        ),
        PlanReview: lambda: PlanReview(
            care_plan_id=links["care_plan"],
            held_on=today,
            attendees="Case worker, house mother",
            decisions="Go on",
            next_on=today + timedelta(days=30),
        ),
        CounsellingEnrolment: lambda: CounsellingEnrolment(
            programme="six_session", counsellor=staff, started_on=today, **person
        ),
        CounsellingResult: lambda: CounsellingResult(
            id=links["counselling_enrolment"], behaviour_change="reduced", **person
        ),
        CounsellingLeaving: lambda: CounsellingLeaving(
            id=links["counselling_enrolment"], drop_reason="The bus is too far", **person
        ),
        CounsellingSession: lambda: CounsellingSession(
            enrolment_id=links["counselling_enrolment"],
            counsellor=staff,
            starts_at=now + timedelta(days=1),
        ),
        CounsellingNote: lambda: CounsellingNote(
            session_id=links["counselling_session"],
            content="Practised grounding",
            written_at=now,
            author=staff,
            **person,
        ),
        Appointment: lambda: Appointment(
            kind="review", starts_at=now + timedelta(days=2), **person
        ),
        LegalCase: lambda: LegalCase(
            case_type="criminal_sexual",
            short_title="Court matter A",
            stage="02_reported",
            lead_staff=staff,
            opened_on=today,
            **person,
        ),
        CaseSurvivor: lambda: CaseSurvivor(
            legal_case_id=links["legal_case"], joined_on=today, **person
        ),
        Suspect: lambda: Suspect(
            legal_case_id=links["legal_case"], relationship="neighbour", status="identified"
        ),
        Charge: lambda: Charge(
            legal_case_id=links["legal_case"],
            suspect_id=links["suspect"],
            charge_text="Defilement contrary to section 8(1)",
        ),
        PoliceContact: lambda: PoliceContact(
            legal_case_id=links["legal_case"],
            at=now,
            by=staff,
            type="followup_call",
            summary="Asked for the state of the file",
        ),
        CourtEvent: lambda: CourtEvent(
            legal_case_id=links["legal_case"],
            starts_at=now + timedelta(days=3),
            court_station="MSA-SHANZU",
            type="mention",
        ),
        CourtAttendance: lambda: CourtAttendance(
            legal_case_id=links["legal_case"],
            court_event_id=links["court_event"],
            starts_at=now + timedelta(days=3),
            **person,
        ),
        Accompaniment: lambda: Accompaniment(
            court_event_id=links["appointment"], role="social_worker", staff_id=staff
        ),
        AfterAccompaniment: lambda: AfterAccompaniment(
            id=links["accompaniment"],
            told_on=today,
            heard_by=staff,
            survivor_how="The screen helped",
            **person,
        ),
        SafeContact: lambda: SafeContact(
            id=links["person"], channel="phone_call", hours="Evenings", agreed_on=today, **person
        ),
        SafeContactNumber: lambda: SafeContactNumber(id=links["person"], **person),
        FollowupContact: lambda: FollowupContact(due_on=today + timedelta(days=7), **person),
        Closure: lambda: Closure(
            id=links["stay"], closed_on=today, reason="goals_met", approved_by=staff, **person
        ),
        Document: lambda: Document(
            doc_no=f"CSS-2026-{number:04d}",
            type="court_support_summary",
            purpose="court_support",
            recipient_kind="odpp",
            recipient_name="The Prosecutor",
            pseudonym_used="P.O.",
            prepared_by=staff,
            **person,
        ),
        AlertSnooze: lambda: AlertSnooze(
            rule="DL20", subject_id=7, until=now + timedelta(days=1), reason="Called", **person
        ),
        HouseAlertSnooze: lambda: HouseAlertSnooze(
            rule="DL99", subject_id=7, until=now + timedelta(days=1), reason="Called", **person
        ),
        Covering: lambda: Covering(
            staff_id=staff,
            covered_by=staff + 1,
            from_on=today,
            until_on=today + timedelta(days=7),
            reason="On leave",
        ),
        BreakGlass: lambda: BreakGlass(
            staff_id=staff,
            reason="The court asked for her name",
            opened_at=now,
            open_until=now + timedelta(hours=1),
            **person,
        ),
        BreakGlassSeen: lambda: BreakGlassSeen(
            break_glass_id=links["break_glass"], staff_id=staff, seen_at=now
        ),
        DataSubjectRequest: lambda: DataSubjectRequest(
            received_on=today, type="access", by="self", **person
        ),
        Breach: lambda: Breach(
            at=now - timedelta(hours=2),
            aware_at=now - timedelta(hours=1),
            found_by=staff,
            severity="low",
            what="A paper lay in the printer",
            action="It was shredded",
        ),
        TwoPersonDecision: lambda: TwoPersonDecision(
            kind="hold", reason="Her advocate asked", **person
        ),
        Erasure: lambda: Erasure(erased_on=today),
        FormerResident: lambda: FormerResident(age_band="14-15"),
    }
    return made[kind]()  # type: ignore[no-any-return]


def saved_with_parents(work: Work, wanted: str) -> dict[str, int]:
    """Save one record of each type up to the wanted one; return table -> id."""
    links: dict[str, int] = {"staff": work.actor.staff_id}
    for kind in RECORD_TYPES:
        if not work.holds(kind.compartment):
            continue
        if kind.table != "staff":
            links[kind.table] = work.save(minimal(kind, work.now, **links), by_program=True).id
        if kind.table == wanted:
            break
    return links


def a_person(work: Work, **changes: Any) -> Person:
    """Save a person."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "display_alias": f"Resident{number}",
        "person_no": f"T-{number:04d}",
        "sex": "F",
        "language_main": "swa",
    }
    return work.save(Person(**(values | changes)), by_program=True)


def a_room_with_beds(work: Work, beds: int = 2, **changes: Any) -> tuple[Room, list[Bed]]:
    """Save a room with beds."""
    number = next(_numbers)
    values: dict[str, Any] = {"name": f"Room {number}", "room_type": "dorm"}
    room = work.save(Room(**(values | changes)), by_program=True)
    made = [
        work.save(Bed(room_id=room.id, bed_no=f"{number}-{place}"), by_program=True)
        for place in range(1, beds + 1)
    ]
    return room, made


def a_stay(work: Work, person: Person, **changes: Any) -> Stay:
    """Save an open stay without a bed, with the worker at hand as case worker."""
    values: dict[str, Any] = {
        "person_id": person.id,
        "state": "S40_stay",
        "admitted_at": work.now - timedelta(days=20),
        "case_manager": work.actor.staff_id,
    }
    return work.save(Stay(**(values | changes)), by_program=True)


def a_legal_case(work: Work, person: Person, **changes: Any) -> LegalCase:
    """Save a criminal case."""
    values: dict[str, Any] = {
        "person_id": person.id,
        "case_type": "criminal_sexual",
        "short_title": "Court matter A",
        "stage": "02_reported",
        "lead_staff": work.actor.staff_id,
        "opened_on": work.today - timedelta(days=30),
    }
    return work.save(LegalCase(**(values | changes)), by_program=True)


def a_court_event(work: Work, case: LegalCase, **changes: Any) -> CourtEvent:
    """Save a coming mention."""
    values: dict[str, Any] = {
        "legal_case_id": case.id,
        "starts_at": work.now + timedelta(days=3),
        "court_station": "MSA-SHANZU",
        "type": "mention",
    }
    return work.save(CourtEvent(**(values | changes)), by_program=True)


def a_goal(plan: CarePlan, now: datetime, **changes: Any) -> PlanGoal:
    """Return a goal of a plan, not saved yet."""
    values: dict[str, Any] = {
        "care_plan_id": plan.id,
        "domain": "safety",
        "goal_text": "Feels safe at night",
        "due_on": now.date() + timedelta(days=90),
    }
    return PlanGoal(**(values | changes))
