"""Keeping a file or an entry longer: why, and until which day."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from shelter_app.i18n import _
from ui.kit.button import label
from ui.kit.day_editors import DayEditor
from ui.kit.dialog import ReasonDialog


class KeepDialog(ReasonDialog):
    """Asks for the reason and the new day."""

    def __init__(self, parent: QWidget, sentence: str, until: date | None = None) -> None:
        super().__init__(parent, sentence, _("Keep longer"), _("Go back"))
        self.setObjectName("KeepDialog")
        self.day_edit = DayEditor()
        self.day_edit.setObjectName("KeepDialog_day")
        self.day_edit.set_value(until)
        name = label(_("Until"), "field")
        name.setBuddy(self.day_edit)
        self.day_edit.setAccessibleName(name.text())
        self.body.addWidget(name)
        self.body.addWidget(self.day_edit)
        self.setTabOrder(self.reason_edit, self.day_edit)
        self.setTabOrder(self.day_edit, self.no_button)
