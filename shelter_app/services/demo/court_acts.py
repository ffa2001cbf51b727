"""Police and court in the demo house: reports, arrests, charges, hearings, companions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.legal import (
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.services import after_accompaniment, companions, court
from shelter_app.services.demo.acts import Story
from shelter_app.services.work import Work

_COURTS: Final = ("MSA-SHANZU", "MSA-LAW", "MSA-TONONOKA")
_STATIONS: Final = ("Nyali Police Station", "Bamburi Police Station", "Changamwe Police Station")
_REASONS: Final = ("prosecutor", "police_file", "witness_absent", "advocate_absent", "time")
_CHARGES: Final = {
    "csec": ("SOA-15", "Child prostitution contrary to section 15(a) of the Sexual Offences Act"),
    "domestic_servitude": ("CTIP-3", "Trafficking in persons contrary to section 3(1)"),
}
_OTHER_CHARGE: Final = ("SOA-8-3", "Defilement contrary to section 8(1) read with section 8(3)")
_ADJOURNED_SHARE: Final = 0.438
_ALONE_SHARE: Final = 0.06
_LONG_TRIAL_EACH: Final = 9
_ASKED_BEFORE: Final = 20
"""Days ago: of later testimonies Today still asks."""
_SAID: Final = (
    "Glad it is over. The screen helped, the waiting did not. Slept in the afternoon.",
    "Angry that it took so long. Walked home instead of driving, which did her good.",
    "Shook at first. Looked at the social worker when she could not go on.",
)


def add(story: Story) -> None:
    """Add the course of her case, as far as it came."""
    course = story.life.legal
    if course is None:
        return
    came = story.life.stays[0].came
    reported = came.date() - timedelta(days=1)
    if course.reach == "stalled" and story.life.is_here:
        told_later = story.now.date() - timedelta(days=148 + story.life.number % 30)
        reported = max(reported, told_later)
    opened = max(came + timedelta(days=1), _at(reported, 10))
    story.do(opened, story.lawyer, "open case", lambda work: _open(story, work, reported))
    if course.reach in ("reported", "stalled"):
        _police(story, opened, story.now, stalled=course.reach == "stalled")
        if course.reach == "reported":
            _withdrawn(story, opened + timedelta(days=70))
        elif not story.life.is_here:
            _withdrawn(story, opened + timedelta(days=200))
        return
    arrested = reported + timedelta(days=10 + story.life.number % 70)
    if course.reach == "charged" and story.life.number % _LONG_TRIAL_EACH:
        recently = story.now.date() - timedelta(days=120 + story.life.number % 50)
        arrested = max(arrested, recently)
    _police(story, opened, _at(arrested, 9), stalled=False)
    story.do(_at(arrested, 15), story.lawyer, "arrest", lambda work: _arrest(story, work))
    charged = arrested + timedelta(days=2)
    story.do(_at(charged, 12), story.lawyer, "charge", lambda work: _charge(story, work))
    _hearings(story, charged, course.hearings)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))


def _open(story: Story, work: Work, reported: date) -> None:
    number = story.life.number
    case = court.open_case(
        work,
        LegalCase(
            person_id=story.person_id,
            case_type="criminal_sexual",
            short_title=f"Court matter {chr(65 + number % 26)}",
            stage="02_reported",
            stage_when_joined="02_reported",
            ob_number=f"OB {10 + number % 60}/{reported:%d/%m/%Y}",
            ob_date=reported,
            police_station=_STATIONS[number % len(_STATIONS)],
            court_station=_COURTS[number % len(_COURTS)],
            lead_staff=work.actor.staff_id,
            opened_on=work.today,
        ),
    )
    story.ids["case"] = case.id
    suspect = court.save_suspect(
        work,
        Suspect(
            legal_case_id=case.id,
            relationship="employer" if number % 2 else "neighbour",
            status="identified",
            influence_note="Known to local officers" if number % 5 == 0 else "",
        ),
    )
    story.ids["suspect"] = suspect.id


def _police(story: Story, start: datetime, end: datetime, *, stalled: bool) -> None:
    def log(kind: str, told: str, promise: str, days: int) -> None:
        def run(work: Work) -> None:
            contact = court.log_police_contact(
                work,
                PoliceContact(
                    legal_case_id=story.ids["case"],
                    at=work.now,
                    by=work.actor.staff_id,
                    type=kind,
                    summary=told,
                    promise=promise,
                    next_on=work.today + timedelta(days=days) if promise else None,
                ),
            )
            if promise and days < (story.now.date() - work.today).days - 2:
                court.settle_promise(work, contact.id)

        story.do(moment, story.lawyer, "police", run)

    moment = start + timedelta(days=9)
    place = 0
    while moment < end and place < 6:
        kind = ("followup_call", "followup_visit", "escalation_ocs")[place % 3]
        promise = "Will call when the file is back from the prosecutor" if place % 2 else ""
        log(kind, "Asked for the state of the file. Officer was on leave.", promise, 14)
        gap = 26 if stalled else 21
        moment += timedelta(days=gap)
        place += 1


def _withdrawn(story: Story, at: datetime) -> None:
    """Some reports end without a case: the family moved, or she did not want it."""

    def run(work: Work) -> None:
        case = work.get(LegalCase, story.ids["case"])
        court.save_case(work, replace(case, stage="20_withdrawn", concluded_on=work.today))

    story.do(at, story.lawyer, "withdrawn", run)


def _arrest(story: Story, work: Work) -> None:
    suspect = work.get(Suspect, story.ids["suspect"])
    _save_suspect(work, suspect, status="in_custody", arrested_on=work.today)


def _save_suspect(work: Work, suspect: Suspect, **changes: Any) -> None:
    court.save_suspect(work, replace(suspect, **changes))


def _charge(story: Story, work: Work) -> None:
    code, words = _CHARGES.get(story.life.primary, _OTHER_CHARGE)
    charge = court.save_charge(
        work,
        Charge(
            legal_case_id=story.ids["case"],
            suspect_id=story.ids["suspect"],
            count_no=1,
            charge_code=code,
            charge_text=words,
            plea="not_guilty",
            plea_on=work.today,
        ),
    )
    story.ids["charge"] = charge.id
    case = work.get(LegalCase, story.ids["case"])
    court.save_case(
        work,
        replace(
            case,
            stage="11_hearing",
            court_case_no=f"SO/E{100 + story.life.number}/{work.today.year}",
        ),
    )


def _hearings(story: Story, charged: date, count: int) -> None:
    course = story.life.legal
    assert course is not None
    open_end = story.now.date() - timedelta(days=3)
    days = (open_end - charged).days
    if count <= 0 or days < count:
        return
    gap = min(days // count, 60)
    for place in range(count):
        day = charged + timedelta(days=gap * (place + 1) - gap // 3)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        last = place == count - 1
        verdict = course.verdict if last else ""
        _hearing(story, _at(day, 9), place, verdict=verdict)


def _hearing(story: Story, moment: datetime, place: int, *, verdict: str) -> None:
    rng = story.rng
    kind = ("mention", "hearing_pw", "testimony", "hearing_pw", "hearing_dw")[place % 5]
    adjourned = not verdict and rng.random() < _ADJOURNED_SHARE
    alone = rng.random() < _ALONE_SHARE

    def plan(work: Work) -> None:
        event = court.add_court_event(
            work,
            CourtEvent(
                legal_case_id=story.ids["case"],
                starts_at=moment,
                leave_house_at=moment - timedelta(minutes=90),
                court_station=_COURTS[story.life.number % len(_COURTS)],
                type="judgment" if verdict else kind,
                survivor_required=place % 40 != 39,
                special_measures_requested=("support_person", "screen", "recess"),
                intermediary_status="appointed" if story.life.number % 5 == 0 else "not_needed",
            ),
        )
        story.ids[f"event{place}"] = event.id
        if not alone:
            go_along(work, event.id, story.lawyer.staff_id)

    def outcome(work: Work) -> None:
        event = work.get(CourtEvent, story.ids[f"event{place}"])
        came_of_it = "judgment" if verdict else ("adjourned" if adjourned else "proceeded")
        court.record_outcome(
            work,
            replace(
                event,
                outcome=came_of_it,
                adjourn_reason=rng.choice(_REASONS) if adjourned else "",
            ),
        )
        if verdict:
            _decide(story, work, verdict)

    def asked(work: Work) -> None:
        going = companions.going_along(work, story.ids[f"event{place}"])
        said = _SAID[(story.life.number + place) % len(_SAID)]
        record = AfterAccompaniment(id=going.id, told_on=work.today, survivor_how=said)
        after_accompaniment.save(work, record)

    story.do(moment - timedelta(days=8), story.lawyer, "court date", plan)
    story.do(moment + timedelta(hours=6), story.lawyer, "outcome", outcome)
    later = moment + timedelta(days=1, hours=5)
    here = any(stay.came < later < (stay.left or story.now) for stay in story.life.stays)
    long_ago = (story.now - moment).days > _ASKED_BEFORE
    if kind == "testimony" and here and long_ago and not (adjourned or alone or verdict):
        story.do(later, story.counsellor, "asked", asked)


def go_along(work: Work, event_id: int, staff_id: int) -> None:
    """Name a companion for a court date."""
    companions.save_accompaniment(
        work,
        Accompaniment(
            court_event_id=event_id,
            staff_id=staff_id,
            role="legal_officer",
            transport="private_car",
            vehicle="House car, driver Ali",
        ),
    )


def _decide(story: Story, work: Work, verdict: str) -> None:
    charge = work.get(Charge, story.ids["charge"])
    convicted = verdict == "convicted"
    court.save_charge(
        work,
        replace(
            charge,
            verdict=verdict,
            verdict_on=work.today,
            sentence_type="years" if convicted else "",
            sentence_years=20 if convicted else None,
        ),
    )
    suspect = work.get(Suspect, story.ids["suspect"])
    _save_suspect(work, suspect, status="convicted" if convicted else "acquitted")
    case = work.get(LegalCase, story.ids["case"])
    court.save_case(work, replace(case, stage="16_concluded", concluded_on=work.today))
