"""Update files offered one after the other for the driver: `--drive DIR --updates FILE...`."""

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


def offered_updates(hand: Hand, cast: Cast, files: Sequence[Path]) -> Steps:
    """Choose each file as a manager does; what is refused says why, what is offered is taken."""
    yield from sign_in(hand, cast.manager, cast.phrase)
    yield go(hand, "settings")
    yield hand.tab(_("The program"))
    yield hand.there(_PART)
    for file in files:
        yield hand.click("SettingsPage_update")
        yield hand.choose_file(file)
        yield lambda: bool(hand.all("dialog_yes") or _said(hand))
        if not _said(hand):
            hand.tell(f"Offered: {file.name}", "offered")
            yield hand.click("dialog_yes")
            yield lambda: bool(_said(hand))  # when all goes well this process ends here
        hand.tell(f"Refused: {file.name}: {_said(hand)}", "refused")
        yield hand.do(lambda: press_mouse(_inside(hand, "message_close", QWidget)[0]))
        yield lambda: not _said(hand)


def _said(hand: Hand) -> str:
    return " ".join(label.text() for label in _inside(hand, "message_text", QLabel))


def _inside(hand: Hand, name: str, kind: type[_Widget]) -> list[_Widget]:
    part = hand.find(_PART)
    return [found for found in part.findChildren(kind, name) if found.isVisible()]
