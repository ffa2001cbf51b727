"""Putting an alert off: why it can wait, and until when."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from PySide6.QtWidgets import QComboBox, QWidget

from shelter_app.domain.alert import MOST_SNOOZES
from shelter_app.domain.deadline_words import Alert
from shelter_app.domain.deadlines import CRITICAL
from shelter_app.i18n import _, ngettext
from ui.kit.button import label
from ui.kit.dialog import ReasonDialog

_MORNING = time(8, 0)


def choices(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return when an alert may come back: words and moment."""
    tomorrow = datetime.combine(now.date() + timedelta(days=1), _MORNING)
    return (
        (_("in one hour"), now + timedelta(hours=1)),
        (_("in four hours"), now + timedelta(hours=4)),
        (_("tomorrow morning"), tomorrow),
        (_("in three days"), tomorrow + timedelta(days=2)),
        (_("in a week"), tomorrow + timedelta(days=6)),
    )


class PutOffDialog(ReasonDialog):
    """Asks for the reason and the time; both are kept and the manager sees them."""

    def __init__(self, parent: QWidget | None, alert: Alert, now: datetime) -> None:
        critical = alert.severity == CRITICAL
        sentence = _("Put off: {what}").format(what=alert.what)
        if critical:
            sentence = _("Seen: {what}. It stays in the list, without counting as new.").format(
                what=alert.what
            )
        yes = _("I have seen it") if critical else _("Put it off")
        super().__init__(parent, sentence, yes, _("Go back"), prompt=_("Why it can wait"))
        self.setObjectName("PutOffDialog")
        self.until_combo = QComboBox()
        self.until_combo.setObjectName("PutOffDialog_until")
        for words, moment in choices(now):
            self.until_combo.addItem(words, moment)
        self.until_combo.setCurrentIndex(2)
        until_label = label(_("Show it again"), "field", name="PutOffDialog_until_label")
        until_label.setBuddy(self.until_combo)
        self.until_combo.setAccessibleName(until_label.text())
        left = MOST_SNOOZES - alert.times_put_off
        said = ngettext(
            "This is the last time it can be put off.",
            "It can be put off {count} more times; the manager sees the reason.",
            left,
        ).format(count=left)
        self.body.addWidget(until_label)
        self.body.addWidget(self.until_combo)
        self.body.addWidget(label(said, "secondary", wrap=True, name="PutOffDialog_left"))
        self.setTabOrder(self.reason_edit, self.until_combo)

    def until(self) -> datetime:
        """Return the moment chosen."""
        chosen: datetime = self.until_combo.currentData()
        return chosen
