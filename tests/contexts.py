"""What a page is given in tests: a desk of the house, its tasks, and an ear for where it goes."""

from __future__ import annotations

from tests.fixtures import House
from ui.drafts import Keeper
from ui.kit.context import Context, ResidentTab
from ui.kit.tasks import Tasks

Gone = list[tuple[str, int, str]]
"""The places a page asked for: place, record and detail."""


def a_context(
    house: House, role: str, gone: Gone | None = None, tabs: tuple[ResidentTab, ...] = ()
) -> Context:
    """Return what a page of this role's desk is given; where it goes is kept in `gone`."""
    desk = house.desk(role)
    tasks = Tasks(desk)
    heard: Gone = [] if gone is None else gone
    return Context(
        desk=desk,
        tasks=tasks,
        actor=desk.actor,
        go=lambda place, record_id=0, detail="": heard.append((place, record_id, detail)),
        draft_keeper=lambda form, kind, record_id: Keeper(tasks, tasks, form, kind, record_id),
        resident_tabs=tabs,
    )
