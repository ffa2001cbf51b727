"""What every page is given: the desk, the task bridge, who is signed in, how to go elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget

from shelter_app.domain.access import Actor
from shelter_app.domain.record import Record
from shelter_app.services.desk import Desk
from ui.kit.tasks import Tasks


class DraftKeeper(Protocol):
    """Keeps what is being typed, encrypted, in the compartment of the record being edited."""

    def keep(self, body: str) -> None:
        """Keep the form's values (JSON text) as they are now."""
        ...

    def discard(self) -> None:
        """Forget the draft after saving, or when its owner says so."""
        ...

    def fetch(self, then: Callable[[str], None]) -> None:
        """Hand over the kept values, or '' when there are none."""
        ...


class Go(Protocol):
    """Navigation to a place, a record and a detail (tab, day)."""

    def __call__(self, place: str, record_id: int = 0, detail: str = "") -> None:
        """Show the place; unknown places and closed records end in a plain sentence."""
        ...


@dataclass(frozen=True)
class ResidentTab:
    """One tab of the resident page, filled by another feature."""

    key: str
    label: str
    build: Callable[[Context, int], QWidget]
    visible: Callable[[Actor], bool]
    table: str = ""
    """The record type it shows: without that right for this person the tab is absent."""


@dataclass(frozen=True)
class Context:
    """Handed to every page; holds no state of its own."""

    desk: Desk
    tasks: Tasks
    actor: Actor
    go: Go
    draft_keeper: Callable[[str, type[Record], int], DraftKeeper]
    resident_tabs: tuple[ResidentTab, ...] = ()
    place: QWidget | None = None
    """Where pages live. Made there, a page is dressed once; moved there, it is dressed again."""
