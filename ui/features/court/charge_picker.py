"""Choose a charge by Act and section, with its penalty, its standing and where that is from."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_app.domain import charges
from shelter_app.domain.charges import ChargeChoice
from shelter_app.i18n import _
from ui.kit.button import label
from ui.kit.narrow_combo import NarrowCombo


class ChargePicker(QWidget):
    """Two lists, Act and section; rows no advocate has confirmed say so."""

    chosen = Signal(str, str, str)
    """(code, the list's wording, the wording of the section chosen before)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ChargePicker")
        self._offered = charges.offered_by_act()
        self._wording = ""
        self.act_combo = _combo("ChargePicker_act", _("Act"))
        self.section_combo = _combo("ChargePicker_section", _("Section"))
        self.note_label = label("", "hint", wrap=True, name="ChargePicker_note")
        self.act_combo.addItem(_("Not from the list"), "")
        for act in self._offered:
            self.act_combo.addItem(act, act)
        act_label = label(_("Act"), "field")
        act_label.setBuddy(self.act_combo)
        section_label = label(_("Section"), "field")
        section_label.setBuddy(self.section_combo)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        for widget in (act_label, self.act_combo, section_label, self.section_combo):
            whole.addWidget(widget)
        whole.addWidget(self.note_label)
        self._fill("")
        self.act_combo.activated.connect(self._change_act)
        self.section_combo.activated.connect(self._choose)

    def code(self) -> str:
        """Return the code of the section, '' for none."""
        return str(self.section_combo.currentData() or "")

    def set_code(self, code: str) -> None:
        """Show a section; one that is no longer offered is shown with its mark."""
        found = charges.charge_choice(code)
        act = found.act if found else ""
        self.act_combo.setCurrentIndex(max(0, self.act_combo.findData(act)))
        self._fill(act)
        index = self.section_combo.findData(code)
        if index < 0 and found is not None:
            words = _("{label} (no longer used)").format(label=found.words)
            self.section_combo.addItem(words, code)
            index = self.section_combo.count() - 1
        self.section_combo.setCurrentIndex(max(0, index))
        self._describe(found)

    def _change_act(self) -> None:
        self._fill(str(self.act_combo.currentData() or ""))
        self._choose()

    def _fill(self, act: str) -> None:
        self.section_combo.clear()
        self.section_combo.addItem(_("Choose…") if act else _("Typed below"), "")
        for choice in self._offered.get(act, ()):
            self.section_combo.addItem(choice.words, choice.code)
        self.section_combo.setEnabled(bool(act))

    def _choose(self) -> None:
        found = charges.charge_choice(self.code())
        earlier = self._wording
        self._describe(found)
        self.chosen.emit(self.code(), self._wording, earlier)

    def _describe(self, found: ChargeChoice | None) -> None:
        self._wording = found.sheet_text if found else ""
        if found is None:
            self.note_label.setText(_("The list only helps with typing; it is not legal advice."))
            return
        parts = [found.known_penalty]
        if found.penalty_to_be_confirmed:
            parts.append(_(charges.TO_BE_CONFIRMED))
        if found.note:
            parts.append(found.note)
        if not found.to_be_confirmed and found.known_source:
            parts.append(_("Source: {source}").format(source=found.known_source))
        self.note_label.setText(" · ".join(part for part in parts if part))


def _combo(name: str, spoken: str) -> NarrowCombo:
    made = NarrowCombo()
    made.setObjectName(name)
    made.setAccessibleName(spoken)
    return made
