"""Accused who were never charged: when they come up, what keeps them, and nothing left of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shelter_app import clock
from shelter_app.domain import catalogue
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.fields import Kind, fields_of
from shelter_app.domain.legal import Charge, LegalCase, Suspect
from shelter_app.domain.papers import SuspectPhoto
from shelter_app.domain.person import Person, PersonBackground
from shelter_app.domain.record import Record
from shelter_app.domain.retention import Erasure, FormerResident, TwoPersonDecision
from shelter_app.domain.rights import DataSubjectRequest
from shelter_app.domain.risk import RiskAssessment
from shelter_app.errors import NotAllowed, NotFound, NotPossible
from shelter_app.services import (
    audit_heads,
    audit_trail,
    backup_checks,
    backups,
    court,
    deadlines,
    key_changes,
    papers,
    purge,
    restoring,
    retention,
    search,
    uncharged,
)
from shelter_app.services.audit_trail import Filter
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import Course
from shelter_app.services.progress import Progress
from shelter_app.services.work import Work
from shelter_app.storage import drafts, erased_list, erasure, keyring_file
from tests.builders import a_legal_case, a_person, a_stay, minimal
from tests.erased_person import keys
from tests.fixtures import House
from tests.made_files import a_png
from tests.pages import plain_bytes
from tests.services.test_erased_again import backed_up, opened_as, restored

ClockAt = Callable[[datetime], object]
WORDS = ("Kasimutupendo", "Mwangombebaraka", "goldtoothscarred", "zebrastripedvan")
REASON = "Nobody was ever charged in this matter"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def an_accused(work: Work, *, over: bool = True, ended: bool = True) -> Suspect:
    """Somebody accused, with words of his own, in a case that ended long ago."""
    person = a_person(work)
    a_stay(work, person)
    day = work.today - timedelta(days=1000)
    case = a_legal_case(
        work,
        person,
        opened_on=day,
        stage="20_withdrawn" if ended else "03_statement",
        concluded_on=day if ended else None,
    )
    made = court.save_suspect(
        work,
        Suspect(
            legal_case_id=case.id,
            name=f"{WORDS[0]} {WORDS[1]}",
            known_as=WORDS[2],
            influence_note=f"Drives a {WORDS[3]}",
            relationship="employer",
            status="identified",
        ),
    )
    until = work.today - timedelta(days=1 if over else 0)
    return work.save(dataclasses.replace(made, retain_until=until), by_program=True)


def proposed(house: House, suspect: Suspect) -> TwoPersonDecision:
    with house.work("manager") as work:
        return uncharged.propose(work, suspect.id, f"{REASON}, says {WORDS[1]}")


def decided(house: House, suspect: Suspect) -> TwoPersonDecision:
    decision = proposed(house, suspect)
    with house.work("dpo") as work:
        return retention.approve(work, decision.id)


def erased(house: House, decision: TwoPersonDecision) -> purge.Report:
    return house.desk("manager").run(uncharged.carry_out, decision.id).result().value


def listed(work: Work) -> list[int]:
    return [each.suspect_id for each in uncharged.queue(work).entries]


def found_in(house: House, role: str = "manager") -> set[tuple[str, str]]:
    """Return which of his words are readable in which decrypted file, free pages included."""
    ring = keyring_file.load(house.folder)
    found = set()
    for compartment, key in keys(house, role).items():
        plain = plain_bytes(house.folder / ring.files[compartment].file, bytes(key))
        assert b"CREATE TABLE" in plain
        for word in WORDS:
            if any(shape.encode() in plain for shape in (word, word.casefold(), word.upper())):
                found.add((compartment, word))
    return found


# Who comes up


def test_an_accused_comes_up_the_day_after_the_entry_was_to_be_kept(house: House) -> None:
    with house.work("manager") as work:
        over = an_accused(work)
        an_accused(work, over=False)
        queue = uncharged.queue(work)
    (entry,) = queue.entries
    assert queue.total == 1
    assert (entry.suspect_id, entry.number, entry.until) == (over.id, 1, over.retain_until)
    assert not any(word in repr(queue) for word in WORDS)


def test_a_charge_an_open_case_a_hold_and_a_request_each_keep_him_off_the_list(
    house: House,
) -> None:
    with house.work("manager") as work:
        an_accused(work, ended=False)
        charged, held, by_decision, asked, by_code = (an_accused(work) for _each in range(5))
        charge = minimal(Charge, work.now, suspect=charged.id, legal_case=charged.legal_case_id)
        work.save(charge)
        late = work.get(Suspect, charged.id)
        work.save(dataclasses.replace(late, retain_until=work.today - timedelta(days=9)))
        background = PersonBackground(id=held.person_id, person_id=held.person_id, legal_hold=True)
        work.save(background, by_program=True)
        retention.propose(work, by_decision.person_id, "hold", "Her advocate may appeal")
        request = minimal(DataSubjectRequest, work.now, person=asked.person_id)
        work.save(request, by_program=True)
        code = work.get(Person, by_code.person_id).person_no
        named = minimal(DataSubjectRequest, work.now, person=asked.person_id)
        assert isinstance(named, DataSubjectRequest)
        work.save(dataclasses.replace(named, person_id=0, person_code=code), by_program=True)
        assert listed(work) == []
        for each, why in (
            (charged, "charge"),
            (held, "hold"),
            (by_decision, "hold"),
            (asked, "request"),
            (by_code, "request"),
        ):
            with pytest.raises(NotPossible, match=why):
                uncharged.propose(work, each.id, REASON)


def test_a_hold_on_the_file_of_a_further_survivor_keeps_him_too(house: House) -> None:
    with house.work("manager") as work:
        suspect, friend = an_accused(work), a_person(work)
        joined = CaseSurvivor(
            person_id=friend.id, legal_case_id=suspect.legal_case_id, joined_on=work.today
        )
        work.save(joined, by_program=True)
        assert listed(work) == [suspect.id]
        hold = retention.propose(work, friend.id, "hold", "The court asked for her file")
        assert listed(work) == []
        retention.end(work, hold.id, "The court has decided")
        assert listed(work) == [suspect.id]


def test_a_charge_that_was_taken_back_does_not_keep_him(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
        charge = minimal(Charge, work.now, suspect=suspect.id, legal_case=suspect.legal_case_id)
        kept = work.save(charge)
        assert listed(work) == []
        work.void(Charge, kept.id, "Written into the wrong case")
        assert listed(work) == [suspect.id]


def test_an_entry_that_was_taken_back_still_holds_a_name_and_comes_up(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
        work.void(Suspect, suspect.id, "Written into the wrong case")
        assert listed(work) == [suspect.id]
    erased(house, decided(house, suspect))
    house.close()
    assert found_in(house) == set()


def test_only_a_manager_is_asked_and_told(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
        told = [s for s in deadlines.standings(work) if s.rule.code == "uncharged"]
        assert [s.fact.since.date() for s in told] == [suspect.retain_until]
        assert not any(word in repr(deadlines.attention(work)) for word in WORDS)
    for role in ("social_worker", "legal_officer", "house_mother", "counsellor", "dpo", "sysadmin"):
        with house.work(role) as work:
            assert not [s for s in deadlines.standings(work) if s.rule.code == "uncharged"]
            with pytest.raises(NotAllowed):
                uncharged.queue(work)
            with pytest.raises(NotAllowed):
                uncharged.propose(work, suspect.id, REASON)
            with pytest.raises(NotAllowed):
                uncharged.keep_longer(work, suspect.id, work.today, REASON)


def test_nothing_is_said_when_nobody_is_over(house: House) -> None:
    with house.work("manager") as work:
        an_accused(work, over=False)
        assert not [s for s in deadlines.standings(work) if s.rule.code == "uncharged"]


# Keeping longer


def test_keeping_longer_takes_a_reason_and_a_day_and_stands_in_the_trail(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
        until = work.today + timedelta(days=200)
        kept = uncharged.keep_longer(work, suspect.id, until, "The case may be opened again")
        assert kept.retain_until == until
        assert listed(work) == []
        lines = audit_trail.lines(work, audit_trail.page(work, Filter(), None, 50).ids)
    said = [line.note for line in lines if line.action == "Kept longer"]
    assert said == ["The case may be opened again"]


def test_kept_longer_it_comes_up_again_when_that_day_is_past(
    house: House, clock_at: ClockAt
) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
        uncharged.keep_longer(work, suspect.id, work.today + timedelta(days=20), REASON)
    clock_at(clock.now() + timedelta(days=21))
    with house.work("manager") as work:
        assert listed(work) == [suspect.id]


@pytest.mark.parametrize(
    ("days", "why"), [(0, "still to come"), (-3, "still to come"), (731, "Two years")]
)
def test_a_day_that_has_come_or_lies_too_far_is_refused(house: House, days: int, why: str) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
        with pytest.raises(NotPossible, match=why):
            uncharged.keep_longer(work, suspect.id, work.today + timedelta(days=days), REASON)
        with pytest.raises(NotPossible, match="say why"):
            uncharged.keep_longer(work, suspect.id, work.today + timedelta(days=9), "  no  ")


def test_who_is_not_over_is_neither_kept_longer_nor_proposed(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work, over=False)
        with pytest.raises(NotPossible, match="not over"):
            uncharged.keep_longer(work, suspect.id, work.today + timedelta(days=9), REASON)
        with pytest.raises(NotPossible, match="not over"):
            uncharged.propose(work, suspect.id, REASON)
        with pytest.raises(NotFound):
            uncharged.propose(work, 4711, REASON)


# Two people


def test_nobody_approves_what_she_proposed_and_nothing_goes_before(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
    decision = proposed(house, suspect)
    with house.work("manager") as work:
        assert listed(work) == []
        with pytest.raises(NotPossible, match="second person"):
            retention.approve(work, decision.id)
        with pytest.raises(NotPossible, match="already"):
            uncharged.propose(work, suspect.id, REASON)
        with pytest.raises(NotPossible, match="Refuse that first"):
            uncharged.keep_longer(work, suspect.id, work.today + timedelta(days=9), REASON)
    with pytest.raises(NotPossible, match="second person"):
        erased(house, decision)
    with house.work("dpo") as work:
        (shown,) = retention.decisions(work)
        assert (shown.accused_no, shown.may_approve, shown.may_carry_out) == (1, True, False)
        retention.end(work, decision.id, "The police may still charge")
    with house.work("manager") as work:
        assert listed(work) == [suspect.id]
        assert work.rule_find(Suspect, suspect.id) is not None


def test_a_charge_that_comes_after_the_approval_stops_the_erasure(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
    decision = decided(house, suspect)
    with house.work("manager") as work:
        work.save(minimal(Charge, work.now, suspect=suspect.id, legal_case=suspect.legal_case_id))
    with pytest.raises(NotPossible, match="charge"):
        erased(house, decision)
    assert keyring_file.load(house.folder).due == frozenset()


def test_only_who_opens_the_parts_of_a_file_carries_it_out(house: House) -> None:
    with house.work("manager") as work:
        suspect = an_accused(work)
    decision = decided(house, suspect)
    for role in ("dpo", "social_worker", "legal_officer"):
        with pytest.raises(NotAllowed):
            house.desk(role).run(uncharged.carry_out, decision.id).result()
    with pytest.raises(NotFound):
        house.desk("manager").run(purge.carry_out, decision.id).result()


# Erasing


def filled(house: House) -> Suspect:
    """An accused with a picture, a draft, a charge taken back, and searches for him."""
    with house.work("manager") as work:
        suspect = an_accused(work)
        links = {"suspect": suspect.id, "legal_case": suspect.legal_case_id}
        charge = minimal(Charge, work.now, **links)
        assert isinstance(charge, Charge)
        worded = dataclasses.replace(charge, charge_text=f"Against {WORDS[1]}")
        court.save_charge(work, worded)
        work.void(Charge, work.rule_matching(Charge)[0].id, f"{WORDS[0]} was not there")
        back = work.get(Suspect, suspect.id)
        suspect = work.save(dataclasses.replace(back, retain_until=suspect.retain_until))
        risk = minimal(
            RiskAssessment, work.now, person=suspect.person_id, staff=work.actor.staff_id
        )
        assert isinstance(risk, RiskAssessment)
        work.save(dataclasses.replace(risk, named_threat_id=suspect.id), by_program=True)
        picture = papers.start(work, Suspect, suspect.id)
        assert isinstance(picture, SuspectPhoto)
        typed = dataclasses.replace(
            picture, about=f"{WORDS[2]}, from the front", obtained=f"From {WORDS[1]} himself"
        )
        papers.add(work, typed, a_png())
        body = json.dumps({"name": WORDS[0]})
        drafts.keep(work.connection, "cases", work.vault.slot_id, "suspect", suspect.id, body)
        search.true_names(work, f"{WORDS[1]} {WORDS[0]}", "Is he the brother of somebody here?")
    return suspect


def test_an_erased_accused_is_in_no_page_of_any_file_any_more(house: House) -> None:
    suspect = filled(house)
    house.close()
    before = found_in(house)
    assert {word for _file, word in before} == set(WORDS)
    assert ("identity", WORDS[0]) in before, "a search for him"
    pictures = house.folder / "att" / "cases"
    assert len(list(pictures.iterdir())) == 1
    report = erased(house, decided(house, suspect))
    assert (report.files, report.drafts, report.counselling_waits) == (1, 1, False)
    assert report.records == 4
    assert list(pictures.iterdir()) == []
    house.close()
    assert found_in(house) == set()
    with house.work("manager") as work:
        for kind in (Suspect, SuspectPhoto, Charge, TwoPersonDecision, FormerResident):
            assert work.rule_matching(kind) == []
        assert work.rule_find(Person, suspect.person_id) is not None
        assert work.rule_find(LegalCase, suspect.legal_case_id) is not None
        (risk,) = work.rule_matching(RiskAssessment)
        assert risk.named_threat_id == 0
        (note,) = work.rule_matching(Erasure)
        assert (note.id, note.of_accused, note.counselling_done_on) == (
            suspect.id,
            True,
            work.today,
        )
        assert audit_heads.verify(work) == ()
        assert purge.waiting_for_counselling(work) == ()
        (shown,) = purge.erasures(work)
        assert (shown.proposed_by, shown.approved_by) == ("Manager", "Dpo")


def test_what_others_wrote_in_the_trail_of_her_file_keeps_its_words(house: House) -> None:
    suspect = filled(house)
    with house.work("manager") as work:
        statement = "SELECT count(*) FROM cases.audit WHERE person_id = ? AND detail <> ''"
        own = "AND record_type IN ('legal_case', 'risk_assessment')"
        asked = (suspect.person_id,)
        before = work.connection.exec_driver_sql(f"{statement} {own}", asked).scalar_one()
    erased(house, decided(house, suspect))
    with house.work("manager") as work:
        after = work.connection.exec_driver_sql(f"{statement} {own}", asked).scalar_one()
    assert after == before > 0


def test_the_cases_get_a_new_key_and_the_old_file_is_gone(house: House) -> None:
    suspect = filled(house)
    old = keyring_file.load(house.folder).files
    erased(house, decided(house, suspect))
    assert {"cases", "identity"} <= keyring_file.load(house.folder).due
    desk = house.desk("manager")
    key_changes.give_due_keys(Inside(desk.vault, desk.actor, lambda: False), Course())
    house.close()
    ring = keyring_file.load(house.folder)
    assert ring.due == frozenset()
    assert ring.files["cases"] != old["cases"]
    assert not (house.folder / old["cases"].file).exists()
    assert found_in(house) == set()


def test_everything_that_points_to_an_accused_is_known_to_the_erasure() -> None:
    known = {**erasure.OF_ACCUSED, **erasure.NAMES_ACCUSED}
    pointing: dict[type[Record], str] = {
        kind: field.name
        for kind in catalogue.RECORD_TYPES
        for field in fields_of(kind)
        if field.kind is Kind.LINK and field.to == Suspect.table
    }
    assert pointing == known
    assert {kind.compartment for kind in known} == {Suspect.compartment}
    kinds: tuple[type[Record], ...] = (Suspect, *erasure.OF_ACCUSED)
    searched = [field.name for kind in kinds for field in fields_of(kind) if field.search]
    assert searched == [], "then its search keys have to go too"


# Backups


def erased_after_a_backup(house: House, stick: Path) -> Suspect:
    suspect = filled(house)
    backed_up(house, stick)
    erased(house, decided(house, suspect))
    house.close()
    return suspect


@pytest.mark.parametrize("way", ["manager", "R"])
def test_a_backup_from_before_is_cleaned_before_anybody_works_with_it(
    house: House, stick: Path, way: str
) -> None:
    suspect = erased_after_a_backup(house, stick)
    _content, loss = restoring.compared(opened_as(house, stick), house.folder)
    assert loss.erased_since == 1
    facts = restored(house, stick, way)
    assert (facts.erased, facts.erased_accused, facts.erasing_waits) == (0, 1, ())
    assert found_in(house) == set()
    with house.work("manager") as work:
        assert work.rule_find(Suspect, suspect.id) is None
        assert work.rule_find(Person, suspect.person_id) is not None
        (note,) = work.rule_matching(Erasure)
        assert (note.id, note.of_accused) == (suspect.id, True)
        assert work.rule_matching(FormerResident) == []
        assert audit_heads.verify(work) == ()
    rows = erased_list.read(house.folder, keyring_file.load(house.folder).vault_id.hex())
    assert rows[suspect.id].left == frozenset()


def test_who_does_not_open_the_cases_leaves_him_to_whoever_does(house: House, stick: Path) -> None:
    suspect = erased_after_a_backup(house, stick)
    facts = restored(house, stick, "C")
    assert facts.erased_accused == 0
    assert "cases" in facts.erasing_waits
    house.desk("sysadmin")
    house.desk("house_mother")
    vault_id = keyring_file.load(house.folder).vault_id.hex()
    assert erased_list.read(house.folder, vault_id)[suspect.id].left == {"cases"}
    with house.work("dpo") as work:
        assert work.rule_find(Suspect, suspect.id) is None
    assert erased_list.read(house.folder, vault_id)[suspect.id].left == frozenset()
    house.close()
    assert not [found for found in found_in(house) if found[0] == "cases"]


def test_somebody_who_was_not_in_the_backup_is_settled_without_a_trace(
    house: House, stick: Path
) -> None:
    with house.work("manager") as work:
        a_person(work)
    backed_up(house, stick)
    suspect = filled(house)
    erased(house, decided(house, suspect))
    house.close()
    assert restored(house, stick, "C").erased_accused == 0
    house.desk("house_mother")
    house.desk("manager")
    vault_id = keyring_file.load(house.folder).vault_id.hex()
    assert erased_list.read(house.folder, vault_id)[suspect.id].left == frozenset()
    with house.work("manager") as work:
        assert work.rule_matching(Erasure) == []


def test_a_rehearsal_says_that_he_would_be_erased_again(house: House, stick: Path) -> None:
    erased_after_a_backup(house, stick)
    desk = house.desk("manager")
    (made,) = desk.ask(backups.overview).result().runs
    wanted = desk.ask(backup_checks.to_rehearse, made.id).result()
    facts = backup_checks.rehearse(wanted, stick, Progress())
    assert (facts.erased, facts.erased_accused) == (0, 1)
    assert facts.residents == dict(facts.counts)["person"]
    assert "entry of an accused" in backup_checks.erased_words(facts)
    with house.work("manager") as work:
        assert backup_checks.report_pdf(work, facts, made.name).startswith(b"%PDF")
