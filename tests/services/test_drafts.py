"""Drafts: kept in the compartment of what is written, waiting for their owner alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from shelter_app.errors import NotAllowed
from shelter_app.services import drafts
from shelter_app.services.drafts import Place
from tests.fixtures import House

PERSON = Place("new_resident", "person")
NOTE = Place("note", "counselling_note", 7)


def test_a_draft_is_replaced_by_what_is_typed_later_and_goes_when_discarded(house: House) -> None:
    with house.work("social_worker") as work:
        drafts.keep(work, PERSON, "first")
        drafts.keep(work, PERSON, "second")
        assert drafts.get(work, PERSON) == "second"
        drafts.discard(work, PERSON)
        assert drafts.get(work, PERSON) == ""
        assert drafts.mine(work) == ()


def test_drafts_survive_signing_out_and_are_offered_newest_first(
    house: House, clock_at: Callable[[datetime], None]
) -> None:
    for hour, place in enumerate((NOTE, PERSON), start=9):
        clock_at(datetime(2026, 11, 23, hour))
        with house.work("counsellor") as work:
            drafts.keep(work, place, "half a sentence")
    house.close()
    with house.work("counsellor") as work:
        waiting = drafts.mine(work)
    assert [draft.place for draft in waiting] == [PERSON, NOTE]
    assert all(draft.title for draft in waiting)


def test_nobody_else_sees_a_draft(house: House) -> None:
    with house.work("counsellor") as work:
        drafts.keep(work, PERSON, "mine")
    with house.work("social_worker") as work:
        assert drafts.get(work, PERSON) == ""
        assert drafts.mine(work) == ()


def test_a_draft_lives_in_the_compartment_of_its_record(house: House) -> None:
    with house.work("counsellor") as work:
        drafts.keep(work, NOTE, "kangaroo words")
        found = work.connection.exec_driver_sql("SELECT body FROM counselling.draft").all()
        elsewhere = work.connection.exec_driver_sql("SELECT body FROM house.draft").all()
    assert [row[0] for row in found] == ["kangaroo words"]
    assert elsewhere == []


def test_whoever_lacks_the_key_cannot_keep_a_draft_there(house: House) -> None:
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        drafts.keep(work, NOTE, "not mine to write")


def test_a_draft_of_a_type_this_version_does_not_know_is_passed_over(house: House) -> None:
    with house.work("social_worker") as work:
        work.connection.exec_driver_sql(
            "INSERT INTO house.draft (form, record_id, slot, saved_at, body)"
            " VALUES ('x|long_gone', 0, ?, '2026-01-01T00:00:00', '{}')",
            (work.actor.slot_id,),
        )
        assert drafts.mine(work) == ()
