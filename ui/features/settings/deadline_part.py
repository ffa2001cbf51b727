"""The house's own times for deadlines: the list with what is usual, and an editor at the side."""

from __future__ import annotations

from collections.abc import Sequence

from shelter_app.domain.deadline_times import DeadlineTimes
from shelter_app.i18n import _
from shelter_app.services import deadline_times
from shelter_app.services.deadline_times import TimesForm, TimesLine
from shelter_app.services.work import Work
from ui.features.settings.table_part import TablePart
from ui.kit.button import button, label
from ui.kit.context import Context
from ui.kit.record_form import RecordForm
from ui.kit.record_table import Column, RecordTable, Row, TableFilter
from ui.kit.side_editor import editor_over


class DeadlinePart(TablePart):
    """Every deadline a house may set times for; Enter opens one."""

    def __init__(self, context: Context) -> None:
        hint = _(
            "When the program reminds, and when it calls something late. A house may set its own "
            "times; what rests on law and is marked is still to be confirmed by an advocate."
        )
        columns = (
            Column("what", _("Deadline"), sortable=False),
            Column("usual", _("Usual"), 292, sortable=False),
            Column("here", _("In this house"), 292, sortable=False),
            Column("source", _("What it rests on"), 240, sortable=False),
        )
        table = RecordTable(columns, context.tasks, deadline_ids, deadline_rows)
        find = _("Find a deadline")
        super().__init__("SettingsPage_deadlines", _("Deadlines"), hint, table, find=find)
        self._context = context
        self.table.chosen.connect(self._open)

    def load(self) -> None:
        """Show the list again after somebody set times."""
        self.table.reload()

    def _open(self, number: int) -> None:
        self._context.tasks.ask(self, deadline_times.opened, number, then=self._show)

    def _show(self, opened: TimesForm) -> None:
        editor = editor_over(self)
        form = RecordForm(DeadlineTimes, self._context.tasks, readable=opened.fields)
        form.add(label(_explanation(opened), "mute", wrap=True, name="deadline_explanation"))
        form.row("due_after", "remind_before")
        form.row("note")
        back = button(_("Back to the usual times"), "deadline_back")
        back.setEnabled(bool(opened.times.revision))
        back.clicked.connect(lambda: self._back(opened.line.code))
        form.add(back)
        form.finish()
        form.set_record(opened.times)
        keeper = self._context.draft_keeper("deadline_times", DeadlineTimes, opened.line.id)
        editor.edit(opened.line.what, form, self._save, keeper)

    def _save(self, times: DeadlineTimes) -> None:
        editor = editor_over(self)
        self._context.tasks.do(
            self,
            deadline_times.save,
            times,
            then=self._saved,
            failed=editor.failed,
            undo_label=_("The times of this deadline hold from now on."),
        )

    def _saved(self, times: DeadlineTimes) -> None:
        editor = editor_over(self)
        editor.saved(times)
        editor.close_editor()

    def _back(self, code: str) -> None:
        editor = editor_over(self)
        self._context.tasks.do(
            self,
            deadline_times.back_to_usual,
            code,
            then=self._saved,
            failed=editor.failed,
            undo_label=_("The usual times hold again."),
        )


def _explanation(opened: TimesForm) -> str:
    line = opened.line
    unit = _("Numbers are hours.") if opened.counts_hours else _("Numbers are days.")
    usual = _("Usual: {usual}.").format(usual=line.usual)
    parts = [usual, unit]
    if line.basis:
        parts.append(_("It rests on: {basis}.").format(basis=line.basis.rstrip(".")))
    if line.to_be_confirmed:
        parts.append(_("An advocate has still to confirm this."))
    return " ".join(parts)


def deadline_ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the numbers of the deadlines that match what was typed."""
    return [line.id for line in deadline_times.lines(work, wanted.text)]


def deadline_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return some deadlines as rows."""
    known = {line.id: line for line in deadline_times.lines(work)}
    return [_row(known[number]) for number in ids]


def _row(line: TimesLine) -> Row:
    roles = {"what": "strong", "source": "soon" if line.to_be_confirmed else "neutral"}
    return Row(line.id, (line.what, line.usual, line.here, line.source), roles)
