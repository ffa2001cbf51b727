"""What a page is given in tests: a desk of the house, its tasks, and an ear for where it goes."""

from __future__ import annotations

from collections.abc import Callable

from tests.fixtures import House
from ui.kit.context import Context
from ui.kit.tasks import Tasks

Gone = list[tuple[str, int, str]]
"""The places a page asked for: place, record and detail."""


class NoDrafts:
    """Keeps nothing: for tests that are not about drafts."""

    def keep(self, body: str) -> None:
        pass

    def discard(self) -> None:
        pass

    def fetch(self, then: Callable[[str], None]) -> None:
        then("")


def a_context(house: House, role: str, gone: Gone | None = None) -> Context:
    """Return what a page of this role's desk is given; where it goes is kept in `gone`."""
    desk = house.desk(role)
    heard: Gone = [] if gone is None else gone
    return Context(
        desk=desk,
        tasks=Tasks(desk),
        actor=desk.actor,
        go=lambda place, record_id=0, detail="": heard.append((place, record_id, detail)),
        draft_keeper=lambda *_form: NoDrafts(),
    )
