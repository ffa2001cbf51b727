"""What the windows need is loaded while somebody reads, chooses her name and types her phrase.

The libraries come on a thread of their own, for nothing of them knows of Qt; what does comes one
module at a time in the window's thread, between two keys, so that no page stalls later. A module
of Qt makes its classes when it is imported whole: on another thread it changes the tables that a
window reads while it is painted, without waiting for anybody, and the program dies of it later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer

from ui.sweeper import Sweeper

_LOOK_EVERY: Final = 20
_LOOK_SELDOM: Final = 120
"""Whoever signs in faster than all is loaded gets the rest in between, not in one piece."""
_LIBRARIES: Final = (
    "sqlcipher3",
    "cryptography.hazmat.primitives.kdf.argon2",
    "cryptography.hazmat.primitives.hpke",
    "cryptography.hazmat.backends.openssl.backend",
    "sqlalchemy",
    "shelter_app.storage.vault",
    "shelter_app.services.desk",
    "shelter_app.services.accounts",
    "shelter_app.storage.migrations",
    "shelter_app.services.today",
    "shelter_app.services.residents",
    "shelter_app.services.drafts",
    "shelter_app.services.house",
    "shelter_app.services.counselling_week",
    "shelter_app.services.court_pages",
    "shelter_app.services.documents",
    "shelter_app.services.plans",
    "shelter_app.services.aftercare",
    "shelter_app.services.audit_trail",
    "shelter_app.services.backups",
    "shelter_app.services.restoring",
)
"""Loaded beside the first window, on a thread: nothing of it may import anything of Qt."""
_WINDOWS: Final = (
    "qtpy.QtCore",
    "qtpy.QtGui",
    "qtpy.QtWidgets",
    "qtawesome",
    "ui.kit.icons",
    "ui.kit.page",
    "ui.kit.record_form",
    "ui.lock",
    "ui.main_window",
    "ui.arrival",
    "ui.backup_keeper",
    "ui.features.today",
    "ui.kit.record_table",
    "ui.features.residents",
    "ui.kit.side_editor",
    "ui.features.resident",
    "ui.features.house",
    "ui.kit.week_calendar",
    "ui.features.counselling",
    "ui.features.calendar",
    "ui.features.court",
    "ui.features.care_plan",
    "ui.features.aftercare",
    "ui.features.documents",
    "ui.features.staff",
    "ui.features.audit",
    "ui.features.rights",
    "ui.features.settings",
    "ui.features.backups",
    "ui.palette",
)
"""Loaded one at a time while the worker types her pass phrase, so that no page stalls later."""


class Preloading(QObject):
    """The loading of one run of the program, from its first window until nothing is left."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._libraries: threading.Thread | None = None
        self._left: list[Callable[[], object]] = [partial(import_module, n) for n in _WINDOWS]
        self._left += [self._add_features, _draw_one_icon]
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY)
        self._look.timeout.connect(self._load_one)

    def start(self) -> None:
        """Begin, now that the first window stands."""
        self._libraries = threading.Thread(target=_load_libraries, daemon=True)
        self._libraries.start()
        self._look.start()

    def do_first(self, act: Callable[[], object]) -> None:
        """Put something in front of what is left."""
        self._left.insert(0, act)
        self._look.start()

    def slow_down(self) -> None:
        """Leave room for somebody who works already."""
        self._look.setInterval(_LOOK_SELDOM)

    @property
    def begun(self) -> bool:
        """Say whether the first window stood."""
        return self._libraries is not None

    @property
    def ended(self) -> bool:
        """Say whether nothing is left to load while somebody types."""
        return self.begun and not self._left

    def _load_one(self) -> None:
        if self._libraries is not None and self._libraries.is_alive():
            return
        if not self._left:
            self._look.stop()
            return
        self._left.pop(0)()

    def _add_features(self) -> None:
        """Load the pages too: the first one then stands as soon as somebody signs in."""
        from ui.navigation import PLACES

        self._left += [*(place.feature for place in PLACES), Sweeper.settle, _practise]


def _load_libraries() -> None:
    for name in _LIBRARIES:
        import_module(name)


def _practise() -> None:
    """Let the first questions be practised beside the keys; nothing waits for it."""
    from shelter_app.services.practice import practise

    threading.Thread(target=practise, name="practice", daemon=True).start()


def _draw_one_icon() -> None:
    """Let the font of the icons be read before the first button needs it."""
    from ui.kit import icons

    icons.icon("lock").pixmap(16, 16)
