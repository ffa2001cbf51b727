"""The deadlines of orders, police and court; a judge's calendar does not wait."""

from __future__ import annotations

from typing import Final

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.deadline_timing import NOW, by_day, days, hours
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
from shelter_app.domain.legal import Accompaniment, CourtEvent, LegalCase, PoliceContact
from shelter_app.domain.record import Record
from shelter_app.domain.stay import Placement
from shelter_app.i18n import N_

PROMISE: Final = "promise"
OPEN_STAY: Final = Button(N_("Open stay"), "resident", "person", "stay")
_OPEN_CASE: Final = Button(N_("Open case"), "court", "record")


def _in_case(verb: str, detail: str, kind: type[Record]) -> Button:
    return Button(verb, "court", "record", detail, writes=kind, instead=_OPEN_CASE)


LOG_CALL: Final = _in_case(N_("Log follow-up"), "contact", PoliceContact)

LEGAL: Final[tuple[Rule, ...]] = (
    Rule(
        "DL16",
        N_("No court order for a child"),
        (Placement, LegalCase),
        "legal_officer",
        days(7),
        by_day(3),
        OPEN_STAY,
        N_("A child, arrived {since}. No order is recorded."),
    ),
    Rule(
        "DL17",
        N_("Order ends"),
        (Placement, LegalCase),
        "legal_officer",
        NOW,
        (
            Stage(-days(30), DUE),
            Stage(-days(14), OVERDUE),
            Stage(-days(7), URGENT),
            Stage(-days(1), CRITICAL),
        ),
        OPEN_STAY,
        N_("{place} · ends {due_day}"),
    ),
    Rule(
        "DL20",
        N_("Police follow-up"),
        (LegalCase,),
        "legal_officer",
        days(30),
        by_day(0),
        LOG_CALL,
        N_("{whom} · {place} · {last_call}"),
    ),
    Rule(
        "DL21",
        N_("No arrest since report"),
        (LegalCase,),
        "legal_officer",
        days(60),
        (Stage(NOW, OVERDUE), Stage(days(30), URGENT), Stage(days(90), CRITICAL)),
        LOG_CALL,
        N_("{whom} · {place} · {last_call}"),
        counting="since",
    ),
    Rule(
        "DL22",
        N_("Trial with a child is long"),
        (LegalCase,),
        "legal_officer",
        days(180),
        (Stage(NOW, DUE), Stage(days(1), FROM_LIST)),
        _OPEN_CASE,
        N_("{whom} · plea taken {since_day}"),
        counting="since",
    ),
    Rule(
        "DL23",
        N_("Prepare for court"),
        (CourtEvent,),
        "legal_officer",
        NOW,
        (Stage(-days(21), DUE), Stage(-days(3), OVERDUE), Stage(-days(1), URGENT)),
        Button(N_("Prepare"), "court", "record", "{subject}"),
        N_("{whom} · {place} {since} · {kind}"),
        counting="event",
        ends=days(1),
    ),
    Rule(
        "DL24",
        N_("Hearing without a companion"),
        (CourtEvent,),
        "manager",
        NOW,
        (Stage(-days(3), OVERDUE), Stage(-days(1), URGENT)),
        _in_case(N_("Assign"), "companion:{subject}", Accompaniment),
        N_("{whom} · {place} {since_time} · {kind}"),
        counting="event",
        ends=days(1),
    ),
    Rule(
        "DL24",
        N_("External appointment without a companion"),
        (Appointment,),
        "manager",
        NOW,
        (Stage(-days(3), OVERDUE), Stage(-days(1), URGENT)),
        Button(N_("Open calendar"), "calendar", "subject"),
        N_("{since}"),
        counting="event",
        ends=days(1),
        for_house=True,
        unnumbered=True,
    ),
    Rule(
        "DL25",
        N_("Outcome not recorded"),
        (CourtEvent,),
        "legal_officer",
        hours(24),
        (Stage(-hours(24), DUE), Stage(NOW, FROM_LIST)),
        _in_case(N_("Record outcome"), "outcome:{subject}", CourtEvent),
        N_("{whom} · {place} {since} · {kind}"),
        hourly=True,
    ),
    Rule(
        PROMISE,
        N_("Promised by the police"),
        (PoliceContact,),
        "legal_officer",
        NOW,
        by_day(2),
        _in_case(N_("Ask them"), "contact:{subject}", PoliceContact),
        N_("{whom} · {place} · promised on {at_day}"),
    ),
)
