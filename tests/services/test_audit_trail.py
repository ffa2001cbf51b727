"""The audit trail as people read it: who may, what it shows, and what breaks it."""

from __future__ import annotations

import pytest

from shelter_app.domain.person import Person
from shelter_app.errors import NotAllowed
from shelter_app.services import audit_trail, identity
from shelter_app.services.audit_trail import Filter
from tests.builders import a_person
from tests.fixtures import House


def _lines(house: House, role: str, wanted: Filter) -> list[audit_trail.Line]:
    desk = house.desk(role)
    ids = desk.ask(audit_trail.newest, wanted).result()
    return list(desk.ask(audit_trail.lines, ids).result())


def test_newest_entries_come_first_over_all_compartments(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work, display_alias="Pendo")
    found = _lines(house, "manager", Filter())
    assert found[0].at >= found[-1].at
    assert {line.compartment for line in found} >= {"office", "house"}


def test_an_entry_names_fields_and_never_their_values(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work, display_alias="Pendo", house_notes="afraid of dogs")
    line = next(line for line in _lines(house, "manager", Filter()) if line.title == Person.title)
    shown = " ".join((line.who, line.action, *line.fields, line.note))
    assert line.fields
    assert "dogs" not in shown
    assert "Pendo" not in shown


def test_entries_can_be_narrowed_to_one_worker(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work)
        me = work.actor.staff_id
    found = _lines(house, "manager", Filter(staff_id=me))
    assert found
    assert {line.who for line in found} == {"Social Worker"}


def test_a_reveal_of_a_true_identity_stands_out(house: House) -> None:
    with house.work("social_worker") as work:
        person = a_person(work)
        identity.reveal(work, person.id, "The magistrate asked for her name today")
    found = _lines(house, "manager", Filter(break_glass=True))
    assert found
    assert all(line.break_glass for line in found)
    assert "magistrate" in found[0].note


def test_counselling_entries_are_for_counselling_roles_only(house: House) -> None:
    assert "counselling" in _compartments(house, "counsellor")
    assert "counselling" not in _compartments(house, "manager")
    assert _compartments(house, "counsellor") == ("counselling",)


@pytest.mark.parametrize("role", ["social_worker", "house_mother", "nurse", "sysadmin"])
def test_other_roles_read_no_trail(house: House, role: str) -> None:
    with pytest.raises(NotAllowed):
        house.desk(role).ask(audit_trail.newest, Filter()).result()


def test_a_whole_chain_holds_and_a_changed_row_is_named(house: House) -> None:
    with house.work("social_worker") as work:
        a_person(work)
    verdicts = house.desk("manager").ask(audit_trail.verify).result()
    assert all(verdict.broken_at is None for verdict in verdicts)
    with house.work("manager") as work:
        work.connection.exec_driver_sql("DROP TRIGGER house.audit_no_update")
        work.connection.exec_driver_sql("UPDATE house.audit SET action = 'open' WHERE seq = 1")
    broken = {
        verdict.compartment: verdict.broken_at
        for verdict in house.desk("manager").ask(audit_trail.verify).result()
    }
    assert broken["house"] == 1
    assert broken["office"] is None


def _compartments(house: House, role: str) -> tuple[str, ...]:
    return house.desk(role).ask(audit_trail.readable_compartments).result()
