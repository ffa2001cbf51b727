"""True identity: only with the key and a reason, and never without a trace."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from shelter_app.domain.person import SealedIdentity
from shelter_app.errors import NotAllowed, NotPossible, Problem, ValidationFailed
from shelter_app.services import identity, residents
from tests.builders import a_person, a_stay
from tests.fixtures import House

REASON = "The magistrate asked for her name"


def sealed_person(house: House) -> int:
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        a_stay(work, person)
        sealed = SealedIdentity(id=person.id, person_id=person.id, true_first_name="Wanjiku")
        work.save(sealed, by_program=True)
        return person.id


@pytest.mark.parametrize("role", ["manager", "social_worker", "legal_officer"])
def test_a_reveal_is_written_down_where_manager_and_data_lead_read_it(
    house: House, role: str
) -> None:
    person_id = sealed_person(house)
    with house.work(role) as work:
        shown = identity.reveal(work, person_id, f"  {REASON} ")
        assert shown.identity.true_first_name == "Wanjiku"
        assert shown.may_edit
        assert shown.seconds == 120
        for compartment in ("identity", "cases"):
            row = work.connection.exec_driver_sql(
                f"SELECT staff_id, person_id, detail FROM {compartment}.audit"
                " WHERE action = 'break-glass'"
            ).one()
            assert row[:2] == (work.actor.staff_id, person_id)
            assert json.loads(row[2])["note"] == REASON
    with house.work("dpo") as work:
        found = work.connection.exec_driver_sql(
            "SELECT count(*) FROM cases.audit WHERE action = 'break-glass'"
        ).scalar_one()
        assert found == 1


@pytest.mark.parametrize("reason", ["", "court", "   short   "])
def test_a_reveal_needs_a_reason(house: House, reason: str) -> None:
    person_id = sealed_person(house)
    with house.work("manager") as work:
        with pytest.raises(NotPossible):
            identity.reveal(work, person_id, reason)
        rows = work.connection.exec_driver_sql(
            "SELECT count(*) FROM identity.audit WHERE action = 'break-glass'"
        ).scalar_one()
        assert rows == 0


@pytest.mark.parametrize(
    "role", ["counsellor", "house_mother", "nurse", "me_officer", "dpo", "clinical_supervisor"]
)
def test_without_key_or_level_there_is_no_reveal(house: House, role: str) -> None:
    person_id = sealed_person(house)
    with house.work(role) as work:
        assert not identity.may_reveal(work)
        with pytest.raises(NotAllowed):
            identity.reveal(work, person_id, REASON)
        with pytest.raises(NotAllowed):
            identity.save(work, SealedIdentity(person_id=person_id))
        assert identity.resembles_true_name(work, "Wanjiku") is None


def test_an_identity_can_be_written_down_later(house: House) -> None:
    with house.work("social_worker") as work:
        form = residents.new_resident(work)
        person = residents.create(work, form.person, looked_for="x")
        shown = identity.reveal(work, person.id, REASON)
        assert identity.is_empty(shown.identity)
        identity.save(work, replace(shown.identity, true_first_name="Wanjiku"))
        assert identity.resembles_true_name(work, "Wanjiko")
        assert work.get(SealedIdentity, person.id).id == person.id


@pytest.mark.parametrize("field", identity.NAMES)
def test_a_true_name_by_which_she_is_called_is_not_written_down_before_she_is_renamed(
    house: House, field: str
) -> None:
    with house.work("social_worker") as work:
        person = a_person(work, display_alias="Fatuma A.")
        sealed = SealedIdentity(person_id=person.id, address_true="Likoni")
        called: dict[str, Any] = {field: "Faatuma"}
        with pytest.raises(ValidationFailed) as refused:
            identity.save(work, replace(sealed, **called))
        assert refused.value.problems == (Problem(field, identity.CALLED_BY_IT),)
        assert work.rule_find(SealedIdentity, person.id) is None
        residents.save_person(work, replace(person, display_alias="Zawadi"))
        assert identity.save(work, replace(sealed, **called)).revision == 1


def test_what_else_is_sealed_can_be_changed_of_somebody_called_by_her_name_before(
    house: House,
) -> None:
    with house.work("manager") as work:
        person = a_person(work, display_alias="Wanjiku")
        a_stay(work, person)
        old = SealedIdentity(id=person.id, person_id=person.id, true_first_name="Wanjiku")
        work.save(old, by_program=True)
        shown = identity.reveal(work, person.id, REASON)
        kept = identity.save(work, replace(shown.identity, phone_own="0700 111 222"))
        assert kept.phone_own == "0700 111 222"
