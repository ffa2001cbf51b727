"""What an editor is given to keep what is typed: encrypted, in the record's own compartment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from shelter_app.domain.record import Record
from shelter_app.services import drafts
from ui.kit.tasks import Tasks


class Keeper:
    """Keeps, discards and fetches the draft of one form and record."""

    def __init__(
        self,
        tasks: Tasks,
        owner: QObject,
        form_key: str,
        record_type: type[Record],
        record_id: int,
    ) -> None:
        self._tasks = tasks
        self._owner = owner
        self._place = drafts.Place(form_key, record_type.table, record_id)

    def keep(self, body: str) -> None:
        """Keep the form's values as they are now."""
        self._tasks.do(self._owner, drafts.keep, self._place, body)

    def discard(self) -> None:
        """Forget the draft."""
        self._tasks.do(self._owner, drafts.discard, self._place)

    def fetch(self, then: Callable[[str], None]) -> None:
        """Hand over the kept values, or '' when there are none."""
        self._tasks.ask(self._owner, drafts.get, self._place, then=then)
