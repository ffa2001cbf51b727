"""Every deadline whose records this version keeps, in the order of the list deadline_rules.

What stands in the list (what it rests on, how loudly it speaks once overdue) is read from there;
here stand the times, who is told, the words and the one button.
"""

from __future__ import annotations

from typing import Final

from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.care_plan import CarePlan
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import CounsellingEnrolment, CounsellingSession
from shelter_app.domain.deadline_rules_legal import LEGAL, OPEN_STAY
from shelter_app.domain.deadline_rules_rights import RIGHTS
from shelter_app.domain.deadline_timing import NOW, by_day, by_hour, days, hours
from shelter_app.domain.deadlines import (
    CRITICAL,
    DUE,
    FROM_LIST,
    OVERDUE,
    URGENT,
    Button,
    Rule,
    Stage,
)
from shelter_app.domain.document import Document
from shelter_app.domain.papers import KEPT_AFTER_EXIT, FacePhoto
from shelter_app.domain.person import IdentityDocument, PersonBackground
from shelter_app.domain.record import Record
from shelter_app.domain.risk import RiskAssessment
from shelter_app.domain.stay import Absence, Placement, Stay
from shelter_app.i18n import N_

RETURN: Final = "return"
RISK: Final = "risk_review"
STEPS: Final = "plan_steps"
PLACEMENT: Final = "placement"
APPROVAL: Final = "approval"
PLAN_APPROVAL: Final = "plan_approval"
PLAN_APPROVED: Final = "plan_approved"
PAPER_APPROVED: Final = "paper_approved"
PAPER_SENT_BACK: Final = "paper_sent_back"
PLAN_SENT_BACK: Final = "plan_sent_back"
PHOTO_LEFT: Final = "photo_left"
PHOTO_NO_STAY: Final = "photo_no_stay"
PHOTO_WITHDRAWN: Final = "photo_withdrawn"
PHOTO_TAKEN_BACK: Final = "photo_taken_back"

_OPEN_FILE: Final = Button(N_("Open file"), "resident", "person", "overview")
_OPEN_PLAN: Final = Button(N_("Open plan"), "resident", "person", "plan")
_READ: Final = Button(N_("Read"), "documents", "subject")
_BOOK: Final = Button(N_("Plan session"), "resident", "person", "counselling")


def _asking_for(verb: str, kind: type[Record], tab: str = "overview") -> Button:
    detail = f"{tab}:{kind.table}:0"
    file = Button(_OPEN_FILE.verb, "resident", "person", tab)
    return Button(verb, "resident", "person", detail, writes=kind, instead=file)


_FIRST_DAY: Final = (
    Rule(
        "DL12",
        N_("Consent or basis not recorded"),
        (Consent,),
        "social_worker",
        hours(24),
        by_hour(24),
        _asking_for(N_("Record consent"), Consent),
        N_("Arrived {since}. Nothing is recorded yet."),
        hourly=True,
    ),
    Rule(
        "DL13",
        N_("First risk assessment"),
        (RiskAssessment,),
        "social_worker",
        hours(24),
        by_hour(24),
        _asking_for(N_("Assess risk"), RiskAssessment),
        N_("Arrived {since}. No assessment is recorded yet."),
        hourly=True,
    ),
    Rule(
        PLACEMENT,
        N_("Placement not recorded"),
        (Placement,),
        "social_worker",
        hours(24),
        by_hour(24),
        _asking_for(N_("Record placement"), Placement, tab="stay"),
        N_("Admitted {since} by the house. Why and on what basis is missing."),
        hourly=True,
        severity_when_overdue=URGENT,
    ),
    Rule(
        "DL15",
        N_("Children officer not notified"),
        (Placement, Document),
        "social_worker",
        hours(24),
        by_hour(24),
        _OPEN_FILE,
        N_("A child, arrived {since}. No notice is recorded."),
        hourly=True,
        working_day=True,
        ends=days(14),
    ),
)

_COUNSELLING: Final = (
    Rule(
        "DL26",
        N_("Check in after court"),
        (CounsellingSession,),
        "counsellor",
        hours(48),
        by_hour(48),
        Button(N_("Ask how it went"), "counselling", "subject", "after"),
        N_("Was at an outside appointment on {since_day}."),
        hourly=True,
        ends=days(14),
    ),
    Rule(
        "DL27",
        N_("Counselling has not begun"),
        (CounsellingEnrolment, Stay),
        "counsellor",
        hours(72),
        (Stage(-hours(48), DUE), Stage(NOW, FROM_LIST), Stage(days(11), URGENT)),
        _BOOK,
        N_("Arrived {since}. First talk within 72 hours, a programme within 14 days."),
        hourly=True,
    ),
    Rule(
        "DL28",
        N_("Counselling gap"),
        (CounsellingSession,),
        "counsellor",
        days(14),
        by_day(0),
        _BOOK,
        N_("Last session {since_day}; no next one is planned."),
    ),
    Rule(
        "DL29",
        N_("Six-session review"),
        (CounsellingEnrolment,),
        "counsellor",
        days(7),
        by_day(7),
        Button(N_("Review"), "resident", "person", "counselling"),
        N_("Sixth session held {since_day}."),
    ),
)

_CASEWORK: Final = (
    Rule(
        "DL31",
        N_("Care plan"),
        (CarePlan,),
        "social_worker",
        days(14),
        by_day(4),
        _OPEN_PLAN,
        N_("Here since {since_day}. No approved plan yet."),
    ),
    Rule(
        "DL32",
        N_("Care plan review"),
        (CarePlan,),
        "social_worker",
        NOW,
        by_day(7),
        _OPEN_PLAN,
        N_("{count} of {of} goals on track"),
    ),
    Rule(
        STEPS,
        N_("Steps of the plan are late"),
        (CarePlan,),
        "social_worker",
        NOW,
        (Stage(days(1), OVERDUE),),
        _OPEN_PLAN,
        N_("{count} late · the first since {since_day}"),
    ),
    Rule(
        PLAN_APPROVAL,
        N_("Care plan waits for approval"),
        (CarePlan,),
        "manager",
        days(3),
        by_day(3),
        _OPEN_PLAN,
        N_("Written {since_day}"),
    ),
    Rule(
        RISK,
        N_("Risk review"),
        (RiskAssessment,),
        "social_worker",
        NOW,
        by_day(3),
        _asking_for(N_("Assess risk"), RiskAssessment),
        N_("To be looked at again on {due_day}"),
    ),
    Rule(
        "DL36",
        N_("Paper expires"),
        (IdentityDocument,),
        "legal_officer",
        NOW,
        (
            Stage(-days(60), DUE),
            Stage(-days(30), OVERDUE),
            Stage(-days(7), FROM_LIST),
        ),
        Button(N_("Open paper"), "resident", "person", "overview:identity_document:{subject}"),
        N_("{kind} · expires {due_day}"),
    ),
    Rule(
        "DL37",
        N_("Length of stay"),
        (Placement,),
        "manager",
        NOW,
        (Stage(-days(7), DUE), Stage(days(1), FROM_LIST)),
        OPEN_STAY,
        N_("Here for {days} days · {last_look}"),
        marks=(days(90), days(180), days(365)),
        every=days(90),
    ),
    Rule(
        "DL38",
        N_("Turns 18"),
        (PersonBackground,),
        "social_worker",
        NOW,
        (
            Stage(-days(180), "info"),
            Stage(-days(90), DUE),
            Stage(-days(30), OVERDUE),
            Stage(NOW, FROM_LIST),
        ),
        _OPEN_FILE,
        N_("On {due_day}: new consent, and a plan for leaving care"),
    ),
    Rule(
        "DL53",
        N_("Ask for consent again"),
        (Consent,),
        "social_worker",
        NOW,
        (Stage(-days(30), DUE), Stage(days(1), OVERDUE)),
        _asking_for(N_("Ask again"), Consent),
        N_("{kind} · given until {due_day}"),
    ),
)

_AFTERCARE: Final = (
    Rule(
        "DL41",
        N_("Aftercare contact"),
        (FollowupContact,),
        "social_worker",
        NOW,
        by_day(3),
        Button(N_("Plan contact"), "aftercare", "person", "{subject}"),
        N_("{kind} · {last_contact}"),
    ),
    Rule(
        "DL42",
        N_("Cannot be reached"),
        (FollowupContact,),
        "social_worker",
        days(60),
        (Stage(-days(60), DUE), Stage(days(1), FROM_LIST)),
        Button(N_("Open contacts"), "aftercare", "person"),
        N_("{count} attempts since {since_day}"),
    ),
)

_HOUSE: Final = (
    Rule(
        "DL39",
        N_("Missing"),
        (Absence,),
        "manager",
        NOW,
        (Stage(NOW, CRITICAL),),
        Button(N_("Open house"), "house", "record"),
        N_("Last seen {since}"),
        hourly=True,
        for_house=True,
    ),
    Rule(
        RETURN,
        N_("Not back yet"),
        (Absence,),
        "house_mother",
        NOW,
        (Stage(NOW, OVERDUE), Stage(hours(24), URGENT)),
        Button(N_("Open house"), "house", "record"),
        N_("{kind} · expected {since}"),
        hourly=True,
        for_house=True,
    ),
    Rule(
        APPROVAL,
        N_("Paper waits for approval"),
        (Document,),
        "manager",
        days(1),
        (Stage(-days(1), DUE), Stage(days(1), OVERDUE)),
        _READ,
        N_("{whom} · {kind} · since {since_day}"),
    ),
)

_PHOTO_TOLD: Final = days(7)
"""How long before a photograph of her face goes by itself somebody is told."""
_PHOTO_READS: Final = (PersonBackground, FacePhoto)
_SHOW_PHOTO: Final = Button(
    N_("See photograph"), "resident", "person", "overview:sealed_identity:{subject}"
)


def _photo_leaves(code: str, words: str) -> Rule:
    return Rule(
        code,
        N_("Photograph of her face goes soon"),
        _PHOTO_READS,
        "social_worker",
        KEPT_AFTER_EXIT + days(1),
        (Stage(-_PHOTO_TOLD, "info"),),
        _SHOW_PHOTO,
        words,
        counting="event",
        fixed=True,
    )


def _photo_goes(code: str, words: str, button: Button) -> Rule:
    return Rule(
        code,
        N_("Photograph of her face goes at the next sign-in"),
        _PHOTO_READS,
        "social_worker",
        NOW,
        (Stage(NOW, "info"),),
        button,
        words,
        counting="since",
        fixed=True,
    )


_PHOTOGRAPHS: Final = (
    _photo_leaves(
        PHOTO_LEFT, N_("She left on {since_day}; it is kept 30 days after that, then erased")
    ),
    _photo_leaves(
        PHOTO_NO_STAY,
        N_("Added on {since_day} and she never came to live here; kept 30 days, then erased"),
    ),
    _photo_goes(
        PHOTO_WITHDRAWN,
        N_("She withdrew her consent on {since_day}; a new consent would keep it"),
        _SHOW_PHOTO,
    ),
    _photo_goes(PHOTO_TAKEN_BACK, N_("It was taken back on {since_day}"), _OPEN_FILE),
)
"""Each goes by itself, erased for good: whoever may see it is told before."""

_NEWS_STAGES: Final = (Stage(NOW, DUE),)
NEWS_ENDS: Final = days(7)

_NEWS: Final = (
    Rule(
        PLAN_APPROVED,
        N_("Care plan approved"),
        (CarePlan,),
        "social_worker",
        NOW,
        _NEWS_STAGES,
        _OPEN_PLAN,
        N_("{by} approved it on {since_day}"),
        counting="since",
        hourly=True,
        ends=NEWS_ENDS,
        news=True,
    ),
    Rule(
        PLAN_SENT_BACK,
        N_("Care plan sent back"),
        (CarePlan,),
        "social_worker",
        NOW,
        _NEWS_STAGES,
        _OPEN_PLAN,
        N_("{by} sent it back on {since_day} · {reason}"),
        counting="since",
        hourly=True,
        ends=NEWS_ENDS,
        news=True,
    ),
    Rule(
        PAPER_APPROVED,
        N_("Paper approved"),
        (Document,),
        "legal_officer",
        NOW,
        _NEWS_STAGES,
        _READ,
        N_("{whom} · {kind} · {by} approved it on {since_day}"),
        counting="since",
        hourly=True,
        ends=NEWS_ENDS,
        news=True,
    ),
    Rule(
        PAPER_SENT_BACK,
        N_("Paper sent back"),
        (Document,),
        "legal_officer",
        NOW,
        _NEWS_STAGES,
        _READ,
        N_("{whom} · {kind} · {by} sent it back on {since_day} · {reason}"),
        counting="since",
        hourly=True,
        ends=NEWS_ENDS,
        news=True,
    ),
)
"""What became of what somebody handed in: for her alone."""

RULES: Final[tuple[Rule, ...]] = (
    *_FIRST_DAY,
    *LEGAL,
    *_COUNSELLING,
    *_CASEWORK,
    *_AFTERCARE,
    *_HOUSE,
    *_PHOTOGRAPHS,
    *_NEWS,
    *RIGHTS,
)


_BY_CODE: Final = {
    code: tuple(rule for rule in RULES if rule.code == code) for code in {r.code for r in RULES}
}


def rules_for(code: str) -> tuple[Rule, ...]:
    """Return the rules of a number; DL24 has one with the court's details and one without."""
    return _BY_CODE[code]
