"""The main job, step by step for the driver: from the door to a sealed court-support summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox

from shelter_app import clock, i18n
from shelter_app.domain import plan_rules
from shelter_app.i18n import _
from ui.driver import Hand, Ready, Steps
from ui.kit import day_text
from ui.kit.command_palette import CommandPalette

NAME: Final = "Alfajiri"
"""The working name of the person the job is done for."""


@dataclass(frozen=True)
class Cast:
    """Who plays which part, by sign-in name, and their one pass phrase."""

    manager: str
    social_worker: str
    counsellor: str
    legal_officer: str
    phrase: str

    @staticmethod
    def of_demo() -> Cast:
        """Return the demo house's people."""
        from shelter_app.services.demo.house import PASSPHRASE, STAFF

        first = {roles[0]: alias for alias, roles in reversed(STAFF)}
        return Cast(
            manager=first["manager"],
            social_worker=first["social_worker"],
            counsellor=first["counsellor"],
            legal_officer=first["legal_officer"],
            phrase=PASSPHRASE,
        )


def main_job(hand: Hand, cast: Cast) -> Steps:
    """Do everything the main job needs, one step after the other."""
    yield from sign_in(hand, cast.social_worker, cast.phrase)
    yield from new_resident(hand)
    yield from admit(hand, cast)
    yield from open_her_page(hand)
    yield from risk_and_consent(hand)
    yield from first_steps(hand)
    yield from write_plan(hand)
    yield from put_off(hand)
    yield from lock(hand)
    yield from sign_in(hand, cast.counsellor, cast.phrase)
    yield from counselling(hand)
    yield from lock(hand)
    yield from sign_in(hand, cast.legal_officer, cast.phrase)
    yield from open_her_page(hand)
    yield from legal_case(hand)
    yield from hearing(hand, cast)
    yield from prepare_summary(hand)
    yield from mend_summary(hand)
    yield from lock(hand)
    yield from sign_in(hand, cast.manager, cast.phrase)
    yield from approve_plan(hand)
    yield from review_plan(hand)
    yield from issue_summary(hand)
    yield from open_her_page(hand)
    yield from leave_house(hand)
    yield from stay_in_touch(hand)
    yield from recall_summary(hand)
    yield from other_language(hand)


def sign_in(hand: Hand, alias: str, phrase: str) -> Steps:
    """Choose a name, type the pass phrase, wait for the window."""
    yield hand.there("SignIn_passphrase")
    yield lambda: _offers(hand, alias)
    yield hand.fill("SignIn_name", alias)
    yield hand.fill("SignIn_passphrase", phrase)
    hand.tell(f"Sign in as {alias}", "sign-in")
    yield hand.click("SignIn_unlock")
    yield lambda: hand.program.main_window is not None and hand.quiet()
    hand.tell("Signed in: the first page", "first-page")


def lock(hand: Hand) -> Steps:
    """Press the lock button; the door comes back."""
    yield hand.click("TopBar_lock")
    yield lambda: hand.program.main_window is None
    hand.tell("Locked")


def _offers(hand: Hand, alias: str) -> bool:
    boxes = hand.all("SignIn_name", QComboBox)
    return any(
        isinstance(box, QComboBox) and box.isEnabled() and box.findText(alias) >= 0 for box in boxes
    )


def go(hand: Hand, place: str) -> Ready:
    """Go to a place by the side list."""
    return hand.click(f"SideBar_{place}")


def new_resident(hand: Hand) -> Steps:
    """Look first, then record somebody new."""
    yield go(hand, "residents")
    hand.tell("Residents", "residents")
    yield hand.click("ResidentsPage_new")
    yield hand.fill("LookFirst_search", NAME)
    yield hand.there("LookFirst_none")
    hand.tell("Look first: is it one of these?", "look-first")
    yield hand.click("LookFirst_none")
    yield hand.there("display_alias")
    yield hand.fill("display_alias", NAME)
    yield hand.fill("sex", "Female")
    yield hand.fill("language_main", "Swahili")
    yield hand.fill("age_band", "14-15")
    hand.tell("A new resident", "new-resident")
    yield hand.click("editor_save")
    yield hand.gone("display_alias")
    hand.tell("Recorded", "resident")


def admit(hand: Hand, cast: Cast) -> Steps:
    """Give her a bed."""
    yield go(hand, "house")
    hand.tell("The house", "house")
    yield hand.click("HousePage_admit")
    yield hand.there("person_id")
    yield from hand.link("person_id", NAME)
    yield from hand.link("bed_id")
    yield from hand.link("case_manager", cast.social_worker)
    yield from hand.link("counsellor", cast.counsellor)
    yield hand.fill("admission_kind", "New admission")
    yield hand.fill("legal_basis", "Court order (child)")
    yield hand.fill("order_number", "211/2026")
    hand.tell("Admit to a bed", "admit")
    yield hand.click("editor_save")
    yield lambda: bool(hand.all("dialog_yes") or not hand.all("editor_save"))
    if hand.all("dialog_yes"):
        hand.tell("The room is not quite for her: give her this bed?", "admit-question")
        yield hand.click("dialog_yes")
    yield hand.gone("editor_save")
    hand.tell("She has a bed", "bed-board")


def save(hand: Hand) -> Steps:
    """Save what the side editor holds, and wait until it has closed."""
    yield hand.click("editor_save")
    yield hand.gone("editor_save")


def open_her_page(hand: Hand) -> Steps:
    """Find her by the palette: Ctrl+K, a few letters, Enter."""
    yield hand.click("TopBar_find")
    yield hand.there("palette_line")
    yield hand.fill("palette_line", NAME[:6])
    yield lambda: NAME in found_in_palette(hand)
    hand.tell("Find her from anywhere", "palette")
    yield hand.key("palette_line", Qt.Key.Key_Return)
    yield hand.there("ResidentHeader_name")
    hand.tell("Her page", "resident-page")


def found_in_palette(hand: Hand) -> str:
    """Return what the palette shows, as one text."""
    for palette in hand.all("command_palette"):
        if isinstance(palette, CommandPalette):
            return " ".join(item.label for item in palette.items())
    return ""


def risk_and_consent(hand: Hand) -> Steps:
    """Assess a risk and record a consent."""
    yield hand.click("Overview_add_risk_assessment")
    yield hand.there("risk_level")
    yield hand.fill("domain", "Threat from")
    yield hand.fill("risk_level", "Medium")
    yield hand.fill("stage", "Intake")
    yield hand.fill("detail", "He has her telephone number. He does not know this house.")
    hand.tell("A risk assessment", "risk")
    yield from save(hand)
    yield hand.click("Overview_add_consent")
    yield hand.there("giver")
    yield hand.fill("type", "Share with prosecutor")
    yield hand.fill("status", "Given")
    yield hand.fill("basis", "Consent")
    yield hand.fill("giver", "Child (assent)")
    yield hand.fill("method", "Verbal")
    hand.tell("A consent", "consent")
    yield from save(hand)
    hand.tell("Risk and consent are on her page", "overview")


def first_steps(hand: Hand) -> Steps:
    """Take her stay through the first days, up to the assessment."""
    yield hand.tab("Stay")
    for state in ("S25_emergency", "S30_assessment"):
        yield hand.click(f"StayTab_step_{state}")
        yield hand.gone(f"StayTab_step_{state}")
    hand.tell("Her stay, step by step", "stay")


def counselling(hand: Hand) -> Steps:
    """Plan a session, see it in the week, and write its note."""
    yield from open_her_page(hand)
    yield hand.tab("Counselling")
    yield hand.click("empty_action", "Plan a first session")
    yield hand.there("starts_at")
    begun = clock.now() - timedelta(minutes=70)
    yield hand.fill("programme", "Six-session")
    yield hand.fill("starts_at", f"{day_text.show_day(begun.date())}|{begun:%H:%M}")
    hand.tell("A first session", "session-planned")
    yield from save(hand)
    yield go(hand, "counselling")
    hand.tell("The week", "week")
    yield from open_her_page(hand)
    yield hand.tab("Counselling")
    yield hand.click("CounsellingTab_session")
    yield hand.there("content")
    yield hand.fill("status", "Completed")
    yield hand.fill("approach", "Psychological first aid")
    yield hand.fill("content", "She chose the grounding exercise with the five things she sees.")
    hand.tell("The note, closed to others", "session-note")
    yield hand.click("editor_save")
    hand.tell("Session held", "session-held")


def write_plan(hand: Hand) -> Steps:
    """Write a care plan: her words, a goal in each area, a first step."""
    yield hand.tab("Plan")
    yield hand.click("empty_action", "Begin a plan")
    yield hand.there("survivor_views")
    yield hand.fill("survivor_views", "I want to go back to school and to sleep without fear.")
    yield hand.fill("next_review", "+30d")
    yield from save(hand)
    for number, area in enumerate(plan_rules.required_areas(), start=1):
        yield hand.click("PlanTab_new_goal")
        yield hand.there("goal_text")
        yield hand.fill("goal_text", _GOALS[area])
        yield hand.fill("due_on", "+90d")
        if number == 1:
            hand.tell("A goal of the care plan", "goal")
        yield from save(hand)
    yield hand.click("GoalCard_new_step")
    yield hand.there("action")
    yield hand.fill("action", "Show her the house and who is awake at night")
    yield hand.fill("due_on", "+2d")
    yield from save(hand)
    hand.tell("The plan waits for a second person", "plan")


def put_off(hand: Hand) -> Steps:
    """Put an alert off until tomorrow morning, with the reason."""
    yield go(hand, "today")
    yield hand.there("AttentionCard_whose")
    hand.tell("What cannot wait", "today")
    if not hand.all("attention_more"):
        hand.tell("At night only what is critical shows: nothing to put off")
        return
    yield hand.click("attention_more")
    yield lambda: QApplication.activePopupWidget() is not None
    yield hand.choose(_("Put off…"), _("I have seen it…"))
    yield hand.there("PutOffDialog_until")
    yield hand.fill("reason", "The nurse comes tomorrow at eight and does it with her.")
    hand.tell("Why it can wait, and until when", "put-off")
    yield hand.click("dialog_yes")
    yield hand.gone("PutOffDialog_until")
    hand.tell("It shows again by itself", "today-put-off")


_GOALS: Final = {
    "safety": "She knows three people in the house she can go to",
    "legal": "She knows what happens in court and who goes with her",
    "mental": "She sleeps through four nights of seven",
    "physical": "The clinic has seen her and knows her allergies",
}


def legal_case(hand: Hand) -> Steps:
    """Open a case, log the police contact with its promise."""
    yield hand.tab("Court")
    yield hand.click("empty_action", "New case")
    yield hand.there("ob_number")
    yield hand.fill("case_type", "Criminal - trafficking")
    yield hand.fill("ob_number", "OB 44/18/6/2026")
    yield hand.fill("police_station", "Nyali Police Station")
    hand.tell("A legal case", "legal-case")
    yield from save(hand)
    yield hand.click("CaseView_contact")
    yield hand.there("promise")
    yield hand.fill("type", "Follow-up call")
    yield hand.fill("summary", "The officer has the statement and waits for the telephone data.")
    yield hand.fill("promise", "Telephone data from the provider")
    yield hand.fill("next_on", "+7d")
    hand.tell("A police contact with a promise", "police-contact")
    yield from save(hand)


def hearing(hand: Hand, cast: Cast) -> Steps:
    """Add a court date and name who goes along."""
    yield hand.click("CaseView_event")
    yield hand.there("starts_at")
    yield hand.fill("starts_at", "+9d|09:00")
    yield hand.fill("type", "Mention")
    yield hand.fill("court_station", "Shanzu")
    hand.tell("A court date", "court-date")
    yield from save(hand)
    yield hand.click("HearingsCard_companion")
    yield hand.there("transport")
    yield from hand.link("staff_id", cast.social_worker)
    yield hand.fill("role", "Social worker")
    yield hand.fill("transport", "Private car")
    hand.tell("Who goes along", "companion")
    yield from save(hand)
    hand.tell("The case", "case")


def prepare_summary(hand: Hand) -> Steps:
    """Prepare the court-support summary and send it for approval."""
    yield hand.click("CaseView_summary")
    yield hand.there("recipient_kind")
    yield hand.fill("recipient_kind", "Prosecutor")
    yield hand.fill("purpose", "Support in court")
    yield hand.fill("recipient_name", "Office of the prosecutor, Mombasa")
    yield hand.fill("legal_basis", "Request of the prosecutor of 20 November")
    yield hand.fill("wishes", "Please call my aunt on 0712 345 678 about the day.")
    yield hand.fill("survivor_review", "Agrees")
    yield hand.fill("survivor_review_on", "today")


def mend_summary(hand: Hand) -> Steps:
    """Take out what the scan found, say it without, and send the paper for approval."""
    yield hand.there("PointsCard_remove_0")
    hand.tell("A telephone number is found: the paper waits", "summary-leak")
    yield hand.click("PointsCard_remove_0")
    yield hand.gone("PointsCard_remove_0")
    yield hand.fill("wishes", "I want my aunt to know the day.")
    yield hand.there("Assistant_send")
    hand.tell("The court-support summary", "summary")
    yield hand.click("Assistant_send")
    yield hand.there("Assistant_take_back")
    hand.tell("Sent for approval", "summary-sent")


def approve_plan(hand: Hand) -> Steps:
    """Approve the plan as the second person."""
    yield from open_her_page(hand)
    yield hand.tab("Plan")
    yield hand.click("ReadinessCard_approve")
    yield hand.there("dialog_yes")
    hand.tell("Approve the plan?", "approve-plan")
    yield hand.click("dialog_yes")
    yield hand.gone("ReadinessCard_approve")
    hand.tell("The plan is approved", "plan-approved")


def review_plan(hand: Hand) -> Steps:
    """Record a meeting that looked at the plan."""
    yield hand.click("ReviewsCard_new")
    yield hand.there("decisions")
    yield hand.fill("next_on", "+30d")
    yield hand.fill("attendees", "Social worker, manager")
    yield hand.fill("decisions", "The steps stay as they are; the school is asked again.")
    hand.tell("A review of the plan", "review")
    yield from save(hand)
    hand.tell("The review is kept", "plan-reviewed")


def issue_summary(hand: Hand) -> Steps:
    """Approve and seal the summary, and save a copy."""
    yield go(hand, "documents")
    hand.tell("The register of documents", "documents")
    yield hand.row("Register_table", NAME)
    yield hand.click("Assistant_approve")
    yield hand.there("Assistant_issue")
    yield hand.click("Assistant_issue")
    yield hand.there("dialog_yes")
    yield hand.click("dialog_yes")
    yield hand.there("Assistant_export")
    hand.tell("Issued and sealed", "summary-issued")
    yield hand.click("Assistant_export")
    yield hand.there("reason")
    yield hand.fill("reason", "Handed to the prosecutor by the court officer")
    yield hand.click("dialog_yes")
    yield hand.choose_folder(hand.folder)
    yield lambda: any(hand.folder.glob("*.pdf"))
    hand.tell("The summary is in the folder as PDF and for editing", "summary-saved")


def leave_house(hand: Hand) -> Steps:
    """Record that she leaves, and see the follow-up contacts that were planned."""
    yield hand.tab("Stay")
    yield hand.click("HousePanel_exit")
    yield hand.there("exit_type")
    yield hand.fill("exit_type", "Family reintegration")
    yield hand.fill("exit_risk", "Medium")
    yield hand.fill("children_officer_approved", "Yes")
    yield hand.fill("belongings_returned", "Yes")
    yield hand.fill("handed_to_type", "Grandmother")
    hand.tell("She leaves the house", "exit")
    yield from save(hand)
    hand.tell("She has left", "left")
    yield hand.tab("Aftercare")
    yield hand.quiet
    hand.tell("The contacts that follow", "aftercare")
    yield go(hand, "aftercare")
    hand.tell("Aftercare", "aftercare-page")


def stay_in_touch(hand: Hand) -> Steps:
    """Agree how she may be reached; a call nobody answers, then one that reaches her."""
    yield from open_her_page(hand)
    yield hand.tab("Aftercare")
    yield hand.click("empty_action", "Make the safe-contact card")
    yield hand.there("hours")
    yield hand.fill("through", "Grandmother")
    yield hand.fill("channel", "Phone call")
    yield hand.fill("hours", "After six in the evening")
    yield hand.fill("cover_topic", "The sewing class")
    yield hand.fill("never_say", "Never the name of the house")
    yield hand.fill("agreed_on", "today")
    hand.tell("How she may be reached", "safe-card")
    yield from save(hand)
    yield from _contact(hand, "no_answer", "contact-tried")
    yield from _contact(hand, "reached", "contact-reached")
    hand.tell("The first contact is made", "aftercare-made")


def _contact(hand: Hand, result: str, picture: str) -> Steps:
    yield hand.click("PersonView_record")
    yield hand.there("ContactForm_results")
    yield hand.click(f"ContactForm_{result}")
    hand.tell("The card comes first, then how it went", picture)
    yield from save(hand)


def recall_summary(hand: Hand) -> Steps:
    """Open the past paper as it was issued, and call it back."""
    yield go(hand, "documents")
    yield hand.click("chip_issued")
    yield hand.row("Register_table", NAME)
    yield hand.there("Assistant_recall")
    hand.tell("The past paper, as it was issued", "summary-again")
    yield hand.click("Assistant_recall")
    yield hand.there("reason")
    yield hand.fill("reason", "She changed her mind about the paper")
    yield hand.click("dialog_yes")
    yield hand.gone("Assistant_recall")
    hand.tell("Recalled", "summary-recalled")


def other_language(hand: Hand) -> Steps:
    """Switch to Kiswahili and back, live."""
    yield go(hand, "settings")
    yield hand.click("SettingsPage_language_sw")
    yield lambda: i18n.language() == "sw" and hand.quiet()
    yield go(hand, "today")
    hand.tell("The same in Kiswahili", "kiswahili")
    yield go(hand, "settings")
    yield hand.click("SettingsPage_language_en")
    yield lambda: i18n.language() == "en" and hand.quiet()
    hand.tell("And back in English", "english")
