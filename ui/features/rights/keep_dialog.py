"""Keeping a file longer: why, and until which day."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from shelter_app.i18n import _
from ui.kit.button import label
from ui.kit.day_editors import DayEditor
from ui.kit.dialog import ReasonDialog


class KeepDialog(ReasonDialog):
    """Asks for the reason and the new day."""

    def __init__(self, parent: QWidget, code: str) -> None:
        super().__init__(
            parent,
            _("The file of {code} is kept longer and comes back for review on that day.").format(
                code=code
            ),
            _("Keep longer"),
            _("Go back"),
        )
        self.setObjectName("KeepDialog")
        self.day_edit = DayEditor()
        self.day_edit.setObjectName("KeepDialog_day")
        name = label(_("Until"), "field")
        name.setBuddy(self.day_edit)
        self.day_edit.setAccessibleName(name.text())
        self.body.addWidget(name)
        self.body.addWidget(self.day_edit)
