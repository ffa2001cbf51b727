"""What a page may offer to the frame around it; each page offers what it has, and no more."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import SignalInstance

from shelter_app.services.changes import Changes


@runtime_checkable
class ShowsRecord(Protocol):
    """Can be opened at a record, or at a part of itself named by a detail."""

    def show_record(self, record_id: int, detail: str) -> None:
        """Bring a record or a detail to the front."""


@runtime_checkable
class Refreshes(Protocol):
    """Asks again for what somebody changed."""

    def refresh(self, changes: Changes) -> None:
        """Show what is there now, as far as it was touched."""


@runtime_checkable
class Leaves(Protocol):
    """Has something to keep before another page is shown."""

    def leave(self) -> None:
        """Keep what was typed a moment ago."""


@runtime_checkable
class ChangesPreferences(Protocol):
    """Lets language, theme or text size of this computer be chosen."""

    preferences_changed: SignalInstance


@runtime_checkable
class WantsRestore(Protocol):
    """Leads to the restore assistant."""

    restore_wanted: SignalInstance


@runtime_checkable
class WantsUpdate(Protocol):
    """Leads to an installer that was checked."""

    update_wanted: SignalInstance
