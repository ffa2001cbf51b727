"""The main job, step by step for the driver: from the door to a sealed court-support summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from ui.driver import Hand, Ready, Steps
from ui.kit.command_palette import CommandPalette

NAME: Final = "Tumaini"
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
    yield from hand.link("bed_id", "a")
    yield from hand.link("case_manager", cast.social_worker)
    yield from hand.link("counsellor", cast.counsellor)
    yield hand.fill("admission_kind", "New admission")
    yield hand.fill("legal_basis", "Committal order")
    yield hand.fill("order_number", "211/2026")
    hand.tell("Admit to a bed", "admit")
    yield from save(hand)
    hand.tell("She has a bed", "bed-board")


def save(hand: Hand) -> Steps:
    """Save what the side editor holds, and wait until it has closed."""
    yield hand.click("editor_save")
    yield hand.gone("editor_save")


def open_her_page(hand: Hand) -> Steps:
    """Find her by the palette: Ctrl+K, a few letters, Enter."""
    yield hand.click("TopBar_find")
    yield hand.there("palette_line")
    yield hand.fill("palette_line", NAME[:4])
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
    yield hand.fill("domain", "Trafficker")
    yield hand.fill("risk_level", "Medium")
    yield hand.fill("stage", "Intake")
    yield hand.fill("detail", "He has her telephone number. He does not know this house.")
    hand.tell("A risk assessment", "risk")
    yield from save(hand)
    yield hand.click("Overview_add_consent")
    yield hand.there("giver")
    yield hand.fill("type", "Legal")
    yield hand.fill("status", "Given")
    yield hand.fill("giver", "Child")
    yield hand.fill("method", "Verbal")
    hand.tell("A consent", "consent")
    yield from save(hand)
    hand.tell("Risk and consent are on her page", "overview")
