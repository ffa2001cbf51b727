"""The only place that asks the computer for the time.

Moments in records are local wall time without a zone: a hearing at 09:00 is at 09:00.
Audit rows use UTC and a sequence, because a shelter's PC clock is often wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime


def _system_now() -> datetime:
    return datetime.now().replace(microsecond=0)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """Return local wall time to the second."""
    return _source()


def today() -> date:
    """Return the local calendar day."""
    return _source().date()


def utc_now() -> datetime:
    """Return UTC for audit rows, with microseconds."""
    return datetime.now(UTC)


def set_source(source: Callable[[], datetime] | None) -> Callable[[], datetime]:
    """Replace the clock and return the one before; None gives the computer's clock back."""
    global _source
    before, _source = _source, source or _system_now
    return before
