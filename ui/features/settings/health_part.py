"""Whether the records are whole: the last full check, how far a running one is, a new one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from shelter_app.i18n import _
from shelter_app.services import integrity
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_moment

_LOOK_EVERY: Final = 200


class HealthPart(QWidget):
    """Looks at the one check of this desk; it goes on when the page is left."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_health")
        self.health = integrity.health_of(context.desk)
        self.state_label = label("", "strong", wrap=True, name="SettingsPage_health_state")
        self.found_label = label("", "secondary", wrap=True, name="SettingsPage_health_found")
        self.bar = QProgressBar()
        self.bar.setObjectName("SettingsPage_health_progress")
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("How far the check is"))
        self.check_button = button(_("Check the records now"), "SettingsPage_check")
        card = Card(_("Are the records whole?"))
        card.add(
            label(
                _(
                    "The program reads every page of every file you may open, looks for entries "
                    "that lead nowhere, and checks the audit trail. You can go on working "
                    "meanwhile. It also does this by itself after each sign-in."
                ),
                "mute",
                wrap=True,
            )
        )
        card.add(self.state_label)
        card.add(self.bar)
        card.add(self.found_label)
        card.add(self.check_button)
        self.check_button.setMaximumWidth(theme.size(220))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        whole.addStretch(1)
        whole.setSpacing(theme.size(8))
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self.show_state)
        self.check_button.clicked.connect(self._check)
        self.show_state()

    def _check(self) -> None:
        self.health.start()
        self.show_state()

    def show_state(self) -> None:
        """Say how the check stands now."""
        health, last = self.health, self.health.last
        self.bar.setVisible(health.running)
        self.check_button.setEnabled(not health.running)
        self.bar.setValue(round(health.share * 100))
        if health.running:
            self.state_label.setText(_("Checking…"))
            self.found_label.setText(integrity.part_words(health.part) if health.part else "")
        elif health.failed:
            self.state_label.setText(_("The check could not be finished. Please try again."))
            self.found_label.setText("")
        elif last is None:
            self.state_label.setText(_("Not checked since you signed in."))
            self.found_label.setText("")
        else:
            when = show_moment(last.at)
            text = _("Checked {when}: all is well.") if last.all_well else _("Checked {when}:")
            self.state_label.setText(text.format(when=when))
            self.found_label.setText(
                "\n".join(integrity.finding_words(finding) for finding in last.report.findings)
            )
        self.found_label.setVisible(bool(self.found_label.text()))

    def showEvent(self, event: QShowEvent) -> None:
        """Look while it can be seen."""
        self.show_state()
        self._look.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop looking."""
        self._look.stop()
        super().hideEvent(event)
