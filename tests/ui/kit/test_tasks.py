"""Answers come home once, in order, and only to owners that still live."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import Future
from typing import Any

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from shelter_app.errors import DiskFull, NotPossible
from tests.ui.kit.conftest import ThreadDesk
from ui.kit.tasks import Tasks


def test_an_answer_arrives_on_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[Any] = []
    tasks.ask(
        owner,
        lambda _work, number: (number * 2, threading.get_ident()),
        21,
        then=lambda value: seen.append((value, threading.get_ident())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    (value, worker), home = seen[0]
    assert value == 42
    assert home == threading.get_ident() != worker


def test_an_answer_that_is_ready_never_re_enters_the_caller(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[str] = []
    tasks.ask(owner, lambda _work: "answer", then=seen.append)
    assert seen == []
    qtbot.waitUntil(lambda: seen == ["answer"])


def test_an_answer_for_a_closed_page_is_dropped(
    tasks: Tasks, desk: ThreadDesk, qtbot: QtBot
) -> None:
    owner = QWidget()
    seen: list[str] = []
    desk.gate.clear()
    tasks.ask(owner, lambda _work: "late", then=seen.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(owner))
    desk.gate.set()
    qtbot.waitUntil(tasks.is_idle)
    assert seen == []


def test_answers_come_in_the_order_of_asking(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[int] = []
    for number in range(50):
        tasks.ask(owner, lambda _work, n: n, number, then=seen.append)
    qtbot.waitUntil(lambda: len(seen) == 50)
    assert seen == list(range(50))


def test_a_change_is_told_to_everyone(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    saved: list[str] = []
    with qtbot.waitSignal(tasks.changed) as told:
        tasks.do(owner, lambda _work, name: name, "saved", then=saved.append)
    assert saved == ["saved"]
    assert told.args == [("sample",), owner]


def test_an_expected_failure_goes_to_whoever_asked(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[BaseException] = []
    tasks.do(owner, _refuse, failed=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], NotPossible)


def test_a_failure_nobody_takes_is_told(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    with qtbot.waitSignal(tasks.failed) as told:
        tasks.ask(owner, _full)
    assert isinstance(told.args[0], DiskFull)
    assert told.args[1] is owner


def test_a_bug_is_raised_and_not_swallowed(tasks: Tasks, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as raised:
        tasks.ask(QObject(), lambda _work: 1 // 0)
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ZeroDivisionError


def test_whoever_asked_comes_to_rest_after_a_bug_too(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[BaseException] = []
    with qtbot.captureExceptions() as raised:
        tasks.ask(owner, lambda _work: 1 // 0, failed=seen.append)
        qtbot.waitUntil(lambda: bool(seen))
    assert len(raised) == 1
    assert seen[0] is raised[0][1]


def test_quick_work_never_says_busy_and_slow_work_does(
    tasks: Tasks, desk: ThreadDesk, qtbot: QtBot
) -> None:
    said: list[bool] = []
    tasks.busy.connect(said.append)
    owner = QObject()
    tasks.ask(owner, lambda _work: None)
    qtbot.waitUntil(tasks.is_idle)
    assert said == []
    desk.gate.clear()
    tasks.ask(owner, lambda _work: None)
    qtbot.waitUntil(lambda: said == [True])
    desk.gate.set()
    qtbot.waitUntil(lambda: said == [True, False])


def test_an_answer_after_the_bridge_is_gone_does_no_harm(desk: ThreadDesk, qtbot: QtBot) -> None:
    tasks = Tasks(desk)
    desk.gate.clear()
    tasks.ask(QObject(), lambda _work: None)
    tasks.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(tasks))
    desk.gate.set()
    desk.close()


def _refuse(_work: object) -> None:
    raise NotPossible("This bed is taken.")


def _full(_work: object) -> None:
    raise DiskFull


def test_what_was_asked_ahead_answers_the_first_who_asks_the_same(
    tasks: Tasks, desk: ThreadDesk, qtbot: QtBot
) -> None:
    owner = QObject()
    seen: list[str] = []

    def question(_work: object, text: str) -> str:
        return text

    ahead: Future[str] = Future()
    ahead.set_result("begun early")
    tasks.hold(ahead, question, "a")
    tasks.ask(owner, question, "b", then=seen.append)
    tasks.ask(owner, question, "a", then=seen.append)
    tasks.ask(owner, question, "a", then=seen.append)
    qtbot.waitUntil(tasks.is_idle)
    assert sorted(seen) == ["a", "b", "begun early"]


class LingeringDesk:
    """A desk whose thread still holds the answered future while the windows already have it."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.let_go = threading.Event()
        self.let_go_of = threading.Event()

    def ask(self, function: Any, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._held = [future]
        threading.Thread(target=self._work, args=(function, args)).start()
        return future

    do = ask

    def _work(self, function: Any, args: Any) -> None:
        self.may_answer.wait(10)
        self._held[0].set_result(function(None, *args))
        self.let_go.wait(10)
        self._held.clear()
        self.let_go_of.set()


class Page(QWidget):
    """A window that nobody but its own question holds once the test lets go of it."""

    def __init__(self, desk: LingeringDesk) -> None:
        super().__init__()
        self.tasks = Tasks(desk, self)
        self.answers: list[object] = []

    def ask(self) -> None:
        self.tasks.ask(self, lambda _work: "answer", then=self.came)

    def came(self, value: object) -> None:
        self.answers.append(value)


def test_the_vaults_thread_is_never_the_last_to_hold_a_window(qtbot: QtBot) -> None:
    desk = LingeringDesk()
    page = Page(desk)
    ended_in: list[int] = []
    weakref.finalize(page, lambda: ended_in.append(threading.get_ident()))
    page.ask()
    desk.may_answer.set()
    answers = page.answers
    qtbot.waitUntil(lambda: bool(answers))
    del page
    gc.collect()
    desk.let_go.set()
    assert desk.let_go_of.wait(10)
    gc.collect()
    assert ended_in == [threading.get_ident()]


def test_a_window_gone_before_its_answer_is_gone_in_its_own_thread(qtbot: QtBot) -> None:
    desk = LingeringDesk()
    page = Page(desk)
    ended_in: list[int] = []
    weakref.finalize(page, lambda: ended_in.append(threading.get_ident()))
    page.ask()
    del page
    gc.collect()
    desk.may_answer.set()
    desk.let_go.set()
    assert desk.let_go_of.wait(10)
    qtbot.wait(50)
    gc.collect()
    assert ended_in == [threading.get_ident()]


def test_what_is_worked_out_aside_comes_home_and_keeps_no_question_waiting(
    tasks: Tasks, qtbot: QtBot
) -> None:
    owner, gate = QObject(), threading.Event()
    seen: list[Any] = []
    tasks.aside(owner, gate.wait, 20, then=lambda _value: seen.append("aside"))
    tasks.ask(owner, lambda _work: "asked", then=seen.append)
    qtbot.waitUntil(lambda: seen == ["asked"])
    assert not tasks.is_idle()
    gate.set()
    qtbot.waitUntil(tasks.is_idle)
    assert seen == ["asked", "aside"]


def test_what_fails_aside_is_said_and_the_next_is_worked_out(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[Any] = []

    def fail() -> None:
        raise NotPossible("too large")

    tasks.aside(owner, fail, failed=seen.append)
    tasks.aside(owner, lambda: threading.current_thread().name, then=seen.append)
    qtbot.waitUntil(tasks.is_idle)
    assert [str(each) for each in seen] == ["too large", "aside"]


def test_an_answer_from_aside_for_a_closed_page_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    owner, gate = QWidget(), threading.Event()
    seen: list[Any] = []
    tasks.aside(owner, gate.wait, 20, then=seen.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(owner))
    gate.set()
    qtbot.waitUntil(tasks.is_idle)
    assert seen == []
