"""The house's view of one resident (F-21): what caregivers need tonight, and nothing else."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import codelists
from shelter_app.domain.appointment import house_words
from shelter_app.i18n import N_, _
from shelter_app.services.bed_board import HouseCard
from ui.features.house.wording import back_words, where_words
from ui.kit.button import ButtonRole, button
from ui.kit.day_text import show_time
from ui.kit.page import FlowLayout, KeyValueList, Pill

ACTIONS: Final = (
    ("back", N_("Came back")),
    ("move", N_("Move")),
    ("away", N_("Away")),
    ("give_up", N_("Give up the place")),
    ("exit", N_("Leaves the house")),
    ("open", N_("Open file")),
)
"""In the order of the buttons; which of them are there is the service's answer."""

_RISK_ROLE: Final = {"low": "good", "medium": "soon", "high": "overdue", "critical": "overdue"}


class HousePanel(QWidget):
    """A house card as a list of facts with its actions."""

    wanted = Signal(str)

    def __init__(self, card: HouseCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("HousePanel")
        self.card = card
        self.facts = KeyValueList()
        buttons = FlowLayout(spacing=8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self.facts)
        whole.addLayout(buttons)
        whole.addStretch(1)
        self._fill()
        first = True
        for key, words in ACTIONS:
            if key in card.actions:
                role: ButtonRole = "primary" if first and key == "back" else "plain"
                made = button(_(words), f"HousePanel_{key}", role)
                made.clicked.connect(lambda _on=False, key=key: self.wanted.emit(key))
                buttons.addWidget(made)
                first = False

    def _fill(self) -> None:
        card, person = self.card, self.card.person
        if card.absence is not None:
            self.facts.add(_("Away"), Pill(where_words(card.absence), "soon"), name="Panel_away")
            self.facts.add(_("Expected back"), back_words(card.absence), name="Panel_back")
        if person.allergy_alert:
            self.facts.add(_("Allergy"), Pill(person.allergy_alert, "overdue"))
        if card.bed_no:
            self.facts.add(_("Bed"), f"{card.room} · {card.bed_no}", name="Panel_bed")
        else:
            self.facts.add(_("Bed"), _("none at the moment"), role="soon", name="Panel_bed")
        if person.age_band:
            self.facts.add(_("Age"), codelists.label("age_band", person.age_band))
        self._add_languages()
        self.facts.add(_("Diet"), person.diet or _("nothing special"))
        if person.disability or person.disability_support:
            named = codelists.labels("disability", person.disability)
            parts = [part for part in (named, person.disability_support) if part]
            self.facts.add(_("Practical help"), ". ".join(parts))
        if person.house_notes:
            self.facts.add(_("We do and do not"), person.house_notes, name="Panel_notes")
        if person.risk_level:
            words = codelists.label("risk_level", person.risk_level)
            self.facts.add(_("Risk"), Pill(words, _RISK_ROLE[person.risk_level]))
        photographs = _("allowed") if person.photograph_allowed else _("not allowed")
        self.facts.add(_("Photographs"), photographs)
        self.facts.add(_("Today"), self._times(), name="Panel_today")
        if card.case_worker:
            self.facts.add(_("Case worker"), card.case_worker)

    def _add_languages(self) -> None:
        person = self.card.person
        spoken = codelists.labels("language", (person.language_main, *person.language_other))
        self.facts.add(_("Language"), spoken)

    def _times(self) -> str:
        """Return today's times: the house knows when, and not everything about why."""
        lines = []
        for planned in self.card.today:
            words = house_words(planned.kind)
            line = _("{time} {what}").format(time=show_time(planned.starts_at), what=words)
            if planned.leave_house_at:
                leaves = show_time(planned.leave_house_at)
                line = _("{line}, leaves {time}").format(line=line, time=leaves)
            lines.append(line)
        return "\n".join(lines) or _("nothing planned")
