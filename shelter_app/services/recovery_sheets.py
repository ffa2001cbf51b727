"""The two recovery sheets: printed once on neutral paper, typed back once, kept nowhere here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shelter_app import clock, i18n, paths
from shelter_app.errors import WorldProblem
from shelter_app.i18n import N_, _
from shelter_app.storage import recovery
from shelter_app.storage.recovery import MistypedCode

GROUPS: Final = recovery.GROUPS
_OPENS: Final = {
    "R": N_("the main part of the records"),
    "C": N_("the closed part of the records"),
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: R for the house, C for counselling; `code` is the secret itself."""

    letter: str
    code: str

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups of digits."""
        return tuple(self.code.split())

    @property
    def check_words(self) -> tuple[str, str]:
        """Return two words to compare by voice; they tell nothing about the code."""
        return recovery.parse_code(self.code).check_words


def mistyped_group(sheet: Sheet, typed: str) -> int | None:
    """Return None when the code was typed back rightly, else the group to look at (0: all)."""
    try:
        code = recovery.parse_code(typed)
    except MistypedCode as error:
        return error.group
    groups = zip(sheet.groups, code.text.split(), strict=True)
    for number, (printed, read) in enumerate(groups, start=1):
        if printed != read:
            return number
    return None


def unreadable_group(typed: str) -> int | None:
    """Return None when a code can be right, else the group to look at (0: all of it)."""
    try:
        recovery.parse_code(typed)
    except MistypedCode as error:
        return error.group
    return None


def file_name(sheet: Sheet) -> str:
    """Return a name for the sheet's file that says nothing."""
    return f"sheet-{sheet.letter}-{clock.today().isoformat()}.pdf"


def save_pdf(sheet: Sheet, path: Path) -> None:
    """Write the page to print; the file is private, and whoever prints deletes it."""
    made = as_pdf(sheet)
    try:
        path.write_bytes(made)
        path.chmod(0o600)
    except OSError as error:
        raise WorldProblem("sheet") from error


def as_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as an A4 page in the language in use."""
    import typst  # slow to load, and used once in the life of a house

    made = typst.compile(
        str(paths.resource("templates", "recovery_sheet.typ")),
        font_paths=[str(paths.resource("fonts"))],
        ignore_system_fonts=True,
        sys_inputs={**_words(sheet), **_values(sheet)},
    )
    assert isinstance(made, bytes)
    return made


def _values(sheet: Sheet) -> dict[str, str]:
    return {
        "language": i18n.language(),
        "letter": sheet.letter,
        "code": sheet.code,
        "check": " · ".join(sheet.check_words),
        "day": clock.today().isoformat(),
    }


def _words(sheet: Sheet) -> dict[str, str]:
    opens = _(_OPENS[sheet.letter])
    return {
        "title": _("Recovery sheet {letter}").format(letter=sheet.letter),
        "lead": _("These digits open {what} when nobody can sign in any more.").format(what=opens),
        "check_label": _("Check words"),
        "day_label": _("Made on"),
        "kept_label": _("Kept by"),
        "rules": "\n".join(
            (
                _("Put this sheet into an envelope, seal it and sign over the flap."),
                _("Keep it outside the building: with a board member, a partner or a bank."),
                _("Never keep it with the computer or with a backup stick."),
                _("Whoever has this sheet and the computer can read the records."),
                _("Look at the envelope every six months: is it there, is it closed?"),
                _("If it was opened or is lost, tell the manager the same day."),
            )
        ),
        "reading": _("Read each group aloud as six digits. Spaces do not matter when typing."),
    }
