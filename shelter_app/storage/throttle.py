"""How long a slot waits after failed tries: long enough to annoy, no early lock-out.

Against somebody who carries the disk away this is worth nothing; the cost of the key derivation is
what protects then. An early lock-out would let a colleague's mischief keep a worker from her
records; a hundred failures, with the waits some eight hours of trying, are no mischief any more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from shelter_app import clock
from shelter_app.errors import NotPossible, WrongPassphrase
from shelter_app.i18n import N_
from shelter_app.storage import keyring_file
from shelter_app.storage.keyring import Keyring, Tries

T = TypeVar("T")

FREE_TRIES: Final = 3
LONGEST: Final = 300
MOST: Final = 100
"""After so many failures in a row a slot opens only with a new pass phrase, given by a manager or
after a recovery sheet: nobody tries a hundred times by mistake."""
SHUT: Final = N_(
    "The password of this name was tried wrongly a hundred times, so the name is shut. A manager "
    "can let you type a new password: Staff, Password. If no manager can sign in, use recovery "
    "sheet R."
)
_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


def wait_after(failures: int) -> int:
    """Return the seconds to wait after so many failures in a row: 0, 0, 0, 2, 4, 8 … 300."""
    if failures <= FREE_TRIES:
        return 0
    return min(LONGEST, 1 << min(failures - FREE_TRIES, 16))


def is_shut(tries: Tries | None) -> bool:
    """Say whether a slot was tried too often to be opened by its pass phrase."""
    return tries is not None and tries.count >= MOST


def counted(tries: Tries | None, now: datetime) -> Tries:
    """Return the tries of a slot with one more failure."""
    stamp = now.strftime(_FORMAT)
    if tries is None:
        return Tries(1, stamp, stamp)
    return Tries(tries.count + 1, tries.first_at, stamp)


def remaining(tries: Tries | None, now: datetime) -> int:
    """Return the seconds still to wait; 0 when the clock was set back behind the last failure.

    Else a worker would be told of two seconds for as long as the clock was ahead, maybe for years.
    """
    if tries is None:
        return 0
    wait = wait_after(tries.count)
    try:
        last = datetime.strptime(tries.last_at, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return wait
    if last - now > timedelta(seconds=LONGEST):
        return 0
    left = last + timedelta(seconds=wait) - now
    return max(0, min(wait, int(left.total_seconds() + 0.999)))


def guarded(folder: Path, ring: Keyring, slot_id: str, unlock: Callable[[], T]) -> T:
    """Try a pass phrase, counting a failure where the next start will find it; under the lock.

    Every place where a name's pass phrase can be tried on this computer goes through here.
    """
    tries = ring.tries.get(slot_id)
    if is_shut(tries):
        raise NotPossible(SHUT)
    wait = remaining(tries, clock.utc_now())
    if wait:
        raise WrongPassphrase(wait)
    try:
        return unlock()
    except WrongPassphrase:
        failed = counted(tries, clock.utc_now())
        keyring_file.save(folder, ring.with_tries(slot_id, failed))
        raise WrongPassphrase(wait_after(failed.count)) from None
