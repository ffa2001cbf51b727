"""The words the Today page begins with."""

from __future__ import annotations

from datetime import datetime

import pytest

from shelter_app.services.today import greeting


@pytest.mark.parametrize(
    ("alias", "called"),
    [
        ("Amina W.", "Amina"),
        ("J. Otieno", "J. Otieno"),
        ("Mama Rose", "Mama Rose"),
        ("Dr Kamau", "Dr Kamau"),
        ("Twiga", "Twiga"),
        ("W. A.", "W. A"),
    ],
)
def test_people_are_greeted_by_what_they_are_called(alias: str, called: str) -> None:
    said = greeting(alias, datetime(2026, 3, 2, 9), 0)
    assert said.startswith(f"Good morning, {called}. ")


@pytest.mark.parametrize(
    ("hour", "hello"),
    [(0, "Hello"), (4, "Hello"), (5, "Good morning"), (12, "Good afternoon"), (21, "Good evening")],
)
def test_the_greeting_follows_the_clock(hour: int, hello: str) -> None:
    assert greeting("Twiga", datetime(2026, 3, 2, hour), 1) == (
        f"{hello}, Twiga. One thing cannot wait."
    )
