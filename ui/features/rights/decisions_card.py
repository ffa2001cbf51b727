"""Decisions by two: what waits for the second person, and what is in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain import codelists, retention
from shelter_app.i18n import _
from shelter_app.services import retention as review
from shelter_app.services.retention import Decided
from ui.kit import layouts
from ui.kit.button import ButtonRole, button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import ReasonDialog
from ui.kit.message_bar import MessageBar


class DecisionsCard(Card):
    """One line for each decision, with what this worker may do about it."""

    purge_asked = Signal(object, str)
    accused_asked = Signal(object, str)
    leave_asked = Signal(object)

    def __init__(self, context: Context, bar: MessageBar, kinds: Sequence[str]) -> None:
        super().__init__(_("Decisions by two"))
        self.setObjectName("DecisionsCard")
        self._context = context
        self._bar = bar
        self._kinds = frozenset(kinds)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, review.decisions, then=self.show_decisions)

    def show_decisions(self, found: Sequence[Decided]) -> None:
        """Show the decisions of this card's kinds."""
        layouts.clear(self._lines)
        mine = [each for each in found if each.decision.kind in self._kinds]
        layouts.add_ruled(self._lines, [self._line(each) for each in mine])
        if not mine:
            self._lines.addWidget(label(_("Nothing waits and nothing is in force."), "mute"))

    def _line(self, found: Decided) -> QWidget:
        decision = found.decision
        made = QWidget()
        across = QHBoxLayout(made)
        across.setContentsMargins(0, 0, 0, 0)
        title = codelists.label("decision_kind", decision.kind)
        code = subject_words(found)
        head = _("{what}: {code}").format(what=title, code=code)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(head if code else title, "field"))
        words.addWidget(label(decision.reason, wrap=True))
        words.addWidget(label(_who(found), "mute", wrap=True))
        across.addLayout(words, 1)
        number = decision.id
        if found.may_approve:
            approve = partial(self.approve, number)
            self._button(across, _("Approve"), f"approve_{number}", approve, "primary")
        if found.may_carry_out:
            self._carry_out(across, found)
        if found.may_end:
            waits = decision.state == retention.PROPOSED
            lift = _("Lift the hold…") if decision.kind == retention.HOLD else _("End…")
            verb = _("Refuse…") if waits and decision.kind != retention.HOLD else lift
            self._button(across, verb, f"end_{number}", partial(self._ask_end, number))
        return made

    def _carry_out(self, across: QHBoxLayout, found: Decided) -> None:
        decision = found.decision
        if decision.kind == retention.PURGE:
            made = button(_("Erase now…"), f"erase_{decision.id}", "danger")
            made.clicked.connect(lambda: self.purge_asked.emit(decision.id, decision.person_code))
        elif decision.kind == retention.ACCUSED:
            made = button(_("Erase now…"), f"erase_{decision.id}", "danger")
            words = subject_words(found)
            made.clicked.connect(lambda: self.accused_asked.emit(decision.id, words))
        else:
            made = button(_("Write everything out…"), f"leave_{decision.id}", "primary")
            made.clicked.connect(lambda: self.leave_asked.emit(decision.id))
        across.addWidget(made)

    def _button(
        self,
        across: QHBoxLayout,
        text: str,
        name: str,
        act: Callable[[], None],
        role: ButtonRole = "plain",
    ) -> None:
        made = button(text, name, role)
        made.clicked.connect(lambda _on=False: act())
        across.addWidget(made)

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
