"""Drafts: half-typed forms wait for the one who typed them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from shelter_app.storage import drafts, vault
from tests.storage.small_vault import Small


@pytest.fixture
def opened(small: Small) -> Iterator[vault.Vault]:
    made = small.open()
    yield made
    made.close()


def test_a_draft_waits_through_a_restart(small: Small) -> None:
    opened = small.open()
    with opened.transaction() as connection:
        drafts.keep(connection, "counselling", opened.slot_id, "note", 5, '{"text":"She said"}')
    opened.close()
    again = small.open()
    with again.reading() as connection:
        kept = drafts.get(connection, "counselling", again.slot_id, "note", 5)
    assert kept is not None
    assert kept.body == '{"text":"She said"}'
    again.close()


def test_a_later_draft_replaces_the_earlier_one(opened: vault.Vault) -> None:
    with opened.transaction() as connection:
        for body in ("first", "second"):
            drafts.keep(connection, "cases", opened.slot_id, "plan", 1, body)
        waiting = drafts.waiting(connection, "cases", opened.slot_id)
    assert [draft.body for draft in waiting] == ["second"]


def test_nobody_sees_a_colleagues_draft(opened: vault.Vault) -> None:
    with opened.transaction() as connection:
        drafts.keep(connection, "cases", "someone else", "plan", 1, "hers")
        assert drafts.get(connection, "cases", opened.slot_id, "plan", 1) is None
        assert drafts.waiting(connection, "cases", opened.slot_id) == ()


def test_a_discarded_draft_is_gone(opened: vault.Vault) -> None:
    with opened.transaction() as connection:
        drafts.keep(connection, "cases", opened.slot_id, "plan", 1, "x")
        drafts.discard(connection, "cases", opened.slot_id, "plan", 1)
        drafts.discard(connection, "cases", opened.slot_id, "plan", 1)
        assert drafts.get(connection, "cases", opened.slot_id, "plan", 1) is None


def test_drafts_are_listed_newest_first(
    opened: vault.Vault, clock_at: Callable[[datetime], None]
) -> None:
    with opened.transaction() as connection:
        for hour, form in ((8, "early"), (10, "late"), (9, "middle")):
            clock_at(datetime(2026, 11, 22, hour))
            drafts.keep(connection, "house", opened.slot_id, form, 0, form)
        waiting = drafts.waiting(connection, "house", opened.slot_id)
    assert [draft.form for draft in waiting] == ["late", "middle", "early"]


def test_a_very_long_draft_is_kept_whole(opened: vault.Vault) -> None:
    body = "ü🙂" * 1_000_000
    with opened.transaction() as connection:
        drafts.keep(connection, "cases", opened.slot_id, "plan", 1, body)
    with opened.reading() as connection:
        kept = drafts.get(connection, "cases", opened.slot_id, "plan", 1)
    assert kept is not None
    assert kept.body == body
