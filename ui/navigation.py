"""Every place of the program, in the order of the side list: who sees it and what fills it.

Features are imported when their page is first shown, so that signing in stays quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Final

from PySide6.QtWidgets import QWidget

from shelter_app.domain import access
from shelter_app.domain.access import Action, Actor
from shelter_app.domain.aftercare import FollowupContact
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.care_plan import CarePlan
from shelter_app.domain.counselling import CounsellingNote, CounsellingSession
from shelter_app.domain.document import Document
from shelter_app.domain.legal import LegalCase
from shelter_app.domain.partner import Partner
from shelter_app.domain.person import Person
from shelter_app.domain.record import Record
from shelter_app.domain.stay import Bed, Stay
from shelter_app.i18n import N_, _
from shelter_app.services import aftercare, counselling, counselling_week, deadlines
from shelter_app.services.work import Work
from ui.kit.context import Context, ResidentTab

Visible = Callable[[Actor], bool]
Feature = Callable[[], ModuleType]
"""Imports a feature now; each is named below, so that a built program contains it."""


def _guide() -> ModuleType:
    from ui.features import guide

    return guide


def _today() -> ModuleType:
    from ui.features import today

    return today


def _residents() -> ModuleType:
    from ui.features import residents

    return residents


def _house() -> ModuleType:
    from ui.features import house

    return house


def _calendar() -> ModuleType:
    from ui.features import calendar

    return calendar


def _counselling() -> ModuleType:
    from ui.features import counselling

    return counselling


def _court() -> ModuleType:
    from ui.features import court

    return court


def _aftercare() -> ModuleType:
    from ui.features import aftercare

    return aftercare


def _documents() -> ModuleType:
    from ui.features import documents

    return documents


def _directory() -> ModuleType:
    from ui.features import directory

    return directory


def _staff() -> ModuleType:
    from ui.features import staff

    return staff


def _audit() -> ModuleType:
    from ui.features import audit

    return audit


def _backups() -> ModuleType:
    from ui.features import backups

    return backups


def _rights() -> ModuleType:
    from ui.features import rights

    return rights


def _settings() -> ModuleType:
    from ui.features import settings

    return settings


def _resident() -> ModuleType:
    from ui.features import resident

    return resident


def _court_summary() -> ModuleType:
    from ui.features import court_summary

    return court_summary


def _care_plan() -> ModuleType:
    from ui.features import care_plan

    return care_plan


def everybody(_actor: Actor) -> bool:
    """Say yes: some places are for everybody who signs in."""
    return True


def readers_of(kind: type[Record]) -> Visible:
    """Return a rule: whoever may read records of this type."""
    return partial(_may, Action.READ, kind)


def writers_of(kind: type[Record]) -> Visible:
    """Return a rule: whoever may write records of this type."""
    return partial(_may, Action.WRITE, kind)


def _may(action: Action, kind: type[Record], actor: Actor) -> bool:
    return access.may(actor, action, kind)


def _counsels(actor: Actor) -> bool:
    """A supervisor reads notes without names; everybody else needs the sessions."""
    return _may(Action.READ, CounsellingSession, actor) or _may(Action.READ, CounsellingNote, actor)


def holders_of(*roles: str) -> Visible:
    """Return a rule: whoever has one of these roles."""
    return lambda actor: actor.has_role(*roles)


def _protects_data(actor: Actor) -> bool:
    """A supervisor without the cases' key has nothing there: the decisions lie with the cases."""
    supervises = actor.has_role("clinical_supervisor") and "cases" in actor.compartments
    return supervises or actor.has_role("manager", "dpo", "counsellor")


@dataclass(frozen=True)
class Place:
    """One page; `section` is its heading in the side list, None for a page reached from others."""

    key: str
    label: str
    icon: str
    section: str | None
    feature: Feature
    visible: Visible
    badge: Callable[[Work], int] | None = None
    under: str = ""
    """The place of the side list it belongs to, when it has no line of its own there."""

    def build(self, context: Context) -> QWidget:
        """Make the page."""
        page: QWidget = self.feature().page(context)
        return page


@dataclass(frozen=True)
class NewAction:
    """One entry of the + New menu: it opens a place with the detail 'new'."""

    key: str
    label: str
    icon: str
    place: str
    visible: Visible


@dataclass(frozen=True)
class _Tab:
    key: str
    label: str
    feature: Feature
    kind: type[Record]


_CASEWORK: Final = N_("Casework")
_OFFICE: Final = N_("Office")

PLACES: Final[tuple[Place, ...]] = (
    Place("today", N_("Today"), "today", "", _today, everybody, deadlines.count_mine),
    Place("residents", N_("Residents"), "residents", "", _residents, readers_of(Person)),
    Place("house", N_("House"), "house", "", _house, readers_of(Bed)),
    Place("calendar", N_("Calendar"), "calendar", "", _calendar, readers_of(Appointment)),
    Place(
        "counselling",
        N_("Counselling"),
        "counselling",
        _CASEWORK,
        _counselling,
        _counsels,
        counselling_week.waiting,
    ),
    Place("court", N_("Court"), "court", _CASEWORK, _court, readers_of(LegalCase)),
    Place(
        "aftercare",
        N_("Aftercare"),
        "aftercare",
        _CASEWORK,
        _aftercare,
        readers_of(FollowupContact),
        aftercare.waiting,
    ),
    Place("documents", N_("Documents"), "document", _CASEWORK, _documents, readers_of(Document)),
    Place("directory", N_("Directory"), "directory", _OFFICE, _directory, readers_of(Partner)),
    Place("staff", N_("Staff"), "staff", _OFFICE, _staff, everybody),
    Place(
        "audit",
        N_("Audit trail"),
        "history",
        _OFFICE,
        _audit,
        holders_of("manager", "dpo", "counsellor", "clinical_supervisor"),
    ),
    Place("backups", N_("Backups"), "backup", _OFFICE, _backups, everybody),
    Place(
        "rights",
        N_("Data protection"),
        "shield",
        _OFFICE,
        _rights,
        _protects_data,
    ),
    Place("settings", N_("Settings"), "settings", _OFFICE, _settings, everybody),
    Place("guide", N_("Guide"), "help", _OFFICE, _guide, everybody),
    Place(
        "resident",
        N_("Resident"),
        "person",
        None,
        _resident,
        readers_of(Person),
        under="residents",
    ),
    Place("plan", N_("Care plan"), "plan", None, _care_plan, readers_of(CarePlan)),
    Place(
        "summary",
        N_("Court-support summary"),
        "document",
        None,
        _court_summary,
        writers_of(Document),
        under="documents",
    ),
)

NEW_ACTIONS: Final[tuple[NewAction, ...]] = (
    NewAction("resident", N_("Resident…"), "person", "residents", writers_of(Person)),
    NewAction("stay", N_("Admission to a bed…"), "house", "house", writers_of(Stay)),
    NewAction(
        "session",
        N_("Counselling session…"),
        "counselling",
        "counselling",
        holders_of(*counselling.PLANNERS),
    ),
    NewAction("legal_case", N_("Legal case…"), "court", "court", writers_of(LegalCase)),
)

_RESIDENT_TABS: Final = (
    _Tab("stay", N_("Stay & house"), _house, Stay),
    _Tab("plan", N_("Plan & services"), _care_plan, CarePlan),
    _Tab("counselling", N_("Counselling"), _counselling, CounsellingSession),
    _Tab("court", N_("Court"), _court, LegalCase),
    _Tab("aftercare", N_("Aftercare"), _aftercare, FollowupContact),
    _Tab("documents", N_("Documents"), _documents, Document),
)


_DRAFT_PLACES: Final = {
    "person": "residents",
    "person_background": "resident",
    "sealed_identity": "resident",
    "identity_document": "resident",
    "identity_document_number": "resident",
    "consent_giver_name": "resident",
    "whereabouts": "resident",
    "consent_paper": "resident",
    "identity_paper_copy": "resident",
    "face_photo": "resident",
    "consent": "resident",
    "risk_assessment": "resident",
    "care_plan": "resident",
    "plan_goal": "resident",
    "plan_action": "resident",
    "plan_review": "resident",
    "counselling_session": "counselling",
    "counselling_note": "counselling",
    "counselling_enrolment": "counselling",
    "counselling_leaving": "counselling",
    "after_accompaniment": "counselling",
    "appointment": "counselling",
    "legal_case": "court",
    "case_survivor": "court",
    "suspect": "court",
    "suspect_photo": "court",
    "charge": "court",
    "police_contact": "court",
    "court_event": "court",
    "accompaniment": "court",
    "stay": "house",
    "placement": "house",
    "absence": "house",
    "followup_contact": "aftercare",
    "safe_contact": "aftercare",
    "closure": "aftercare",
    "document": "documents",
    "partner": "directory",
    "deadline_times": "settings",
    "covering": "settings",
}


def place_of_draft(table: str) -> str:
    """Return the place whose editor takes a draft of this record type up again, or ''."""
    return _DRAFT_PLACES.get(table, "")


def places_for(actor: Actor) -> tuple[Place, ...]:
    """Return the places this worker may see; the others do not exist for her."""
    return tuple(place for place in PLACES if place.visible(actor))


def new_actions_for(actor: Actor) -> tuple[NewAction, ...]:
    """Return what this worker may start from the + New menu."""
    there = {place.key for place in places_for(actor)}
    return tuple(a for a in NEW_ACTIONS if a.place in there and a.visible(actor))


def resident_tabs() -> tuple[ResidentTab, ...]:
    """Return the tabs that other features fill on the resident page, in the language in use."""
    return tuple(
        ResidentTab(
            tab.key,
            _(tab.label),
            partial(_build_tab, tab.feature),
            readers_of(tab.kind),
            tab.kind.table,
        )
        for tab in _RESIDENT_TABS
    )


def _build_tab(feature: Feature, context: Context, person_id: int) -> QWidget:
    tab: QWidget = feature().resident_tab(context, person_id)
    return tab
