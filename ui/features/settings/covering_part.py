"""Covering for a colleague: who holds whose caseload, from when until when, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain.oversight import Covering
from shelter_app.i18n import _
from shelter_app.services import covering
from shelter_app.services.covering import Line
from ui.kit import layouts
from ui.kit.button import button, label, rule
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.editors import LinkSource
from ui.kit.message_bar import MessageBar
from ui.kit.pill import Pill
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import editor_over
from ui.kit.wording import sentence_for

_ROLES = {"now": "good", "coming": "soon", "over": "neutral"}


class CoveringPart(QWidget):
    """The list, and a form that hands a caseload to a colleague."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_covering")
        self._context = context
        card = Card(_("Covering for a colleague"))
        self.new_button = button(
            _("Hand over a caseload…"), "SettingsPage_hand_over", "primary", icon="add"
        )
        card.set_aside(self.new_button)
        hint = _(
            "While somebody is away, a colleague with the same work sees and writes her people’s "
            "records. No key and no role changes hands, everything stays under the name of who "
            "does it, and it ends by itself after the last day."
        )
        card.add(label(hint, "mute", wrap=True))
        self.bar = MessageBar()
        card.add(self.bar)
        holder = QWidget()
        self._lines = QVBoxLayout(holder)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)
        card.add(holder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        whole.addStretch(1)
        self.new_button.clicked.connect(self._new)
        self.load()

    def load(self) -> None:
        """Show the list again."""
        self._context.tasks.ask(self, covering.listed, then=self._fill)

    def _fill(self, lines: tuple[Line, ...]) -> None:
        layouts.clear(self._lines)
        if not lines:
            nothing = _("Nobody covers for anybody at the moment.")
            self._lines.addWidget(label(nothing, "mute", name="SettingsPage_covering_empty"))
        for line in lines:
            self._lines.addWidget(rule())
            self._lines.addWidget(self._row(line))

    def _row(self, line: Line) -> QWidget:
        row = QWidget()
        days = _("{first} to {last}").format(
            first=show_day(line.from_on), last=show_day(line.until_on)
        )
        words = _("{colleague} for {whose}, {days}").format(
            colleague=line.covered_by, whose=line.whose, days=days
        )
        standing = {"now": _("Now"), "coming": _("Coming"), "over": _("Over")}[line.standing]
        text = QVBoxLayout()
        text.addWidget(label(words, "strong", wrap=True, name="SettingsPage_covering_line"))
        text.addWidget(label(line.reason, "mute", wrap=True))
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 6, 0, 6)
        inside.addLayout(text, 1)
        inside.addWidget(Pill(standing, _ROLES[line.standing]), 0, Qt.AlignmentFlag.AlignVCenter)
        if line.may_end:
            end = button(_("End now"), "SettingsPage_covering_end", "small")
            end.clicked.connect(lambda: self._end(line.id))
            inside.addWidget(end, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _new(self) -> None:
        self._context.tasks.ask(self, covering.draft, then=self._edit, failed=self._refused)

    def _edit(self, draft: Covering) -> None:
        editor = editor_over(self)
        workers = LinkSource(covering.workers, covering.worker_label)
        links = {"staff_id": workers, "covered_by": workers}
        form = RecordForm(Covering, self._context.tasks, links=links)
        if self._context.actor.has_role("manager"):
            form.row("staff_id")
        form.row("covered_by")
        form.row("from_on", "until_on")
        form.row("reason")
        form.finish()
        form.set_record(draft)
        keeper = self._context.draft_keeper("covering", Covering, 0)
        editor.edit(_("Hand over a caseload"), form, self._save, keeper)

    def _save(self, handed: Covering) -> None:
        editor = editor_over(self)
        self._context.tasks.do(
            self,
            covering.hand_over,
            handed,
            then=self._saved,
            failed=editor.failed,
            undo_label=_("The caseload is handed over."),
        )

    def _saved(self, handed: Covering) -> None:
        editor = editor_over(self)
        editor.saved(handed)
        editor.close_editor()
        self.load()

    def _end(self, covering_id: int) -> None:
        self._context.tasks.do(
            self,
            covering.end,
            covering_id,
            then=lambda _ended: self.load(),
            failed=self._refused,
            undo_label=_("The caseload is back."),
        )

    def _refused(self, error: BaseException) -> None:
        self.bar.say(sentence_for(error), "warning")
