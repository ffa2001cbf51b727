"""Covering for a colleague: her caseload is in other hands for some days, and comes back by itself.

What follows from it is only the caseload: no key, no role and no level changes hands.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Final

from shelter_app.domain.oversight import CASELOAD_ROLES, Covering
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotAllowed, NotFound, NotPossible, Problem, ValidationFailed
from shelter_app.i18n import N_
from shelter_app.services.work import Work

NOT_THE_SAME_WORK: Final = N_(
    "She does not do the same work. A caseload can go to somebody with the same role."
)
ALREADY: Final = N_("This caseload is already covered in these days. Please end that first.")
_MOST_OFFERED: Final = 50


@dataclass(frozen=True)
class Line:
    """One covering as listed; `standing` is 'now', 'coming' or 'over'."""

    id: int
    whose: str
    covered_by: str
    from_on: date
    until_on: date
    reason: str
    standing: str
    may_end: bool


@dataclass(frozen=True)
class Standing:
    """What the header says: for whom the worker stands in, and who stands in for her."""

    for_others: tuple[tuple[str, date], ...] = ()
    by_others: tuple[tuple[str, date], ...] = ()


def may_hand_over(work: Work) -> bool:
    """Say whether the worker has a caseload to hand over, or decides over others'."""
    return work.actor.has_role("manager", *CASELOAD_ROLES)


def draft(work: Work) -> Covering:
    """Return an empty covering: a worker's own caseload from today on."""
    _require(work)
    mine = work.actor.staff_id if work.actor.has_role(*CASELOAD_ROLES) else 0
    return Covering(staff_id=mine, from_on=work.today)


def hand_over(work: Work, covering: Covering) -> Covering:
    """Give a caseload to a colleague for some days."""
    _require(work)
    if covering.revision:
        raise NotAllowed("change covering")
    if covering.staff_id != work.actor.staff_id and not work.actor.has_role("manager"):
        raise NotAllowed("covering of somebody else")
    whose, by = _worker(work, covering.staff_id), _worker(work, covering.covered_by)
    if whose and by and CASELOAD_ROLES.isdisjoint(set(whose.roles) & set(by.roles)):
        raise ValidationFailed((Problem("covered_by", NOT_THE_SAME_WORK),))
    if covering.until_on and covering.until_on < work.today:
        raise ValidationFailed((Problem("until_on", N_("This is in the past.")),))
    for other in work.rule_matching(Covering, staff_id=covering.staff_id):
        if _overlap(other, covering):
            raise NotPossible(ALREADY)
    return work.save(covering, by_program=True)


def _require(work: Work) -> None:
    if not may_hand_over(work):
        raise NotAllowed("covering")


def _worker(work: Work, staff_id: int) -> Staff | None:
    found = work.find(Staff, staff_id)
    if staff_id and (found is None or found.locked):
        raise NotFound(f"staff {staff_id}")
    return found


def _overlap(one: Covering, other: Covering) -> bool:
    if one.ended_at or not (one.from_on and one.until_on and other.from_on and other.until_on):
        return False
    return one.from_on <= other.until_on and other.from_on <= one.until_on


def end(work: Work, covering_id: int) -> Covering:
    """End a covering before its last day: she is back, or a manager decides so."""
    found = work.get(Covering, covering_id)
    if not _may_end(work, found):
        raise NotAllowed("end covering")
    if found.ended_at:
        return found
    return work.save(dataclasses.replace(found, ended_at=work.now), by_program=True)


def _may_end(work: Work, covering: Covering) -> bool:
    theirs = work.actor.staff_id in (covering.staff_id, covering.covered_by)
    over = covering.until_on is None or covering.until_on < work.today
    return not over and not covering.ended_at and (theirs or work.actor.has_role("manager"))


def listed(work: Work) -> tuple[Line, ...]:
    """Return what concerns the worker, for a manager everything; what runs now first."""
    everything = work.actor.has_role("manager")
    me = work.actor.staff_id
    found = [
        one
        for one in work.matching(Covering, order=("-from_on", "-id"))
        if everything or me in (one.staff_id, one.covered_by)
    ]
    names = _names(work, found)
    lines = [_line(work, one, names) for one in found]
    order = ("now", "coming", "over")
    return tuple(sorted(lines, key=lambda line: order.index(line.standing)))


def _names(work: Work, found: list[Covering]) -> dict[int, str]:
    ids = {one.staff_id for one in found} | {one.covered_by for one in found}
    return {key: staff.alias for key, staff in work.many(Staff, ids).items()}


def _line(work: Work, one: Covering, names: dict[int, str]) -> Line:
    assert one.from_on is not None
    assert one.until_on is not None
    if one.runs_on(work.today):
        how = "now"
    else:
        how = "coming" if not one.ended_at and one.from_on > work.today else "over"
    return Line(
        id=one.id,
        whose=names.get(one.staff_id, ""),
        covered_by=names.get(one.covered_by, ""),
        from_on=one.from_on,
        until_on=one.ended_at.date() if one.ended_at else one.until_on,
        reason=one.reason,
        standing=how,
        may_end=_may_end(work, one),
    )


def standing(work: Work) -> Standing:
    """Return for whom the worker stands in today, and who stands in for her."""
    me = work.actor.staff_id
    running = [
        one
        for one in (
            *work.matching(Covering, covered_by=me, ended_at=None),
            *work.matching(Covering, staff_id=me, ended_at=None),
        )
        if one.runs_on(work.today)
    ]
    names = _names(work, running)
    others, mine = [], []
    for one in running:
        if one.until_on is not None and one.covered_by == me:
            others.append((names.get(one.staff_id, ""), one.until_on))
        elif one.until_on is not None:
            mine.append((names.get(one.covered_by, ""), one.until_on))
    return Standing(tuple(others), tuple(mine))


def workers(work: Work, typed: str = "") -> tuple[tuple[int, str], ...]:
    """Return the open accounts with a caseload, to choose from."""
    wanted = typed.strip().casefold()
    found = [
        (staff.id, staff.alias)
        for staff in work.matching(Staff, order=("alias",), locked=False)
        if not CASELOAD_ROLES.isdisjoint(staff.roles) and wanted in staff.alias.casefold()
    ]
    return tuple(found[:_MOST_OFFERED])


def worker_label(work: Work, staff_id: int) -> str:
    """Return what a worker is called."""
    found = work.find(Staff, staff_id)
    return found.alias if found else ""
