"""Widgets that died in a cycle are taken apart in the window's thread, never in the vault's."""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

from pytestqt.qtbot import QtBot

from ui.sweeper import Sweeper


class Round:
    """Holds itself, so that only the cyclic collector can end it; notes where that happens."""

    def __init__(self, ended_in: list[int]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: ended_in.append(threading.get_ident()))


def _much_work() -> None:
    kept = [[index] for index in range(50_000)]
    assert len(kept) == 50_000


def test_garbage_is_collected_here_however_busy_the_other_thread_is(qtbot: QtBot) -> None:
    sweeper = Sweeper()
    ended_in: list[int] = []
    Round(ended_in)
    with ThreadPoolExecutor(1) as vault_thread:
        vault_thread.submit(_much_work).result()
    assert ended_in == []
    for _turn in range(40):
        kept = [[index] for index in range(4_000)]
        sweeper.sweep()
        if ended_in:
            break
        del kept
    sweeper.stop()
    assert ended_in == [threading.get_ident()]
