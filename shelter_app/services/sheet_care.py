"""Looking after the two recovery sheets: proving the papers, where they are, making one anew."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shelter_app.domain.access import COUNSELLORS
from shelter_app.domain.staff import Staff
from shelter_app.errors import NotPossible, WrongPassphrase
from shelter_app.i18n import N_
from shelter_app.services import house_settings, key_changes
from shelter_app.services.inside import Inside
from shelter_app.services.key_changes import KEEPERS, Course
from shelter_app.services.recovery_sheets import Sheet
from shelter_app.services.work import Work
from shelter_app.storage import recovery_parts
from shelter_app.storage.keyholder import SheetState

"""Who can make sheet C: nobody else holds what it opens."""
REHEARSE_AFTER: Final = 183
NO_SHEET: Final = N_(
    "This opens neither of the two sheets of this house. Either it is an old paper, or that of "
    "another house."
)


@dataclass(frozen=True)
class SheetLine:
    """A recovery sheet as managers see it: when its paper was last proved, and where it is kept."""

    letter: str
    proved: date | None
    place: str
    unproved: bool
    """Never typed back, or used since: nobody knows whether the paper in the envelope is right."""
    rehearsal_due: bool
    may_replace: bool


def lines(work: Work) -> tuple[SheetLine, ...]:
    """Return both sheets, R first, as the signed-in worker may see them."""
    work.require_role(*KEEPERS, *COUNSELLORS)
    setting = house_settings.current(work)
    places = {"R": setting.sheet_r_place, "C": setting.sheet_c_place}
    found = [_line(work, state, places) for state in work.vault.sheets()]
    return tuple(sorted(found, key=lambda line: line.letter, reverse=True))


def _line(work: Work, state: SheetState, places: dict[str, str]) -> SheetLine:
    proved = _local_day(state.proved) if state.proved else None
    late = proved is not None and (work.today - proved).days >= REHEARSE_AFTER
    return SheetLine(
        letter=state.letter,
        proved=proved,
        place=places.get(state.letter, ""),
        unproved=proved is None,
        rehearsal_due=late,
        may_replace=work.vault.may_make_sheet(state.letter),
    )


def _local_day(stamp: str) -> date:
    """Return the day of the house, which west and east of Greenwich is not always that of UTC."""
    return datetime.fromisoformat(stamp).astimezone().date()


def to_look_after(work: Work) -> tuple[SheetLine, ...]:
    """Return the sheets somebody should prove or make anew, for those who can do something."""
    if not work.actor.has_role(*KEEPERS, *COUNSELLORS):
        return ()
    keeper = work.actor.has_role(*KEEPERS)
    return tuple(
        line
        for line in lines(work)
        if (line.unproved or line.rehearsal_due) and (keeper or line.may_replace)
    )


def prove(work: Work, typed: str) -> str:
    """Try what was typed from a paper: it opens its own slot and nothing else; says which sheet."""
    work.require_role(*KEEPERS, *COUNSELLORS)
    try:
        letter = work.vault.prove_sheet(recovery_parts.read(typed))
    except WrongPassphrase:
        raise NotPossible(NO_SHEET) from None
    work.log("prove", _me(work), letter)
    return letter


def set_place(work: Work, letter: str, place: str) -> None:
    """Keep where the envelope is; a manager's business."""
    work.require_role(*KEEPERS)
    setting = house_settings.current(work)
    changed = (
        dataclasses.replace(setting, sheet_r_place=place.strip())
        if letter == "R"
        else dataclasses.replace(setting, sheet_c_place=place.strip())
    )
    work.save(changed, by_program=True)


def replace(inside: Inside, letter: str, course: Course) -> Sheet:
    """Make a sheet anew and give new keys to what the old one opened; the old paper is waste."""
    inside.ask(Work.require_role, *KEEPERS, *COUNSELLORS)
    key_changes.back_up_first(inside, course)
    code = inside.vault.make_sheet(letter)
    inside.do(_note, letter)
    key_changes.renew_after_sheet(inside, course)
    return Sheet(letter, code.text)


def _note(work: Work, letter: str) -> None:
    work.log("replace", _me(work), letter)


def _me(work: Work) -> Staff:
    return work.get(Staff, work.actor.staff_id)
