"""The pictures of the guide's chapter on safety: windows that stand before or beside the pages.

Each is the real window in a real state: a backup that was made, a copy that was brought, a page
that was damaged, a name that was opened with a reason.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from shelter_app import clock
from shelter_app.i18n import _
from shelter_app.services import (
    accounts,
    backup_checks,
    backups,
    breaches,
    covering,
    demo,
    doors,
    export_everything,
    identity,
    key_changes,
    residents,
    retention,
)
from shelter_app.services.desk import Desk, ImmediateExecutor, sign_in
from shelter_app.services.progress import Progress
from ui.damaged.window import DamagedWindow
from ui.features.audit.words_dialog import WordsDialog
from ui.features.resident.identity_dialog import reason_dialog
from ui.features.staff.dialogs import LeaveDialog
from ui.first_run.recovery_window import RecoveryWindow
from ui.main_window import MainWindow
from ui.openings import OpeningsDialog
from ui.reader import ReaderWindow
from ui.restore.steps import DoneStep
from ui.restore.window import RestoreWindow

Keep = Callable[[QWidget, str], None]
Wait = Callable[[Callable[[], bool]], None]
MANAGER: Final = 0
CASE_WORKER: Final = 1
_SIZE: Final = (1366, 768)
_FLIPPED: Final = 100
_PAGE: Final = 4096


def take(house: Path, made: demo.DemoVault, keep: Keep, wait: Wait) -> None:
    """Show each window of the safety chapter and keep its picture."""
    own = house.with_name("safety")
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(house, own)
    stick = own.with_name("stick")
    shutil.rmtree(stick, ignore_errors=True)
    stick.mkdir()
    _openings(own, made)
    desk = _signed_in(own, made, MANAGER)
    _something_to_see(desk)
    _inside(desk, stick, keep, wait)
    desk.close().result()
    _before_the_door(own, stick, made, keep, wait)
    _reader(own, made, keep, wait)
    _damaged(own, made, keep, wait)


def _signed_in(house: Path, made: demo.DemoVault, who: int) -> Desk:
    return _as(house, made, made.aliases[who])


def _as(house: Path, made: demo.DemoVault, alias: str) -> Desk:
    slot_id = next(way.slot_id for way in doors.ways_in(house) if way.alias == alias)
    return sign_in(house, slot_id, made.passphrase, ImmediateExecutor()).result()


def _openings(house: Path, made: demo.DemoVault) -> None:
    """Let a case worker open a true name, which the manager is told at arrival."""
    desk = _signed_in(house, made, CASE_WORKER)
    ids = desk.ask(residents.resident_ids, residents.ListFilter("in_residence")).result()
    reason = _("Her identity card is needed at the hospital today")
    desk.do(identity.reveal, ids[0], reason).result()
    desk.close().result()


def _something_to_see(desk: Desk) -> None:
    """Write a breach down, propose a hold, and let a colleague cover for another."""
    fresh = desk.ask(breaches.new).result()
    now = clock.now().replace(second=0)
    breach = dataclasses.replace(
        fresh,
        at=now - timedelta(hours=20),
        aware_at=now - timedelta(hours=2),
        severity="medium",
        what=_("A stick with a backup was lost on the way to the bank."),
        action=_("The stick was taken off the list. It opens for managers and the sheets only."),
        people_affected=0,
    )
    desk.do(breaches.save, breach).result()
    ids = desk.ask(residents.resident_ids, residents.ListFilter("in_residence")).result()
    desk.do(retention.propose, ids[0], "hold", _("Her advocate may appeal")).result()
    workers = desk.ask(accounts.staff_list).result()
    away, covers = [each for each in workers if each.roles == ("social_worker",)][:2]
    draft = desk.ask(covering.draft).result()
    handed = dataclasses.replace(
        draft,
        staff_id=away.id,
        covered_by=covers.id,
        from_on=clock.today(),
        until_on=clock.today() + timedelta(days=5),
        reason=_("Annual leave"),
    )
    desk.do(covering.hand_over, handed).result()


def _inside(desk: Desk, stick: Path, keep: Keep, wait: Wait) -> None:
    window = MainWindow(desk)
    window.resize(*_SIZE)
    window.show()
    wait(window.tasks.is_idle)
    for place, detail, name in (
        ("rights", "breaches", "breaches"),
        ("rights", "retention", "retention"),
        ("settings", "computer", "this-computer"),
        ("settings", "covering", "covering"),
    ):
        window.go(place, 0, detail)
        wait(window.tasks.is_idle)
        keep(window, name)
    _dialogs(window, desk, keep, wait)
    known = desk.run(backups.add_folder, stick).result().value
    picture = desk.run(backups.begin, Progress()).result().value
    written = backups.finish(picture, stick, Progress())
    desk.do(backups.record, known.id, written).result()
    window.hide()
    window.deleteLater()


def _dialogs(window: MainWindow, desk: Desk, keep: Keep, wait: Wait) -> None:
    from shelter_app.services import break_glass

    opened = desk.ask(break_glass.unseen).result()
    _one(OpeningsDialog(window, opened), "openings", keep, wait)
    _one(reason_dialog(window, "Zawadi"), "reason", keep, wait)
    window.go("audit")
    wait(window.tasks.is_idle)
    _one(WordsDialog(window, window.context), "check-words", keep, wait)
    line = next(each for each in desk.ask(accounts.staff_list).result() if not each.is_me)
    loss = desk.ask(key_changes.loss, line.id, frozenset()).result()
    _one(LeaveDialog(window, line, loss), "leaver", keep, wait)


def _one(dialog: QWidget, name: str, keep: Keep, wait: Wait) -> None:
    dialog.show()
    wait(lambda: True)
    keep(dialog, name)
    dialog.hide()
    dialog.deleteLater()


def _before_the_door(
    house: Path, stick: Path, made: demo.DemoVault, keep: Keep, wait: Wait
) -> None:
    sheet = RecoveryWindow(house)
    _show(sheet, wait)
    keep(sheet, "recovery-sheet")
    sheet.hide()
    sheet.deleteLater()
    window = RestoreWindow(house)
    _show(window, wait)
    window.look(stick)
    wait(lambda: window.choose_step.chosen() is not None)
    window.next_button.click()
    wait(lambda: window.current() is window.key_step)
    window.key_step.who_box.setCurrentText(made.aliases[MANAGER])
    window.key_step.phrase_edit.line_edit.setText(made.passphrase)
    window.next_button.click()
    wait(lambda: window.current() is window.content_step)
    keep(window, "restore-content")
    window.next_button.click()
    wait(lambda: isinstance(window.current(), DoneStep))
    _follow_the_clock(window.current())
    keep(window, "restore-done")
    window.hide()
    window.deleteLater()


def _follow_the_clock(step: QWidget) -> None:
    """Tell the day of the pictures: the audit trail is dated by the computer's own clock."""
    assert isinstance(step, DoneStep)
    shown = dataclasses.replace(step.facts, newest_at=clock.now())
    step.result_label.setText(backup_checks.headline(shown))


def _show(window: QWidget, wait: Wait) -> None:
    window.resize(*_SIZE)
    window.show()
    wait(lambda: True)


def _reader(house: Path, made: demo.DemoVault, keep: Keep, wait: Wait) -> None:
    """Leave with everything, decided by two, and open it with the reader."""
    desk = _signed_in(house, made, MANAGER)
    reason = _("The house moves to another program")
    proposed = desk.do(retention.propose_leaving, reason).result().value
    desk.close().result()
    lead = next(alias for alias in made.aliases if alias.startswith("Data"))
    desk = _as(house, made, lead)
    desk.do(retention.approve, proposed.id).result()
    desk.close().result()
    desk = _signed_in(house, made, MANAGER)
    folder = house.with_name("export")
    folder.mkdir(exist_ok=True)
    phrase = export_everything.new_phrase()
    leaving = desk.run(export_everything.write, proposed.id, folder, phrase, Progress())
    written = leaving.result().value
    desk.close().result()
    window = ReaderWindow(written.path)
    _show(window, wait)
    window.phrase_edit.line_edit.setText(phrase)
    window.open_export()
    wait(lambda: window.stack.currentIndex() > 0)
    keep(window, "reader")
    window.hide()
    window.deleteLater()


def _damaged(house: Path, made: demo.DemoVault, keep: Keep, wait: Wait) -> None:
    """Flip a bit in the file of the cases, as a failing disk would."""
    (path,) = house.glob("cases-*.db")
    raw = bytearray(path.read_bytes())
    raw[8 * _PAGE + _FLIPPED] ^= 2
    path.write_bytes(raw)
    slot_id = next(w.slot_id for w in doors.ways_in(house) if w.alias == made.aliases[MANAGER])
    window = DamagedWindow(house, "cases", doors.ways_in(house), slot_id)
    _show(window, wait)
    keep(window, "damaged")
    window.hide()
    window.deleteLater()
