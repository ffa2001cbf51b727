"""What an admission needs and what it only points out: nothing here turns a person away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shelter_app.domain.stay import Room
from shelter_app.i18n import N_

BACKDATING_NEEDS_REASON: Final = timedelta(hours=24)

CHILD_BANDS: Final = ("under10", "10-13", "14-15", "16-17")
_AGES: Final = {
    "under10": (0, 9),
    "10-13": (10, 13),
    "14-15": (14, 15),
    "16-17": (16, 17),
    "18-24": (18, 24),
    "25plus": (25, 120),
}
_ADULT_BASES: Final = ("adult_consent", "adult_guardian")

OTHER_SEX: Final = N_("This room is meant for another sex.")
TOO_YOUNG: Final = N_("This room is meant for older residents.")
TOO_OLD: Final = N_("This room is meant for younger residents.")
IN_A_COT: Final = N_("This is a cot for a small child. Please choose a bed.")
ADULTS_AND_CHILDREN: Final = N_("Adults and children would share this room.")


def is_child(age_band: str) -> bool:
    """Say whether an age band is below 18; not knowing is not a child."""
    return age_band in CHILD_BANDS


def has_basis(age_band: str, legal_basis: str) -> bool:
    """Say whether the legal basis will do: a child's cannot be an adult's own consent."""
    if is_child(age_band):
        return legal_basis != "" and legal_basis not in _ADULT_BASES
    return True


def needs_late_reason(admitted_at: datetime, now: datetime) -> bool:
    """Say whether an admission is recorded so late that the reason is kept."""
    return now - admitted_at > BACKDATING_NEEDS_REASON


def room_hints(room: Room, sex: str, age_band: str) -> tuple[str, ...]:
    """Return sentences to confirm about a person in a room; none of them forbids it."""
    found = []
    if room.sex_allowed in ("F", "M") and sex in ("F", "M") and room.sex_allowed != sex:
        found.append(OTHER_SEX)
    youngest, oldest = _AGES.get(age_band, (0, 120))
    if age_band in _AGES:
        if room.age_min is not None and oldest < room.age_min:
            found.append(TOO_YOUNG)
        if room.age_max is not None and youngest > room.age_max:
            found.append(TOO_OLD)
    return tuple(found)


def fits_cot(age_band: str) -> bool:
    """Say whether somebody may sleep in a cot; not knowing the age does not forbid it."""
    return age_band not in _AGES or age_band == "under10"


def mixes_ages(room_type: str, band: str, others: tuple[str, ...]) -> bool:
    """Say whether a child would sleep among adults who are not of her family (or the reverse)."""
    if room_type == "mother_baby" or band not in _AGES:
        return False
    return any(other in _AGES and is_child(other) != is_child(band) for other in others)
