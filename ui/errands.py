"""What else a manager does, for the driver: offers update files, puts the program on a stick."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtWidgets import QLabel, QWidget

from shelter_app.i18n import _
from ui.driver import Hand, Steps, press_mouse
from ui.main_job import Cast, go, sign_in

_PART: Final = "SettingsPage_program"
_Widget = TypeVar("_Widget", bound=QWidget)


def offer_updates(hand: Hand, cast: Cast, files: Sequence[Path]) -> Steps:
    """Choose each file; what is refused says why, the first that is taken ends this process."""
    yield from _open_part(hand, cast)
    [signers] = _inside(hand, "SettingsPage_signers", QLabel)
    hand.tell(signers.text(), "before")
    for file in files:
        yield hand.click("SettingsPage_update")
        yield hand.choose_file(file)
        yield lambda: bool(hand.all("dialog_yes") or _said(hand))
        if not _said(hand):
            hand.tell(f"Offered: {file.name}", "offered")
            yield hand.click("dialog_yes")
            yield lambda: bool(_said(hand))
        hand.tell(f"Refused: {file.name}: {_said(hand)}", "refused")
        yield hand.do(lambda: press_mouse(_inside(hand, "message_close", QWidget)[0]))
        yield lambda: not _said(hand)


def go_onto_stick(hand: Hand, cast: Cast, root: Path) -> Steps:
    """Put program and records on a stick."""
    yield from _open_part(hand, cast)
    yield hand.click("SettingsPage_stick")
    yield hand.click("dialog_yes")
    yield hand.choose_folder(root)
    yield lambda: bool(_said(hand))
    hand.tell(f"Stick: {_said(hand)}", "stick")


def _open_part(hand: Hand, cast: Cast) -> Steps:
    yield from sign_in(hand, cast.manager, cast.phrase)
    yield go(hand, "settings")
    yield hand.tab(_("The program"))
    yield hand.there(_PART)


def _said(hand: Hand) -> str:
    return " ".join(label.text() for label in _inside(hand, "message_text", QLabel))


def _inside(hand: Hand, name: str, kind: type[_Widget]) -> list[_Widget]:
    part = hand.find(_PART)
    return [found for found in part.findChildren(kind, name) if found.isVisible()]
