"""The deadlines of data protection: requests, breaches, files due for review (DL44 to DL48)."""

from __future__ import annotations

from typing import Final

from shelter_app.domain.access import COUNSELLORS
from shelter_app.domain.breach import Breach
from shelter_app.domain.counselling import CounsellingNote
from shelter_app.domain.deadline_timing import NOW, by_day, days, hours
from shelter_app.domain.deadlines import CRITICAL, DUE, FROM_LIST, URGENT, Button, Rule, Stage
from shelter_app.domain.legal import Suspect
from shelter_app.domain.retention import TwoPersonDecision
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.i18n import N_

ACCESS: Final = "DL44"
OTHER_REQUEST: Final = "DL45"
BREACH: Final = "DL46"
REVIEW: Final = "DL48"
DECISION: Final = "decision"
UNCHARGED: Final = "uncharged"
LEAVING: Final = "leaving"
CARRY_OUT: Final = "carry_out"
LEAVE_NOW: Final = "leave_now"
COUNSELLING_LEAVES: Final = "counselling_leaves"
KEEPERS: Final = ("manager", "dpo")

RIGHTS: Final[tuple[Rule, ...]] = (
    Rule(
        ACCESS,
        N_("Request to see her data"),
        (DataSubjectRequest,),
        "dpo",
        days(7),
        by_day(4),
        Button(N_("Answer"), "rights", "subject", "requests"),
        N_("Received on {since_day}."),
        only_for=KEEPERS,
    ),
    Rule(
        OTHER_REQUEST,
        N_("Request about her data"),
        (DataSubjectRequest,),
        "dpo",
        days(14),
        by_day(5),
        Button(N_("Decide"), "rights", "subject", "requests"),
        N_("Received on {since_day}."),
        only_for=KEEPERS,
    ),
    Rule(
        BREACH,
        N_("Tell the Data Commissioner of the breach"),
        (Breach,),
        "dpo",
        hours(72),
        (Stage(-hours(72), URGENT), Stage(-hours(24), CRITICAL), Stage(NOW, FROM_LIST)),
        Button(N_("Open the breach"), "rights", "subject", "breaches"),
        N_("We became aware {since}. The law gives 72 hours."),
        hourly=True,
        only_for=KEEPERS,
    ),
    Rule(
        REVIEW,
        N_("Closed files are due for review"),
        (TwoPersonDecision,),
        "dpo",
        NOW,
        (Stage(NOW, DUE),),
        Button(N_("Review"), "rights", "none", "retention"),
        N_("The first has been due since {since_day}."),
        counting="since",
        only_for=KEEPERS,
    ),
    Rule(
        UNCHARGED,
        N_("Accused never charged: their time is over"),
        (Suspect,),
        "manager",
        NOW,
        (Stage(NOW, DUE),),
        Button(N_("Review"), "rights", "none", "retention"),
        N_("The first was kept until {since_day}"),
        counting="since",
        only_for=("manager",),
    ),
    Rule(
        DECISION,
        N_("A decision waits for a second person"),
        (TwoPersonDecision,),
        "dpo",
        NOW,
        (Stage(NOW, DUE), Stage(days(7), FROM_LIST)),
        Button(N_("Look at it"), "rights", "none", "retention"),
        N_("Proposed on {since_day}."),
        counting="since",
        only_for=KEEPERS,
    ),
    Rule(
        LEAVING,
        N_("A decision to take everything out waits for a second person"),
        (TwoPersonDecision,),
        "dpo",
        NOW,
        (Stage(NOW, DUE), Stage(days(7), FROM_LIST)),
        Button(N_("Look at it"), "rights", "none", "leaving"),
        N_("Proposed on {since_day}."),
        counting="since",
        only_for=KEEPERS,
    ),
    Rule(
        CARRY_OUT,
        N_("An erasure was approved and waits to be carried out"),
        (TwoPersonDecision,),
        "manager",
        NOW,
        (Stage(NOW, DUE), Stage(days(7), FROM_LIST)),
        Button(N_("Look at it"), "rights", "none", "retention"),
        N_("Approved on {since_day}."),
        counting="since",
        only_for=("manager",),
    ),
    Rule(
        LEAVE_NOW,
        N_("Taking everything out was approved and waits to be carried out"),
        (TwoPersonDecision,),
        "manager",
        NOW,
        (Stage(NOW, DUE), Stage(days(7), FROM_LIST)),
        Button(N_("Look at it"), "rights", "none", "leaving"),
        N_("Approved on {since_day}."),
        counting="since",
        only_for=("manager",),
    ),
    Rule(
        COUNSELLING_LEAVES,
        N_("Everything is taken out: the counselling part waits for your key"),
        (CounsellingNote,),
        "counsellor",
        NOW,
        (Stage(NOW, DUE), Stage(days(7), FROM_LIST)),
        Button(N_("Write it out"), "rights", "none", "leaving"),
        N_("Decided by two people on {since_day}."),
        counting="since",
        only_for=COUNSELLORS,
    ),
)
