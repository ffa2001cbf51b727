"""What was erased: when, by whom, what still waits for a counsellor, how long backups hold it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain.retention import Erasure
from shelter_app.i18n import _, ngettext
from shelter_app.services import purge
from shelter_app.services.purge import Listed
from shelter_app.services.work import Work
from ui.features.rights import new_keys
from ui.kit import layouts
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.message_bar import MessageBar

_MOST = 50
_NAMED = 6


class ErasuresCard(Card):
    """For manager and data lead the list; for a counsellor what waits for her key."""

    def __init__(self, context: Context, bar: MessageBar) -> None:
        super().__init__(_("Erased"))
        self.setObjectName("ErasuresCard")
        self._context = context
        self._bar = bar
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, shown_to, then=self.show_erasures)

    def show_erasures(self, found: tuple[Sequence[Listed], bool]) -> None:
        """Show erasures, newest first, with the button for whoever holds the counselling key."""
        listed, may_finish = found
        layouts.clear(self._lines)
        lines = [self._line(each, may_finish=may_finish) for each in listed[:_MOST]]
        layouts.add_ruled(self._lines, lines)
        if not listed:
            nothing = _("Nothing was erased.") if not may_finish else _("Nothing waits for you.")
            self._lines.addWidget(label(nothing, "mute"))

    def _line(self, found: Listed, *, may_finish: bool) -> QWidget:
        erasure = found.erasure
        made = QWidget()
        across = QHBoxLayout(made)
        across.setContentsMargins(0, 0, 0, 0)
        head = _head(found)
        until = show_day(erasure.in_backups_until)
        backups = _("Older backups hold it until {day} at the latest.").format(day=until)
        if found.backups:
            count = len(found.backups)
            listed = ngettext(
                "{count} backup still holds it, until {day} at the latest: {names}",
                "{count} backups still hold it, until {day} at the latest: {names}",
                count,
            )
            named = ", ".join(found.backups[:_NAMED])
            backups = listed.format(count=count, day=until, names=named)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(label(head, "field"))
        lines.addWidget(label(backups, "mute", wrap=True))
        waits = erasure.counselling_done_on is None
        if waits:
            lines.addWidget(label(_("The counselling part waits for a counsellor."), wrap=True))
        across.addLayout(lines, 1)
        if waits and may_finish:
            finish = button(_("Erase the counselling part"), f"finish_{erasure.id}", "danger")
            finish.clicked.connect(lambda: self.finish(erasure))
            across.addWidget(finish)
        return made

    def finish(self, erasure: Erasure) -> None:
        """Erase the part only a counsellor's key opens."""
        self._context.tasks.run(
            self,
            purge.finish_counselling,
            erasure.id,
            then=lambda _report: self._finished(),
            failed=self._bar.explain,
        )

    def _finished(self) -> None:
        self._bar.say(_("The counselling part is erased too."))
        self.reload()
        new_keys.give(self, self._context, self._bar)


def _head(found: Listed) -> str:
    erasure = found.erasure
    names = ", ".join(n for n in (found.proposed_by, found.approved_by) if n)
    words = _("Erased on {day}, decided by {names}") if names else _("Erased on {day}")
    if not erasure.proposed_by:
        words = _("Erased on {day}, and again from a backup that was restored")
    said = words.format(day=show_day(erasure.erased_on), names=names)
    if erasure.of_accused:
        return _("Entry of an accused: {what}").format(what=said[:1].lower() + said[1:])
    return said


def shown_to(work: Work) -> tuple[Sequence[Listed], bool]:
    """Return the erasures this worker is shown, and whether her key finishes them."""
    finishes = purge.may_finish(work)
    if work.actor.has_role("manager", "dpo"):
        return purge.erasures(work), finishes
    waiting = purge.waiting_for_counselling(work)
    return [Listed(each, "", "", "") for each in waiting], finishes
