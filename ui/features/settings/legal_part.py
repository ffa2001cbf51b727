"""Settings: what the program says of law, and whether an advocate has confirmed it."""

from __future__ import annotations

from collections.abc import Sequence

from shelter_app.i18n import _
from shelter_app.services.legal_facts import LegalFact, legal_facts
from shelter_app.services.work import Work
from ui.features.settings.table_part import TablePart
from ui.kit.context import Context
from ui.kit.record_table import Column, RecordTable, Row, TableFilter


class LegalPart(TablePart):
    """Every statement of law the program relies on, with its source and whether it is confirmed."""

    def __init__(self, context: Context) -> None:
        hint = _(
            "The program is no legal advice. An advocate confirms these before they are relied on; "
            "what is typed from the charge sheet always wins."
        )
        columns = (
            Column("what", _("What it says"), sortable=False),
            Column("where", _("Where it stands"), 250, sortable=False),
            Column("source", _("Where we have it from"), 250, sortable=False),
            Column("status", _("Status"), 190, sortable=False),
        )
        table = RecordTable(columns, context.tasks, fact_ids, fact_rows)
        super().__init__("SettingsPage_legal", _("Legal facts"), hint, table)


def fact_ids(work: Work, _wanted: TableFilter) -> Sequence[int]:
    """Return the numbers of the legal facts."""
    return [fact.id for fact in legal_facts(work)]


def fact_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return some legal facts as rows."""
    known = {fact.id: fact for fact in legal_facts(work)}
    return [_row(known[number]) for number in ids]


def _row(fact: LegalFact) -> Row:
    status = _("Confirmed") if fact.confirmed else _("To be confirmed by counsel")
    role = "good" if fact.confirmed else "soon"
    return Row(fact.id, (fact.what, fact.where, fact.source, status), {"status": role})
