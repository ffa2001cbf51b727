"""Every record type, in one ordered tuple: what is not here does not exist."""

from __future__ import annotations

from functools import cache
from typing import Final

from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.aftercare import FollowupContact, SafeContact, SafeContactNumber
from shelter_app.domain.alert import AlertSnooze, HouseAlertSnooze
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.backup import BackupPlace, BackupRun
from shelter_app.domain.breach import Breach
from shelter_app.domain.care_plan import CarePlan, PlanAction, PlanGoal, PlanReview
from shelter_app.domain.case_survivor import CaseSurvivor
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

RECORD_TYPES: Final[tuple[type[Record], ...]] = (
    Setting,
    DeadlineTimes,
    Staff,
    BackupPlace,
    BackupRun,
    Partner,
    Room,
    Bed,
    Person,
    PersonBackground,
    SealedIdentity,
    Alias,
    IdentityDocument,
    IdentityDocumentNumber,
    IdentityPaperCopy,
    FacePhoto,
    Stay,
    Whereabouts,
    Placement,
    BedStay,
    Absence,
    Consent,
    ConsentGiver,
    ConsentPaper,
    RiskAssessment,
    CarePlan,
    PlanGoal,
    PlanAction,
    PlanReview,
    CounsellingEnrolment,
    CounsellingResult,
    CounsellingLeaving,
    CounsellingSession,
    CounsellingNote,
    Appointment,
    LegalCase,
    CaseSurvivor,
    Suspect,
    SuspectPhoto,
    Charge,
    PoliceContact,
    CourtEvent,
    CourtAttendance,
    Accompaniment,
    AfterAccompaniment,
    SafeContact,
    SafeContactNumber,
    FollowupContact,
    Closure,
    Document,
    AlertSnooze,
    HouseAlertSnooze,
    Covering,
    BreakGlass,
    BreakGlassSeen,
    DataSubjectRequest,
    Breach,
    TwoPersonDecision,
    Erasure,
    FormerResident,
)


@cache
def record_type(table: str) -> type[Record]:
    """Return the record type of a table; KeyError for a name that is not declared."""
    for candidate in RECORD_TYPES:
        if candidate.table == table:
            return candidate
    raise KeyError(table)


def types_in(compartment: str) -> tuple[type[Record], ...]:
    """Return the record types kept in one compartment."""
    return tuple(kind for kind in RECORD_TYPES if kind.compartment == compartment)


def has_person(kind: type[Record]) -> bool:
    """Say whether records of this type belong to one person."""
    return "person_id" in kind.__dataclass_fields__
