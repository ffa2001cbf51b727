"""Staying in touch after she left: whose turn it is, the safe-contact card, what was heard."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Final

from shelter_app.domain import access, followup_schedule
from shelter_app.domain.access import Action
from shelter_app.domain.aftercare import NOT_YET, FollowupContact, SafeContact, SafeContactNumber
from shelter_app.domain.followup_schedule import Attempt, Tries
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotAllowed, NotFound, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services import closing
from shelter_app.services.work import Work
from shelter_app.storage.questions import aftercare as questions

CHIPS: Final = questions.STANDINGS
CARD_FIRST: Final = N_("Please make the safe-contact card first: how may we reach her safely?")
NO_NUMBER: Final = N_("No number is kept for her.")
RESULT_WANTED: Final = N_("Please say how it went.")
ASKED_FOR_NONE: Final = N_("She asked for no contact. She may always call us.")


@dataclass(frozen=True)
class ContactRow:
    """One line of the list of contacts."""

    contact_id: int
    person_id: int
    name: str
    code: str
    milestone: str
    type: str
    due_on: date | None
    standing: str
    days: int
    attempts: int
    result: str
    done_on: date | None
    worker: str
    reexploitation: str


@dataclass(frozen=True)
class PersonAftercare:
    """A person's aftercare: the card first, then what is owed and what was heard."""

    person: Person
    card: SafeContact | None
    has_number: bool
    may_reveal: bool
    may_write: bool
    contacts: tuple[FollowupContact, ...]
    next_contact: FollowupContact | None
    tries: Tries
    left_on: date | None
    in_residence: bool
    today: date
    may_close: bool = False


@dataclass(frozen=True)
class Recorded:
    """What came of recording a contact."""

    contact: FollowupContact
    stopped: bool
    next_contact: FollowupContact | None


# The list


def contact_ids(work: Work, chip: str, *, mine: bool = False) -> tuple[int, ...]:
    """Return the contacts of a chip in the order of work, those this worker may see."""
    reach = _reach(work, mine=mine)
    if reach is None:
        return ()
    return questions.contact_ids(work.connection, chip, work.today, staff_id=reach)


def chip_counts(work: Work, *, mine: bool = False) -> dict[str, int]:
    """Return how many contacts stand behind each chip."""
    reach = _reach(work, mine=mine)
    if reach is None:
        return dict.fromkeys(CHIPS, 0)
    return {
        chip: questions.contact_count(work.connection, chip, work.today, staff_id=reach)
        for chip in CHIPS
    }


def waiting(work: Work) -> int:
    """Return how many of the worker's own contacts are due or late, for the badge.

    A manager makes few herself: she is told how many of everybody's are late.
    """
    manages = work.actor.has_role("manager") and not work.actor.has_role("social_worker")
    reach = _reach(work, mine=not manages)
    if reach is None:
        return 0
    return sum(
        questions.contact_count(work.connection, chip, work.today, staff_id=reach)
        for chip in (("late",) if manages else ("due", "late"))
    )


def contact_rows(work: Work, ids: tuple[int, ...]) -> tuple[ContactRow, ...]:
    """Return the lines of some contacts, in the order asked for."""
    found = work.many(FollowupContact, ids)
    people = work.many(Person, {contact.person_id for contact in found.values()})
    staff = work.many(Staff, {contact.by for contact in found.values() if contact.by})
    rows = []
    for contact_id in ids:
        contact = found.get(contact_id)
        if contact is None or contact.person_id not in people:
            continue
        person = people[contact.person_id]
        worker = staff.get(contact.by)
        rows.append(
            ContactRow(
                contact.id,
                person.id,
                person.display_alias,
                person.person_no,
                contact.milestone,
                contact.type,
                contact.due_on,
                followup_schedule.standing(contact, work.today),
                (contact.due_on - work.today).days if contact.due_on else 0,
                contact.attempts,
                contact.result,
                contact.done_on,
                worker.alias if worker else "",
                contact.reexploitation,
            )
        )
    return tuple(rows)


def _reach(work: Work, *, mine: bool) -> int | None:
    """Return 0 for every contact, a staff id for one caseload, None for none at all."""
    if not (work.holds("cases") and work.holds("house")):
        return None
    if access.may(work.actor, Action.READ, FollowupContact, assigned=False):
        return work.actor.staff_id if mine else 0
    if access.may(work.actor, Action.READ, FollowupContact, assigned=True):
        return work.actor.staff_id
    return None


# One person


def person_aftercare(work: Work, person_id: int) -> PersonAftercare:
    """Return everything about staying in touch with one person."""
    work.require(Action.READ, FollowupContact, person_id)
    person = work.get(Person, person_id)
    contacts = tuple(work.matching(FollowupContact, order=("due_on", "id"), person_id=person_id))
    owed = [contact for contact in contacts if contact.done_on is None]
    stays = work.matching(Stay, order=("-admitted_at",), limit=1, person_id=person_id)
    left_at = stays[0].exited_at if stays else None
    card = work.find(SafeContact, person_id)
    number = work.rule_find(SafeContactNumber, person_id)
    reaches = _reaches_numbers(work)
    return PersonAftercare(
        person=person,
        card=card if card is not None and not card.voided else None,
        has_number=reaches and number is not None and not number.voided,
        may_reveal=reaches,
        may_write=work.may(Action.WRITE, FollowupContact, person_id),
        contacts=contacts,
        next_contact=owed[0] if owed else None,
        tries=followup_schedule.tries_since_reached(contacts),
        left_on=left_at.date() if left_at else None,
        in_residence=bool(stays) and left_at is None,
        today=work.today,
        may_close=closing.may_close(work, person_id),
    )


def card_draft(work: Work, person_id: int) -> SafeContact:
    """Return the safe-contact card to fill in or change."""
    work.require(Action.WRITE, SafeContact, person_id)
    kept = work.find(SafeContact, person_id)
    if kept is None:
        return SafeContact(id=person_id, person_id=person_id, agreed_on=work.today)
    return dataclasses.replace(kept, voided=False, void_reason="")


def save_card(
    work: Work, card: SafeContact, number: SafeContactNumber | None = None
) -> SafeContact:
    """Keep the card, and with the identity key the number and place behind it.

    An empty number form changes nothing: the number is not shown for editing the card.
    """
    saved = work.save(dataclasses.replace(card, id=card.person_id))
    if number is not None and any((number.contact_name, number.phone, number.address)):
        if not _reaches_numbers(work):
            raise NotAllowed("identity key")
        kept = work.rule_find(SafeContactNumber, card.person_id)
        work.save(
            dataclasses.replace(
                number,
                id=card.person_id,
                person_id=card.person_id,
                revision=kept.revision if kept else 0,
                created_at=kept.created_at if kept else None,
                created_by=kept.created_by if kept else 0,
                contact_name=number.contact_name or (kept.contact_name if kept else ""),
                phone=number.phone or (kept.phone if kept else ""),
                address=number.address or (kept.address if kept else ""),
            ),
            by_program=True,
        )
    return saved


def _reaches_numbers(work: Work) -> bool:
    """Say whether the worker may call: she agreed to it, so the card itself is the reason.

    The number lies at the sealed level; each look is written down, and nobody without the
    identity key and a role that could break the seal gets it.
    """
    return work.may_break(SafeContactNumber)


def reveal_number(work: Work, person_id: int) -> SafeContactNumber:
    """Show the number and place behind the card; who looked and when is written down.

    Runs as a change, because the audit row must be kept before the number is shown.
    """
    work.require(Action.READ, FollowupContact, person_id)
    if not _reaches_numbers(work):
        raise NotAllowed("identity key")
    number = work.rule_find(SafeContactNumber, person_id)
    if number is None:
        raise NotFound(f"safe_contact_number {person_id}")
    if number.voided:
        raise NotPossible(NO_NUMBER)
    work.log("reveal", number, "safe contact number")
    return number


# Contacts


def contact_draft(work: Work, person_id: int, contact_id: int = 0) -> FollowupContact:
    """Return the contact to fill in: a planned one, or an unscheduled one for today."""
    work.require(Action.WRITE, FollowupContact, person_id)
    if contact_id:
        contact = work.get(FollowupContact, contact_id)
        return dataclasses.replace(
            contact, by=work.actor.staff_id, result=NOT_YET, done_on=work.today
        )
    return FollowupContact(
        person_id=person_id,
        stay_id=_last_stay(work, person_id),
        due_on=work.today,
        done_on=work.today,
        type="call",
        by=work.actor.staff_id,
    )


def draft_owner(work: Work, record_id: int) -> tuple[int, int]:
    """Return (person, contact) for a contact's id; a person's own id stands for herself."""
    contact = work.find(FollowupContact, record_id)
    if contact is None:
        return record_id, -1
    return contact.person_id, contact.id


def she_called_draft(work: Work, person_id: int) -> FollowupContact:
    """Return the contact to fill in when she made contact: it fulfils what is owed by now."""
    owed = [
        contact
        for contact in work.matching(FollowupContact, order=("due_on",), person_id=person_id)
        if followup_schedule.standing(contact, work.today) in ("due", "late")
    ]
    draft = contact_draft(work, person_id, owed[-1].id if owed else 0)
    return dataclasses.replace(draft, type=followup_schedule.SURVIVOR_INITIATED)


def record_contact(work: Work, contact: FollowupContact) -> Recorded:
    """Keep how a contact went: reached, not reached (still owed), or unsafe (stopped at once)."""
    hers = contact.type == followup_schedule.SURVIVOR_INITIATED
    card = work.find(SafeContact, contact.person_id)
    if card is None and not hers:
        raise NotPossible(CARD_FIRST)
    if contact.result in ("", NOT_YET):
        raise ValidationFailed((Problem("result", RESULT_WANTED),))
    stopped = contact.result == "unsafe_to_talk"
    owed = contact.result in followup_schedule.ATTEMPT_RESULTS and not hers
    on = contact.done_on or work.today
    if on > work.today:
        raise ValidationFailed((Problem("done_on", N_("This date is in the future.")),))
    if stopped:
        contact = _without_what_was_heard(contact)
    if owed:
        saved = _keep_attempt(work, contact, on)
    else:
        saved = work.save(
            dataclasses.replace(contact, done_on=on, by=contact.by or work.actor.staff_id)
        )
    following = None if owed or contact.next_due is None else _plan_next(work, saved)
    return Recorded(contact=saved, stopped=stopped, next_contact=following)


def plan_contact(work: Work, person_id: int, due_on: date, kind: str = "call") -> FollowupContact:
    """Plan an unscheduled contact."""
    work.require(Action.WRITE, FollowupContact, person_id)
    card = work.find(SafeContact, person_id)
    if card is not None and card.no_contact:
        raise NotPossible(ASKED_FOR_NONE)
    return work.save(
        FollowupContact(
            person_id=person_id,
            stay_id=_last_stay(work, person_id),
            due_on=due_on,
            type=kind,
            by=work.actor.staff_id,
        )
    )


def _keep_attempt(work: Work, contact: FollowupContact, on: date) -> FollowupContact:
    attempt = Attempt(on, contact.type or "call", contact.result)
    return work.save(
        dataclasses.replace(
            contact,
            done_on=None,
            attempts=len(followup_schedule.attempts_of(contact)) + 1,
            attempt_log=followup_schedule.with_attempt(contact, attempt),
            by=contact.by or work.actor.staff_id,
        )
    )


def _without_what_was_heard(contact: FollowupContact) -> FollowupContact:
    return dataclasses.replace(
        contact,
        safe_to_talk=False,
        housing_ok=None,
        income_ok=None,
        school_or_work=None,
        feels_safe=None,
        reexploitation="unknown",
        needs=(),
        action="",
        next_due=None,
    )


def _plan_next(work: Work, made: FollowupContact) -> FollowupContact | None:
    if made.next_due is None or made.next_due <= work.today:
        raise ValidationFailed((Problem("next_due", N_("Please choose a day after today.")),))
    return work.save(
        FollowupContact(
            person_id=made.person_id,
            stay_id=made.stay_id,
            due_on=made.next_due,
            type="call" if made.type == followup_schedule.SURVIVOR_INITIATED else made.type,
            by=made.by,
        )
    )


def _last_stay(work: Work, person_id: int) -> int:
    found = work.matching(Stay, order=("-admitted_at",), limit=1, person_id=person_id)
    return found[0].id if found else 0
