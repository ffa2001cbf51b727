"""What was erased: when, by whom, what still waits for a counsellor, how long backups hold it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from shelter_app.domain.retention import Erasure
from shelter_app.i18n import _, ngettext
from shelter_app.services import purge
from shelter_app.services.purge import Listed
from shelter_app.services.work import Work
from ui.features.rights import new_keys
from ui.features.rights.lines_card import Line, LinesCard
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.message_bar import MessageBar
from ui.kit.show_more import ShowMore

_AT_ONCE = 50
_NAMED = 6


class ErasuresCard(LinesCard):
    """For manager and data lead the list; for a counsellor what waits for her key."""

    def __init__(self, context: Context, bar: MessageBar) -> None:
        super().__init__("ErasuresCard", context, bar, _("Erased"))
        self._found: tuple[Sequence[Listed], bool] = ((), False)
        self.show_more = ShowMore("ErasuresCard_more", _AT_ONCE, _AT_ONCE)
        self.show_more.wanted.connect(lambda: self.show_erasures(self._found))
        self.body.addWidget(self.show_more)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, shown_to, then=self.show_erasures)

    def show_erasures(self, found: tuple[Sequence[Listed], bool]) -> None:
        """Show erasures, newest first, with the button for whoever holds the counselling key."""
        self._found = found
        listed, may_finish = found
        lines = [self._line(each, may_finish) for each in listed[: self.show_more.most]]
        nothing = _("Nothing waits for you.") if may_finish else _("Nothing was erased.")
        self.show_lines(lines, nothing)
        self.show_more.tell(len(lines), len(listed))

    def _line(self, found: Listed, may_finish: bool) -> Line:
        erasure = found.erasure
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
        words = [label(_head(found), "field"), label(backups, "mute", wrap=True)]
        waits = erasure.counselling_done_on is None
        if waits:
            words.append(label(_("The counselling part waits for a counsellor."), wrap=True))
        line = Line(*words)
        if waits and may_finish:
            finish = partial(self.finish, erasure)
            line.offer(_("Erase the counselling part"), f"finish_{erasure.id}", finish, "danger")
        return line

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
