"""Work: one transaction, one worker, one time; the only way services reach the vault."""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

from shelter_app import clock
from shelter_app.domain import access, catalogue
from shelter_app.domain.access import Action, Actor
from shelter_app.domain.fields import fields_of
from shelter_app.domain.record import Record
from shelter_app.errors import NotAllowed, NotFound, ValidationFailed
from shelter_app.services.changes import Changes, Step
from shelter_app.storage import audit, records, search
from shelter_app.storage.questions import caseload
from shelter_app.storage.vault import Vault

R = TypeVar("R", bound=Record)

_ID_BITS: Final = 62
_OWN_BITS: Final = 42


def random_id() -> int:
    """Return a new random id, never sequential, never 0."""
    return secrets.randbits(_ID_BITS) + 1


def beside(person_id: int, made: int) -> int:
    """Return a new id whose upper bits are the person's: a table then keeps her rows together.

    Her page reads a few neighbouring blocks of each file instead of one for every record.
    """
    if not person_id:
        return made
    return (person_id >> _OWN_BITS << _OWN_BITS) | (made % (1 << _OWN_BITS))


class Work:
    """What a service may do: read, save and void records for the signed-in worker.

    Every save checks permission and rules, writes the audit row in the same transaction and
    remembers the step so that it can be undone. `new_id` is replaced by the demo house only.
    """

    def __init__(
        self, vault: Vault, actor: Actor, *, new_id: Callable[[], int] = random_id
    ) -> None:
        self.vault = vault
        self.connection = vault.connection
        self.actor = actor
        self.now: datetime = clock.now()
        self.new_id = new_id
        self.steps: list[Step] = []
        self._tables: set[str] = set()
        self._persons: set[int] = set()
        self._assigned: dict[int, bool] = {}
        self._opened: dict[int, bool] = {}
        self._acting: Actor | None = None

    @property
    def today(self) -> date:
        """Return the calendar day of this work."""
        return self.now.date()

    @property
    def changes(self) -> Changes:
        """Return what has been touched so far."""
        return Changes(frozenset(self._tables), frozenset(self._persons))

    # Permission

    def holds(self, compartment: str) -> bool:
        """Say whether the worker's keys open a compartment."""
        return compartment in self.actor.compartments

    def assigned(self, person_id: int) -> bool:
        """Say whether the person is on the worker's caseload (or has no worker yet)."""
        if person_id == 0 or not self.holds("house"):
            return person_id == 0
        if person_id not in self._assigned:
            self._assigned[person_id] = caseload.is_assigned(
                self.connection, person_id, {self.actor.staff_id, *self.acting.covers}
            )
        return self._assigned[person_id]

    @property
    def acting(self) -> Actor:
        """Return the worker together with the colleagues whose caseload is hers today."""
        if self._acting is None:
            covers = caseload.covered(self.connection, self.actor.staff_id, self.today)
            self._acting = dataclasses.replace(self.actor, covers=covers)
        return self._acting

    def opened(self, person_id: int) -> bool:
        """Say whether the worker gave a reason for this person and its hour has not run out."""
        if person_id == 0 or not self.holds("cases"):
            return False
        if person_id not in self._opened:
            self._opened[person_id] = caseload.is_opened(
                self.connection, person_id, self.actor.staff_id, self.now
            )
        return self._opened[person_id]

    def may(self, action: Action, kind: type[Record], person_id: int = 0) -> bool:
        """Say whether the worker may do this; services ask, buttons may ask too."""
        if access.may(self.actor, action, kind, assigned=False):
            return True
        if access.may(self.actor, action, kind, assigned=True):
            return self.assigned(person_id)
        return access.may_break(self.actor, kind) and self.opened(person_id)

    def may_break(self, kind: type[Record]) -> bool:
        """Say whether a typed reason would open this record type to the worker."""
        return access.may_break(self.actor, kind)

    def require(self, action: Action, kind: type[Record], person_id: int = 0) -> None:
        """Raise NotAllowed unless the worker may do this."""
        if not self.may(action, kind, person_id):
            raise NotAllowed(f"{action.value} {kind.table}")

    def require_role(self, *roles: str) -> None:
        """Raise NotAllowed unless the worker holds one of the roles."""
        if not self.actor.has_role(*roles):
            raise NotAllowed("role")

    # Reading

    def find(self, kind: type[R], record_id: int) -> R | None:
        """Return a record if it is there and not closed to the worker, else None."""
        record = self.rule_find(kind, record_id)
        if record is None or not self.may(Action.READ, kind, person_of(record)):
            return None
        return record

    def get(self, kind: type[R], record_id: int) -> R:
        """Return a record; NotFound when it is not there or closed to the worker."""
        record = self.find(kind, record_id)
        if record is None:
            raise NotFound(f"{kind.table} {record_id}")
        return record

    def many(self, kind: type[R], ids: Iterable[int]) -> dict[int, R]:
        """Return those of the records that the worker may read, by id."""
        if not self.holds(kind.compartment):
            return {}
        found = records.find_many(self.connection, kind, ids)
        return {
            key: record
            for key, record in found.items()
            if self.may(Action.READ, kind, person_of(record))
        }

    def matching(
        self,
        kind: type[R],
        *,
        order: Sequence[str] = ("id",),
        limit: int | None = None,
        **equals: Any,
    ) -> list[R]:
        """Return the living records with these values that the worker may read, `limit` at most."""
        asked = limit
        while True:
            found = self.rule_matching(kind, order=order, limit=asked, **equals)
            readable = [r for r in found if self.may(Action.READ, kind, person_of(r))][:limit]
            if asked is None or len(found) < asked or len(readable) == limit:
                return readable
            asked *= 4  # some of these are closed to her: what she may read can lie behind them

    def rule_find(self, kind: type[R], record_id: int) -> R | None:
        """Return a record for checking a rule, whatever its level; the key is still needed."""
        if not self.holds(kind.compartment):
            return None
        return records.find(self.connection, kind, record_id)

    def rule_many(self, kind: type[R], ids: Iterable[int]) -> dict[int, R]:
        """Return records by id for checking a rule, whatever their level; one question for all."""
        if not self.holds(kind.compartment):
            return {}
        return records.find_many(self.connection, kind, ids)

    def rule_matching(
        self,
        kind: type[R],
        *,
        order: Sequence[str] = ("id",),
        limit: int | None = None,
        **equals: Any,
    ) -> list[R]:
        """Return living records for checking a rule, whatever their level."""
        if not self.holds(kind.compartment):
            return []
        return records.matching(self.connection, kind, order=order, limit=limit, **equals)

    # Writing

    def save(self, record: R, *, by_program: bool = False) -> R:
        """Write a new or changed record and return it as kept.

        `by_program` marks a projection the program keeps (age band, bed freed by an exit) as
        part of an act that was itself permitted; the act's own record is always checked.
        """
        kind = type(record)
        record = self._with_person(record.cleaned())
        if not by_program:
            self.require(Action.WRITE, kind, person_of(record))
        elif not self.holds(kind.compartment):
            raise NotAllowed(f"write {kind.table}")
        found = record.problems()
        if found:
            raise ValidationFailed(tuple(found))
        kept, before = self._write(record, by_program=by_program)
        search.index_record(self.connection, kept, before)
        self._note(kept, before)
        self._log("change" if before else "create", kept, _difference(before, kept))
        return kept

    def void(self, kind: type[R], record_id: int, reason: str) -> R:
        """Mark a record as void with a reason; nothing is deleted."""
        record = self.get(kind, record_id)
        return self.save(dataclasses.replace(record, voided=True, void_reason=reason.strip()))

    def log(self, action: str, record: Record, detail: str = "", **unshown: str) -> None:
        """Write an audit row for something other than a change: opened, printed, revealed.

        `unshown` is kept and signed like the rest, and the page of the trail never shows it.
        """
        self._log(action, record, {"note": detail, **unshown} if detail else {})

    def _write(self, record: R, *, by_program: bool) -> tuple[R, R | None]:
        if record.revision == 0:
            kept = dataclasses.replace(
                record,
                id=record.id or beside(person_of(record), self.new_id()),
                revision=1,
                created_at=self.now,
                created_by=self.actor.staff_id,
                updated_at=self.now,
                updated_by=self.actor.staff_id,
            )
            records.insert(self.connection, kept)
            return kept, None
        before = records.find(self.connection, type(record), record.id)
        if before is None:
            raise NotFound(f"{record.table} {record.id}")
        if not by_program:
            # Whose it is now counts as well: else a record of a colleague's could be moved here.
            self.require(Action.WRITE, type(record), person_of(before))
        kept = dataclasses.replace(
            record,
            revision=record.revision + 1,
            updated_at=self.now,
            updated_by=self.actor.staff_id,
        )
        records.update(self.connection, kept, expected_revision=record.revision)
        return kept, before

    def _with_person(self, record: R) -> R:
        if not record.parent or not catalogue.has_person(type(record)) or person_of(record):
            return record
        link = next(f for f in fields_of(type(record)) if f.name == record.parent)
        parent_kind = catalogue.record_type(link.to)
        parent = self.rule_find(parent_kind, getattr(record, record.parent))
        if parent is None:
            raise NotFound(f"{parent_kind.table} {getattr(record, record.parent)}")
        return dataclasses.replace(record, person_id=person_of(parent))  # type: ignore[call-arg]

    def _note(self, kept: Record, before: Record | None) -> None:
        self.steps.append(Step(before, kept))
        self._tables.add(kept.table)
        person_id = person_of(kept)
        if person_id:
            self._persons.add(person_id)
        if kept.table in ("stay", "person", "covering"):
            self._assigned.clear()
            self._acting = None
        if kept.table == "break_glass":
            self._opened.clear()

    def _log(self, action: str, record: Record, detail: dict[str, Any]) -> None:
        audit.append(
            self.vault,
            record.compartment,
            audit.Entry(
                action=action,
                record_type=record.table,
                record_id=record.id,
                person_id=person_of(record),
                staff_id=self.actor.staff_id,
                detail=json.dumps(detail, ensure_ascii=False, default=str) if detail else "",
            ),
        )


def person_of(record: Record) -> int:
    """Return the id of the person a record belongs to, or 0."""
    if record.table == "person":
        return record.id
    return int(getattr(record, "person_id", 0))


def _difference(before: Record | None, after: Record) -> dict[str, Any]:
    """Return field -> [before, after]; for a new record the values that are not empty.

    Keys of sealed files stay out, so that a document can be made unreadable for good.
    """
    names = [f.name for f in fields_of(type(after)) if not f.name.endswith("_key")]
    names += ["voided", "void_reason"]
    if before is None:
        return {n: getattr(after, n) for n in names if getattr(after, n) not in (None, "", (), 0)}
    return {
        name: [getattr(before, name), getattr(after, name)]
        for name in names
        if getattr(before, name) != getattr(after, name)
    }
