"""Decisions by two: what waits for the second person, and what is in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal

from shelter_app.domain import codelists, retention
from shelter_app.i18n import _
from shelter_app.services import retention as review
from shelter_app.services.retention import Decided
from ui.features.rights.lines_card import Line, LinesCard
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import ReasonDialog
from ui.kit.message_bar import MessageBar


class DecisionsCard(LinesCard):
    """One line for each decision, with what this worker may do about it."""

    purge_asked = Signal(object, str)
    accused_asked = Signal(object, str)
    leave_asked = Signal(object)

    def __init__(self, context: Context, bar: MessageBar, kinds: Sequence[str]) -> None:
        super().__init__("DecisionsCard", context, bar, _("Decisions by two"))
        self._kinds = frozenset(kinds)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, review.decisions, then=self.show_decisions)

    def show_decisions(self, found: Sequence[Decided]) -> None:
        """Show the decisions of this card's kinds."""
        mine = [self._line(each) for each in found if each.decision.kind in self._kinds]
        self.show_lines(mine, _("Nothing waits and nothing is in force."))

    def _line(self, found: Decided) -> Line:
        decision = found.decision
        title = codelists.label("decision_kind", decision.kind)
        code = subject_words(found)
        head = _("{what}: {code}").format(what=title, code=code)
        line = Line(
            label(head if code else title, "field"),
            label(decision.reason, wrap=True),
            label(_who(found), "mute", wrap=True),
        )
        number = decision.id
        if found.may_approve:
            approve = partial(self.approve, number)
            line.offer(_("Approve"), f"approve_{number}", approve, "primary")
        if found.may_carry_out:
            self._offer_to_carry_out(line, found)
        if found.may_end:
            waits = decision.state == retention.PROPOSED
            lift = _("Lift the hold…") if decision.kind == retention.HOLD else _("End…")
            verb = _("Refuse…") if waits and decision.kind != retention.HOLD else lift
            line.offer(verb, f"end_{number}", partial(self._ask_end, number))
        return line

    def _offer_to_carry_out(self, line: Line, found: Decided) -> None:
        number, kind = found.decision.id, found.decision.kind
        if kind in (retention.PURGE, retention.ACCUSED):
            asked = self.purge_asked if kind == retention.PURGE else self.accused_asked
            erase = partial(asked.emit, number, subject_words(found))
            line.offer(_("Erase now…"), f"erase_{number}", erase, "danger")
        else:
            leave = partial(self.leave_asked.emit, number)
            line.offer(_("Write everything out…"), f"leave_{number}", leave, "primary")

    def approve(self, decision_id: int) -> None:
        """Approve what somebody else proposed."""
        self._do(review.approve, decision_id)

    def _ask_end(self, decision_id: int) -> None:
        dialog = ReasonDialog(
            self,
            _("This decision ends. Who ended it and why is kept."),
            _("End it"),
            _("Go back"),
        )
        dialog.setObjectName("DecisionsCard_end")
        dialog.accepted.connect(lambda: self.end(decision_id, dialog.reason()))
        dialog.show_once()

    def end(self, decision_id: int, reason: str) -> None:
        """Refuse, lift or end a decision."""
        self._do(review.end, decision_id, reason)

    def _do(self, service: Callable[..., object], *args: object) -> None:
        self._context.tasks.do(
            self,
            service,
            *args,
            then=lambda _decision: self.reload(),
            failed=self._bar.explain,
        )


def subject_words(found: Decided) -> str:
    """Return whom a decision is about: a code, or the number of an accused of her case."""
    code = found.decision.person_code
    return accused_words(code, found.accused_no) if found.accused_no else code


def accused_words(code: str, number: int) -> str:
    """Return 'R-0219, accused 1'."""
    return _("{code}, accused {number}").format(code=code, number=number)


def _who(found: Decided) -> str:
    decision = found.decision
    said = _("Proposed by {name}, {day}").format(
        name=found.proposed_by,
        day=show_day(decision.proposed_at.date() if decision.proposed_at else None),
    )
    if found.approved_by:
        approved = _("approved by {name}").format(name=found.approved_by)
        said = f"{said} · {approved}"
    elif decision.kind != retention.HOLD:
        waits = _("waits for a second person")
        said = f"{said} · {waits}"
    if decision.until:
        until = _("until {day}").format(day=show_day(decision.until))
        said = f"{said} · {until}"
    return said
