"""Police and court: open a case, record what happens, and keep the house calendar in step.

Reading for the pages is in court_pages and hearing_calendar; the rules of stages in
domain.legal_stage. A court date is immutable once it has come: its outcome is recorded once, and
later corrections are amendments that leave the first entry readable.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from string import ascii_uppercase
from typing import Any, Final

from shelter_app.domain import charges as charge_list
from shelter_app.domain import legal_stage
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.court_outcome import OUTCOME_FIELDS
from shelter_app.domain.legal import (
    CONCLUDED,
    NOT_RECORDED,
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.domain.legal_stage import Facts, Track
from shelter_app.domain.person import Person
from shelter_app.errors import NotFound, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_, _
from shelter_app.services import court_attendance
from shelter_app.services.work import Work
from shelter_app.storage.questions import court as questions

USUAL_LENGTH: Final = 180
"""Minutes a court date keeps people away until somebody says otherwise (shelter practice)."""
UNCHARGED_KEPT: Final = timedelta(days=730)
"""How long a person who is never charged is kept (shelter policy, minimum data on others)."""
LEAST_REASON: Final = 10

_ALREADY_PAST: Final = N_("This date has come. Record its outcome, or correct it with a reason.")
_CORRECTED: Final = N_("This entry was corrected since; work on the newer one.")


@dataclass(frozen=True)
class Recorded:
    """A court date with its outcome, and the next date made from it."""

    event: CourtEvent
    next_event: CourtEvent | None = None


# Cases


def new_case(work: Work, person_id: int) -> LegalCase:
    """Return a case to fill in, with a neutral title nobody has used for her yet."""
    work.require(Action.WRITE, LegalCase, person_id)
    return LegalCase(
        person_id=person_id,
        case_type="criminal_sexual",
        short_title=_neutral_title(work, person_id),
        stage="01_no_report",
        lead_staff=work.actor.staff_id,
        opened_on=work.today,
    )


def _neutral_title(work: Work, person_id: int) -> str:
    number = questions.count_of_cases(work.connection, person_id)
    letter = ascii_uppercase[number] if number < len(ascii_uppercase) else str(number + 1)
    return _("Court matter {letter}").format(letter=letter)


def open_case(work: Work, case: LegalCase) -> LegalCase:
    """Open a matter for a person; a known report puts it at the stage 'reported' at least."""
    if not case.person_id:
        raise _wrong("person_id", N_("Whom is it for?"))
    if work.rule_find(Person, case.person_id) is None:
        raise NotFound(f"person {case.person_id}")
    titles = {c.short_title for c in work.rule_matching(LegalCase, person_id=case.person_id)}
    if case.short_title in titles:
        case = replace(case, short_title=_neutral_title(work, case.person_id))
    if case.stage in ("", "01_no_report") and (case.ob_number or case.ob_date):
        case = replace(case, stage="02_reported")
    return save_case(
        work,
        replace(
            case,
            stage_when_joined=case.stage_when_joined or case.stage,
            lead_staff=case.lead_staff or work.actor.staff_id,
            opened_on=case.opened_on or work.today,
        ),
    )


def save_case(work: Work, case: LegalCase) -> LegalCase:
    """Save a case; a stage that ends it carries a day, one that does not carries none."""
    stored = work.find(LegalCase, case.id) if case.revision else None
    if case.stage in CONCLUDED and case.concluded_on is None:
        case = replace(case, concluded_on=work.today)
    elif case.stage not in CONCLUDED and stored and stored.concluded_on == case.concluded_on:
        case = replace(case, concluded_on=None)
    return work.save(case)


def set_stage(work: Work, case_id: int, stage: str) -> LegalCase:
    """Put a case at a stage, by hand or because the facts speak for it."""
    return save_case(work, replace(work.get(LegalCase, case_id), stage=stage))


def facts_of(work: Work, case: LegalCase) -> Facts:
    """Return everything recorded about a case that this worker may read."""
    suspects = work.matching(Suspect, legal_case_id=case.id, order=("accused_no", "id"))
    return Facts(
        case=case,
        suspects=suspects,
        charges=work.matching(Charge, legal_case_id=case.id, order=("count_no", "id")),
        contacts=work.matching(PoliceContact, legal_case_id=case.id, order=("-at", "id")),
        events=work.matching(
            CourtEvent, legal_case_id=case.id, superseded=False, order=("starts_at", "id")
        ),
    )


def stage_track(case: LegalCase) -> Track:
    """Return Reported, Arrest, Charged, Hearing, Judgment, Sentence with the present index."""
    return legal_stage.stage_track(case)


# The accused and the charges


def save_suspect(work: Work, suspect: Suspect) -> Suspect:
    """Save a suspected or accused person; a new one gets the next number in the case."""
    case = _case(work, suspect.legal_case_id)
    if not suspect.revision:
        others = work.rule_matching(Suspect, legal_case_id=case.id)
        number = max((other.accused_no for other in others), default=0) + 1
        suspect = replace(
            suspect, accused_no=number, retain_until=work.today + UNCHARGED_KEPT, voided=False
        )
    return work.save(suspect)


def save_charge(work: Work, charge: Charge) -> Charge:
    """Save a count; without typed text the list's wording stands in until the sheet is seen."""
    stored = work.find(Charge, charge.id) if charge.revision else None
    if charge.charge_code and (stored is None or stored.charge_code != charge.charge_code):
        _refuse_repealed(charge.charge_code)
    chosen = charge_list.charge_choice(charge.charge_code)
    if chosen is not None and not charge.charge_text.strip():
        charge = replace(charge, charge_text=chosen.sheet_text)
    suspect = work.rule_find(Suspect, charge.suspect_id)
    if suspect is not None and suspect.legal_case_id != charge.legal_case_id:
        raise _wrong("suspect_id", N_("This accused belongs to another case."))
    kept = work.save(charge)
    if suspect is not None and suspect.retain_until is not None:
        work.save(replace(suspect, retain_until=None), by_program=True)
    return kept


def _refuse_repealed(code: str) -> None:
    if charge_list.is_repealed(code):
        raise _wrong("charge_code", N_("This section is reported repealed; type the charge."))


# Police


def log_police_contact(work: Work, contact: PoliceContact) -> PoliceContact:
    """Write down a call or visit; what was promised, by when, becomes an alert of its own."""
    _case(work, contact.legal_case_id)
    return work.save(
        replace(contact, at=contact.at or work.now, by=contact.by or work.actor.staff_id)
    )


def settle_promise(work: Work, contact_id: int, on: date | None = None) -> PoliceContact:
    """Note that a promise was kept, or is no longer waited for."""
    contact = work.get(PoliceContact, contact_id)
    return work.save(replace(contact, promise_kept_on=on or work.today))


# Court dates


def new_court_event(work: Work, case_id: int) -> CourtEvent:
    """Return a date to fill in, at the court of the case."""
    case = work.get(LegalCase, case_id)
    earlier = work.matching(CourtEvent, legal_case_id=case_id, order=("-starts_at",), limit=1)
    level = earlier[0].court_level if earlier else ""
    return CourtEvent(
        legal_case_id=case_id,
        person_id=case.person_id,
        court_station=case.court_station,
        court_level=level,
    )


def add_court_event(
    work: Work,
    event: CourtEvent,
    minutes: int = USUAL_LENGTH,
    others: Collection[int] | None = None,
) -> CourtEvent:
    """Add a date, and the time it takes to the house calendar, without what it is for.

    `others` are the further survivors of the case who have to be there; everybody unless said.
    """
    _case(work, event.legal_case_id)
    kept = work.save(replace(event, superseded=False, amends_id=0, amendment_reason=""))
    _keep_in_house(work, kept, minutes)
    wanted = court_attendance.usual(work, kept) if others is None else others
    court_attendance.choose(work, kept, wanted, minutes)
    return kept


def save_court_event(
    work: Work, event: CourtEvent, minutes: int = 0, others: Collection[int] | None = None
) -> CourtEvent:
    """Save a date that is still to come; the house calendar moves with it."""
    if not event.revision:
        return add_court_event(work, event, minutes or USUAL_LENGTH, others)
    stored = work.get(CourtEvent, event.id)
    if stored.superseded:
        raise NotPossible(_CORRECTED)
    if stored.is_past():
        raise NotPossible(_ALREADY_PAST)
    if event.is_past():
        raise _wrong("starts_at", N_("A coming date can only be moved to one that comes."))
    kept = work.save(replace(event, legal_case_id=stored.legal_case_id))
    _keep_in_house(work, kept, minutes)
    if others is not None:
        court_attendance.choose(work, kept, others, minutes)
    return kept


def move_court_event(work: Work, event_id: int, starts_at: datetime) -> CourtEvent:
    """Move a coming date; leaving the house keeps its distance to the start."""
    event = work.get(CourtEvent, event_id)
    leaves = event.leave_house_at
    if leaves and event.starts_at:
        leaves = starts_at - (event.starts_at - leaves)
    return save_court_event(work, replace(event, starts_at=starts_at, leave_house_at=leaves))


def withdraw_court_event(work: Work, event_id: int, reason: str) -> CourtEvent:
    """Take a date back that will not be, or was never recorded; its time leaves the calendar."""
    event = work.get(CourtEvent, event_id)
    if event.is_recorded():
        raise NotPossible(N_("What came of it is recorded. Correct it with a reason instead."))
    if not reason.strip():
        raise NotPossible(N_("Please say why."))
    kept = work.void(CourtEvent, event_id, reason)
    _keep_in_house(work, kept)
    return kept


def record_outcome(work: Work, event: CourtEvent, next_type: str = "") -> Recorded:
    """Write down, once, what came of a date; a next date is put in both calendars at once."""
    stored = work.get(CourtEvent, event.id)
    if stored.superseded:
        raise NotPossible(_CORRECTED)
    if stored.is_recorded():
        raise NotPossible(N_("The outcome is recorded already. Correct it with a reason instead."))
    if event.outcome in ("", NOT_RECORDED):
        raise _wrong("outcome", N_("What came of it?"))
    values = {name: getattr(event, name) for name in OUTCOME_FIELDS}
    kept = work.save(replace(stored, revision=event.revision, **values))
    return Recorded(kept, _next_event(work, kept, next_type))


def _next_event(work: Work, event: CourtEvent, next_type: str) -> CourtEvent | None:
    if event.next_at is None or event.starts_at is None:
        return None
    same = _at(work, event.legal_case_id, event.next_at)
    if same:
        return same[0]
    before = event.starts_at - event.leave_house_at if event.leave_house_at else None
    appointment = work.rule_find(Appointment, event.id)
    return add_court_event(
        work,
        CourtEvent(
            legal_case_id=event.legal_case_id,
            person_id=event.person_id,
            starts_at=event.next_at,
            leave_house_at=event.next_at - before if before else None,
            court_station=event.court_station,
            court_level=event.court_level,
            type=next_type or event.type,
            survivor_required=event.survivor_required,
            special_measures_requested=event.special_measures_requested,
            intermediary_status=event.intermediary_status,
            intermediary_name=event.intermediary_name,
        ),
        (appointment.duration_min if appointment else None) or USUAL_LENGTH,
        court_attendance.people(work, event.id),
    )


def amend_court_event(work: Work, event_id: int, changed: CourtEvent, reason: str) -> CourtEvent:
    """Correct a past date: a new entry stands for it, the first stays readable as corrected."""
    stored = work.get(CourtEvent, event_id)
    if stored.superseded:
        raise NotPossible(_CORRECTED)
    if not stored.is_past():
        raise NotPossible(N_("This date has not come yet; change it as it is."))
    if len(reason.strip()) < LEAST_REASON:
        raise _wrong("amendment_reason", N_("Please say in a few words why it is corrected."))
    fresh: dict[str, Any] = {
        "id": 0,
        "revision": 0,
        "legal_case_id": stored.legal_case_id,
        "person_id": stored.person_id,
        "amends_id": event_id,
        "amendment_reason": reason.strip(),
        "superseded": False,
        "voided": False,
    }
    as_it_was: dict[str, Any] = {
        "revision": stored.revision,
        "amendment_reason": stored.amendment_reason,
    }
    if replace(changed, id=event_id, **as_it_was) == stored:
        raise NotPossible(N_("Nothing was changed."))
    minutes = getattr(work.rule_find(Appointment, event_id), "duration_min", None)
    old = work.save(replace(stored, superseded=True))
    kept = work.save(replace(changed, **fresh))
    court_attendance.pass_on(work, old, kept)
    _keep_in_house(work, kept, minutes or USUAL_LENGTH)
    _keep_in_house(work, old)
    for going in work.rule_matching(Accompaniment, court_event_id=event_id):
        work.save(replace(going, court_event_id=kept.id), by_program=True)
    if kept.next_at != stored.next_at:
        _correct_next(work, kept, stored.next_at, reason)
    return kept


def _correct_next(
    work: Work, event: CourtEvent, wrong_at: datetime | None, reason: str
) -> CourtEvent | None:
    """Let the date that was to follow follow the correction: moved, taken back, or added now."""
    planned = [] if wrong_at is None else _at(work, event.legal_case_id, wrong_at)
    waiting = [one for one in planned if not one.is_past() and not one.is_recorded()]
    if event.next_at is not None and waiting:
        comes = not replace(event, starts_at=event.next_at).is_past()
        if comes and not _at(work, event.legal_case_id, event.next_at):
            return move_court_event(work, waiting[0].id, event.next_at)
    for one in waiting:
        withdraw_court_event(work, one.id, reason)
    return _next_event(work, event, "")


def _at(work: Work, case_id: int, starts_at: datetime) -> list[CourtEvent]:
    """Return the living dates of a case at a moment."""
    return work.rule_matching(
        CourtEvent, legal_case_id=case_id, starts_at=starts_at, superseded=False
    )


def _keep_in_house(work: Work, event: CourtEvent, minutes: int = 0) -> None:
    """Bring the house's appointments in step, hers and the others': the time, never what for."""
    if not work.holds("house"):
        return
    court_attendance.follow(work, event, minutes)
    stored = work.rule_find(Appointment, event.id)
    base = stored or Appointment(id=event.id, kind="court", duration_min=USUAL_LENGTH)
    wanted = replace(
        base,
        person_id=event.person_id,
        starts_at=event.starts_at,
        leave_house_at=event.leave_house_at,
        person_goes=event.survivor_required,
        duration_min=minutes or base.duration_min,
        cancelled=event.superseded or event.voided,
    )
    if stored is None or wanted != stored:
        work.save(wanted, by_program=True)


def _case(work: Work, case_id: int) -> LegalCase:
    case = work.get(LegalCase, case_id)
    work.require(Action.WRITE, LegalCase, case.person_id)
    return case


def _wrong(field: str, sentence: str) -> ValidationFailed:
    return ValidationFailed((Problem(field, sentence),))
