"""Consents, risk, the care plan and counselling of the demo house."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from shelter_app.domain.care_plan import PlanAction, PlanGoal
from shelter_app.domain.consent import Consent
from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingLeaving,
    CounsellingNote,
    CounsellingResult,
    CounsellingSession,
)
from shelter_app.domain.person import IdentityDocument
from shelter_app.domain.risk import RiskAssessment
from shelter_app.services import counselling, counselling_notes, plans, residents
from shelter_app.services.demo import scans
from shelter_app.services.demo.acts import Story
from shelter_app.services.work import Work

_GOALS: Final = (
    ("safety", "I sleep through the night and know whom to call", 2, 3),
    ("legal", "I am ready to speak in court with somebody beside me", 1, 2),
    ("mental", "I use the grounding exercises when I am afraid", 2, 3),
    ("physical", "I finish my treatment and play netball again", 2, 4),
    ("economic_education", "I go back to school in January", 1, 2),
    ("social", "I talk to my grandmother every second week", 2, 3),
)
_STEPS: Final = (
    "Agree on a word that means: come now",
    "Visit the court building",
    "Practise breathing before sleeping",
    "Go to the clinic for the check-up",
    "Ask the school for a place",
    "Call grandmother together",
)
_NOTES: Final = (
    "Came on time, spoke of home. Practised grounding with the five senses.",
    "Drew the house she wants to live in. Sleeps better since the lamp stays on.",
    "Names three people she trusts. Afraid of the day in court; we planned breaks.",
    "Talked about friendship in the house. Laughs more.",
    "Went through what helps when memories come. She chose music.",
    "Looked back on the first session: what changed, what stays with her.",
)
_THEMES: Final = ("engagement", "coping", "court", "relationships", "trauma_work", "ending")

_WHYS: Final = (
    "Says she has told it often enough and wants to be left alone with it for now.",
    "Sunday work at the salon: she chose the training. The door stays open.",
    "Her aunt does not want her to speak about home. Asked whether she wants us to call.",
)


def add(story: Story) -> None:
    """Add what happens in each stay besides sleeping."""
    for number, stay in enumerate(story.life.stays):
        end = stay.left or story.now
        _consents(story, stay.came)
        _risks(story, stay.came, end)
        if number == len(story.life.stays) - 1:
            _plan(story, stay.came, end)
    _papers(story)
    _counselling(story)


def _consents(story: Story, came: datetime) -> None:
    wanted = ["services", "data_processing", "counselling"]
    if story.life.legal is not None:
        wanted.append("share_odpp")
    if story.life.number % 30 == 7:
        wanted.pop(0)

    def run(work: Work) -> None:
        child = story.is_child_at(work.now)
        scanned = story.standing in scans.WITH_PAPERS and came == story.life.stays[-1].came
        for kind in wanted:
            on_paper = scanned and kind == "services"
            kept = work.save(
                Consent(
                    person_id=story.person_id,
                    type=kind,
                    status="given",
                    basis="assent_no_guardian" if child else "consent",
                    giver="self_child_assent" if child else "self_adult",
                    explained_in=story.life.language,
                    explained_by=work.actor.staff_id,
                    method="thumbprint" if on_paper else "verbal_witnessed",
                    given_on=work.today,
                    expires_on=work.today + timedelta(days=365),
                    guardian_not_sought_reason="Guardian not known to be safe" if child else "",
                )
            )
            if on_paper:
                scans.consent_form(work, kept, story.life.alias)

    story.do(came + timedelta(hours=5), story.worker, "consents", run)


def _risks(story: Story, came: datetime, end: datetime) -> None:
    def assess(stage: str, level: str, domain: str, review: int) -> None:
        def run(work: Work) -> None:
            residents.save_risk(
                work,
                RiskAssessment(
                    person_id=story.person_id,
                    stage=stage,
                    done_at=work.now,
                    done_by=work.actor.staff_id,
                    domain=domain,
                    risk_level=level,
                    detail="Somebody asked for her at the market" if level == "high" else "",
                    review_due=work.today + timedelta(days=review),
                ),
            )

        story.do(moment, story.worker, "risk", run)

    first = story.rng.choice(("medium", "medium", "high", "low"))
    moment = came + timedelta(hours=6)
    assess("intake", first, "external_threat", 30)
    moment = came + timedelta(hours=7)
    assess("intake", "low", "self_harm", 360)
    moment = came + timedelta(days=29)
    calmer = {"high": "medium", "medium": "low", "low": "low"}[first]
    while moment < end - timedelta(days=4):
        assess("periodic", calmer, "external_threat", 60)
        moment += timedelta(days=58)


def _papers(story: Story) -> None:
    kinds = {"asylum_seeker": "asylum_seeker_pass", "refugee": "refugee_id"}
    kind = kinds.get(story.life.status, "birth_certificate")
    came = story.life.stays[-1].came

    def run(work: Work) -> None:
        expires = None
        if kind != "birth_certificate":
            soon = 25 if story.life.is_here and story.life.number % 7 == 1 else 300
            expires = story.now.date() + timedelta(days=soon)
        paper = work.save(
            IdentityDocument(
                person_id=story.person_id,
                doc_type=kind,
                holder="shelter_safe" if story.life.is_here else "survivor",
                expires_on=expires,
            )
        )
        if story.standing in scans.WITH_PAPERS and kind == "birth_certificate":
            scans.certificate(work, paper)

    if story.life.number % 3 == 0 or kind != "birth_certificate":
        story.do(came + timedelta(days=3), story.worker, "paper", run)


def _plan(story: Story, came: datetime, end: datetime) -> None:
    days = (end - came).days
    if days < 10 or story.life.number % 23 == 5:
        return
    goals = _GOALS[: 4 + story.life.number % 3]
    made: dict[str, int] = {}

    def begin(work: Work) -> None:
        plan = plans.start(
            work, story.person_id, "I want to learn, to be safe, and to see my sister again."
        )
        made["plan"] = plan.id
        for place, goal in enumerate(goals):
            made.update(_goal_with_step(work, plan.id, place, goal))

    def approve(work: Work) -> None:
        plans.approve(work, made["plan"])

    def tick(place: int) -> None:
        def run(work: Work) -> None:
            plans.tick(work, made[f"action{place}"], True)

        story.do(came + timedelta(days=15 + 4 * place), story.worker, "tick", run)

    story.do(came + timedelta(days=11), story.worker, "plan", begin)
    story.do(came + timedelta(days=12, hours=1), story.manager, "approve plan", approve)
    if days > 12:
        for place in range(len(goals)):
            if (story.life.number + place) % 19 and 15 + 4 * place < days:
                tick(place)
        _reviews(story, came, end, made, len(goals))


def _goal_with_step(
    work: Work, plan_id: int, place: int, wanted: tuple[str, str, int, int]
) -> dict[str, int]:
    domain, words, least, _most = wanted
    goal = plans.save_goal(
        work,
        PlanGoal(
            care_plan_id=plan_id,
            domain=domain,
            goal_text=words,
            due_on=work.today + timedelta(days=120),
            score_start=least,
            score_now=least,
        ),
    )
    action = plans.save_action(
        work,
        PlanAction(
            goal_id=goal.id,
            action=_STEPS[place],
            who=work.actor.staff_id,
            due_on=work.today + timedelta(days=6 + 4 * place),
        ),
    )
    return {f"goal{place}": goal.id, f"action{place}": action.id}


def _reviews(story: Story, came: datetime, end: datetime, made: dict[str, int], goals: int) -> None:
    def run(work: Work) -> None:
        review = plans.new_review(work, made["plan"])
        plans.hold_review(
            work,
            replace(
                review,
                held_on=work.today,
                attendees="Case worker, counsellor, house mother",
                survivor_present=True,
                decisions="Go on; the school place is confirmed for next term.",
            ),
        )
        for place in range(goals):
            goal = work.get(PlanGoal, made[f"goal{place}"])
            most = _GOALS[place][3]
            if goal.score_now is not None and goal.score_now < most:
                work.save(replace(goal, score_now=goal.score_now + 1))

    late = 20 if story.standing % 7 == 6 else 0
    for after in (40, 70, 100, 190, 275, 360, 445, 530, 615):
        moment = came + timedelta(days=after)
        if moment < end - timedelta(days=2 + late):
            story.do(moment, story.worker, "review", run)


def _counselling(story: Story) -> None:
    course = story.life.counselling
    if course is None:
        return
    stay = story.life.stays[-1]
    here = story.life.is_here
    first = stay.came.date() + timedelta(days=3 + story.life.number % 9)
    if course.ending == "in_progress":
        first = story.now.date() - timedelta(days=7 * (course.held + course.missed) + 1)
        first = max(first, stay.came.date() + timedelta(days=1))
    made: dict[str, int] = {}

    def enrol(work: Work) -> None:
        enrolment = counselling.enrol(
            work,
            CounsellingEnrolment(
                person_id=story.person_id,
                programme="six_session",
                counsellor=work.actor.staff_id,
                started_on=work.today,
            ),
        )
        made["enrolment"] = enrolment.id

    story.do(_at(first, 8), story.counsellor, "enrol", enrol)
    statuses = ["done"] * course.held + ["dna"] * course.missed
    story.rng.shuffle(statuses)
    day, last = first, first
    step = _step(story, first, len(statuses))
    for number, status in enumerate(statuses, start=1):
        moment = story.diary.next_free(story.counsellor.staff_id, day)
        _session(story, made, number, moment, status)
        last = max(last, moment.date())
        day = max(day + timedelta(days=step), moment.date() + timedelta(days=1))
    if course.ending == "in_progress" and here:
        _coming(story, made)
    elif course.ending != "in_progress":
        _finish(story, made, last)


def _step(story: Story, first: date, count: int) -> int:
    """Sessions are weekly, or closer when the stay was short."""
    end = (story.life.stays[-1].left or story.now).date()
    room = (end - first).days - 2
    return max(1, min(7, room // max(count, 1)))


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - local wall time


def _session(
    story: Story, made: dict[str, int], number: int, moment: datetime, status: str
) -> None:
    def run(work: Work) -> None:
        session = counselling.schedule(work, _booked(story, made, moment, status))
        if status == "done":
            place = number % len(_NOTES)
            note = CounsellingNote(
                approach="tf_cbt" if story.life.number % 2 else "supportive",
                themes=(_THEMES[place],),
                content=_NOTES[place],
                risk_noted=("none",),
                plan_next="Go on next week",
            )
            counselling_notes.sign(work, session, note)

    story.do(moment + timedelta(hours=1), story.counsellor, "session", run)


def _booked(
    story: Story, made: dict[str, int], moment: datetime, status: str = "scheduled"
) -> CounsellingSession:
    return CounsellingSession(
        enrolment_id=made["enrolment"],
        counsellor=story.counsellor.staff_id,
        starts_at=moment,
        room="Room 2" if story.life.number % 2 else "Garden room",
        status=status,
    )


def _coming(story: Story, made: dict[str, int]) -> None:
    """Book the next session: today, or one of the coming days."""
    day = story.now.date() + timedelta(days=story.standing % 4)
    moment = story.diary.next_free(story.counsellor.staff_id, day)

    def run(work: Work) -> None:
        counselling.schedule(work, _booked(story, made, moment))

    story.do(story.now - timedelta(minutes=50), story.counsellor, "book", run)


def _finish(story: Story, made: dict[str, int], last: date) -> None:
    course = story.life.counselling
    assert course is not None

    def run(work: Work) -> None:
        enrolment = work.get(CounsellingEnrolment, made["enrolment"])
        done = course.ending == "completed"
        change = ("stopped" if course.changed else "reduced") if done else "not_assessed"
        counselling.save_enrolment(
            work,
            replace(
                enrolment,
                completed_on=work.today,
            ),
            CounsellingResult(outcome="completed" if done else "dropped", behaviour_change=change),
            None if done else CounsellingLeaving(drop_reason=_WHYS[story.life.number % len(_WHYS)]),
        )

    story.do(_at(last + timedelta(days=2), 11), story.counsellor, "finish", run)
