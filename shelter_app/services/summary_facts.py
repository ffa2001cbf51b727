"""The sentences of a court-support summary, each made from one dated record or a count of them.

Nothing is copied from a note: what a record says in free words stays in the house. The exceptions
are texts that are public already (a count on the charge sheet) or meant for the paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from shelter_app.domain import codelists
from shelter_app.domain.charges import statutory_title
from shelter_app.domain.counselling import HELD, OFFERED, CounsellingSession
from shelter_app.domain.court_summary import SECTIONS, Line, SaidForPaper, Section
from shelter_app.domain.day_words import long_day, long_moment, month_of
from shelter_app.domain.legal import (
    NOT_RECORDED,
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    Suspect,
)
from shelter_app.domain.person import (
    ADULT_AGE,
    IdentityDocument,
    Person,
    PersonBackground,
    age_band,
    age_on,
)
from shelter_app.domain.record import Record
from shelter_app.domain.stay import Placement, Stay
from shelter_app.i18n import N_, _, ngettext
from shelter_app.services.records import masked
from shelter_app.services.work import Work

_USUAL_COURT_LANGUAGES: Final = frozenset({"eng", "swa"})
_NOT_OPEN_TO_BAIL: Final = ("bailed",)


@dataclass(frozen=True)
class Facts:
    """The records a summary is made from, loaded once."""

    person: Person
    background: PersonBackground | None
    stays: tuple[Stay, ...]
    placements: dict[int, Placement]
    sessions: tuple[CounsellingSession, ...]
    case: LegalCase
    suspects: tuple[Suspect, ...]
    charges: tuple[Charge, ...]
    events: tuple[CourtEvent, ...]
    companions: dict[int, list[Accompaniment]]
    papers: tuple[IdentityDocument, ...]
    today: date

    @property
    def is_child(self) -> bool:
        """Say whether she is under 18, by birth date or else by the age band of the house."""
        birth = self.background.birth_date if self.background else None
        if birth:
            return age_on(birth, self.today) < ADULT_AGE
        return self.person.age_band not in ("18-24", "25plus", "")

    @property
    def age_band(self) -> str:
        """Return her band of today: the house's own is not kept up after she has left."""
        birth = self.background.birth_date if self.background else None
        return age_band(birth, self.today) if birth else self.person.age_band


def load(work: Work, case_id: int) -> Facts:
    """Return what this worker may use for a summary of a case."""
    case = work.get(LegalCase, case_id)
    person = work.get(Person, case.person_id)
    stays = work.matching(Stay, order=("-admitted_at",), person_id=person.id)
    events = [
        event
        for event in work.matching(CourtEvent, order=("starts_at",), legal_case_id=case_id)
        if not event.superseded
    ]
    companions: dict[int, list[Accompaniment]] = {}
    for companion in work.matching(Accompaniment, person_id=person.id):
        companions.setdefault(companion.court_event_id, []).append(companion)
    return Facts(
        person=person,
        background=_background(work, person.id),
        stays=tuple(stays),
        placements=work.many(Placement, [stay.id for stay in stays]),
        sessions=tuple(
            work.matching(CounsellingSession, order=("starts_at",), person_id=person.id)
        ),
        case=case,
        suspects=tuple(work.matching(Suspect, legal_case_id=case_id)),
        charges=tuple(work.matching(Charge, order=("count_no",), legal_case_id=case_id)),
        events=tuple(events),
        companions=companions,
        papers=tuple(work.matching(IdentityDocument, person_id=person.id)),
        today=work.today,
    )


def _background(work: Work, person_id: int) -> PersonBackground | None:
    found = work.find(PersonBackground, person_id)
    return masked(work, found) if found is not None else None


def sections(facts: Facts, pseudonym: str, typed: SaidForPaper) -> tuple[Section, ...]:
    """Return every section that has something to say, in the language in use."""
    made: dict[str, list[Line]] = {
        "person": _person(facts, pseudonym),
        "placement": _placement(facts, typed),
        "support": _support(facts),
        "position": _position(facts),
        "attendance": _attendance(facts),
        "measures": _measures(facts),
        "availability": _said(typed.availability),
        "safety": _safety(facts, typed),
        "papers": _papers(facts),
        "wishes": [Line(_("“{words}”").format(words=typed.wishes.strip()))] if typed.wishes else [],
    }
    return tuple(Section(key, _(title), tuple(made[key])) for key, title in SECTIONS if made[key])


def _from(record: Record, text: str) -> Line:
    return Line(text, record.table, record.id, record.revision)


def _said(sentence: str) -> list[Line]:
    return [Line(sentence.strip())] if sentence.strip() else []


def _person(facts: Facts, pseudonym: str) -> list[Line]:
    person, background = facts.person, facts.background
    who = [codelists.label("sex", person.sex)]
    if facts.age_band:
        who.append(_("{band} years").format(band=codelists.label("age_band", facts.age_band)))
    if background and background.nationality:
        who.append(codelists.label("nationality", background.nationality))
    basis = _("Referred to in this paper as “{name}” (Victim Protection Act s.8).").format(
        name=pseudonym
    )
    lines = [Line(basis), _from(person, ", ".join(who) + ".")]
    spoken = codelists.labels("language", (person.language_main, *person.language_other))
    lines.append(_from(person, _("Speaks {languages}.").format(languages=spoken)))
    if person.disability and person.disability != ("none",):
        needs = codelists.labels("disability", person.disability)
        lines.append(_from(person, _("Needs support because of: {needs}.").format(needs=needs)))
    return lines


def _placement(facts: Facts, typed: SaidForPaper) -> list[Line]:
    lines: list[Line] = []
    for stay in facts.stays[:1]:
        assert stay.admitted_at is not None
        until = stay.exited_at.date() if stay.exited_at else facts.today
        days = (until - stay.admitted_at.date()).days
        since = month_of(stay.admitted_at)
        if stay.exited_at:
            told = ngettext(
                "Was in the care of the organisation from {since}, for {days} day.",
                "Was in the care of the organisation from {since}, for {days} days.",
                days,
            )
        else:
            told = ngettext(
                "In the care of the organisation, in a protected place, since {since}"
                " ({days} day).",
                "In the care of the organisation, in a protected place, since {since}"
                " ({days} days).",
                days,
            )
        lines.append(_from(stay, told.format(since=since, days=days)))
        placement = facts.placements.get(stay.id)
        if placement and placement.legal_basis:
            lines.append(_from(placement, _basis(placement)))
    return [*lines, *_said(typed.welfare)]


def _basis(placement: Placement) -> str:
    basis = codelists.label("legal_basis", placement.legal_basis)
    if not placement.order_number:
        return _("Legal basis: {basis}.").format(basis=basis)
    court = codelists.label("court_stations_ke", placement.order_court)
    if not court:
        return _("Legal basis: {basis}, {number}.").format(
            basis=basis, number=placement.order_number
        )
    return _("Legal basis: {basis}, {number}, {court}.").format(
        basis=basis, number=placement.order_number, court=court
    )


def _support(facts: Facts) -> list[Line]:
    lines: list[Line] = []
    offered = [s for s in facts.sessions if s.status in OFFERED]
    held = [s for s in offered if s.status in HELD]
    if offered and offered[0].starts_at:
        lines.append(
            Line(
                _("Counselling: {held} of {offered} sessions attended since {since}.").format(
                    held=len(held), offered=len(offered), since=month_of(offered[0].starts_at)
                ),
                "counselling_session",
                offered[-1].id,
                offered[-1].revision,
            )
        )
    went = [event for event in facts.events if facts.companions.get(event.id) and event.is_past()]
    if went:
        told = ngettext(
            "Accompanied to court on {count} date.",
            "Accompanied to court on {count} dates.",
            len(went),
        )
        lines.append(_from(went[-1], told.format(count=len(went))))
    return lines


def _position(facts: Facts) -> list[Line]:
    case = facts.case
    lines: list[Line] = []
    if case.ob_number and case.ob_date:
        told = _("Reported to the police on {day}, {ob}.").format(
            day=long_day(case.ob_date), ob=_ob_text(case.ob_number)
        )
        lines.append(_from(case, told))
    elif case.ob_number:
        told = _("Reported to the police, {ob}.").format(ob=_ob_text(case.ob_number))
        lines.append(_from(case, told))
    for suspect in facts.suspects:
        if suspect.arrested_on:
            told = _("Accused {number} was arrested on {day}.").format(
                number=suspect.accused_no, day=long_day(suspect.arrested_on)
            )
            lines.append(_from(suspect, told))
    lines += [_from(charge, _charge_text(charge)) for charge in facts.charges]
    stage = codelists.label("legal_case_stage", case.stage)
    lines.append(_from(case, _("Stage: {stage}.").format(stage=stage)))
    coming = next((event for event in facts.events if not event.is_past()), None)
    if coming and coming.starts_at:
        told = _("Next date: {moment}, {kind}.").format(
            moment=long_moment(coming.starts_at),
            kind=codelists.label("court_event_type", coming.type).lower(),
        )
        lines.append(_from(coming, told))
    return lines


def _ob_text(number: str) -> str:
    return number if number.upper().startswith("OB") else f"OB {number}"


def _charge_text(charge: Charge) -> str:
    row = codelists.code_list("charges_ke").row(charge.charge_code)
    what = charge.charge_text
    if row is not None:
        title = statutory_title(row.label)
        what = f"{title}, {row.more.get('act', '')} {row.more.get('section', '')}".strip()
    told = _("Count {number}: {what}.").format(number=charge.count_no, what=what)
    if charge.plea and charge.plea_on:
        told += " " + _("Plea {plea}, {day}.").format(
            plea=codelists.label("plea", charge.plea).lower(), day=long_day(charge.plea_on)
        )
    return told


def _attendance(facts: Facts) -> list[Line]:
    required = [e for e in facts.events if e.survivor_required and e.is_past()]
    lines: list[Line] = []
    if required:
        told = ngettext(
            "The survivor was asked to come on {count} court date so far.",
            "The survivor was asked to come on {count} court dates so far.",
            len(required),
        )
        lines.append(_from(required[-1], told.format(count=len(required))))
    adjourned = [e for e in facts.events if e.outcome == "adjourned"]
    if adjourned:
        reasons = Counter(e.adjourn_reason for e in adjourned if e.adjourn_reason)
        told = ngettext(
            "The case was adjourned {count} time: {reasons}.",
            "The case was adjourned {count} times: {reasons}.",
            len(adjourned),
        ).format(count=len(adjourned), reasons=_reasons(reasons))
        lines.append(_from(adjourned[-1], told))
    testified = [
        e
        for e in facts.events
        if e.type == "testimony" and e.outcome not in ("", NOT_RECORDED, "adjourned")
    ]
    for event in testified:
        if event.starts_at:
            day = long_day(event.starts_at.date())
            told = _("The survivor testified on {day}.").format(day=day)
            lines.append(_from(event, told))
    return lines


def _reasons(reasons: Counter[str]) -> str:
    return ", ".join(
        f"{codelists.label('adjournment_reason', code).lower()} ({count})"
        for code, count in reasons.most_common()
    )


def _measures(facts: Facts) -> list[Line]:
    lines: list[Line] = []
    for label, pick in _MEASURES:
        event = next((e for e in reversed(facts.events) if pick(e)), None)
        if event is not None:
            measures = codelists.labels("special_measure", pick(event))
            lines.append(_from(event, _(label).format(measures=measures)))
    lines += _witness_steps(facts.events)
    person = facts.person
    if person.language_main not in _USUAL_COURT_LANGUAGES:
        language = codelists.label("language", person.language_main)
        told = _("Interpreter needed: {language}.").format(language=language)
        lines.append(_from(person, told))
    return lines


def _requested(event: CourtEvent) -> tuple[str, ...]:
    return event.special_measures_requested


def _granted(event: CourtEvent) -> tuple[str, ...]:
    return event.special_measures_granted


_MEASURES: Final[tuple[tuple[str, Callable[[CourtEvent], tuple[str, ...]]], ...]] = (
    (N_("Asked for: {measures}."), _requested),
    (N_("Granted: {measures}."), _granted),
)


def _witness_steps(events: Iterable[CourtEvent]) -> list[Line]:
    lines: list[Line] = []
    for event in events:
        if event.declared_vulnerable_on:
            told = _("Declared a vulnerable witness on {day} (Sexual Offences Act s.31).").format(
                day=long_day(event.declared_vulnerable_on)
            )
            lines.append(_from(event, told))
        if event.s32_notice_on:
            told = _("Notice under s.32 given on {day}.").format(day=long_day(event.s32_notice_on))
            lines.append(_from(event, told))
    last = next((e for e in reversed(list(events)) if e.intermediary_status), None)
    if last is not None:
        status = codelists.label("intermediary_status", last.intermediary_status).lower()
        lines.append(_from(last, _("Intermediary: {status}.").format(status=status)))
    return lines


def _safety(facts: Facts, typed: SaidForPaper) -> list[Line]:
    lines: list[Line] = []
    if typed.safety:
        lines.append(Line(_("The survivor fears contact: see the sealed sheet.")))
    for suspect in facts.suspects:
        if suspect.bail_on and suspect.status in _NOT_OPEN_TO_BAIL:
            told = _("Accused {number} has been on bail since {day}.").format(
                number=suspect.accused_no, day=long_day(suspect.bail_on)
            )
            lines.append(_from(suspect, told))
    return lines


def _papers(facts: Facts) -> list[Line]:
    return [
        _from(
            paper,
            _("{paper}: {holder}.").format(
                paper=codelists.label("id_document_type", paper.doc_type),
                holder=codelists.label("document_holder", paper.holder).lower(),
            ),
        )
        for paper in facts.papers
    ]
