"""A vault folder from outside: create it, open it with a slot, work in it, close and seal it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
    WrongPassphrase,
)
from shelter_app.i18n import _
from shelter_app.storage import (
    audit,
    keyring_file,
    migrate,
    opening,
    recovery,
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
from shelter_app.storage.founding import Founder, found_house
from shelter_app.storage.safe_files import file_troubles

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class SlotName:
    """What the sign-in window may know of a slot without any pass phrase."""

    id: str
    alias: str


@dataclass(frozen=True)
class PendingGrant:
    """A wish for a key, with what its approver should compare before she says yes."""

    wish: kr.Pending
    alias: str
    asked_by_alias: str
    check_words: tuple[str, ...]


class Vault:
    """An opened vault: its connection, and what the signed-in slot may change about access."""

    def __init__(self, folder: Path, lock: FolderLock, ring: kr.Keyring, way_in: opening.WayIn):
        self.folder: Final = folder
        self.slot_id: Final = way_in.slot_id
        self.clean_before: Final = way_in.clean_before
        self.failures_before: Final = way_in.tries.count if way_in.tries else 0
        self.failures_since: Final = way_in.tries.first_at if way_in.tries else ""
        self.signer: Final = audit.Signer(way_in.slot_id, way_in.private.sign)
        self.connection: Final = way_in.connection
        self._lock = lock
        self._ring = ring
        self._private = way_in.private
        self._keys = {name: bytearray(key) for name, key in way_in.keys.items()}

    @property
    def vault_id(self) -> str:
        """Return the random id of this vault."""
        return self._ring.vault_id.hex()

    @property
    def alias(self) -> str:
        """Return the alias of the signed-in slot."""
        return slots.slot_in(self._ring, self.slot_id).alias

    @property
    def compartments(self) -> frozenset[str]:
        """Return the compartments this slot opened."""
        return frozenset(self._keys)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Do several things in every file or none of them; a failure undoes all and keeps going."""
        with translated(self.connection, self._keys), writing(self.connection):
            yield self.connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Ask several things of one unchanging state; whatever tries to write fails as a bug."""
        with translated(self.connection, self._keys), reading(self.connection):
            yield self.connection

    def close(self) -> None:
        """End what is under way, close the files and seal them; closing twice is harmless.

        A seal that cannot be written (no space, folder gone) must not keep the vault open: the next
        start then checks as after a crash.
        """
        if self.connection.closed:
            return
        heads: dict[str, kr.Head] = {}
        with suppress(sa.exc.SQLAlchemyError, ShelterError), translated():
            self.connection.rollback()
            heads = {name: audit.head(self.connection, name) for name in self._keys}
        self._shut_connection()
        with suppress(WorldProblem, OSError):
            if heads:
                sums = seal.sums_of(self.folder, self._ring, heads)
                self._save(seal.made(self._ring, sums, heads))
        for key in self._keys.values():
            key[:] = bytes(len(key))
        self._lock.release()

    def _shut_connection(self) -> None:
        engine = self.connection.engine
        self.connection.rollback()
        self.connection.close()
        engine.dispose()

    def _save(self, ring: kr.Keyring) -> None:
        sealed = keys_of.sealed_ring(ring, bytes(self._keys[MAIN]))
        keyring_file.save(self.folder, sealed)
        self._ring = sealed

    def slot_names(self) -> tuple[SlotName, ...]:
        """Return the slots of workers that can sign in."""
        return _names_in(self._ring)

    def reach_of(self, slot_id: str) -> frozenset[str]:
        """Return the compartments a slot has grants for."""
        return frozenset(grant.compartment for grant in slots.slot_in(self._ring, slot_id).grants)

    def public_keys(self) -> dict[str, tuple[bytes, ...]]:
        """Return every slot's signing keys, present and former, for checking the audit trail."""
        return {slot.id: (slot.ed25519, *slot.former_ed25519) for slot in self._ring.slots}

    def add_slot(
        self,
        alias: str,
        passphrase: str,
        compartments: frozenset[str],
        cost: kr.KdfCost | None = None,
    ) -> str:
        """Make a slot for a worker; compartments this vault does not hold wait for approval."""
        spent = cost or self._usual_cost()
        wanted = compartments | {MAIN}
        ring, slot_id = slots.added(
            self._ring, alias, passphrase, spent, wanted, self._keys, self.slot_id
        )
        self._save(ring)
        return slot_id

    def _usual_cost(self) -> kr.KdfCost:
        """Spend on others what this worker's own slot was measured to bear on this computer."""
        own = slots.slot_in(self._ring, self.slot_id)
        return own.cost if own.kind == kr.PASSWORD else keys_of.calibrated()

    def change_passphrase(self, old: str, new: str, cost: kr.KdfCost | None = None) -> None:
        """Seal this worker's private keys under a new pass phrase; WrongPassphrase for the old."""
        slot = slots.slot_in(self._ring, self.slot_id)
        private = keys_of.unlocked(self._ring.vault_id, slot, old)
        spent = cost or self._usual_cost()
        self._save(
            self._ring.with_slot(keys_of.resealed(self._ring.vault_id, slot, private, new, spent))
        )

    def reset_passphrase(self, slot_id: str, new: str, cost: kr.KdfCost | None = None) -> None:
        """Give a worker who forgot her pass phrase new keys under one she has just typed."""
        spent = cost or self._usual_cost()
        self._save(slots.renewed(self._ring, slot_id, new, spent, self._keys, self.slot_id))

    def set_compartments(self, slot_id: str, compartments: frozenset[str]) -> None:
        """Make a slot open exactly these compartments, as far as this vault holds their keys."""
        wanted = compartments | {MAIN}
        self._save(slots.reaching(self._ring, slot_id, wanted, self._keys, self.slot_id))

    def disable_slot(self, slot_id: str) -> None:
        """Close a worker's way in; her signatures stay checkable."""
        if slot_id == self.slot_id:
            raise NotPossible(_("You cannot close your own account."))
        self._save(slots.disabled(self._ring, slot_id))

    def rename(self, slot_id: str, alias: str) -> None:
        """Give a slot another alias."""
        self._save(slots.renamed(self._ring, slot_id, alias))

    def pending(self) -> tuple[PendingGrant, ...]:
        """Return the wishes for keys; only those whose key is held here can be approved here."""
        return tuple(self._described(wish) for wish in self._ring.pending)

    def _described(self, wish: kr.Pending) -> PendingGrant:
        slot = slots.slot_in(self._ring, wish.slot)
        asker = self._ring.slot(wish.asked_by)
        words = recovery.check_words(b"slot" + slot.x25519 + slot.ed25519, 4)
        return PendingGrant(wish, slot.alias, asker.alias if asker else "", words)

    def approve(self, pending: PendingGrant) -> None:
        """Grant a pending wish with a key this vault holds."""
        self._save(slots.approved(self._ring, pending.wish, self._keys))

    def approve_by_sheet(self, pending: PendingGrant, code: str) -> None:
        """Grant a pending wish with the key of a recovery sheet; WrongPassphrase for another."""
        slot, private = _sheet_slot(self._ring, code)
        held = keys_of.opened_grants(self._ring, slot, private)
        self._save(slots.approved(self._ring, pending.wish, held))

    def refuse(self, pending: PendingGrant) -> None:
        """Drop a pending wish."""
        self._save(slots.refused(self._ring, pending.wish))


@dataclass(frozen=True)
class Created:
    """A new vault, open, and the two sheets to print; their texts are kept nowhere else."""

    vault: Vault
    sheet_r: str
    sheet_c: str


def _names_in(ring: kr.Keyring) -> tuple[SlotName, ...]:
    return tuple(
        SlotName(slot.id, slot.alias)
        for slot in ring.slots
        if slot.kind == kr.PASSWORD and not slot.disabled
    )


def aliases(folder: Path) -> tuple[SlotName, ...]:
    """Return who can sign in here; NotAVault, VaultTooNew or VaultDamaged when nobody can."""
    return _names_in(keyring_file.load(folder))


def sheet_opening(folder: Path, code: str) -> SlotName:
    """Return which recovery sheet a typed code belongs to, opening nothing but its slot."""
    slot, _private = _sheet_slot(keyring_file.load(folder), code)
    return SlotName(slot.id, slot.alias)


def _sheet_slot(ring: kr.Keyring, code: str) -> tuple[kr.Slot, keys_of.Private]:
    secret = recovery.parse_code(code).slot_secret
    for slot in ring.slots:
        if slot.kind == kr.RECOVERY and not slot.disabled:
            with suppress(WrongPassphrase):
                return slot, keys_of.unlocked(ring.vault_id, slot, secret)
    raise WrongPassphrase


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
        vault = _opened(folder, lock, founded.slot_id, passphrase, _steps(steps))
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
        return _opened(folder, lock, slot_id, passphrase, _steps(steps))
    except BaseException:
        lock.release()
        raise


def _opened(
    folder: Path,
    lock: FolderLock,
    slot_id: str,
    passphrase: str,
    steps: Sequence[migrate.Step],
) -> Vault:
    ring = keyring_file.load(folder)
    slot = ring.slot(slot_id)
    if slot is None or slot.disabled:
        raise NotFound(slot_id)
    sealed = seal.sealed_of(ring, {grant.compartment for grant in slot.grants})
    with ThreadPoolExecutor(max_workers=1) as beside:
        sums = beside.submit(seal.sums_of, folder, ring, sealed)
        private = _unlocked(folder, ring, slot, passphrase)
        keys = keys_of.opened_grants(ring, slot, private)
        if MAIN not in keys or not keys_of.mac_holds(ring, keys[MAIN]):
            raise VaultDamaged(keyring_file.PART)
        seal.compare(folder, ring, sums.result())
    tries = ring.tries.get(slot_id)
    ring = ring.with_slot(keys_of.settled(ring, slot, private)).with_tries(slot_id, None)
    ring = keys_of.sealed_ring(seal.broken(ring, keys), keys[MAIN])
    keyring_file.save(folder, ring)
    connection = opening.connected(folder, ring, keys, steps)
    clean = sealed == frozenset(keys)
    way_in = opening.WayIn(slot_id, private, keys, connection, clean, tries)
    return Vault(folder, lock, ring, way_in)


def _unlocked(folder: Path, ring: kr.Keyring, slot: kr.Slot, passphrase: str) -> keys_of.Private:
    """Open the slot, counting a failure where the next start will find it."""
    now = clock.utc_now()
    tries = ring.tries.get(slot.id)
    wait = throttle.remaining(tries, now)
    if wait:
        raise WrongPassphrase(wait)
    try:
        return keys_of.unlocked(ring.vault_id, slot, passphrase)
    except WrongPassphrase:
        counted = throttle.counted(tries, clock.utc_now())
        keyring_file.save(folder, ring.with_tries(slot.id, counted))
        raise WrongPassphrase(throttle.wait_after(counted.count)) from None


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
