"""Practice before the door: it needs no records, and it is what the first page really asks."""

from __future__ import annotations

import pytest
from sqlalchemy.sql.compiler import SQLCompiler

from shelter_app.services import practice, today
from tests.fixtures import House


@pytest.mark.parametrize("role", ["manager", "social_worker", "house_mother", "counsellor"])
def test_after_practice_no_question_of_the_first_page_is_new(
    house: House, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.practise()
    put: list[str] = []
    plain = SQLCompiler.__init__

    def counted(compiler: SQLCompiler, *given: object, **named: object) -> None:
        plain(compiler, *given, **named)  # type: ignore[arg-type]
        put.append(str(compiler))

    monkeypatch.setattr(SQLCompiler, "__init__", counted)
    house.desk(role).ask(today.page, True).result()
    assert put == []
