"""Words the parts of the staff page share."""

from __future__ import annotations

from collections.abc import Sequence

from shelter_app.errors import ShelterError, ValidationFailed
from shelter_app.i18n import _
from ui.kit.wording import sentence_for


def compartment_word(compartment: str) -> str:
    """Return the name of a compartment for people."""
    words = {
        "office": _("office"),
        "house": _("house"),
        "cases": _("casework"),
        "counselling": _("counselling notes"),
        "identity": _("true identities"),
    }
    return words.get(compartment, compartment)


def compartment_words(compartments: Sequence[str]) -> str:
    """Return the names of several compartments."""
    return ", ".join(compartment_word(name) for name in compartments)


def sentences_of(error: BaseException) -> dict[str, str]:
    """Return what is wrong by the field it concerns, '' for what concerns none."""
    if isinstance(error, ValidationFailed):
        return {problem.field: _(problem.sentence) for problem in error.problems}
    return {"": why(error)}


def why(error: BaseException) -> str:
    """Return in one line why something was not done."""
    if isinstance(error, ValidationFailed):
        return " ".join(_(problem.sentence) for problem in error.problems)
    return sentence_for(error) if isinstance(error, ShelterError) else ""
