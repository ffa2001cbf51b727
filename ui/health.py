"""The full check after signing in: begun once the first page is read, told only if it finds much.

Damage is told to everybody at once, because every further entry may be lost with the file. Entries
that lead nowhere and a broken audit trail are told to those who can do something about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from shelter_app.i18n import _, ngettext
from shelter_app.services import integrity
from shelter_app.services.integrity import Checked
from ui.kit.notice_line import NoticeLine

if TYPE_CHECKING:
    from ui.main_window import MainWindow

BEGIN_AFTER: Final = 20_000
BEGIN_AFTER_A_CRASH: Final = 1_000
"""Milliseconds: no seal was compared then, so damage would not have been noticed at the door."""
_LOOK_EVERY: Final = 500
_CARERS: Final = ("manager", "dpo", "sysadmin")


class HealthWatch(QObject):
    """Begins the check of one signed-in window and says what it found."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.health = integrity.health_of(window.desk)
        self._seen: Checked | None = None
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self.look)
        self._after_a_crash = not window.desk.closed_cleanly
        begin_after = BEGIN_AFTER_A_CRASH if self._after_a_crash else BEGIN_AFTER
        QTimer.singleShot(begin_after, self, self.begin)

    def begin(self) -> None:
        """Start the check and look at it from time to time."""
        self.health.start()
        self._look.start()

    def look(self) -> None:
        """Say what a check found that has ended since the last look."""
        last = self.health.last
        if self.health.running or last is None or last is self._seen:
            return
        self._seen = last
        if last.all_well:
            self._calm()
            return
        self._window.tasks.do(self, integrity.keep, last, failed=lambda _error: None)
        if last.report.damaged:
            self._window.add_notice(DamageNotice(self._window, last.report.damaged))
        elif self._window.desk.actor.has_role(*_CARERS):
            count = len(last.report.findings)
            self._window.say(
                ngettext(
                    "The check of the records found {count} thing: see Settings, Records.",
                    "The check of the records found {count} things: see Settings, Records.",
                    count,
                ).format(count=count),
                "warning",
            )

    def _calm(self) -> None:
        """End what was said at the door after a crash; otherwise nobody needs to hear of it."""
        if self._after_a_crash:
            self._after_a_crash = False
            self._window.say(_("The check has ended: what was saved is whole."))


class DamageNotice(NoticeLine):
    """'One part is damaged': lock now, and the door says what can be done."""

    def __init__(self, window: MainWindow, parts: tuple[str, ...]) -> None:
        words = ", ".join(integrity.part_words(part) for part in parts)
        text = _(
            "Damaged: {part}. Please enter nothing more and lock now. At the next start the "
            "program offers the last good backup, or to save what can be read."
        ).format(part=words)
        super().__init__("DamageNotice", text)
        self.setProperty("role", "error")
        self.setAccessibleName(text)
        self.lock_button = self.offer(_("Lock now"), "lock", window.lock_wanted)
