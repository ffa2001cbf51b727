"""Work of some seconds on the vault's thread, with a sheet that shows how far it is and Cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.kit.progress_sheet import ProgressSheet, Standing
from ui.kit.tasks import Tasks

_WHOLE: Final = 1_000


class Course(Protocol):
    """How far the work is, and a way to stop it."""

    @property
    def share(self) -> float:
        """Return the part that is done, from 0 to 1."""
        ...

    @property
    def step(self) -> str:
        """Return in words what is done now, '' for nothing to say."""
        ...

    def stop(self) -> None:
        """Ask the work to end."""
        ...


class LongWork(QObject):
    """Runs one such piece; it belongs to the window, so that it ends even if its page is gone."""

    def __init__(self, owner: QWidget, text: str, course: Course) -> None:
        super().__init__(owner.window())
        self._owner: QWidget | None = owner
        self._course = course
        self._sheet = ProgressSheet(owner, text)
        self._sheet.cancelled.connect(course.stop)

    def run(
        self,
        tasks: Tasks,
        function: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        """Start it; one of the two is called at the end, while the page that asked is there."""

        owner = self._owner
        assert owner is not None
        self._owner = None  # whoever is deleted later must not be the last to hold a window

        def came(value: Any) -> None:
            self._end()
            if shiboken6.isValid(owner):
                then(value)

        def broke(error: BaseException) -> None:
            self._end()
            if shiboken6.isValid(owner):
                failed(error)

        self._sheet.watch(self._standing)
        tasks.run(owner.window(), function, *args, then=came, failed=broke)

    def _standing(self) -> Standing:
        share = self._course.share
        return int(share * _WHOLE), _WHOLE if share > 0 else 0, self._course.step

    def _end(self) -> None:
        self._sheet.finish()
        self.deleteLater()
