"""The sample record, desk and values that the gallery shows; their words are not translated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Final

from shelter_app.domain.fields import (
    answer,
    choice,
    choices,
    day,
    flag,
    link,
    long_text,
    moment,
    number,
    text,
)
from shelter_app.domain.record import Record
from ui.kit.command_palette import PaletteItem
from ui.kit.record_table import Column, Row, TableFilter
from ui.kit.week_calendar import CalendarEntry

MONDAY: Final = date(2026, 11, 23)


@dataclass(frozen=True, kw_only=True)
class Sample(Record):
    """A record with a field of each kind."""

    table: ClassVar[str] = "sample"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "general"
    title: ClassVar[str] = "Sample"

    working_name: str = text("Working name", required=True)
    sex: str = choice("Sex", codes="sex")
    nationality: str = choice("Nationality", codes="nationality")
    held_on: date | None = day("Date", required=True, future=False)  # noqa: RUF009 - a declaration
    starts_at: datetime | None = moment("Starts")  # noqa: RUF009 - a declaration
    minutes: int | None = number("Length", least=5, most=240, unit="minutes")
    themes: tuple[str, ...] = choices("Themes", codes="session_theme")
    languages: tuple[str, ...] = choices("Languages", codes="language")
    asked: bool | None = answer("Wants to be called by phone")
    no_photographs: bool = flag("Do not photograph")
    companion_id: int = link("Companion", to="staff")
    note: str = long_text("Note", help="Facts and what was agreed; no guesses.")


class SampleDesk:
    """Answers at once, so that the gallery needs no vault."""

    def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the function now."""
        future: Future[Any] = Future()
        future.set_result(function(None, *args, **kwargs))
        return future

    do = ask


def names(_work: object, text: str) -> list[tuple[int, str]]:
    """Return links by a few letters."""
    found = ["Amina W.", "Grace M.", "Joseph O.", "Wanjiru K."]
    return [(i, name) for i, name in enumerate(found, 1) if text.casefold() in name.casefold()]


def name(_work: object, staff_id: int) -> str:
    """Return the words of one link."""
    return dict(names(None, ""))[staff_id]


def ids(_work: object, wanted: TableFilter) -> list[int]:
    """Return the ids of a table."""
    return [] if wanted.text else list(range(1, 241))


def rows(_work: object, ids: Sequence[int]) -> list[Row]:
    """Return a page of a table."""
    risks = (("High", "overdue"), ("Medium", "soon"), ("Low", "good"), ("Not assessed", "neutral"))
    made = []
    for i in ids:
        risk, role = risks[i % 4]
        cells = (f"R-{i:04d}", "“Pendo”", "16 girl", risk, "Acacia 3", f"day {i}")
        made.append(Row(i, cells, {"code": "strong", "risk": role}))
    return made


def columns() -> tuple[Column, ...]:
    """Return the columns of a table."""
    return (
        Column("code", "Code", 100),
        Column("name", "Working name", 0),
        Column("age", "Age", 110),
        Column("risk", "Risk", 140),
        Column("bed", "Bed", 120),
        Column("day", "Since", 90, "right"),
    )


def entries() -> list[CalendarEntry]:
    """Return a week."""

    def entry(
        number: int, day: int, hour: float, minutes: int, title: str, role: str, **more: Any
    ) -> CalendarEntry:
        start = datetime.combine(MONDAY, time()) + timedelta(days=day, hours=hour)
        return CalendarEntry(number, role, title, "Room 2", start, minutes, role, **more)

    return [
        entry(1, 0, 9.5, 60, "“Pendo” 4/6", "counselling"),
        entry(2, 0, 11, 60, "“Zawadi” first", "counselling"),
        entry(3, 0, 14, 60, "Group: life skills", "good"),
        entry(4, 1, 8.5, 150, "Court: R-0207 testimony", "court", movable=False),
        entry(5, 1, 14, 60, "“Amani” 2/6", "counselling"),
        entry(6, 2, 9, 60, "“Saida” 5/6", "counselling", conflict=True),
        entry(7, 2, 9.5, 60, "“Halima”", "counselling", conflict=True),
        entry(8, 3, 13, 90, "Case conference", "soon"),
        entry(9, 4, 11, 60, "Supervision", "neutral"),
    ]


CLOSE: Final = "The case will be closed and its deadlines end. The file can be opened again."
REVEAL: Final = "The legal name will be shown for one minute, and the reason is kept."


def actions(text: str) -> list[PaletteItem]:
    """Return what the palette finds."""
    found = [
        PaletteItem("People", "“Pendo” R-0207", "In residence · 16", "person", list),
        PaletteItem("People", "“Petronila” R-0112", "Aftercare · 22", "person", list),
        PaletteItem("Contacts", "Nyali Police Station", "Gender desk", "police", list),
        PaletteItem("Actions", "Log a call", "", "phone", list),
        PaletteItem("Actions", "Record a session", "", "counselling", list),
    ]
    return [item for item in found if text.casefold() in item.label.casefold()] if text else found
