"""What protects the records on this computer and what does not: said as it is, with what to do."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from shelter_app import hardening
from shelter_app.hardening import Measure
from shelter_app.i18n import N_, _
from shelter_app.services import this_computer
from ui.kit.button import label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.pill import Pill

SCREENSHOTS: Final = "screenshots"
_STATES: Final = {
    hardening.ON: (N_("Switched on"), "good"),
    hardening.OFF: (N_("Switched off"), "soon"),
    hardening.UNKNOWN: (N_("Cannot be seen"), "neutral"),
}
_WORDS: Final[dict[str, tuple[str, str]]] = {
    hardening.DISK: (
        N_("The whole disk is encrypted"),
        N_(
            "The records themselves are always encrypted. Disk encryption also protects printed "
            "papers, exports and everything else on this computer. Ask whoever keeps it to turn "
            "on BitLocker or LUKS."
        ),
    ),
    hardening.SWAP: (
        N_("Memory does not land on the disk"),
        N_(
            "When memory is short, the computer may write some of it to the disk. Without swap, "
            "or with the disk encrypted, nothing of it can be read there."
        ),
    ),
    hardening.MEMORY_CLOSED: (
        N_("Other programs cannot look into the memory"),
        N_("An administrator of the computer still could."),
    ),
    hardening.CORE_DUMPS: (
        N_("A crash writes no picture of the memory"),
        N_("A crash is noted in the log by its place in the program, without any words."),
    ),
    hardening.PRIVATE_FILES: (
        N_("New files are private to this account"),
        N_("Whoever works on this computer should have an account of her own."),
    ),
    SCREENSHOTS: (
        N_("Screenshots show nothing"),
        N_("Only Windows can do that. Nothing helps against a telephone with a camera."),
    ),
}


class SafetyCard(Card):
    """One line for each protection."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(_("What protects the records here"), parent=parent)
        self.setObjectName("SettingsPage_safety")
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        self.add(self._holder)
        note = _(
            "What is copied is marked as secret and leaves the clipboard after twenty seconds and "
            "when the program locks. The program also locks when the computer sleeps or its "
            "screen is locked, where the system tells."
        )
        self.add(label(note, "hint", wrap=True))
        context.tasks.ask(self, this_computer.protections, then=self.show_measures)

    def show_measures(self, measures: tuple[Measure, ...]) -> None:
        """Fill the lines: what can be mended first."""
        shots = hardening.ON if sys.platform == "win32" else hardening.OFF
        known = {one.key: one.state for one in measures} | {SCREENSHOTS: shots}
        for line, (key, (title, hint)) in enumerate(_WORDS.items()):
            word, role = _STATES[known.get(key, hardening.UNKNOWN)]
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(label(_(title), "strong", wrap=True))
            words.addWidget(label(_(hint), "mute", wrap=True))
            self._grid.addLayout(words, line, 0)
            pill = Pill(_(word), role)
            pill.setObjectName(f"SettingsPage_safety_{key}")
            top_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(pill, line, 1, top_right)
