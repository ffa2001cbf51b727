"""A record with a field of each kind, for forms and editors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shelter_app.domain.fields import (
    answer,
    choice,
    choices,
    day,
    flag,
    link,
    long_text,
    moment,
    money,
    number,
    phone,
    text,
)
from shelter_app.domain.record import Record


@dataclass(frozen=True, kw_only=True)
class Sample(Record):
    """One of each."""

    table: ClassVar[str] = "sample"
    compartment: ClassVar[str] = "house"
    level: ClassVar[str] = "general"
    title: ClassVar[str] = "Sample"

    name: str = text("Name", required=True, longest=40)
    number_called: str = phone("Phone")
    sex: str = choice("Sex", codes="sex")
    nationality: str = choice("Nationality", codes="nationality")
    held_on: date | None = day("Held on", future=False)  # noqa: RUF009 - a declaration
    starts_at: datetime | None = moment("Starts")  # noqa: RUF009 - a declaration
    minutes: int | None = number("Length", least=5, most=240, unit="minutes")
    cost: int | None = money("Cost")
    themes: tuple[str, ...] = choices("Themes", codes="session_theme")
    languages: tuple[str, ...] = choices("Languages", codes="language")
    asked: bool | None = answer("Wants a call")
    no_photographs: bool = flag("Do not photograph")
    companion_id: int = link("Companion", to="staff")
    note: str = long_text("Note", longest=20_000)


NAMES = tuple(
    name
    for name in Sample.__dataclass_fields__
    if Sample.__dataclass_fields__[name].metadata.get("declared")
)
