"""The log: event codes and opaque ids, so that a helper sees what failed and never about whom."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Final

from shelter_app import paths

_LARGEST: Final = 256 * 1024
_OLDER: Final = 2
_CODE: Final = re.compile(r"[\w.:/-]{1,120}")
_logger = logging.getLogger("makao")


class _OursOnly(logging.Filter):
    """Lets through what `note` wrote; anything else could carry values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line was made by `note`."""
        return bool(getattr(record, "checked", False)) and record.exc_info is None


def start(folder: Path | None = None) -> None:
    """Open the rotating log; a folder that cannot be written means no log, not no program."""
    from logging.handlers import RotatingFileHandler  # slow to load; the first window is not

    stop()
    try:
        place = paths.private_folder(folder or paths.log_folder()) / "register.log"
        handler = RotatingFileHandler(
            place, maxBytes=_LARGEST, backupCount=_OLDER, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    handler.addFilter(_OursOnly())
    _logger.addHandler(handler)
    _logger.setLevel(logging.INFO)
    _logger.propagate = False


def stop() -> None:
    """Close the log."""
    for handler in list(_logger.handlers):
        _logger.removeHandler(handler)
        handler.close()


def note(event: str, **codes: str | int) -> None:
    """Write one event with its codes; a code that looks like a sentence is left out."""
    parts = [event] + [f"{name}={value}" for name, value in codes.items() if _is_code(value)]
    _logger.info(" ".join(parts), extra={"checked": True})


def _is_code(value: str | int) -> bool:
    return isinstance(value, int) or _CODE.fullmatch(value) is not None
