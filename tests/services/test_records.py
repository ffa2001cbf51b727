"""Every record type is saved, read, changed, audited and undone by the same few functions."""

from __future__ import annotations

import dataclasses

import pytest

from shelter_app.domain import catalogue
from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.aftercare import SafeContactNumber
from shelter_app.domain.catalogue import RECORD_TYPES
from shelter_app.domain.counselling import CounsellingLeaving, CounsellingNote
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.domain.partner import Partner
from shelter_app.domain.person import Person, PersonBackground, SealedIdentity
from shelter_app.domain.record import Record
from shelter_app.domain.sealed_details import PARENTS
from shelter_app.domain.staff import Staff
from shelter_app.domain.stay import Bed, BedStay
from shelter_app.errors import NotAllowed, StaleRecord, ValidationFailed
from shelter_app.services import records
from tests.builders import a_person, a_stay, minimal, saved_with_parents
from tests.fixtures import House


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.table)
def test_a_record_of_every_type_is_read_back_as_it_was_saved(
    house: House, kind: type[Record]
) -> None:
    role = "counsellor" if kind.compartment == "counselling" else "manager"
    with house.work(role) as work:
        links = saved_with_parents(work, kind.table)
        if kind.table == "staff":
            links["staff"] = work.save(minimal(kind, work.now), by_program=True).id
        found = work.rule_find(kind, links[kind.table])
    assert found is not None
    assert found.revision == 1
    assert not found.problems()


def test_a_change_by_somebody_else_is_never_overwritten(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        work.save(dataclasses.replace(person, diet="No pork"))
        with pytest.raises(StaleRecord):
            work.save(dataclasses.replace(person, diet="Vegetarian"))
        assert work.get(Person, person.id).diet == "No pork"


def test_a_wrong_field_is_named_and_nothing_is_kept(house: House) -> None:
    with pytest.raises(ValidationFailed) as refused, house.work("manager") as work:
        work.save(Person(display_alias="x" * 500, person_no="T-1", sex="?", language_main="swa"))
    assert {problem.field for problem in refused.value.problems} == {"display_alias", "sex"}
    with house.work("manager") as work:
        assert work.matching(Person) == []


def test_a_new_record_takes_no_value_for_a_field_closed_to_whoever_makes_it(house: House) -> None:
    with house.work("outreach_officer") as work:
        kept = records.save_record(work, Partner(name="Hope", type="ngo", contact_phone="0700"))
    with house.work("manager") as work:
        found = work.get(Partner, kept.id)
    assert (found.name, found.contact_phone) == ("Hope", "")


def test_a_list_is_as_long_as_asked_though_closed_records_lie_before_it(house: House) -> None:
    mine = house.staff_id("social_worker")
    with house.work("manager") as work:
        theirs = work.save(minimal(Staff, work.now), by_program=True).id
        for worker in (theirs, theirs, theirs, mine, mine):
            person = a_person(work)
            a_stay(work, person, case_manager=worker)
            work.save(PersonBackground(id=person.id, person_id=person.id))
    with house.work("social_worker") as work:
        assert len(work.matching(PersonBackground)) == 2
        assert len(work.matching(PersonBackground, limit=1)) == 1
        assert len(work.matching(PersonBackground, limit=2)) == 2
        assert len(work.matching(PersonBackground, limit=9)) == 2


def test_undo_takes_back_a_new_record_and_a_change(house: House) -> None:
    desk = house.desk("manager")
    with house.work("manager") as work:
        person = a_person(work)
    changed = desk.do(records.save_record, dataclasses.replace(person, diet="Vegetarian")).result()
    desk.do(records.undo, changed.undo).result()
    with house.work("manager") as work:
        assert work.get(Person, person.id).diet == ""


def test_a_question_cannot_write(house: House) -> None:
    desk = house.desk("manager")
    with pytest.raises(AssertionError, match="tried to write"):
        desk.ask(lambda work: a_person(work)).result()  # noqa: PLW0108
    assert desk.ask(lambda work: work.matching(Person)).result() == []


@pytest.mark.parametrize(
    "kind",
    [
        SealedIdentity,
        SafeContactNumber,
        CounsellingNote,
        CounsellingLeaving,
        AfterAccompaniment,
        *PARENTS,
    ],
)
def test_what_is_sealed_is_never_opened_without_a_log(house: House, kind: type[Record]) -> None:
    with house.work("manager") as work:
        person = a_person(work)
        with pytest.raises(NotAllowed):
            records.open_record(work, kind, person.id)


def test_sensitive_fields_are_never_list_columns() -> None:
    for kind in RECORD_TYPES:
        for field in fields_of(kind):
            if field.level in ("sealed", "health", "counselling"):
                assert not field.in_list, f"{kind.table}.{field.name}"


def test_every_code_list_and_link_target_exists() -> None:
    from shelter_app.domain import codelists

    for kind in RECORD_TYPES:
        for field in fields_of(kind):
            if field.kind in (Kind.CHOICE, Kind.CHOICES):
                assert codelists.code_list(field.codes).rows, field.codes
            if field.kind is Kind.LINK and field.to:
                assert catalogue.record_type(field.to)


def test_the_migrated_tables_are_the_declared_ones(house: House) -> None:
    from shelter_app.storage.tables import record_columns, schema_of

    desk = house.desk("counsellor")
    for kind in RECORD_TYPES:
        if kind.compartment not in desk.actor.compartments:
            continue
        rows = desk.vault.connection.exec_driver_sql(
            f"PRAGMA {schema_of(kind.compartment)}.table_info({kind.table})"
        ).fetchall()
        desk.vault.connection.rollback()
        assert [row[1] for row in rows] == list(record_columns(kind)), kind.table


def test_a_bed_and_the_giving_of_one_have_different_names() -> None:
    assert BedStay.title != Bed.title
