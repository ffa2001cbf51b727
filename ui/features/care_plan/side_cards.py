"""Beside the goals: what this version is, what is missing, the reviews and earlier versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shelter_app.domain import codelists
from shelter_app.domain.care_plan import CarePlan
from shelter_app.domain.plan_rules import APPROVED, DRAFT
from shelter_app.i18n import _
from shelter_app.services.plans import PlanTab, PlanView
from ui.kit import day_text
from ui.kit.button import button, label
from ui.kit.card import Card, KeyValueList
from ui.kit.pill import Pill
from ui.kit.row import RowButton, TwoLines

STATUS_ROLE: Final = {"draft": "soon", "approved": "good", "superseded": "neutral"}
Act = Callable[[], object]


def plan_card(view: PlanView, staff: dict[int, str]) -> Card:
    """Return the card that says what this version is."""
    plan = view.plan
    card = Card(_("Version {number}").format(number=plan.version))
    card.setObjectName("PlanCard")
    card.set_aside(
        Pill(codelists.label("plan_status", plan.status), STATUS_ROLE.get(plan.status, "neutral"))
    )
    facts = KeyValueList()
    facts.add(_("Agreed with her"), day_text.show_day(plan.agreed_on) or _("not yet"))
    if plan.exit_direction:
        facts.add(_("Direction"), codelists.label("exit_type", plan.exit_direction))
    facts.add(_("Prepared by"), staff.get(plan.prepared_by, "–"))
    if plan.approved_on:
        words = _("{name}, {day}").format(
            name=staff.get(plan.approved_by, "–"), day=day_text.show_day(plan.approved_on)
        )
        facts.add(_("Approved by"), words, name="PlanCard_approved")
    if plan.next_review:
        facts.add(
            _("Next review"), day_text.show_day(plan.next_review, weekday=True), name="next_review"
        )
    card.add(facts)
    return card


@dataclass(frozen=True)
class ApprovalActs:
    """What can be asked for on the card of the approval."""

    approve: Act
    send_back: Act
    hand_in_again: Act


def readiness_card(view: PlanView, staff: dict[int, str], acts: ApprovalActs) -> QWidget | None:
    """Return what stands in the way of approval, and the buttons of both persons."""
    if view.plan.status != DRAFT:
        return None
    card = Card(_("Approval"))
    card.setObjectName("ReadinessCard")
    went_back = bool(view.plan.sent_back_reason)
    if went_back:
        card.add(label(_sent_back(view.plan, staff), wrap=True, name="ReadinessCard_sent_back"))
    for sentence in view.obstacles:
        shown = label(sentence, "hint", wrap=True, name="ReadinessCard_obstacle")
        shown.setProperty("problem", True)
        card.add(shown)
    for sentence in view.hints:
        card.add(label(sentence, "hint", wrap=True, name="ReadinessCard_hint"))
    if not view.obstacles and not went_back:
        card.add(label(_who_approves(view), wrap=True, name="ReadinessCard_who"))
    ready = not view.obstacles
    if went_back and view.may_write:
        again = button(_("Hand in again"), "ReadinessCard_hand_in", "primary")
        again.setEnabled(ready)
        again.clicked.connect(acts.hand_in_again)
        card.body.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
    elif view.may_approve:
        act = button(_("Approve plan…"), "ReadinessCard_approve", "primary")
        act.setEnabled(ready and not view.prepared_by_me)
        act.clicked.connect(acts.approve)
        card.body.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)
        if ready and not view.prepared_by_me:
            back = button(_("Send back…"), "ReadinessCard_send_back")
            back.clicked.connect(acts.send_back)
            card.body.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
    return card


def _sent_back(plan: CarePlan, staff: dict[int, str]) -> str:
    at = plan.sent_back_at
    return _("{name} sent it back on {day}: {reason}").format(
        name=staff.get(plan.sent_back_by, "–"),
        day=day_text.show_day(at.date()) if at else "–",
        reason=plan.sent_back_reason,
    )


def _who_approves(view: PlanView) -> str:
    if view.prepared_by_me:
        return _("The plan is complete. Somebody else has to approve it: a manager.")
    if view.may_approve:
        return _("The plan is complete. You can approve it.")
    return _("The plan is complete. It waits for a manager to approve it.")


def reviews_card(view: PlanView, hold: Act) -> QWidget | None:
    """Return the reviews held, newest first."""
    if view.plan.status == DRAFT:
        return None
    card = Card(_("Reviews"))
    card.setObjectName("ReviewsCard")
    for review in view.reviews:
        head = _("{day} · {who}").format(
            day=day_text.show_day(review.held_on), who=review.attendees
        )
        card.add(TwoLines(head, review.decisions))
    if not view.reviews:
        card.add(label(_("None held yet."), "mute", name="ReviewsCard_none"))
    if view.may_write and view.plan.status == APPROVED:
        act = button(_("Record a review"), "ReviewsCard_new", "small")
        act.clicked.connect(hold)
        card.body.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)
    return card


def versions_card(tab: PlanTab, choose: Callable[[CarePlan], object]) -> QWidget | None:
    """Return the other versions, to look at."""
    shown = tab.shown.plan.id if tab.shown else 0
    others = [plan for plan in tab.versions if plan.id != shown]
    if not others:
        return None
    card = Card(_("Other versions"))
    card.setObjectName("VersionsCard")
    for plan in others:
        status = codelists.label("plan_status", plan.status)
        words = _("Version {number}").format(number=plan.version)
        row = RowButton(_("{version}, {status}").format(version=words, status=status))
        row.setObjectName("VersionsCard_row")
        day = day_text.show_day(plan.approved_on or plan.agreed_on)
        row.add(TwoLines(words, day), 1)
        row.add(Pill(status, STATUS_ROLE.get(plan.status, "neutral")))
        row.clicked.connect(lambda _on=False, plan=plan: choose(plan))
        card.add(row)
    return card
