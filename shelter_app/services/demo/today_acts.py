"""What makes today's screen of the demo house look alive: things due, late, coming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.legal import CourtEvent, Suspect
from shelter_app.domain.stay import Placement
from shelter_app.services import case_survivors, court, court_summary, documents, summary_choices
from shelter_app.services.demo.acts import Story
from shelter_app.services.demo.court_acts import go_along
from shelter_app.services.work import Work

_FIRST_HOURS: Final = (time(14, 30), time(9), time(9), time(10))
_SATURDAY: Final = 5
_SHARED_PLACE: Final = 2
"""The case that two residents share is the one whose hearing is in six days."""


def add(stories: Sequence[Story]) -> None:
    """Add the coming court dates, an order that expires, papers in every state."""
    in_court = [s for s in stories if s.life.legal and s.life.legal.reach == "charged"]
    by_nearness = sorted(in_court, key=lambda s: (not s.life.is_here, -s.life.number))
    for place, story in enumerate(by_nearness):
        _coming_hearing(story, place)
    _shared_case(by_nearness, stories)
    for story in stories:
        if story.standing == 2:
            _order_expires(story)
        if story.standing in (1, 6):
            _conference(story)
    for place, story in enumerate(in_court[-4:]):
        _paper(story, place)
    withdrawn = [s for s in stories if s.life.legal and s.life.legal.reach == "reported"]
    if withdrawn:
        _never_charged(min(withdrawn, key=lambda s: s.life.stays[0].came))


def _coming_hearing(story: Story, place: int) -> None:
    """The first is today with a companion, the second tomorrow without one, the rest later."""
    days = (0, 1, 6, 12)[place] if place < len(_FIRST_HOURS) else 14 + place
    hour = _FIRST_HOURS[place] if place < len(_FIRST_HOURS) else time(9)
    day = story.now.date() + timedelta(days=days)
    while place > 1 and day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    moment = datetime.combine(day, hour)

    def run(work: Work) -> None:
        event = court.add_court_event(
            work,
            CourtEvent(
                legal_case_id=story.ids["case"],
                starts_at=moment,
                leave_house_at=moment - timedelta(minutes=90),
                court_station="MSA-SHANZU",
                type="mention" if place == 0 else "testimony",
                survivor_required=True,
                special_measures_requested=("intermediary", "screen", "recess"),
                intermediary_status="appointed",
            ),
        )
        if place != 1:
            go_along(work, event.id, story.lawyer.staff_id)

    if moment > story.now:
        story.do(story.now - timedelta(minutes=45), story.lawyer, "coming", run)


def _never_charged(story: Story) -> None:
    """The house kept the accused of its oldest withdrawn case for a shorter time; it is over."""

    def run(work: Work) -> None:
        suspect = work.get(Suspect, story.ids["suspect"])
        until = work.today - timedelta(days=12)
        work.save(replace(suspect, retain_until=until), by_program=True)

    story.do(story.now - timedelta(minutes=40), story.lawyer, "never charged", run)


def _shared_case(in_court: Sequence[Story], stories: Sequence[Story]) -> None:
    """Let one of the residents join the case of another: both are expected at its next date."""
    others = [story for story in stories if story.life.is_here and story.life.legal is None]
    if len(in_court) <= _SHARED_PLACE or not others:
        return
    first, other = in_court[_SHARED_PLACE], others[0]

    def run(work: Work) -> None:
        entry = case_survivors.new(work, first.ids["case"])
        case_survivors.save(work, replace(entry, person_id=other.person_id))

    first.do(first.now - timedelta(minutes=50), first.lawyer, "joined", run)


def _order_expires(story: Story) -> None:
    def run(work: Work) -> None:
        placement = work.get(Placement, story.ids["stay"])
        work.save(
            replace(
                placement,
                legal_basis="court_order",
                order_number="211/2026",
                order_court="MSA-TONONOKA",
                order_expires_on=story.now.date() + timedelta(days=7),
            )
        )

    story.do(story.now - timedelta(minutes=40), story.manager, "order", run)


def _conference(story: Story) -> None:
    moment = datetime.combine(story.now.date(), time(16))

    def run(work: Work) -> None:
        work.save(
            Appointment(
                person_id=story.person_id,
                kind="review" if story.standing == 1 else "conference",
                starts_at=moment + timedelta(days=0 if story.standing == 1 else 2),
                staff_id=story.worker.staff_id,
                person_goes=True,
                room="Office",
            )
        )

    story.do(story.now - timedelta(minutes=35), story.worker, "conference", run)


def _paper(story: Story, place: int) -> None:
    """Two issued summaries, one that waits for approval, one draft."""
    start = story.now - timedelta(days=6, minutes=place)

    def prepare(work: Work) -> None:
        draft = court_summary.start(work, story.ids["case"])
        document = replace(
            draft.document,
            survivor_review="agrees",
            survivor_review_on=work.today,
            legal_basis="" if draft.consents else "Request of the prosecutor under the Act",
        )
        draft = court_summary.save_draft(work, document, draft.choices)
        for point in draft.unsettled:
            choices = summary_choices.remove_line(draft.choices, point)
            draft = court_summary.save_draft(work, draft.document, choices)
        story.ids["document"] = draft.document.id
        if place < 3 and not draft.blocks:
            court_summary.send_for_approval(work, draft.document.id)

    def issue(work: Work) -> None:
        court_summary.approve(work, story.ids["document"])
        documents.issue(work, story.ids["document"], copies=2, received_by="Registry")

    story.do(start, story.lawyer, "summary", prepare)
    if place < 2:
        story.do(start + timedelta(hours=3), story.manager, "issue", issue)
