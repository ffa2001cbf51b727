"""Long work shows how far it is, can be stopped, and ends even when its page is gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.kit.conftest import Result, ThreadDesk
from ui.kit.long_work import LongWork
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.tasks import Tasks


class Steps:
    """A course that a test moves on by hand."""

    def __init__(self) -> None:
        self.share = 0.0
        self.step = ""
        self.go_on = threading.Event()
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True
        self.go_on.set()

    def work(self, _work: object) -> str:
        self.go_on.wait(10)
        return "stopped" if self.stopped else "done"


class LongDesk(ThreadDesk):
    """The test's desk with the way for long work."""

    def run(self, function: Any, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(lambda: Result(self._run(function, *args, **kwargs)))


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    desk = LongDesk()
    yield Tasks(desk)
    desk.close()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(600, 400)
    page = QWidget()
    page.setObjectName("page")
    QVBoxLayout(made).addWidget(page)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_share_is_shown_and_the_answer_comes(
    tasks: Tasks, window: QWidget, qtbot: QtBot
) -> None:
    course = Steps()
    said: list[Any] = []
    page = window.findChild(QWidget, "page")
    assert page is not None
    LongWork(page, "Working.", course).run(tasks, course.work, then=said.append, failed=said.append)
    sheet = window.findChild(ProgressSheet)
    assert sheet is not None
    course.share = 0.5
    course.step = "Copying first"
    qtbot.waitUntil(lambda: sheet.bar.value() == 500)
    qtbot.waitUntil(lambda: sheet.step_label.text() == "Copying first")
    course.go_on.set()
    qtbot.waitUntil(lambda: said == ["done"])


def test_cancel_asks_the_work_to_stop(tasks: Tasks, window: QWidget, qtbot: QtBot) -> None:
    course = Steps()
    said: list[Any] = []
    LongWork(window, "Working.", course).run(
        tasks, course.work, then=said.append, failed=said.append
    )
    sheet = window.findChild(ProgressSheet)
    assert sheet is not None
    sheet.show_now()
    sheet.findChild(QPushButton, "progress_cancel").click()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: said == ["stopped"])


def test_the_sheet_goes_even_when_the_page_went_first(
    tasks: Tasks, window: QWidget, qtbot: QtBot
) -> None:
    course = Steps()
    said: list[Any] = []
    page = window.findChild(QWidget, "page")
    assert page is not None
    LongWork(page, "Working.", course).run(tasks, course.work, then=said.append, failed=said.append)
    shiboken6.delete(page)
    course.go_on.set()
    qtbot.waitUntil(tasks.is_idle)
    qtbot.waitUntil(lambda: window.findChild(ProgressSheet) is None)
    assert said == []
