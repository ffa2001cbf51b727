"""The numbered steps every compartment goes through, in order; listed by hand, found by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shelter_app.storage.migrations.v001_initial import STATEMENTS as FIRST


@dataclass(frozen=True)
class Step:
    """One numbered step: the statements for each compartment it changes."""

    number: int
    statements: Mapping[str, tuple[str, ...]]


STEPS: Final = (Step(1, FIRST),)
