"""For who has no beds and no calendar: what there is to do here, one line for each place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shelter_app.domain.access import Actor
from shelter_app.i18n import N_, _
from ui.kit.card import Card
from ui.kit.row import RowButton, TwoLines

_ANYBODY: Final[frozenset[str]] = frozenset()
_LINES: Final = (
    (
        "counselling",
        "",
        N_("Notes to read"),
        N_("Signed notes by code, without names, and what you answered."),
        frozenset({"clinical_supervisor"}),
    ),
    (
        "audit",
        "",
        N_("Who looked at what"),
        N_("The trail of every change and every look, and whether it is whole."),
        frozenset({"dpo", "clinical_supervisor"}),
    ),
    (
        "settings",
        "dictionary",
        N_("What is kept"),
        N_("Every field, who may see it and in which file it lies."),
        frozenset({"dpo", "me_officer", "sysadmin"}),
    ),
    (
        "settings",
        "legal",
        N_("What counsel has to confirm"),
        N_("The statements of law the program relies on, with their sources."),
        frozenset({"dpo"}),
    ),
    (
        "staff",
        "",
        N_("Who works here"),
        N_("Colleagues with their roles, and your own password."),
        frozenset({"sysadmin", "me_officer"}),
    ),
    (
        "backups",
        "",
        N_("Backups"),
        N_("When the last one was checked; anybody may make one now."),
        _ANYBODY,
    ),
    (
        "directory",
        "",
        N_("Directory"),
        N_("Hospitals, lawyers, police desks, schools and their hours."),
        _ANYBODY,
    ),
    ("guide", "", N_("Guide"), N_("How things are done here, step by step."), _ANYBODY),
)


class PlacesCard(Card):
    """Rows that lead elsewhere; `wanted` carries the place and the detail."""

    wanted = Signal(str, str)

    def __init__(self, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(_("What you can do here"), "", parent)
        self.setObjectName("PlacesCard")
        for place, detail, title, words, roles in _LINES:
            if roles and not actor.has_role(*roles):
                continue
            row = RowButton(_("{what}: {words}").format(what=_(title), words=_(words)))
            row.setObjectName(f"PlacesCard_{place}_{detail}".rstrip("_"))
            row.add(TwoLines(_(title), _(words)), 1)
            row.clicked.connect(
                lambda _on=False, place=place, detail=detail: self.wanted.emit(place, detail)
            )
            self.add(row)
