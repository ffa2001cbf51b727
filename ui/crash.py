"""What happens with a bug: the log gets its type, file and line; people get one calm sentence."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from shelter_app import logs

_OURS = ("shelter_app", "ui")


def install(tell: Callable[[], object]) -> None:
    """Catch what nobody expected; `tell` says so in whatever window stands."""

    def caught(
        kind: type[BaseException], _error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.exit(130)
        logs.note("bug", type=kind.__name__, at=place_of(trace))
        tell()

    def caught_in_thread(happened: threading.ExceptHookArgs) -> None:
        logs.note("bug", type=happened.exc_type.__name__, at=place_of(happened.exc_traceback))

    sys.excepthook = caught
    threading.excepthook = caught_in_thread


def place_of(trace: TracebackType | None) -> str:
    """Return the innermost line of ours, 'ui/app.py:12'; never the text of the error."""
    place = ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        inside = [part for part in path.parts if part in _OURS]
        if inside or not place:
            start = path.parts.index(inside[0]) if inside else len(path.parts) - 1
            place = f"{'/'.join(path.parts[start:])}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
