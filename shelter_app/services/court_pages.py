"""What the court pages show, each in one answer: the list, a case, a resident's tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from shelter_app.domain import codelists, legal_course, legal_stage
from shelter_app.domain.access import Action
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.court_attendance import CourtAttendance
from shelter_app.domain.document import Document
from shelter_app.domain.legal import (
    Accompaniment,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.domain.legal_course import CourseStep
from shelter_app.domain.legal_stage import Facts, Standstill, Track
from shelter_app.domain.partner import Partner
from shelter_app.domain.person import Person
from shelter_app.domain.staff import Staff
from shelter_app.services import case_survivors, companions, court_attendance, papers
from shelter_app.services.case_survivors import OtherSurvivor
from shelter_app.services.court import facts_of
from shelter_app.services.work import Work
from shelter_app.storage.questions import court as questions
from shelter_app.storage.questions.court import CaseFilter, NextDate

CHILD_BANDS = ("under10", "10-13", "14-15", "16-17")


@dataclass(frozen=True)
class CaseRow:
    """One line of the case list."""

    id: int
    heading: str
    survivor: str
    stage: str
    stage_code: str
    court: str
    reported_days: int | None
    arrested: bool
    concluded_on: date | None
    lead: str
    next_date: NextDate | None
    companion: str
    """Who goes along to the next date; '' when somebody would go alone."""
    companion_needed: bool


@dataclass(frozen=True)
class Companion:
    """Somebody who goes along, in words, with the record behind it."""

    accompaniment: Accompaniment
    name: str
    clashes: tuple[companions.Clash, ...] = ()


@dataclass(frozen=True)
class Attending:
    """A survivor who goes to a court date: her id in the house calendar, and who goes along."""

    appointment_id: int
    person_id: int
    survivor: str
    companions: tuple[Companion, ...]
    needs_companion: bool


@dataclass(frozen=True)
class Hearing:
    """A court date with its time in the house and who goes along with whom."""

    event: CourtEvent
    minutes: int
    companions: tuple[Companion, ...]
    needs_companion: bool
    """Whether nobody goes along with the survivor the case was opened for."""
    others: tuple[Attending, ...] = ()
    """Further survivors who have to be there, each with company of her own."""

    def somebody_alone(self) -> bool:
        """Say whether any survivor would go without company."""
        return self.needs_companion or any(other.needs_companion for other in self.others)

    def for_survivor(self, person_id: int) -> Hearing:
        """Return the date as it is for one of the survivors."""
        if person_id == self.event.person_id:
            return self
        hers = next((other for other in self.others if other.person_id == person_id), None)
        return replace(
            self,
            event=replace(self.event, survivor_required=hers is not None),
            companions=hers.companions if hers else (),
            needs_companion=bool(hers and hers.needs_companion),
        )


@dataclass(frozen=True)
class CasePage:
    """Everything the page of one case shows."""

    facts: Facts
    heading: str
    survivor: str
    lead: str
    course: tuple[CourseStep, ...]
    track: Track
    proposed_stage: str
    standstill: Standstill | None
    reported_days: int | None
    adjournments: tuple[str, ...]
    hearings: tuple[Hearing, ...]
    staff: Mapping[int, str]
    knows_house: bool
    may_write: bool
    may_assign: bool
    pictures: Mapping[int, int] = field(default_factory=dict)
    """How many pictures of an accused lie beside the case, by the accused."""
    others: tuple[OtherSurvivor, ...] = ()
    """Further survivors whose matter it is too."""

    @property
    def case(self) -> LegalCase:
        """Return the case itself."""
        return self.facts.case

    def hearing(self, event_id: int) -> Hearing | None:
        """Return one court date of the case, also by what stands for it for another survivor."""
        return next(
            (
                hearing
                for hearing in self.hearings
                if event_id == hearing.event.id
                or any(event_id == other.appointment_id for other in hearing.others)
            ),
            None,
        )

    def attending(self, appointment_id: int) -> Attending | None:
        """Return the survivor an outing of the house calendar is for."""
        hearing = self.hearing(appointment_id)
        if hearing is None:
            return None
        own = Attending(
            hearing.event.id,
            self.case.person_id,
            self.survivor,
            hearing.companions,
            hearing.needs_companion,
        )
        all_of_them = (own, *hearing.others)
        return next(one for one in all_of_them if one.appointment_id == appointment_id)

    def next_hearing(self) -> Hearing | None:
        """Return the nearest date to come."""
        return next((h for h in self.hearings if not h.event.is_past()), None)


@dataclass(frozen=True)
class ResidentCase:
    """One matter of a person, for her page."""

    case: LegalCase
    heading: str
    stage: str
    track: Track
    next_hearing: Hearing | None
    standstill: Standstill | None


@dataclass(frozen=True)
class ResidentCourt:
    """The court tab of a resident's page."""

    cases: tuple[ResidentCase, ...]
    may_write: bool


# The list


def case_ids(work: Work, chip: str = "open", typed: str = "") -> list[int]:
    """Return the cases of a chip: open, soon, police, concluded, or mine (those she leads)."""
    work.require(Action.READ, LegalCase)
    wanted = CaseFilter(chip, typed, work.actor.staff_id)
    return questions.case_ids(work.connection, wanted, work.now)


def case_counts(work: Work) -> dict[str, int]:
    """Return the number of cases behind each chip."""
    work.require(Action.READ, LegalCase)
    return questions.counts(work.connection, work.actor.staff_id, work.now)


def case_rows(work: Work, ids: Sequence[int]) -> list[CaseRow]:
    """Return the lines of a page of the list, in the order asked."""
    work.require(Action.READ, LegalCase)
    lines = questions.case_lines(work.connection, ids)
    dates = questions.next_dates(work.connection, ids, work.now)
    staff = work.many(Staff, {line.lead_staff for line in lines.values()})
    others = court_attendance.of_events(work, [found.event_id for found in dates.values()])
    outings: dict[int, list[int]] = {}
    for found in dates.values():
        shared = [one.id for one in others.get(found.event_id, ())]
        outings[found.case_id] = [found.event_id] * found.survivor_required + shared
    going: dict[int, tuple[str, ...]] = {}
    if work.holds("house"):
        going = companions.names_of(work, [key for keys in outings.values() for key in keys])
    return [
        _row(work, lines[case_id], dates.get(case_id), staff, going, outings.get(case_id, []))
        for case_id in ids
        if case_id in lines
    ]


def _row(
    work: Work,
    line: questions.CaseLine,
    next_date: NextDate | None,
    staff: Mapping[int, Staff],
    going: Mapping[int, tuple[str, ...]],
    outings: Sequence[int],
) -> CaseRow:
    number = legal_stage.number_of(line.court_case_no, line.ob_number)
    heading = line.short_title
    if number:
        heading = f"{number} · {line.short_title}"
    accompanied = all(going.get(one) for one in outings)
    named = dict.fromkeys(name for one in outings for name in going.get(one, ()))
    return CaseRow(
        id=line.id,
        heading=heading,
        survivor=survivor_words(line.person_no, line.display_alias),
        stage=codelists.label("legal_case_stage", line.stage),
        stage_code=line.stage,
        court=legal_stage.court_name(line.court_station),
        reported_days=(work.today - line.ob_date).days if line.ob_date else None,
        arrested=line.arrested,
        concluded_on=line.concluded_on,
        lead=staff[line.lead_staff].alias if line.lead_staff in staff else "",
        next_date=next_date,
        companion=", ".join(named) if accompanied else "",
        companion_needed=bool(outings and work.holds("house")),
    )


def survivor_words(person_no: str, alias: str) -> str:
    """Return code and working name as the headers show them."""
    return f"{person_no} “{alias}”" if alias else person_no


# One case


def case_page(work: Work, case_id: int) -> CasePage:
    """Return everything about one case that this worker may read."""
    case = work.get(LegalCase, case_id)
    person = work.rule_find(Person, case.person_id)
    facts = facts_of(work, case)
    hearings = _hearings(work, facts.events)
    knows_house = work.holds("house")
    named = {hearing.event.id: _company(hearing) for hearing in hearings}
    ids = {case.lead_staff, *(contact.by for contact in facts.contacts)}
    staff = {key: found.alias for key, found in work.many(Staff, ids).items()}
    return CasePage(
        facts=facts,
        heading=legal_stage.heading(case, len(facts.suspects)),
        survivor=survivor_words(person.person_no, person.display_alias) if person else "",
        lead=staff.get(case.lead_staff, ""),
        course=legal_course.course_of(facts, work.now, named if knows_house else None),
        track=legal_stage.stage_track(case),
        proposed_stage=legal_stage.proposed_stage(facts),
        standstill=legal_stage.standstill(facts, work.today, is_child=_is_child(person)),
        reported_days=legal_stage.days_since_report(case, work.today),
        adjournments=legal_stage.adjournment_reasons(facts.events),
        hearings=hearings,
        staff=staff,
        knows_house=knows_house,
        may_write=work.may(Action.WRITE, LegalCase, case.person_id),
        may_assign=work.may(Action.WRITE, Accompaniment, case.person_id),
        pictures=papers.count_beside(work, Suspect, [one.id for one in facts.suspects]),
        others=case_survivors.of_case(work, case_id),
    )


def _company(hearing: Hearing) -> str:
    """Return who goes along with any survivor; '' while one of them would go alone."""
    if hearing.somebody_alone():
        return ""
    each = (hearing.companions, *(other.companions for other in hearing.others))
    return ", ".join(dict.fromkeys(one.name for many in each for one in many))


def _is_child(person: Person | None) -> bool:
    return person is not None and person.age_band in CHILD_BANDS


def _hearings(work: Work, events: Sequence[CourtEvent]) -> tuple[Hearing, ...]:
    others = court_attendance.of_events(work, [event.id for event in events])
    ids = [event.id for event in events] + [one.id for many in others.values() for one in many]
    appointments = work.many(Appointment, ids)
    going: dict[int, list[Accompaniment]] = {}
    if work.holds("house") and ids:
        for one in work.matching(Accompaniment, court_event_id=ids, order=("created_at", "id")):
            going.setdefault(one.court_event_id, []).append(one)
    staff = work.many(Staff, {one.staff_id for many in going.values() for one in many})
    people = work.many(Person, {one.person_id for many in others.values() for one in many})

    def named(outing_id: int, *, coming: bool) -> tuple[Companion, ...]:
        looks = coming and outing_id in appointments
        return tuple(
            Companion(
                one,
                companions.name_of(one, staff),
                companions.clashes(work, outing_id, one.staff_id) if looks else (),
            )
            for one in going.get(outing_id, ())
        )

    def attending(one: CourtAttendance, *, coming: bool) -> Attending:
        person = people.get(one.person_id)
        company = named(one.id, coming=coming)
        return Attending(
            one.id,
            one.person_id,
            survivor_words(person.person_no, person.display_alias) if person else "",
            company,
            needs_companion=coming and work.holds("house") and not company,
        )

    found = []
    for event in sorted(events, key=lambda e: (e.starts_at or datetime.max, e.id)):  # noqa: DTZ901
        appointment = appointments.get(event.id)
        coming = not event.is_past()
        company = named(event.id, coming=coming)
        found.append(
            Hearing(
                event=event,
                minutes=(appointment.duration_min if appointment else None) or 0,
                companions=company,
                needs_companion=bool(
                    coming and event.survivor_required and work.holds("house") and not company
                ),
                others=tuple(attending(one, coming=coming) for one in others.get(event.id, ())),
            )
        )
    return tuple(found)


def police_contacts(page: CasePage) -> tuple[PoliceContact, ...]:
    """Return the contacts with those still waited for first, oldest promise first."""
    waiting = [c for c in page.facts.contacts if c.is_waiting()]
    waiting.sort(key=lambda contact: contact.next_on or date.max)
    return (*waiting, *(c for c in page.facts.contacts if not c.is_waiting()))


def person_choices(work: Work, typed: str) -> list[tuple[int, str]]:
    """Return people whose working name or code begins as typed, for the link of a new case."""
    if not work.may(Action.READ, Person):
        return []
    found = questions.persons_beginning(work.connection, typed, 20)
    return [(person_id, survivor_words(number, alias)) for person_id, number, alias in found]


def person_label(work: Work, person_id: int) -> str:
    """Return code and working name of a person."""
    person = work.find(Person, person_id)
    return survivor_words(person.person_no, person.display_alias) if person else ""


def accused_choices(work: Work, typed: str, *, case_id: int) -> list[tuple[int, str]]:
    """Return the accused of a case by their numbers, for a charge's link."""
    found = work.matching(Suspect, legal_case_id=case_id, order=("accused_no",))
    wanted = typed.strip().casefold()
    return [(one.id, one.headline()) for one in found if wanted in one.headline().casefold()]


def accused_label(work: Work, suspect_id: int) -> str:
    """Return the number and status of an accused."""
    found = work.find(Suspect, suspect_id)
    return found.headline() if found else ""


def letter_choices(work: Work, typed: str, *, case_id: int) -> list[tuple[int, str]]:
    """Return the papers of a case, for the letter a contact with the police was about."""
    found = work.matching(Document, legal_case_id=case_id, order=("-created_at", "id"))
    wanted = typed.strip().casefold()
    named = [(one.id, f"{one.doc_no} · {one.headline()}") for one in found]
    return [choice for choice in named if wanted in choice[1].casefold()][:20]


def letter_label(work: Work, document_id: int) -> str:
    """Return number, kind and status of a paper."""
    found = work.find(Document, document_id)
    return f"{found.doc_no} · {found.headline()}" if found else ""


def partner_choices(work: Work, typed: str) -> list[tuple[int, str]]:
    """Return partners whose name contains what was typed, for the watching brief."""
    wanted = typed.strip().casefold()
    found = work.matching(Partner, order=("name",))
    return [(one.id, one.name) for one in found if wanted in one.name.casefold()][:20]


def partner_label(work: Work, partner_id: int) -> str:
    """Return a partner's name."""
    found = work.find(Partner, partner_id)
    return found.name if found else ""


def suspect_number(page: CasePage, suspect_id: int) -> int:
    """Return the number of an accused in this case, 0 when it is not one of them."""
    found: Suspect | None = next((s for s in page.facts.suspects if s.id == suspect_id), None)
    return found.accused_no if found else 0


# A resident's tab


def resident_court(work: Work, person_id: int) -> ResidentCourt:
    """Return a person's matters, open ones first, each with stage, next date and companion."""
    work.require(Action.READ, LegalCase, person_id)
    person = work.rule_find(Person, person_id)
    cases = work.matching(LegalCase, person_id=person_id, order=("-opened_on", "id"))
    cases += case_survivors.cases_of(work, person_id)
    cases.sort(key=lambda case: (not case.is_open(), not legal_stage.is_criminal(case)))
    found = []
    for case in cases:
        facts = facts_of(work, case)
        coming = [event for event in facts.events if not event.is_past()]
        hearings = _hearings(work, coming[:1])
        found.append(
            ResidentCase(
                case=case,
                heading=legal_stage.heading(case, len(facts.suspects)),
                stage=codelists.label("legal_case_stage", case.stage),
                track=legal_stage.stage_track(case),
                next_hearing=hearings[0].for_survivor(person_id) if hearings else None,
                standstill=legal_stage.standstill(facts, work.today, is_child=_is_child(person)),
            )
        )
    return ResidentCourt(tuple(found), work.may(Action.WRITE, LegalCase, person_id))
