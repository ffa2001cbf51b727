"""How long files are kept: what is due for review, decisions that wait, what was erased."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain import codelists, retention
from shelter_app.i18n import _, ngettext
from shelter_app.services import purge
from shelter_app.services import retention as review
from shelter_app.services.purge import Report
from shelter_app.services.retention import Waiting
from shelter_app.services.work import Work
from ui.features.rights import new_keys
from ui.features.rights.decisions_card import DecisionsCard
from ui.features.rights.detail_card import Action, DetailCard
from ui.features.rights.erasures_card import ErasuresCard
from ui.features.rights.keep_dialog import KeepDialog
from ui.features.rights.uncharged_card import UnchargedCard
from ui.kit.card import Card, KeyValueList
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.message_bar import MessageBar
from ui.kit.record_table import Column, RecordTable, Row, TableFilter


class RetentionView(QWidget):
    """The queue for managers; decisions and erasures for the data protection lead too."""

    def __init__(self, context: Context, bar: MessageBar) -> None:
        super().__init__()
        self.setObjectName("RetentionView")
        self._context = context
        self._bar = bar
        self.is_manager = context.actor.has_role("manager")
        self.table = RecordTable(
            (
                Column("code", _("Code"), 90, sortable=False),
                Column("closed", _("Closed"), 110, sortable=False),
                Column("due", _("Due since"), 110, sortable=False),
                Column("held", _("Held because"), 0, sortable=False),
            ),
            context.tasks,
            file_ids,
            file_rows,
        )
        self.table.setObjectName("RetentionView_table")
        self.table.setAccessibleName(_("Files due for review"))
        self.table.set_empty(
            _("No file is due. A closed file comes here when the time it is kept for is over.")
        )
        self.detail = DetailCard("RetentionView_detail", _("Choose a file."))
        self.uncharged = UnchargedCard(context, bar)
        self.decisions = DecisionsCard(context, bar, ("keep", "hold", "purge", "accused"))
        self.decisions.purge_asked.connect(self.confirm_erasing)
        self.decisions.accused_asked.connect(self.uncharged.confirm_erasing)
        self.uncharged.changed.connect(self.reload)
        self.erasures = ErasuresCard(context, bar)
        self._lay_out()
        self.table.selected.connect(self._select)
        self.table.loaded.connect(self._count)
        self.reload()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        if self.is_manager:
            self.queue_card = Card(_("Due for review"))
            self.queue_card.add(self.table, 1)
            self.table.setMinimumHeight(180)
            both = QHBoxLayout()
            both.setSpacing(16)
            both.addWidget(self.queue_card, 5)
            both.addWidget(self.detail, 3)
            whole.addLayout(both, 1)
            whole.addWidget(self.uncharged)
        else:
            for each in (self.table, self.detail, self.uncharged):
                each.hide()
                each.setParent(self)
        whole.addWidget(self.decisions)
        whole.addWidget(self.erasures)
        whole.addWidget(_periods_card())
        if not self.is_manager:
            whole.addStretch(1)

    def reload(self) -> None:
        """Ask again."""
        if self.is_manager:
            self.table.reload()
            self.uncharged.reload()
        self.decisions.reload()
        self.erasures.reload()

    def _count(self, count: int) -> None:
        words = ngettext("{count} file", "{count} files", count)
        self.queue_card.set_aside(words.format(count=count))

    def _select(self, person_id: int) -> None:
        if not person_id:
            self.detail.clear()
            return
        self._context.tasks.ask(self, _waiting, person_id, then=self._show)

    def _show(self, file: Waiting | None) -> None:
        if file is None:
            self.detail.clear()
            return
        facts = (
            (_("Closed"), show_day(file.closed_on)),
            (_("Due since"), show_day(file.due_on)),
            (_("Kept for"), codelists.label("retention_class", file.retention_class)),
        )
        person = file.person_id
        actions: list[Action] = [
            (
                "file_open",
                _("Open her file"),
                lambda: self._context.go("resident", person),
                "plain",
            ),
            ("file_keep", _("Keep longer…"), lambda: self._keep(file), "plain"),
            ("file_hold", _("Legal hold…"), lambda: self._ask(file, retention.HOLD), "plain"),
        ]
        if not file.hindrance:
            proposed = _("Propose to erase…")
            actions.append(
                ("file_purge", proposed, lambda: self._ask(file, retention.PURGE), "danger")
            )
        self.detail.show_facts(file.code, facts, actions, file.hindrance)

    def _ask(self, file: Waiting, kind: str) -> None:
        sentences = {
            retention.HOLD: _("Nothing of {code} is erased until the hold is lifted."),
            retention.PURGE: _(
                "You propose to erase the whole file of {code}. A second person has to approve "
                "before anything happens. What stays is one line for counting, without a name."
            ),
        }
        verbs = {retention.HOLD: _("Put on hold"), retention.PURGE: _("Propose to erase")}
        dialog = ReasonDialog(
            self, sentences[kind].format(code=file.code), verbs[kind], _("Go back")
        )
        dialog.setObjectName(f"RetentionView_{kind}")
        dialog.accepted.connect(lambda: self.propose(file.person_id, kind, dialog.reason()))
        dialog.show_once()

    def _keep(self, file: Waiting) -> None:
        sentence = _("The file of {code} is kept longer and comes back for review on that day.")
        dialog = KeepDialog(self, sentence.format(code=file.code))
        dialog.accepted.connect(
            lambda: self.propose(
                file.person_id, retention.KEEP, dialog.reason(), dialog.day_edit.value()
            )
        )
        dialog.show_once()

    def propose(self, person_id: int, kind: str, reason: str, until: object = None) -> None:
        """Propose something about a file."""
        self._context.tasks.do(
            self,
            review.propose,
            person_id,
            kind,
            reason,
            until,
            then=lambda _decision: self._proposed(kind),
            failed=self._bar.explain,
        )

    def _proposed(self, kind: str) -> None:
        self._bar.say(
            _("On hold from now on. Nothing is erased until somebody lifts the hold.")
            if kind == retention.HOLD
            else _("Proposed. A second person approves it on this page.")
        )
        self.detail.clear()  # it left the list: what stood here offered the same once more
        self.reload()

    def confirm_erasing(self, decision_id: int, code: str) -> None:
        """Ask once more before a file is erased for good."""
        dialog = Dialog(
            self,
            _(
                "The file of {code} is erased now, for good: names, notes, papers, drafts and what "
                "the audit trail says of her. This cannot be undone by anybody. Then a copy of the "
                "records is made without her, and the parts she was in get new keys, so that no "
                "key in use opens what the disk still holds of the old pages."
            ).format(code=code),
            _("Erase for good"),
            _("Go back"),
            dangerous=True,
        )
        dialog.setObjectName("RetentionView_erase")
        dialog.accepted.connect(lambda: self.erase(decision_id))
        dialog.show_once()

    def erase(self, decision_id: int) -> None:
        """Erase the file of an approved decision."""
        self._context.tasks.run(
            self,
            purge.carry_out,
            decision_id,
            then=self._erased,
            failed=self._bar.explain,
        )

    def _erased(self, report: Report) -> None:
        said = ngettext(
            "Erased: {count} record. In older backups until {day} at the latest.",
            "Erased: {count} records. In older backups until {day} at the latest.",
            report.records,
        ).format(count=report.records, day=show_day(report.in_backups_until))
        if report.counselling_waits:
            waits = _("The counselling part waits for a counsellor.")
            said = f"{said} {waits}"
        self._bar.say(said)
        self.reload()
        new_keys.give(self, self._context, self._bar)


def file_ids(work: Work, _wanted: TableFilter) -> Sequence[int]:
    """Return the files due for review."""
    return [each.person_id for each in review.queue(work).files]


def file_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return files as rows."""
    known = {each.person_id: each for each in review.queue(work).files}
    return [
        Row(
            each.person_id,
            (each.code, show_day(each.closed_on), show_day(each.due_on), each.hindrance),
            {"code": "strong"},
        )
        for each in (known[number] for number in ids if number in known)
    ]


def _waiting(work: Work, person_id: int) -> Waiting | None:
    return next((f for f in review.queue(work).files if f.person_id == person_id), None)


def _periods_card() -> Card:
    card = Card(_("How long things are kept"), _("to be confirmed by counsel"))
    listed = KeyValueList()
    for rule in retention.rules():
        label, _dash, period = rule.label.partition(" - ")
        said = period or rule.label
        if rule.to_be_confirmed:
            said = _("{period} (to be confirmed)").format(period=said)
        listed.add(label, said)
    uncharged = _("2 years after the entry, once the case has ended (to be confirmed)")
    listed.add(_("Accused never charged"), uncharged)
    card.add(listed)
    return card
