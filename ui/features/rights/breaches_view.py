"""The breach notebook: each breach with its clock, the notice to fill in, and who was told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from shelter_app import clock
from shelter_app.domain import codelists
from shelter_app.domain.breach import Breach, left_words
from shelter_app.domain.staff import Staff
from shelter_app.i18n import _
from shelter_app.services import breaches
from shelter_app.services.breaches import Noted
from shelter_app.services.work import Work
from ui.features.rights.detail_card import Action
from ui.features.rights.register_view import RegisterView, Services, Words
from ui.kit.context import Context
from ui.kit.day_text import show_day, show_moment
from ui.kit.dialog import Dialog
from ui.kit.folders import choose_folder, named
from ui.kit.link_editor import LinkSource
from ui.kit.message_bar import MessageBar
from ui.kit.record_form import RecordForm
from ui.kit.record_table import Column, Row, TableFilter


class BreachesView(RegisterView[Breach, Noted]):
    """Running clocks first; one breach opened at the right."""

    def __init__(self, context: Context, host: QWidget, bar: MessageBar) -> None:
        words = Words(
            title=_("Breaches"),
            empty=_(
                "No breach was written down. A lost stick, a paper left in the printer, a stranger "
                "who read the screen: write it down at once, the clock of 72 hours runs from then."
            ),
            begin=_("Write a breach down"),
            choose=_("Choose a breach."),
        )
        columns = (
            Column("clock", _("72 hours"), 180, sortable=False),
            Column("aware", _("We became aware"), 160, sortable=False),
            Column("severity", _("How serious"), 0, sortable=False),
            Column("closed", _("Closed"), 110, sortable=False),
        )
        services = Services(
            ids=breach_ids,
            rows=breach_rows,
            find=_noted,
            new=breaches.new,
            get=breaches.get,
            save=breaches.save,
        )
        super().__init__(context, host, bar, words, columns, services)

    def _show_entry(self, found: Noted) -> None:
        breach = found.breach
        people = "" if breach.people_affected is None else str(breach.people_affected)
        facts = (
            (_("What happened"), breach.what),
            (_("When it happened"), show_moment(breach.at)),
            (_("When we became aware"), show_moment(breach.aware_at)),
            (_("Found by"), found.found_by),
            (_("Which data, of whom"), breach.data_kinds),
            (_("People affected"), people),
            (_("The place of the house may be known"), _("yes") if breach.location_exposed else ""),
            (_("Who may have seen it, if known"), breach.unauthorised),
            (_("What was done and will be done"), breach.action),
            (_("What the people affected should do"), breach.advice),
            (_("Commissioner told"), show_moment(breach.odpc_told_at)),
            (_("Why it is later than 72 hours"), breach.delay_reason),
            (_("People affected told"), show_moment(breach.subjects_told_at)),
            (_("Closed"), show_day(breach.closed_on)),
        )
        warning = ""
        if found.left is not None:
            warning = _("To tell the Commissioner: {left}").format(left=left_words(found.left))
        title = codelists.label("breach_severity", breach.severity)
        self.detail.show_facts(title, facts, self._actions(found), warning)

    def _actions(self, found: Noted) -> list[Action]:
        breach = found.breach
        made: list[Action] = [
            ("breach_notice", _("Notice to fill in…"), lambda: self._notice(breach.id), "primary")
        ]
        if found.left is not None:
            made.append(("breach_told", _("We have told them"), lambda: self._told(found), "plain"))
        if breach.closed_on is None:
            made.append(("breach_edit", _("Change"), lambda: self._edit(breach), "plain"))
        return made

    def _edit(self, breach: Breach) -> None:
        form = RecordForm(
            Breach, self._context.tasks, links={"found_by": LinkSource(staff_choices, staff_label)}
        )
        form.row("at", "aware_at")
        form.row("severity")
        form.row("found_by")
        form.row("what")
        form.row("data_kinds")
        form.row("people_affected", "location_exposed")
        form.row("unauthorised")
        form.row("action")
        form.row("advice")
        form.section(_("Who was told"))
        form.row("odpc_told_at")
        form.row("delay_reason")
        form.row("subjects_told_at")
        form.row("closed_on")
        form.finish()
        form.set_record(breach)
        keeper = self._context.draft_keeper("breach", Breach, breach.id)
        title = _("Data breach") if breach.revision else _("New breach")
        self.side_editor.edit(title, form, self._save, keeper)

    def _told(self, found: Noted) -> None:
        sentence = _("The Commissioner was told now: this stops the clock and is kept.")
        dialog = Dialog(self, sentence, _("We have told them"), _("Go back"))
        dialog.setObjectName("BreachesView_told")
        dialog.accepted.connect(lambda: self.tell(found.breach.id))
        dialog.show_once()

    def tell(self, breach_id: int) -> None:
        """Write down that the Commissioner was told now."""
        self._context.tasks.do(
            self,
            breaches.report_told,
            breach_id,
            clock.now().replace(second=0),
            then=lambda _breach: self.reload(),
            failed=lambda _error: self._late(breach_id),
        )

    def _late(self, breach_id: int) -> None:
        self._bar.say(
            _("Later than 72 hours: please write into the form why, with the time of the report."),
            "warning",
        )
        self._edit_id(breach_id)

    def _notice(self, breach_id: int) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_notice(breach_id, folder)

    def save_notice(self, breach_id: int, folder: Path) -> None:
        """Write the notice into a folder, as PDF and to edit."""
        said = _("Saved as {file}, and beside it a copy that can be edited.")
        self._context.tasks.do(
            self,
            breaches.save_notice,
            breach_id,
            folder,
            then=lambda path: self._bar.say(said.format(file=named(path))),
            failed=self._bar.explain,
        )


def breach_ids(work: Work, _wanted: TableFilter) -> Sequence[int]:
    """Return the breaches, running clocks first."""
    return [each.breach.id for each in breaches.noted(work)]


def breach_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return breaches as rows."""
    known = {each.breach.id: each for each in breaches.noted(work)}
    return [_row(known[number]) for number in ids if number in known]


def _noted(work: Work, breach_id: int) -> Noted | None:
    return next((each for each in breaches.noted(work) if each.breach.id == breach_id), None)


def _row(found: Noted) -> Row:
    breach = found.breach
    words = left_words(found.left) if found.left is not None else _("stopped")
    cells = (
        words,
        show_moment(breach.aware_at),
        codelists.label("breach_severity", breach.severity),
        show_day(breach.closed_on),
    )
    running = {"clock": "overdue"} if found.left is not None else {"clock": "neutral"}
    return Row(breach.id, cells, {"severity": "strong", **running})


def staff_choices(work: Work, typed: str) -> list[tuple[int, str]]:
    """Return workers by name, for who found it."""
    folded = typed.casefold().strip()
    found = work.matching(Staff, order=("alias",))
    return [(s.id, s.alias) for s in found if not s.locked and folded in s.alias.casefold()]


def staff_label(work: Work, staff_id: int) -> str:
    """Return a worker's name."""
    found = work.find(Staff, staff_id)
    return found.alias if found else ""
