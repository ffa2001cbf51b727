"""F1: a few sentences about the page in front, built in, because there is no network to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.i18n import N_, _
from ui.kit.button import label
from ui.kit.dialog import Dialog

_TEXTS: Final = {
    "today": N_(
        "What cannot wait, each with its reason and the one button that deals with it. Snooze what "
        "must wait and say why; it comes back by itself."
    ),
    "residents": N_(
        "Everybody you may see. Type a few letters of a working name, code or phone number; "
        "spelling does not matter much. Search before you add somebody new."
    ),
    "resident": N_(
        "One person, one page. The tabs show what your role may see. The legal name stays hidden; "
        "showing it asks for a reason and is logged."
    ),
    "house": N_(
        "Who sleeps where tonight. Drag somebody to a free bed, or press the menu key on a bed for "
        "everything else: away, came back, move, leave."
    ),
    "calendar": N_("Court dates and other appointments, with who goes along and when they leave."),
    "counselling": N_(
        "The week of appointments. Double-click a free time, or press Enter on it, to plan one; "
        "drag or use Alt and the arrows to move one. Notes are closed to everybody but counsellors."
    ),
    "court": N_(
        "The course of each case from dated facts. What has passed is not changed; it is corrected "
        "by an amendment that says why."
    ),
    "aftercare": N_(
        "Whom to contact after leaving, and how. The safe contact comes first: when to call, what "
        "to say, what never to say."
    ),
    "documents": N_("Every paper that left the house: its number, its copies and who has them."),
    "summary": N_(
        "A court-support summary in steps. Only dated facts go in; counselling notes never do. "
        "She reads it first, a second person approves it, then it is sealed."
    ),
    "directory": N_(
        "Whom we refer to and hear from. Type a few letters of a name or a phone number."
    ),
    "plan": N_(
        "The plan of one person: what she wants in her own words, goals, steps, reviews. A second "
        "person approves it; changes after that make a new version."
    ),
    "staff": N_("Who works here and what their roles open. Change your own password here."),
    "audit": N_("Who did what and when. The chain of entries can be checked for breaks."),
    "backups": N_(
        "A backup lies on a stick outside the house and brings the records back after theft or "
        "fire. Put a known stick in and press Back up now; wait until it says that it was read "
        "back whole. Rehearse the way back every three months."
    ),
    "rights": N_(
        "Requests to see, correct or erase what is held; breaches with their 72 hours; how long "
        "files are kept; taking everything out."
    ),
    "settings": N_("Language, look and locking of this computer, and the house's own facts."),
    "guide": N_("How the work goes, chapter by chapter. It can be saved as a PDF and printed."),
}
_CHAPTERS: Final = {
    "residents": "residents",
    "resident": "residents",
    "house": "house",
    "calendar": "court",
    "counselling": "counselling",
    "court": "court",
    "summary": "court",
    "documents": "court",
    "plan": "plan_and_aftercare",
    "aftercare": "plan_and_aftercare",
    "staff": "keeping_it_safe",
    "audit": "keeping_it_safe",
    "rights": "keeping_it_safe",
    "backups": "keeping_it_safe",
}
_EVERY_DAY: Final = "every_day"
_KEYS: Final = (
    (N_("Find anything"), "Ctrl+K"),
    (N_("New…"), "Ctrl+N"),
    (N_("Save"), "Ctrl+S"),
    (N_("Undo"), "Ctrl+Z"),
    (N_("Go to a place in the side list"), "Ctrl+1 … 9"),
    (N_("Cover the screen and lock"), "F12 · Ctrl+L · Esc Esc"),
    (N_("This help"), "F1"),
)


class HelpDialog(Dialog):
    """The page's few sentences, and the keys that work everywhere."""

    def __init__(self, parent: QWidget, place: str) -> None:
        super().__init__(parent, text_of(place), _("Close"), _("Open the guide"))
        self.setObjectName("HelpDialog")
        self.guide_wanted = False
        self.no_button.clicked.connect(self._want_guide)
        lines = QVBoxLayout()
        lines.setSpacing(4)
        for what, keys in _KEYS:
            lines.addWidget(label(f"{keys}   {_(what)}", "secondary"))
        self.body.addLayout(lines)

    def _want_guide(self) -> None:
        self.guide_wanted = True


def text_of(place: str) -> str:
    """Return the help of a page in the language in use."""
    return _(_TEXTS.get(place, _TEXTS["today"]))


def chapter_of(place: str) -> str:
    """Return the guide's chapter about a page."""
    return _CHAPTERS.get(place, _EVERY_DAY)


def show_help(window: QWidget, place: str, open_guide: Callable[[str], None]) -> None:
    """Show the help of a page; `open_guide` is given the chapter that says more."""
    dialog = HelpDialog(window, place)
    dialog.exec()
    wanted = dialog.guide_wanted
    dialog.deleteLater()
    if wanted:
        open_guide(chapter_of(place))
