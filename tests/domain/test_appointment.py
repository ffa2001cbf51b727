"""What the house calls a time in its calendar."""

from __future__ import annotations

from datetime import datetime

import pytest

from shelter_app.domain import codelists
from shelter_app.domain.appointment import Appointment, house_words

AT = datetime(2026, 11, 24, 9, 0)


def test_a_court_date_is_an_external_appointment_to_the_house() -> None:
    assert house_words("court") == "External appointment"
    assert Appointment(kind="court", starts_at=AT).headline() == "External appointment"


def test_the_house_is_not_told_that_a_time_is_for_counselling() -> None:
    assert Appointment(kind="counselling", starts_at=AT).headline() == "Appointment"


@pytest.mark.parametrize("kind", ["review", "medical", "other"])
def test_other_appointments_are_called_by_their_kind(kind: str) -> None:
    assert Appointment(kind=kind, starts_at=AT).headline() == codelists.label(
        "appointment_kind", kind
    )
