"""Backups nobody asks for: at closing, once a day, a second look at a stick, and the reminder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from shelter_app.errors import BackupTrouble
from shelter_app.services import audit_trail, backup_checks, backups
from shelter_app.services.backups import Overview
from shelter_app.services.progress import Progress
from shelter_app.storage import backup, restored_mark
from tests.builders import a_person
from tests.fixtures import House
from ui.backup_keeper import BackupKeeper
from ui.backup_runner import BackupRunner
from ui.main_window import MainWindow

LONG = 20_000
NOW = datetime(2026, 11, 22, 18, 30)


@pytest.fixture
def window(house: House, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(house.desk("house_mother"))
    made.show()
    qtbot.waitUntil(made.tasks.is_idle, timeout=LONG)
    yield made
    made.hide()
    made.deleteLater()


@pytest.fixture
def stick(house: House, tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    house.desk("manager").run(backups.add_folder, folder).result()
    return folder


def _overview(house: House) -> Overview:
    found: Overview = house.desk("house_mother").ask(backups.overview).result()
    return found


def _keeper(window: MainWindow, qtbot: QtBot) -> BackupKeeper:
    made = BackupKeeper(window)
    made.start()
    qtbot.waitUntil(lambda: made._overview is not None, timeout=LONG)
    return made


def test_without_a_place_closing_waits_for_nothing(window: MainWindow, qtbot: QtBot) -> None:
    left: list[str] = []
    _keeper(window, qtbot).before_leaving(lambda: left.append("left"))
    assert left == ["left"]


def test_the_trail_of_restored_records_says_from_which_backup_before_the_word_at_the_door_goes(
    house: House, window: MainWindow, qtbot: QtBot
) -> None:
    restored_mark.leave(house.folder, NOW)
    _keeper(window, qtbot)
    qtbot.waitUntil(lambda: restored_mark.read(house.folder) is None, timeout=LONG)
    with house.work("manager") as work:
        found = audit_trail.page(work, audit_trail.Filter()).ids
        notes = [line.note for line in audit_trail.lines(work, found)]
    assert notes.count("from the backup of 22 November 2026, 18:30") == 1


@pytest.mark.usefixtures("stick")
def test_closing_makes_a_backup_on_the_stick_that_is_in(
    stick: Path, house: House, window: MainWindow, qtbot: QtBot
) -> None:
    left: list[str] = []
    keeper = _keeper(window, qtbot)
    keeper.before_leaving(lambda: left.append("left"))
    qtbot.waitUntil(lambda: left == ["left"], timeout=LONG)
    assert _overview(house).last_verified is not None
    assert len(list(stick.glob("office-backups/office-*"))) == 1
    keeper.before_leaving(lambda: left.append("again"))
    qtbot.waitUntil(lambda: left == ["left", "again"], timeout=LONG)
    assert len(list(stick.glob("office-backups/office-*"))) == 1


def test_a_failed_backup_keeps_the_window_open_once_and_says_why(
    stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    left: list[str] = []
    keeper = _keeper(window, qtbot)
    place = stick / "office-backups"
    (place / "att").write_bytes(b"in the way")
    (window.desk.vault.folder / "att" / "cases").mkdir(parents=True)
    (window.desk.vault.folder / "att" / "cases" / ("a" * 16 + ".bin")).write_bytes(b"paper")
    keeper.before_leaving(lambda: left.append("left"))
    qtbot.waitUntil(window.message_bar.isVisible, timeout=LONG)
    assert "Close the window again" in window.message_bar.text_label.text()
    assert left == []
    keeper.before_leaving(lambda: left.append("left"))
    assert left == ["left"]


def test_once_a_day_a_backup_is_made_while_the_program_runs(
    stick: Path,
    house: House,
    window: MainWindow,
    qtbot: QtBot,
    clock_at: Callable[[datetime], object],
) -> None:
    clock_at(NOW)
    keeper = _keeper(window, qtbot)
    keeper.look()
    qtbot.waitUntil(lambda: len(_overview(house).runs) == 1, timeout=LONG)
    qtbot.waitUntil(lambda: not keeper._runner.busy(), timeout=LONG)
    with house.work("house_mother") as work:
        a_person(work)
    keeper.look()
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    assert len(_overview(house).runs) == 1
    clock_at(NOW + timedelta(days=1))
    keeper.look()
    qtbot.waitUntil(lambda: len(_overview(house).runs) == 2, timeout=LONG)
    assert len(list(stick.glob("office-backups/office-*"))) == 2


def _backed_up(house: House, stick: Path) -> backup.Written:
    """Make a backup onto the stick and write it down."""
    desk = house.desk("house_mother")
    picture = desk.run(backups.begin, Progress()).result().value
    written = backups.finish(picture, stick, Progress())
    desk.do(backups.record, _overview(house).places[0].id, written).result()
    return written


def test_a_stick_put_in_again_is_read_again(
    stick: Path,
    house: House,
    window: MainWindow,
    qtbot: QtBot,
    clock_at: Callable[[datetime], object],
) -> None:
    clock_at(NOW)
    _backed_up(house, stick)
    clock_at(NOW + timedelta(days=5))
    keeper = _keeper(window, qtbot)
    keeper.look()
    qtbot.waitUntil(lambda: _overview(house).runs[0].checked_at is not None, timeout=LONG)
    assert len(_overview(house).runs) == 1


def test_what_a_stick_could_not_let_go_of_is_cleared_away_when_it_is_put_in_again(
    stick: Path,
    house: House,
    window: MainWindow,
    qtbot: QtBot,
    clock_at: Callable[[datetime], object],
) -> None:
    clock_at(NOW)
    written = _backed_up(house, stick)
    place = stick / "office-backups"
    half = place / "office-2026-11-21-1830.part"
    half.mkdir()
    (half / "office.age").write_bytes(b"half")
    (place / "place.json.part").write_bytes(b"half")
    keeper = _keeper(window, qtbot)
    keeper.look()
    qtbot.waitUntil(lambda: not list(place.glob("*.part")), timeout=LONG)
    qtbot.waitUntil(lambda: not BackupRunner.busy(), timeout=LONG)
    assert len(_overview(house).runs) == 1
    assert (place / written.name).is_dir()


def test_a_stick_taken_out_before_it_is_read_again_says_nothing_against_its_backup(
    stick: Path, house: House, clock_at: Callable[[datetime], object]
) -> None:
    clock_at(NOW)
    _backed_up(house, stick)
    wanted = (
        house.desk("house_mother").ask(backup_checks.to_check, _overview(house).runs[0].id).result()
    )
    stick.rename(stick.with_name("taken-out"))
    with pytest.raises(BackupTrouble) as refused:
        backup_checks.check(wanted, stick, Progress())
    assert refused.value.code == "gone"


def test_the_reminder_is_amber_from_day_three_and_red_from_day_seven(
    stick: Path,
    house: House,
    window: MainWindow,
    qtbot: QtBot,
    clock_at: Callable[[datetime], object],
) -> None:
    clock_at(NOW)
    _backed_up(house, stick)
    with house.work("house_mother") as work:
        a_person(work)
    seen = []
    for days in (1, 3, 7):
        clock_at(NOW + timedelta(days=days))
        _keeper(window, qtbot)
        pill = window.top_bar.backup_pill
        shown = window.top_bar.backup_button.isVisible()
        seen.append((pill.text(), pill.role()) if shown else ("", ""))
    assert seen == [
        ("", ""),
        ("Last backup 3 days ago", "soon"),
        ("Last backup 7 days ago", "overdue"),
    ]
    window.top_bar.backup_button.click()
    assert window.current_place == "backups"


def test_locking_in_the_middle_leaves_nothing_half_made(
    stick: Path, house: House, window: MainWindow, qtbot: QtBot
) -> None:
    papers = house.folder / "att" / "cases"
    papers.mkdir(parents=True)
    for number in range(8):
        (papers / f"{number:016x}.bin").write_bytes(bytes(3 << 20))
    keeper = _keeper(window, qtbot)
    keeper.look()
    qtbot.waitUntil(lambda: bool(list(stick.glob("*/office-*.part"))), timeout=LONG)
    keeper.stop()
    assert list(stick.glob("*/office-*")) == []
    assert list((house.folder / "staging").glob("*")) == []
    assert not BackupRunner.busy()
