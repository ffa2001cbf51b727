"""Every failure the program knows by name, so that people get a sentence and bugs get a report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field, as a sentence marked for translation."""

    field: str
    sentence: str


class ShelterError(Exception):
    """Root of everything raised on purpose."""


class UserProblem(ShelterError):
    """Expected: shown as one sentence in the place where it arose."""


class ValidationFailed(UserProblem):
    """A record breaks a rule; each problem names its field and keeps what was typed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(problem.field for problem in problems))
        self.problems = problems


class NotAllowed(UserProblem):
    """The signed-in worker's roles or caseload do not reach this."""


class NotPossible(UserProblem):
    """A rule that spans records says no; the argument is the sentence for people."""


class StaleRecord(UserProblem):
    """Somebody changed the record since it was opened; nothing was overwritten."""


class NotFound(UserProblem):
    """The record is not there, or is closed to this worker (the two must look alike)."""


class WrongPassphrase(UserProblem):
    """The pass phrase does not open the slot; `wait_seconds` until the next try is taken."""

    def __init__(self, wait_seconds: int = 0) -> None:
        super().__init__("wrong pass phrase")
        self.wait_seconds = wait_seconds


class Stopped(UserProblem):
    """Long work was called off by the person who started it; nothing half-made is left."""


class WorldProblem(ShelterError):
    """The computer failed us: shown in the message bar and logged by code."""


class VaultInUse(WorldProblem):
    """Another running program holds the vault's lock."""


class VaultTooNew(WorldProblem):
    """The vault was last used with a newer version; nothing was touched."""


class NotAVault(WorldProblem):
    """The folder holds no vault, or none whose keyring can be read."""


class VaultDamaged(WorldProblem):
    """A compartment or the keyring fails its checks; `part` says which."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class VaultReadOnly(WorldProblem):
    """The folder or its files cannot be written."""


class DiskFull(WorldProblem):
    """No space was left; the transaction was undone and the data is as it was.

    The argument, when there is one, is the sentence for people.
    """


class DocumentUnreadable(WorldProblem):
    """An attachment is missing or damaged; the rest works. `backup` says which has it, if known."""

    def __init__(self, code: str, *, backup: str = "") -> None:
        super().__init__(code)
        self.backup = backup


class UnsafeEngine(WorldProblem):
    """The engine lacks a promised property (cipher, journal, temp store): refuse to start."""


class BackupTrouble(WorldProblem):
    """A backup could not be written, read or trusted; `code` says why, the old ones are intact."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
