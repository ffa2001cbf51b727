"""Numbers of papers, who gave a consent, where she went: with the true identity, by a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shelter_app.domain.consent import Consent
from shelter_app.domain.person import IdentityDocument, Person
from shelter_app.domain.sealed_details import PARENTS, IdentityDocumentNumber
from shelter_app.domain.stay import Stay
from shelter_app.errors import NotAllowed, NotPossible, ValidationFailed
from shelter_app.services import drafts, identity, records, resident_page, sealed_details
from tests.builders import a_person, minimal
from tests.fixtures import House

REASON = "The registrar asks for the number"


def a_paper(house: House) -> IdentityDocument:
    worker = house.staff_id("social_worker")
    with house.work("manager") as work:
        person = a_person(work)
        work.save(minimal(Stay, work.now, person=person.id, staff=worker), by_program=True)
        paper = work.save(minimal(IdentityDocument, work.now, person=person.id), by_program=True)
    assert isinstance(paper, IdentityDocument)
    return paper


def written(
    house: House, paper: IdentityDocument, number: str = "A 4711"
) -> IdentityDocumentNumber:
    with house.work("social_worker") as work:
        blank = sealed_details.start(work, IdentityDocumentNumber, paper.id)
        assert isinstance(blank, IdentityDocumentNumber)
        assert (blank.revision, blank.person_id) == (0, paper.person_id)
        kept = sealed_details.save(work, replace(blank, doc_number=number))
        assert isinstance(kept, IdentityDocumentNumber)
        return kept


def test_a_number_is_written_without_a_reason_and_read_with_one(house: House) -> None:
    paper = a_paper(house)
    written(house, paper)
    with house.work("social_worker") as work:
        with pytest.raises(NotPossible):
            sealed_details.start(work, IdentityDocumentNumber, paper.id)
        shown = identity.reveal(work, paper.person_id, REASON)
        assert [getattr(one, "doc_number", "") for one in shown.details] == ["A 4711"]
        again = sealed_details.start(work, IdentityDocumentNumber, paper.id)
        assert isinstance(again, IdentityDocumentNumber)
        sealed_details.save(work, replace(again, doc_number="B 12"))
        shown = identity.reveal(work, paper.person_id)
        assert [getattr(one, "doc_number", "") for one in shown.details] == ["B 12"]


def test_one_that_is_there_is_not_overwritten_unseen(house: House) -> None:
    paper = a_paper(house)
    kept = written(house, paper)
    with house.work("social_worker") as work, pytest.raises(NotAllowed):
        sealed_details.save(work, replace(kept, doc_number="X 1"))


def test_an_empty_one_is_refused_and_one_taken_back_is_written_anew(house: House) -> None:
    paper = a_paper(house)
    desk = house.desk("social_worker")
    blank = desk.do(sealed_details.start, IdentityDocumentNumber, paper.id).result().value
    assert isinstance(blank, IdentityDocumentNumber)
    with house.work("social_worker") as work, pytest.raises(ValidationFailed):
        sealed_details.save(work, blank)
    done = desk.do(sealed_details.save, replace(blank, doc_number="A 1")).result()
    desk.do(records.undo, done.undo).result()
    assert written(house, paper, "A 2").doc_number == "A 2"


@pytest.mark.parametrize("role", ["counsellor", "house_mother", "dpo", "nurse"])
def test_who_does_not_write_identities_writes_no_details(house: House, role: str) -> None:
    paper = a_paper(house)
    with house.work(role) as work:
        for kind in PARENTS:
            with pytest.raises(NotAllowed):
                sealed_details.start(work, kind, paper.id)
        with pytest.raises(NotAllowed):
            sealed_details.save(work, IdentityDocumentNumber(id=paper.id, doc_number="A 1"))
        assert not sealed_details.may_write(work.actor)


def test_other_types_are_not_opened_this_way(house: House) -> None:
    paper = a_paper(house)
    with house.work("social_worker") as work:
        for kind in (Person, Consent):
            with pytest.raises(NotAllowed):
                sealed_details.start(work, kind, paper.id)


def test_a_draft_of_a_number_is_taken_up_at_its_person(house: House) -> None:
    paper = a_paper(house)
    with house.work("social_worker") as work:
        place = drafts.Place("edit", IdentityDocumentNumber.table, paper.id)
        drafts.keep(work, place, "{}")
        target = resident_page.draft_target(work, paper.id)
    assert target is not None
    assert (target.person_id, target.table) == (paper.person_id, IdentityDocumentNumber.table)


def test_a_draft_of_what_was_not_written_down_yet_comes_back_to_its_owner(house: House) -> None:
    paper = a_paper(house)
    place = drafts.Place("edit", IdentityDocumentNumber.table, paper.id)
    with house.work("social_worker") as work:
        drafts.keep(work, place, "half a number")
        assert drafts.get(work, place) == "half a number"
    written(house, paper)
    with house.work("social_worker") as work:
        assert drafts.get(work, place) == "", "what may have been read is closed again"
        identity.reveal(work, paper.person_id, REASON)
        assert drafts.get(work, place) == "half a number"
