"""Leaving with everything: whole, locked, readable without any vault, and never half."""

from __future__ import annotations

import csv
import io
import shutil
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

from shelter_app.domain.person import SealedIdentity
from shelter_app.domain.retention import TwoPersonDecision
from shelter_app.errors import (
    DocumentUnreadable,
    NotAllowed,
    NotPossible,
    Stopped,
    WrongPassphrase,
)
from shelter_app.services import export_everything, export_reader, retention
from shelter_app.services.accounts import vault_thread
from shelter_app.services.changes import Done
from shelter_app.services.desk import Desk, sign_in
from shelter_app.services.export_everything import Written
from shelter_app.services.export_reader import Export
from shelter_app.services.progress import Progress
from shelter_app.storage import export_file
from tests.builders import a_person
from tests.fixtures import PHRASE, House, Template

WORDS = "one two three four five six"
WHY = "The house moves to another program"


def _decision(house: House) -> TwoPersonDecision:
    with house.work("manager") as work:
        proposed = retention.propose_leaving(work, WHY)
    with house.work("dpo") as work:
        return retention.approve(work, proposed.id)


class Steady(Progress):
    """Remembers how far it was told that the work is."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []
        self.shares: list[float] = []

    def begin(self, step: str, total: int | None = None) -> None:
        super().begin(step, total)
        self.steps.append(step)

    def went(self, size: int) -> None:
        super().went(size)
        self.shares.append(self.done / self.total)


class CalledOff(Progress):
    """Somebody presses Cancel once this much of a step is done."""

    def __init__(self, step: str, at: int) -> None:
        super().__init__()
        self._at = (step, at)
        self._so_far = 0

    def went(self, size: int) -> None:
        step, at = self._at
        if self.step == step:
            self._so_far += size
            if self._so_far >= at:
                self.stop()
        super().went(size)


def _write(
    desk: Desk, decision: TwoPersonDecision, folder: Path, phrase: str, progress: Progress
) -> Future[Done[Written]]:
    return desk.run(export_everything.write, decision.id, folder, phrase, progress)


@dataclass(frozen=True)
class Made:
    """One export shared by the tests of this file: its phrase costs a second each time."""

    folder: Path
    written: Written
    phrase: str
    opened: Export


@pytest.fixture(scope="module")
def made(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("export")
    shutil.copytree(template.folder, folder / "house")
    house = House(folder / "house", template.slots)
    with house.work("manager") as work:
        person = a_person(work, display_alias="Canaryalias", house_notes="=1+1")
        work.save(
            SealedIdentity(id=person.id, person_id=person.id, true_first_name="Canarytrue"),
            by_program=True,
        )
    decision = _decision(house)
    desk = house.desk("manager")
    phrase = export_everything.new_phrase()
    progress = Steady()
    written = _write(desk, decision, folder, phrase, progress).result().value
    assert progress.steps == ["writing", "checking"]
    assert progress.shares == sorted(progress.shares), "the bar went back"
    assert progress.shares[-1] == 1.0
    with pytest.raises(NotPossible):
        _write(desk, decision, folder, phrase, Progress()).result()
    with house.work("manager") as work:
        (row,) = work.connection.exec_driver_sql(
            "SELECT detail FROM audit WHERE action = 'export'"
        ).all()
    assert WHY in row[0]
    house.close()
    opened = export_reader.open_export(written.path, f" {phrase.upper()} ")
    return Made(folder, written, phrase, opened)


def test_an_export_opens_without_the_house_and_holds_every_table(made: Made) -> None:
    names = {table.name for table in made.opened.tables}
    assert {"person", "stay", "sealed_identity", "dsr", "audit_house", "setting"} <= names
    people = next(table for table in made.opened.tables if table.name == "person")
    assert len(people.matching("canaryalias")) == 1
    assert people.matching("canaryalias nobody") == []
    assert sum(table.count for table in made.opened.tables) == made.written.records
    assert "counselling" in made.opened.readme
    assert made.written.left_out == ("counselling",)


def test_nothing_readable_lies_in_the_folder(made: Made) -> None:
    files = sorted(made.written.path.iterdir())
    assert [path.name for path in files] == ["READ-ME.txt", "everything.age", "key.age"]
    raw = b"".join(path.read_bytes() for path in files)
    for word in (b"Canary", b"person", b"manifest", made.phrase.encode()):
        assert word not in raw


def test_a_table_saved_from_the_reader_runs_nothing(made: Made, tmp_path: Path) -> None:
    people = next(table for table in made.opened.tables if table.name == "person")
    path = export_reader.save_table(people, tmp_path)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    assert "'=1+1" in rows[1]


def test_only_the_manager_writes_and_only_after_the_second_said_yes(
    house: House, tmp_path: Path
) -> None:
    with house.work("manager") as work:
        proposed = retention.propose_leaving(work, WHY)
    with pytest.raises(NotPossible, match="second person"):
        _write(house.desk("manager"), proposed, tmp_path, WORDS, Progress()).result()
    with house.work("dpo") as work:
        retention.approve(work, proposed.id)
    with pytest.raises(NotAllowed):
        _write(house.desk("dpo"), proposed, tmp_path, WORDS, Progress()).result()
    assert not list(tmp_path.glob("export*"))


@pytest.mark.parametrize("step", ["writing", "checking"])
def test_called_off_in_the_middle_nothing_half_made_stays_and_nothing_else_is_touched(
    house: House, tmp_path: Path, step: str
) -> None:
    decision = _decision(house)
    with house.work("manager") as work:
        a_person(work)
    older = tmp_path / "export-2020-01-01-1"
    older.mkdir()
    (older / "everything.age").write_bytes(b"older")
    off = CalledOff(step, 100_000)
    with pytest.raises(Stopped):
        _write(house.desk("manager"), decision, tmp_path, WORDS, off).result()
    assert [path.name for path in tmp_path.glob("export*")] == [older.name]
    assert (older / "everything.age").read_bytes() == b"older"
    with house.work("manager") as work:
        (found,) = retention.decisions(work)
        assert found.may_carry_out, "it cannot be tried again"
        assert retention.last_left_at(work) is None
    again = _write(house.desk("manager"), decision, tmp_path, WORDS, Progress())
    assert again.result().value.records
    with house.work("manager") as work:
        assert retention.last_left_at(work) is not None


def test_locking_in_the_middle_stops_it_and_takes_it_back(house: House, tmp_path: Path) -> None:
    decision = _decision(house)
    slot = house.slots["manager"]
    house.close()
    desk = sign_in(house.folder, slot, PHRASE, vault_thread()).result()
    writing = _write(desk, decision, tmp_path, WORDS, Progress())
    desk.close().result()
    with pytest.raises(Stopped):
        writing.result()
    assert not list(tmp_path.glob("export*"))


def test_a_stick_that_lost_what_was_written_is_said_as_what_it_is(
    house: House, tmp_path: Path
) -> None:
    class TakenOut(Progress):
        def begin(self, step: str, total: int | None = None) -> None:
            super().begin(step, total)
            if step == "checking":
                for file in tmp_path.glob("export*/everything.age"):
                    file.unlink()

    decision = _decision(house)
    with pytest.raises(NotPossible):
        _write(house.desk("manager"), decision, tmp_path, WORDS, TakenOut()).result()
    assert not list(tmp_path.glob("export*"))


def test_another_phrase_opens_nothing(made: Made) -> None:
    with pytest.raises(WrongPassphrase):
        export_reader.open_export(made.written.path, WORDS)


def test_damage_anywhere_is_found(made: Made, tmp_path: Path) -> None:
    whole = (made.written.path / "everything.age").read_bytes()
    spoiled = [whole[: len(whole) - 4000], whole[:100], b""]
    for place in (0.02, 0.5, 0.99):
        raw = bytearray(whole)
        raw[int(len(raw) * place)] ^= 0x40
        spoiled.append(bytes(raw))
    for raw_bytes in spoiled:
        (tmp_path / "everything.age").write_bytes(raw_bytes)
        with pytest.raises(DocumentUnreadable):
            export_reader.read_export(tmp_path, made.opened.identity)
    (tmp_path / "everything.age").write_bytes(whole)
    assert export_reader.read_export(tmp_path, made.opened.identity).tables


@pytest.mark.parametrize(
    "files",
    ['[{"name": "README.md"}]', "[1]", '[{"sha256": ""}]', "[" * 5_000, '[{"name": ["x"]}]'],
)
def test_a_manifest_that_makes_no_sense_is_damage(made: Made, tmp_path: Path, files: str) -> None:
    plain = io.BytesIO()
    archive = export_file.Writing(plain)
    archive.add("README.md", b"What this is.")
    said = f'{{"format": "makao-export", "version": 1, "made_at": "", "files": {files}}}'
    archive.add(export_file.MANIFEST, said.encode())
    archive.close()
    sealed = pyrage.encrypt(plain.getvalue(), [made.opened.identity.to_public()])
    (tmp_path / "everything.age").write_bytes(sealed)
    with pytest.raises(DocumentUnreadable):
        export_reader.read_export(tmp_path, made.opened.identity)


def test_a_spoiled_key_and_a_strange_folder_are_told_apart(made: Made, tmp_path: Path) -> None:
    with pytest.raises(NotPossible):
        export_reader.open_export(tmp_path, "a b c")
    (tmp_path / "everything.age").write_bytes(b"")
    (tmp_path / "key.age").write_bytes(b"age-encryption.org/v1\n-> X25519 abc")
    with pytest.raises(DocumentUnreadable):
        export_reader.open_export(tmp_path, "a b c")


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken_off() -> None:
        with export_file.writing(tmp_path, "a b c") as archive:
            archive.add("x", b"x" * (1 << 20))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_six_words_are_drawn_from_a_long_list() -> None:
    phrases = {export_file.new_phrase() for _ in range(20)}
    assert len(phrases) == 20
    assert all(len(phrase.split()) == export_file.PHRASE_WORDS for phrase in phrases)
