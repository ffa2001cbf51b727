"""New keys: which parts of the records want one because somebody left, and giving it to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.services.desk import Inside
from shelter_app.services.work import Work
from shelter_app.storage import rotation

KEEPERS: Final = ("manager", "sysadmin")
"""Who opens and closes accounts; the keys still come only from somebody who holds them."""
NOTHING_HERE: Final = N_("No key you hold has to be made anew.")


@dataclass
class Course:
    """How far long work is: written on the vault thread, read by the window; may be stopped."""

    share: float = 0.0
    stopped: bool = field(default=False)

    def stop(self) -> None:
        """Ask the work to end and leave everything as it was."""
        self.stopped = True

    def reached(self, share: float) -> None:
        """Note how far it is."""
        self.share = share


@dataclass(frozen=True)
class Due:
    """Parts that want a new key: those this worker opens, and those somebody else must do."""

    here: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything wants a new key."""
        return bool(self.here or self.elsewhere)


@dataclass(frozen=True)
class Loss:
    """What taking access away means: what closes, what only others can re-key, who is the last."""

    closes: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    last_of: tuple[str, ...] = ()


def due(work: Work) -> Due:
    """Return which parts want a new key."""
    wanted, held = work.vault.due, work.vault.compartments
    return Due(_ordered(wanted & held), _ordered(wanted - held))


def generations(work: Work) -> dict[str, int]:
    """Return how often each part was given a key."""
    known = work.vault.generations
    return {name: known[name] for name in COMPARTMENTS if name in known}


def loss(work: Work, staff_id: int, kept: frozenset[str]) -> Loss:
    """Return what closes for somebody who keeps only these compartments, and what follows."""
    work.require_role(*KEEPERS)
    staff = work.get(Staff, staff_id)
    if not staff.slot_id:
        return Loss()
    closes = work.vault.reach_of(staff.slot_id) - kept
    alone = {name for name in closes if not work.vault.others_open(name, staff.slot_id)}
    return Loss(_ordered(closes), _ordered(closes - work.vault.compartments), _ordered(alone))


def give_due_keys(inside: Inside, course: Course) -> tuple[str, ...]:
    """Give new keys to every due part this worker opens; returns them."""
    here = inside.ask(due).here
    if not here:
        return ()
    _rotate(inside, frozenset(here), course)
    return here


def give_new_keys(inside: Inside, course: Course) -> tuple[str, ...]:
    """Give new keys to all parts this worker opens, because she has a reason; a keeper's act."""
    inside.ask(Work.require_role, *KEEPERS)
    everything = inside.vault.compartments
    _rotate(inside, everything, course)
    return _ordered(everything)


def rotate_held(inside: Inside, course: Course) -> None:
    """Give new keys to what this session opens and is due, for somebody without an account yet."""
    held = inside.vault.due & inside.vault.compartments
    if held:
        inside.vault.rotate(held, _watch(inside, course))


def _rotate(inside: Inside, compartments: frozenset[str], course: Course) -> None:
    """Write down before and after: were the program killed in between, the trail has the first."""
    inside.do(_note, _ordered(compartments), begun=True)
    inside.vault.rotate(compartments, _watch(inside, course))
    inside.do(_note, _ordered(compartments))


def _watch(inside: Inside, course: Course) -> rotation.Watch:
    return rotation.Watch(
        progress=course.reached, cancelled=lambda: course.stopped or inside.leaving()
    )


def _note(work: Work, compartments: tuple[str, ...], *, begun: bool = False) -> None:
    me = work.rule_find(Staff, work.actor.staff_id)
    if me is None:
        raise NotPossible(NOTHING_HERE)
    known = work.vault.generations
    said = ", ".join(f"{name} {known[name] + begun}" for name in compartments)
    work.log("rotate", me, f"begun: {said}" if begun else said)


def _ordered(names: frozenset[str] | set[str]) -> tuple[str, ...]:
    return tuple(name for name in COMPARTMENTS if name in names)
