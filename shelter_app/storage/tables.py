"""One Core table per record type, derived from its declared fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.court_outcome import OUTCOME_FIELDS
from shelter_app.domain.fields import Field, Kind, fields_of
from shelter_app.domain.legal import NOT_RECORDED, CourtEvent
from shelter_app.domain.record import Record

METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class CodeTuple(sa.types.TypeDecorator[tuple[str, ...]]):
    """Several codes in one column, kept as '|a|b|' so that one code can be looked for."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Any) -> str:
        """Join the codes."""
        return "|" + "|".join(value) + "|" if value else ""

    def process_result_value(self, value: str | None, _dialect: Any) -> tuple[str, ...]:
        """Split what is kept."""
        return tuple(value.strip("|").split("|")) if value else ()


class LinkId(sa.types.TypeDecorator[int]):
    """An id whose 0 means 'none' and is kept as NULL."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, _dialect: Any) -> int | None:
        """Keep no link as NULL."""
        return value or None

    def process_result_value(self, value: int | None, _dialect: Any) -> int:
        """Give NULL back as 0."""
        return value or 0


def _column(field: Field) -> sa.Column[Any]:
    kind = field.kind
    if kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE, Kind.CHOICE, Kind.JSON):
        return sa.Column(field.name, sa.Text(), nullable=False, server_default="")
    if kind is Kind.CHOICES:
        return sa.Column(field.name, CodeTuple(), nullable=False, server_default="")
    if kind is Kind.FLAG:
        return sa.Column(field.name, sa.Boolean(), nullable=False, server_default=sa.text("0"))
    types: dict[Kind, Any] = {
        Kind.DAY: sa.Date(),
        Kind.MOMENT: sa.DateTime(),
        Kind.NUMBER: sa.Integer(),
        Kind.MONEY: sa.Integer(),
        Kind.ANSWER: sa.Boolean(),
        Kind.LINK: LinkId(),
    }
    return sa.Column(field.name, types[kind])


def schema_of(compartment: str) -> str:
    """Return the schema name of a compartment: the office file is the connection's main one."""
    return "main" if compartment == "office" else compartment


def _build(kind: type[Record]) -> sa.Table:
    table = sa.Table(
        kind.table,
        METADATA,
        sa.Column("id", _ID, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", LinkId()),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", LinkId()),
        sa.Column("voided", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("void_reason", sa.Text(), nullable=False, server_default=""),
        *(_column(field) for field in fields_of(kind)),
        schema=schema_of(kind.compartment),
    )
    living = sa.text("voided = 0")
    for number, names in enumerate(kind.indexed):
        columns = (table.c[name] for name in names)
        sa.Index(f"ix_{kind.table}_{number}", *columns, sqlite_where=living)
    for number, names in enumerate(kind.unique):
        columns = (table.c[name] for name in names)
        sa.Index(f"uq_{kind.table}_{number}", *columns, unique=True, sqlite_where=living)
    return table


_TABLES: Final[dict[str, sa.Table]] = {kind.table: _build(kind) for kind in RECORD_TYPES}


def table_of(kind: type[Record]) -> sa.Table:
    """Return the table of a record type."""
    return _TABLES[kind.table]


def record_columns(kind: type[Record]) -> tuple[str, ...]:
    """Return the names of all columns of a record type in the table's order."""
    return tuple(column.name for column in table_of(kind).columns)


_LIVING_OPEN_BED: Final = " WHERE to_at IS NULL AND voided = 0"
_LIVING_OPEN_STAY: Final = " WHERE exited_at IS NULL AND voided = 0"


def _no_overlap(verb: str) -> str:
    return (
        f"CREATE TRIGGER {{schema}}.bed_stay_no_overlap_{verb.lower()}"  # noqa: S608 - two words
        f" BEFORE {verb} ON bed_stay WHEN NEW.voided = 0 AND EXISTS ("
        "SELECT 1 FROM bed_stay AS other WHERE other.bed_id = NEW.bed_id AND other.voided = 0"
        " AND other.id <> NEW.id AND other.from_at < coalesce(NEW.to_at, '9999-12-31')"
        " AND NEW.from_at < coalesce(other.to_at, '9999-12-31'))"
        " BEGIN SELECT RAISE(ABORT, 'bed is taken'); END"
    )


BED_RULES: Final[tuple[str, ...]] = (
    "CREATE UNIQUE INDEX {schema}.uq_bed_stay_open_bed ON bed_stay (bed_id)" + _LIVING_OPEN_BED,
    "CREATE UNIQUE INDEX {schema}.uq_bed_stay_open_stay ON bed_stay (stay_id)" + _LIVING_OPEN_BED,
    "CREATE UNIQUE INDEX {schema}.uq_stay_open_person ON stay (person_id)" + _LIVING_OPEN_STAY,
    "CREATE INDEX {schema}.ix_stay_open ON stay (case_manager, person_id)" + _LIVING_OPEN_STAY,
    _no_overlap("INSERT"),
    _no_overlap("UPDATE"),
)
"""No two persons in one bed at one time, whatever the program believes (a rule of the file).

The far end is written as a full day: a bare '9999' would be compared as a number, and a number
is below every text, so that an open span would overlap nothing.
"""


def _differ(names: Iterable[str]) -> str:
    return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in names)


_PLANNED_FACTS: Final = tuple(
    field.name
    for field in fields_of(CourtEvent)
    if field.name not in (*OUTCOME_FIELDS, "superseded")
)
_OUTCOME_KNOWN: Final = f"OLD.outcome NOT IN ('', '{NOT_RECORDED}')"
_TAKEN_BACK_AT_ONCE: Final = (
    f"(NEW.outcome = '{NOT_RECORDED}' AND NEW.updated_by IS OLD.updated_by"
    " AND julianday(NEW.updated_at) - julianday(OLD.updated_at) < 10.0 / 1440)"
)


def _refuse_change(name: str, when: str, sentence: str) -> str:
    return (
        f"CREATE TRIGGER {{schema}}.{name} BEFORE UPDATE ON court_event WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


COURT_RULES: Final[tuple[str, ...]] = (
    _refuse_change(
        "court_event_past_kept",
        f"OLD.starts_at <= NEW.updated_at AND ({_differ(_PLANNED_FACTS)})",
        "a past court date is corrected by an amendment",
    ),
    _refuse_change(
        "court_event_outcome_kept",
        f"{_OUTCOME_KNOWN} AND NOT {_TAKEN_BACK_AT_ONCE} AND ({_differ(OUTCOME_FIELDS)})",
        "a recorded outcome is corrected by an amendment",
    ),
)
"""What was in court stays as it was written, whatever the program believes (a rule of the file).

A date that has come keeps its facts and takes its outcome once. It may be marked as void or
corrected, and whoever recorded an outcome may take it back within ten minutes (Undo).
"""


def statements_for(compartment: str, extra: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the statements that make a compartment's tables; the source of new migrations."""
    dialect = sa.create_mock_engine("sqlite://", lambda *_a, **_k: None).dialect
    schema = schema_of(compartment)
    made: list[str] = []
    for kind in RECORD_TYPES:
        if kind.compartment != compartment:
            continue
        table = table_of(kind)
        made.append(str(sa.schema.CreateTable(table).compile(dialect=dialect)).strip())
        ordered = sorted(table.indexes, key=lambda index: str(index.name))
        made += [
            str(sa.schema.CreateIndex(index).compile(dialect=dialect)).strip() for index in ordered
        ]
    if compartment == "house":
        made += [rule.format(schema=schema) for rule in BED_RULES]
    if compartment == "cases":
        made += [rule.format(schema=schema) for rule in COURT_RULES]
    made += [statement.format(schema=schema) for statement in extra]
    return tuple(made)
