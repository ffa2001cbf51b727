"""Finding people: forgiving, ranked, and never revealing what the searcher may not open."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shelter_app.domain.person import Alias, SealedIdentity
from shelter_app.errors import NotAllowed, NotFound, NotPossible
from shelter_app.services import audit_trail, audit_values, search
from shelter_app.services.work import Work
from tests.builders import a_legal_case, a_person, a_stay, minimal
from tests.fixtures import House


def aliases(work: Work, text: str) -> list[str]:
    return [found.alias for found in search.people(work, text)]


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Halima", "hal"),
        ("Halima", "Xaliima"),
        ("Ali", "Cali"),
        ("Zawadi", "sawadi"),
        ("Pendo", "pnedo"),
        ("Tumaini", "tumani"),
        ("Ng'ang'a", "nganga"),
        ("Félicité", "felicite"),
        ("Faraja W.", "faraja w"),
        ("Faraja W.", "w faraja"),
    ],
)
def test_a_person_is_found_in_spite_of_spelling(house: House, kept: str, typed: str) -> None:
    with house.work() as work:
        a_person(work, display_alias=kept)
        a_person(work, display_alias="Somebody")
        assert aliases(work, typed) == [kept]


@pytest.mark.parametrize("typed", ["R-0207", "r0207", "0207", "207"])
def test_a_person_is_found_by_her_code(house: House, typed: str) -> None:
    with house.work() as work:
        a_person(work, person_no="R-0207", display_alias="Pendo")
        a_person(work, person_no="R-0311", display_alias="Zawadi")
        assert aliases(work, typed) == ["Pendo"]


def test_exact_comes_before_alike_and_who_left_comes_last(house: House) -> None:
    with house.work() as work:
        left = a_person(work, display_alias="Sarah")
        a_person(work, display_alias="Zara")
        a_person(work, display_alias="Sarabi")
        here = a_person(work, display_alias="Sarafina")
        a_stay(work, here)
        a_stay(
            work,
            left,
            admitted_at=work.now - timedelta(days=90),
            exited_at=work.now - timedelta(days=30),
            state="S60_closed",
        )
        assert aliases(work, "sara") == ["Sarabi", "Sarafina", "Sarah", "Zara"]


def test_a_person_is_found_by_an_alias_the_worker_may_see(house: House) -> None:
    with house.work() as work:
        person = a_person(work, display_alias="Pendo")
        work.save(minimal(Alias, work.now, person=person.id))
        work.save(
            Alias(person_id=person.id, alias="Kipepeo", used_for="helpline", assigned_on=work.today)
        )
        assert aliases(work, "kipepeo") == ["Pendo"]
        assert search.people(work, "kipepeo")[0].through == "alias"


def test_an_alias_of_anothers_case_does_not_find_her(house: House) -> None:
    other = house.staff_id("counsellor")
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        work.save(
            Alias(person_id=person.id, alias="Kipepeo", used_for="helpline", assigned_on=work.today)
        )
        a_stay(work, person, case_manager=other)
    with house.work("social_worker") as work:
        assert aliases(work, "kipepeo") == []
        assert aliases(work, "pendo") == ["Pendo"]
    with house.work("house_mother") as work:
        assert aliases(work, "kipepeo") == []


def test_a_true_name_is_never_found_by_the_ordinary_search(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        sealed = SealedIdentity(
            id=person.id, person_id=person.id, true_first_name="Wanjiku", phone_own="0712 345 678"
        )
        work.save(sealed, by_program=True)
    for role in ("manager", "social_worker", "legal_officer", "house_mother", "nurse"):
        with house.work(role) as work:
            for typed in ("wanjiku", "0712345678", "712"):
                assert search.people(work, typed) == ()
                assert search.everything(work, typed) == ()


def test_true_names_are_searched_with_a_reason_that_is_written_down(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        work.save(
            SealedIdentity(
                id=person.id,
                person_id=person.id,
                true_first_name="Wanjiku",
                phone_own="0712 345 678",
            ),
            by_program=True,
        )
        for typed in ("wanjiku", "Wanjicu", "+254 712 345", "345678"):
            (found,) = search.true_names(work, typed, "Hospital asks who she is")
            assert found.alias == "Pendo"
        rows = work.connection.exec_driver_sql(
            "SELECT staff_id, detail FROM identity.audit WHERE action = 'search true names'"
        ).all()
    assert len(rows) == 4
    assert all(row[0] == work.actor.staff_id for row in rows)
    said = json.loads(rows[0][1])
    assert said["note"] == "Hospital asks who she is · found: 1"
    assert said["looked_for"] == "wanjiku"


def test_the_trail_tells_of_a_search_and_not_which_true_name_was_looked_for(house: House) -> None:
    with house.work("social_worker") as work:
        search.true_names(work, "Wanjiku Kamau", "Hospital asks who she is")
    with house.work("manager") as work:
        ids = audit_trail.newest(work, audit_trail.Filter(group="identity"))
        lines = audit_trail.lines(work, ids)
        entries = [audit_values.open_entry(work, line.id) for line in lines]
    assert any("Hospital asks" in line.note for line in lines)
    assert "Wanjiku" not in str((lines, entries))


def test_searching_true_names_needs_a_reason_and_the_key(house: House) -> None:
    with house.work("manager") as work, pytest.raises(NotPossible):
        search.true_names(work, "wanjiku", "why not")
    for role in ("house_mother", "counsellor", "nurse"):
        with house.work(role) as work, pytest.raises(NotAllowed):
            search.true_names(work, "wanjiku", "A long enough reason")


def test_a_name_that_was_changed_leaves_no_trace_in_the_index(house: House) -> None:
    from dataclasses import replace

    with house.work("manager") as work:
        person = a_person(work, display_alias="Mistaken")
        work.save(replace(person, display_alias="Pendo"))
        assert aliases(work, "mistaken") == []
        assert aliases(work, "pendo") == ["Pendo"]
        left = work.connection.exec_driver_sql(
            "SELECT count(*) FROM house.search_near WHERE word LIKE 'mis%'"
        ).scalar_one()
        assert left == 0


def test_a_voided_person_is_not_found_and_comes_back_with_undo(house: House) -> None:
    from shelter_app.services import records

    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo")
        work.steps.clear()
        work.void(type(person), person.id, "entered twice")
        assert aliases(work, "pendo") == []
        records.undo(work, tuple(work.steps))
        assert aliases(work, "pendo") == ["Pendo"]


def test_the_house_finds_only_people_who_are_in_the_house(house: House) -> None:
    with house.work("manager") as work:
        here = a_person(work, display_alias="Pendo")
        a_stay(work, here)
        left = a_person(work, display_alias="Pendolina")
        a_stay(
            work,
            left,
            admitted_at=work.now - timedelta(days=90),
            exited_at=work.now - timedelta(days=30),
            state="S55_aftercare",
        )
        assert aliases(work, "pendo") == ["Pendo", "Pendolina"]
    with house.work("house_mother") as work:
        assert aliases(work, "pendo") == ["Pendo"]
        a_person(work, display_alias="Pendeza")
        assert aliases(work, "pend") == ["Pendeza", "Pendo"]
        assert search.visible_person(work, here.id).id == here.id
        with pytest.raises(NotFound):
            search.visible_person(work, left.id)


def test_the_palette_finds_cases_by_any_part_of_their_number(house: House) -> None:
    with house.work("manager") as work:
        person = a_person(work, display_alias="Pendo", person_no="R-0900")
        a_legal_case(work, person, court_case_no="SO/E118/2026", ob_number="OB 45/12/03/2026")
    for typed in ("SO/E118/2026", "so e118", "e118", "118", "ob 45", "45/12/03"):
        with house.work("legal_officer") as work:
            groups = {group.key: group.lines for group in search.everything(work, typed)}
            assert [line.label for line in groups["cases"]] == ["SO/E118/2026"]
    with house.work("house_mother") as work:
        assert search.everything(work, "e118") == ()


def test_the_palette_finds_partners_by_name_and_phone(house: House) -> None:
    from shelter_app.domain.partner import Partner

    with house.work("manager") as work:
        work.save(Partner(name="Shanzu Law Courts", type="police", phone="0722 000 111"))
    with house.work("me_officer") as work:
        for typed in ("shanzu", "0722000", "+254722", "courts law"):
            (group,) = search.everything(work, typed)
            assert group.key == "partners"
            assert group.lines[0].label == "Shanzu Law Courts"


@pytest.mark.parametrize("role", ["clinical_supervisor", "me_officer", "dpo", "sysadmin"])
def test_roles_without_the_house_find_no_people(house: House, role: str) -> None:
    with house.work("manager") as work:
        a_stay(work, a_person(work, display_alias="Pendo"))
    with house.work(role) as work:
        assert search.people(work, "pendo") == ()


@pytest.mark.parametrize(
    "typed", ["", "  ", "%", "'", "\x00", "\u202e", "😀", "x" * 5000, "=1+1", "٣"]
)
def test_any_typed_text_is_answered(house: House, typed: str) -> None:
    with house.work("manager") as work:
        a_person(work, display_alias="Pendo")
        search.people(work, typed)
        search.everything(work, typed)
