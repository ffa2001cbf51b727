"""Leaving with everything, the counselling part: by whom, of what, how often, and nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from shelter_app.domain import catalogue
from shelter_app.domain.access import COMPARTMENTS, Actor
from shelter_app.domain.deadlines import Standing
from shelter_app.domain.retention import TwoPersonDecision
from shelter_app.errors import NotAllowed, NotPossible, ShelterError, Stopped
from shelter_app.services import deadlines, export_everything, export_reader, retention
from shelter_app.services.inside import Inside
from shelter_app.services.progress import Progress
from shelter_app.services.work import Work
from shelter_app.storage import vault
from tests.builders import a_person
from tests.erased_person import WORDS, note_of_a_counsellor
from tests.fixtures import COST, PHRASE, House

WHY = "The house moves to another program"
PHRASE_OF_MANAGER = "one two three four five six"
PHRASE_OF_COUNSELLOR = "six five four three two one"
HERS = {kind.table for kind in catalogue.types_in("counselling")} | {"audit_counselling"}


def _proposed(house: House) -> TwoPersonDecision:
    with house.work("manager") as work:
        return retention.propose_leaving(work, WHY)


def _approved(house: House) -> TwoPersonDecision:
    proposed = _proposed(house)
    with house.work("dpo") as work:
        return retention.approve(work, proposed.id)


def _write(
    house: House, role: str, decision_id: int, folder: Path, progress: Progress | None = None
) -> export_everything.Written:
    given = (decision_id, folder, PHRASE_OF_COUNSELLOR, progress or Progress())
    return house.desk(role).run(export_everything.write_counselling, *given).result().value


def _write_the_rest(house: House, decision_id: int, folder: Path) -> export_everything.Written:
    given = (decision_id, folder, PHRASE_OF_MANAGER, Progress())
    return house.desk("manager").run(export_everything.write, *given).result().value


def _words_in(path: Path, phrase: str) -> str:
    opened = export_reader.open_export(path, phrase)
    return " ".join(cell for table in opened.tables for row in table.rows for cell in row)


def _kept(house: House, decision_id: int) -> TwoPersonDecision:
    with house.work("manager") as work:
        found = work.rule_find(TwoPersonDecision, decision_id)
    assert found is not None
    return found


def _part(house: House, role: str) -> export_everything.CounsellingPart | None:
    return house.desk(role).ask(export_everything.counselling_part).result()


def test_two_files_hold_the_whole_house_and_neither_holds_a_table_of_the_other(
    house: House, tmp_path: Path
) -> None:
    with house.work("manager") as work:
        person = a_person(work, house_notes=f"likes {WORDS[3]}")
    note_of_a_counsellor(house, person)
    decision = _approved(house)
    made = _write(house, "counsellor", decision.id, tmp_path)
    kept = _kept(house, decision.id)
    assert (kept.state, kept.counselling_done_on) == ("approved", kept.approved_at.date())  # type: ignore[union-attr]
    hers = export_reader.open_export(made.path, PHRASE_OF_COUNSELLOR)
    assert {table.name for table in hers.tables} == HERS
    assert hers.closed == made.left_out == ("cases", "house", "identity", "office")
    assert sum(table.count for table in hers.tables) == made.records > 0
    assert "person_id" in hers.readme
    said = _words_in(made.path, PHRASE_OF_COUNSELLOR)
    assert WORDS[2] in said
    assert WORDS[3] not in said
    rest = _write_the_rest(house, decision.id, tmp_path)
    whole = export_reader.open_export(rest.path, PHRASE_OF_MANAGER)
    assert not {table.name for table in whole.tables} & HERS
    assert whole.closed == ("counselling",)
    assert WORDS[2] not in _words_in(rest.path, PHRASE_OF_MANAGER)
    kept = _kept(house, decision.id)
    assert kept.state == "done"
    assert kept.counselling_done_on is not None
    with house.work("manager") as work:
        rows = work.connection.exec_driver_sql(
            "SELECT detail, staff_id FROM audit WHERE action = 'export' ORDER BY seq"
        ).all()
    assert ["counselling" in detail for detail, _who in rows] == [True, False]
    assert all(WHY in detail for detail, _who in rows)
    assert rows[0][1] == house.staff_id("counsellor")


def test_it_is_written_once_for_each_decision_also_after_the_manager_is_done(
    house: House, tmp_path: Path
) -> None:
    first = _approved(house)
    _write_the_rest(house, first.id, tmp_path)
    assert (part := _part(house, "counsellor")) is not None
    assert (part.decision_id, part.may_write, part.reason) == (first.id, True, WHY)
    assert set(part.decided_by) == {"Manager", "Dpo"}
    _write(house, "counsellor", first.id, tmp_path)
    assert (part := _part(house, "counsellor")) is not None
    assert part.written_on is not None
    assert not part.may_write
    before = sorted(tmp_path.glob("export*"))
    with pytest.raises(NotPossible, match="meantime"):
        _write(house, "counsellor", first.id, tmp_path)
    assert sorted(tmp_path.glob("export*")) == before
    second = _approved(house)
    assert (part := _part(house, "counsellor")) is not None
    assert (part.decision_id, part.may_write) == (second.id, True)


def test_an_older_decision_is_overtaken_by_a_newer_one(house: House, tmp_path: Path) -> None:
    first = _approved(house)
    _write_the_rest(house, first.id, tmp_path)
    second = _approved(house)
    with pytest.raises(NotPossible, match="meantime"):
        _write(house, "counsellor", first.id, tmp_path)
    _write(house, "counsellor", second.id, tmp_path)
    with pytest.raises(NotPossible, match="meantime"):
        _write(house, "counsellor", first.id, tmp_path)


@pytest.mark.parametrize(
    "role", ["manager", "dpo", "clinical_supervisor", "social_worker", "sysadmin"]
)
def test_nobody_without_the_keys_and_the_role_writes_it(
    house: House, tmp_path: Path, role: str
) -> None:
    decision = _approved(house)
    with pytest.raises(NotAllowed):
        _write(house, role, decision.id, tmp_path)
    assert not list(tmp_path.glob("export*"))
    if role not in ("manager", "dpo"):
        with pytest.raises(NotAllowed):
            _part(house, role)


def test_a_counsellor_writes_nothing_that_two_people_did_not_decide(
    house: House, tmp_path: Path
) -> None:
    proposed = _proposed(house)
    assert _part(house, "counsellor") is None
    with house.work("manager") as work:
        held = retention.propose(work, a_person(work).id, "hold", "Her advocate may appeal")
    for number in (proposed.id, held.id, 1):
        with pytest.raises(ShelterError):
            _write(house, "counsellor", number, tmp_path)
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
        retention.end(work, proposed.id, "We stay where we are")
    with pytest.raises(NotPossible):
        _write(house, "counsellor", proposed.id, tmp_path)
    given = (proposed.id, tmp_path, PHRASE_OF_MANAGER, Progress())
    with pytest.raises(NotAllowed):
        house.desk("counsellor").run(export_everything.write, *given).result()
    assert not list(tmp_path.glob("export*"))


@pytest.mark.parametrize("step", ["writing", "checking"])
def test_called_off_it_leaves_nothing_and_still_waits(
    house: House, tmp_path: Path, step: str
) -> None:
    class CalledOff(Progress):
        def went(self, size: int) -> None:
            if self.step == step:
                self.stop()
            super().went(size)

    decision = _approved(house)
    with pytest.raises(Stopped):
        _write(house, "counsellor", decision.id, tmp_path, CalledOff())
    assert not list(tmp_path.glob("export*"))
    assert _kept(house, decision.id).counselling_done_on is None
    assert _write(house, "counsellor", decision.id, tmp_path).path.is_dir()


def test_today_tells_a_counsellor_until_it_is_written(house: House, tmp_path: Path) -> None:
    def told(role: str) -> list[Standing]:
        found = house.desk(role).ask(deadlines.standings).result()
        return [each for each in found if each.rule.code == "counselling_leaves"]

    proposed = _proposed(house)
    assert not told("counsellor")
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
    for role in ("manager", "dpo", "clinical_supervisor", "social_worker", "house_mother"):
        assert not told(role)
    (standing,) = told("counsellor")
    assert (standing.rule.button.place, standing.rule.button.to) == ("rights", "none")
    _write(house, "counsellor", proposed.id, tmp_path)
    assert not told("counsellor")


def test_who_is_manager_and_counsellor_still_writes_two_files(tmp_path: Path) -> None:
    both = frozenset({"manager", "counsellor"})
    folder, out = tmp_path / "house", tmp_path / "out"
    out.mkdir()
    made = vault.create(folder, alias="Both", passphrase=PHRASE, roles=both, cost=COST).vault
    actor = Actor(7, made.slot_id, "Both", both, made.compartments)
    assert actor.compartments == set(COMPARTMENTS)
    inside = Inside(made, actor, lambda: False)
    decision = inside.do(_decided_before)
    rest = export_everything.write(inside, decision.id, out, PHRASE_OF_MANAGER, Progress())
    hers = export_everything.write_counselling(
        inside, decision.id, out, PHRASE_OF_COUNSELLOR, Progress()
    )
    tables = export_reader.open_export(rest.path, PHRASE_OF_MANAGER).tables
    assert not {table.name for table in tables} & HERS
    tables = export_reader.open_export(hers.path, PHRASE_OF_COUNSELLOR).tables
    assert {table.name for table in tables} == HERS
    made.close()


def _decided_before(work: Work) -> TwoPersonDecision:
    proposed = TwoPersonDecision(kind="leave", reason=WHY, proposed_by=7, proposed_at=work.now)
    approved = dataclasses.replace(proposed, state="approved", approved_by=8, approved_at=work.now)
    return work.save(approved, by_program=True)
