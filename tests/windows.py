"""Windows are taken apart in the thread they live in, between two tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from ui import language


@pytest.fixture(autouse=True)
def windows_taken_apart() -> Iterator[None]:
    """Keep the collector out of the vault's thread while windows live (see ui/sweeper.py).

    What a test asked Qt to delete goes before the next test: a window left over would go on
    watching the clock, and lock a vault that is long closed. Qt's own words are English again.
    """
    gc.disable()
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        language.speak("en")
    gc.collect()
    gc.enable()
