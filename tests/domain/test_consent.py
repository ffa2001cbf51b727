"""Consents: what follows the answer cannot come before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from shelter_app.domain.consent import Consent
from shelter_app.errors import Problem

GIVEN = Consent(given_on=date(2026, 3, 10), expires_on=date(2027, 3, 10))


@pytest.mark.parametrize("field", ["expires_on", "withdrawn_on"])
def test_nothing_follows_an_answer_before_it_was_given(field: str) -> None:
    early: dict[str, date] = {field: date(2026, 3, 9)}
    same: dict[str, date] = {field: date(2026, 3, 10)}
    wrong = Problem(field, "This is before the answer was given.")
    assert wrong in replace(GIVEN, **early).problems()  # type: ignore[arg-type]
    assert wrong not in replace(GIVEN, **same).problems()  # type: ignore[arg-type]
