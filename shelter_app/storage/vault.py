"""A vault folder from outside: create it, open it with a slot, work in it, close and seal it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import sqlalchemy as sa

from shelter_app import clock, paths
from shelter_app.errors import (
    NotAVault,
    NotFound,
    NotPossible,
    ShelterError,
    VaultDamaged,
    WorldProblem,
)
from shelter_app.i18n import _
from shelter_app.storage import (
    audit,
    holders,
    keyring_file,
    migrate,
    opening,
    recovery,
    rotation,
    seal,
    slots,
    throttle,
)
from shelter_app.storage import keyring as kr
from shelter_app.storage import keyring_keys as keys_of
from shelter_app.storage.connection import (
    MAIN,
    reading,
    translated,
    writing,
)
from shelter_app.storage.folder_lock import FolderLock
from shelter_app.storage.founding import (
    Founder,
    found_house,
    made_again,
    name_holders,
    never_opened,
)
from shelter_app.storage.keyholder import (
    STAMP,
    Keyholder,
    SlotName,
    names_in,
    require_whole,
    sheet_slot,
)
from shelter_app.storage.safe_files import file_troubles

P = ParamSpec("P")
T = TypeVar("T")


class Vault(Keyholder):
    """An opened vault: its connection, and what the signed-in slot may change about access."""

    def __init__(self, folder: Path, lock: FolderLock, ring: kr.Keyring, way_in: opening.WayIn):
        super().__init__(folder, ring, way_in)
        self.clean_before: Final = way_in.clean_before
        self.failures_before: Final = way_in.tries.count if way_in.tries else 0
        self.failures_since: Final = way_in.tries.first_at if way_in.tries else ""
        self.connection = way_in.connection
        self._lock = lock
        self._distrusted: set[str] = set()

    def distrust(self, part: str) -> None:
        """Remember a compartment found damaged: its seal will not fit, so the door says it too."""
        self._distrusted.add(part)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Do several things in every file or none of them; a failure undoes all and keeps going."""
        with self._noticing(), writing(self.connection):
            yield self.connection

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            with translated(self.connection, self._keys):
                yield
        except VaultDamaged as error:
            self.distrust(error.part)
            raise

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Ask several things of one unchanging state; whatever tries to write fails as a bug."""
        with self._noticing(), reading(self.connection):
            yield self.connection

    def close(self) -> None:
        """End what is under way, close the files and seal them; closing twice is harmless.

        A seal that cannot be written (no space, folder gone) must not keep the vault open: the next
        start then checks as after a crash.
        """
        if self.connection.closed:
            self._lock.release()
            return
        heads: dict[str, kr.Head] = {}
        with suppress(sa.exc.SQLAlchemyError, ShelterError), translated():
            self.connection.rollback()
            heads = {name: audit.head(self.connection, name) for name in self._keys}
        self._shut_connection()
        with suppress(WorldProblem, OSError):
            heads = {
                name: head
                for name, head in heads.items()
                if not seal.journal_waits(self.folder, self._ring, name)
            }
            if heads:
                sums = seal.sums_of(self.folder, self._ring, heads)
                self._save(seal.made(self._ring, sums, heads, self._distrusted))
        for key in self._keys.values():
            key[:] = bytes(len(key))
        self._lock.release()

    def _shut_connection(self) -> None:
        self.connection.rollback()
        self.connection.close()

    def rotate(
        self, compartments: Iterable[str], watch: rotation.Watch = rotation.UNWATCHED
    ) -> None:
        """Give compartments new keys in new files; everybody who opens them now still does.

        The saved keyring is the moment it counts: stopped or killed before, nothing happened;
        killed after, the next start opens the new files. It must not be called inside a
        transaction.
        """
        wanted = frozenset(compartments)
        if not wanted <= self.compartments or self.connection.in_transaction():
            raise NotPossible(_("Only somebody who opens this part can give it a new key."))
        before = self._ring
        with self.reading() as connection:
            trusted = {name: holders.known(connection, name) for name in sorted(wanted)}
        fresh = rotation.exported(self.folder, before, self._keys, wanted, watch)
        try:
            keys = {made.compartment: made.key for made in fresh}
            ring = slots.rewrapped(
                holders.without_planted(before, trusted),
                {made.compartment: (made.file, made.key) for made in fresh},
            )
            ring = ring.with_slot(
                keys_of.settled(ring, slots.slot_in(ring, self.slot_id), self._private)
            )
            office = keys.get(MAIN, bytes(self._keys[MAIN]))
            self._shut_connection()
            sealed = keys_of.sealed_ring(ring, office)
            keyring_file.save(self.folder, sealed)
        except BaseException:
            self._back_to(before, fresh)
            raise
        watch.step("saved")
        self._ring = sealed
        for name, key in keys.items():
            self._keys[name][:] = key
        self._reopen()
        with suppress(WorldProblem), self.transaction() as connection:
            for name in sorted(wanted):  # whoever left is not believed any more either
                holders.write(connection, name, holders.granted_in(sealed, name))
        watch.step("reopened")
        rotation.sweep(self.folder, self._ring, self._keys)
        watch.step("removed")
        watch.progress(1.0)

    def _note_holders(self, ring: kr.Keyring) -> None:
        """Let each open part know whom a change gives its key to, before the keyring says so."""
        fresh = holders.newly_granted(self._ring, ring, self._keys)
        if not fresh:
            return
        if self.connection.in_transaction():
            for name, marks in fresh.items():
                holders.add(self.connection, name, marks)
            return
        with self.transaction() as connection:
            for name, marks in fresh.items():
                holders.add(connection, name, marks)

    def may_make_sheet(self, letter: str) -> bool:
        """Say whether this session can make a sheet anew: it opens what the sheet opens."""
        lacking = slots.SHEETS[letter] - self.compartments
        return all(never_opened(self._ring, name) for name in lacking)

    def make_sheet(self, letter: str, steps: Sequence[migrate.Step] | None = None) -> recovery.Code:
        """Make a recovery sheet anew; a part nobody ever opened is made anew with it, empty."""
        for name in slots.SHEETS[letter] - self.compartments:
            if not self.may_make_sheet(letter):
                raise NotPossible(slots.OTHER_MAKES_IT)
            office = bytes(self._keys[MAIN])
            ring, key = made_again(self.folder, self._ring, name, office, _steps(steps))
            code = recovery.new_code()
            held = {**self._keys, name: bytearray(key)}
            ring = slots.sheet_made(ring, letter, code.slot_secret, held)
            name_holders(self.folder, ring, name, {MAIN: office, name: key})
            self._save(ring)
            return code
        return self.replace_sheet(letter)

    def _back_to(self, before: kr.Keyring, fresh: tuple[rotation.Fresh, ...]) -> None:
        """After a keyring that could not be saved, ask the disk which state holds and go on there.

        One of the two copies may have been written; then it is the newer one and it counts.
        """
        kept = keyring_file.load(self.folder)
        if kept.files == before.files:
            rotation.discard(self.folder, fresh)
            self._ring = kept
        else:
            self._ring = kept
            for made in fresh:
                self._keys[made.compartment][:] = made.key
        if self.connection.closed:
            self._reopen()

    def _reopen(self) -> None:
        self.connection = opening.reopened(self.folder, self._ring, self._keys)


@dataclass(frozen=True)
class Created:
    """A new vault, open, and the two sheets to print; their texts are kept nowhere else."""

    vault: Vault
    sheet_r: str
    sheet_c: str


def aliases(folder: Path) -> tuple[SlotName, ...]:
    """Return who can sign in here; NotAVault, VaultTooNew or VaultDamaged when nobody can."""
    return names_in(keyring_file.load(folder))


def sheet_opening(folder: Path, code: recovery.Code) -> SlotName:
    """Return which recovery sheet a code belongs to, opening nothing but its slot."""
    slot, _private = sheet_slot(keyring_file.load(folder), code)
    return SlotName(slot.id, slot.alias)


def open_by_sheet(
    folder: Path, code: recovery.Code, *, steps: Sequence[migrate.Step] | None = None
) -> Vault:
    """Open what a recovery sheet opens, to make a new way in; WrongPassphrase for another code."""
    found = sheet_opening(folder, code)
    return open_vault(folder, found.id, code.slot_secret, steps=steps)


def prove_sheet(folder: Path, code: recovery.Code) -> str:
    """Keep the day on which a sheet's paper opened its slot, without anybody signed in.

    The sheet's own office key puts the keyring under its MAC; returns the letter.
    """
    lock = FolderLock(folder)
    try:
        ring = keyring_file.load(folder)
        slot, private = sheet_slot(ring, code)
        keys = keys_of.opened_grants(ring, slot, private)
        if MAIN not in keys or not keys_of.mac_holds(ring, keys[MAIN]):
            raise VaultDamaged(keyring_file.PART)
        require_whole(ring, slot, private)
        ring = slots.proved(ring, slot.id, clock.utc_now().strftime(STAMP))
        keyring_file.save(folder, keys_of.sealed_ring(ring, keys[MAIN]))
    finally:
        lock.release()
    return slot.alias


def _steps(steps: Sequence[migrate.Step] | None) -> Sequence[migrate.Step]:
    if steps is not None:
        return steps
    from shelter_app.storage.migrations import STEPS  # the sign-in window needs none of it

    return STEPS


def create(
    folder: Path,
    *,
    alias: str,
    passphrase: str,
    roles: frozenset[str],
    cost: kr.KdfCost | None = None,
    steps: Sequence[migrate.Step] | None = None,
) -> Created:
    """Make a vault for a new house and sign its first manager in.

    The keyring is written last: until then the folder is no vault, and a failed start leaves none.
    """
    with file_troubles():
        paths.private_folder(folder)
    lock = FolderLock(folder)
    try:
        with suppress(NotAVault):
            keyring_file.load(folder)
            raise NotPossible(_("There is already a house in this folder."))
        founder = Founder(alias, passphrase, roles, cost or keys_of.calibrated())
        founded = found_house(folder, founder, _steps(steps))
        unlock = partial(_unlocked, folder, passphrase)
        vault = _opened(folder, lock, founded.slot_id, unlock, _steps(steps))
    except BaseException:
        lock.release()
        raise
    return Created(vault, founded.sheet_r, founded.sheet_c)


def open_vault(
    folder: Path,
    slot_id: str,
    passphrase: str,
    *,
    steps: Sequence[migrate.Step] | None = None,
) -> Vault:
    """Sign in: WrongPassphrase with the wait, or the vault, checked against its seal."""
    keyring_file.load(folder)
    lock = FolderLock(folder)
    try:
        unlock = partial(_unlocked, folder, passphrase)
        return _opened(folder, lock, slot_id, unlock, _steps(steps))
    except BaseException:
        lock.release()
        raise


def open_unlocked(
    folder: Path,
    slot_id: str,
    private: keys_of.Private,
    *,
    steps: Sequence[migrate.Step] | None = None,
) -> Vault:
    """Open restored records with the key that has just opened their backup; nothing is typed."""
    lock = FolderLock(folder)
    try:
        return _opened(folder, lock, slot_id, lambda _ring, _slot: private, _steps(steps))
    except BaseException:
        lock.release()
        raise


def _opened(
    folder: Path,
    lock: FolderLock,
    slot_id: str,
    unlock: Callable[[kr.Keyring, kr.Slot], keys_of.Private],
    steps: Sequence[migrate.Step],
) -> Vault:
    ring = keyring_file.load(folder)
    slot = ring.slot(slot_id)
    if slot is None or slot.disabled:
        raise NotFound(slot_id)
    sealed = seal.sealed_of(ring, {grant.compartment for grant in slot.grants})
    with ThreadPoolExecutor(max_workers=1) as beside:
        sums = beside.submit(seal.sums_of, folder, ring, sealed)
        private = unlock(ring, slot)
        keys = keys_of.opened_grants(ring, slot, private)
        if MAIN not in keys or not keys_of.mac_holds(ring, keys[MAIN]):
            raise VaultDamaged(keyring_file.PART)
        seal.compare(folder, ring, sums.result())
    tries = ring.tries.get(slot_id)
    ring = ring.with_slot(keys_of.settled(ring, slot, private)).with_tries(slot_id, None)
    ring = keys_of.sealed_ring(seal.broken(ring, keys), keys[MAIN])
    keyring_file.save(folder, ring)
    connection = opening.connected(folder, ring, slot_id, keys, steps)
    clean = sealed == frozenset(keys)
    way_in = opening.WayIn(slot_id, private, keys, connection, clean, tries)
    return Vault(folder, lock, ring, way_in)


def _unlocked(folder: Path, passphrase: str, ring: kr.Keyring, slot: kr.Slot) -> keys_of.Private:
    """Open the slot, counting a failure where the next start will find it."""
    unlock = partial(keys_of.unlocked, ring.vault_id, slot, passphrase)
    return throttle.guarded(folder, ring, slot.id, unlock)


class VaultThread:
    """The one thread that touches a vault: everything submitted runs there, in order."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue work for the vault thread."""
        return self._pool.submit(work, *args, **kwargs)

    def close(self) -> None:
        """End the thread after what is queued; it may be asked for on the thread itself."""
        self._pool.shutdown(wait=False)
