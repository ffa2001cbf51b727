"""The two recovery sheets: printed once on neutral paper, typed back once, kept nowhere here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from shelter_app import clock, i18n, paths
from shelter_app.domain.day_words import long_day
from shelter_app.errors import WorldProblem
from shelter_app.i18n import N_, _, ngettext
from shelter_app.storage import recovery, recovery_parts
from shelter_app.storage.recovery import MistypedCode
from shelter_app.storage.recovery_parts import MistypedWords, Part

__all__ = ["MistypedCode", "MistypedWords", "Part"]

GROUPS: Final = recovery.GROUPS
_PRINTER_DOTS: Final = 300
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

    def parts(self) -> tuple[Part, ...]:
        """Return three lists of words, any two of which stand for this sheet."""
        return recovery_parts.split(recovery.parse_code(self.code))


# What is typed from paper


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


def not_as_printed(sheet: Sheet, typed: str) -> str:
    """Say in a sentence what differs from the printed sheet, or return ''."""
    group = mistyped_group(sheet, typed)
    return "" if group is None else _digits_trouble(group, typed)


def mistyped_word(part: Part, typed: str) -> int | None:
    """Return None when a part was typed back rightly, else the word to look at (0: too few)."""
    return recovery_parts.differs_at(part, typed)


def part_not_as_printed(part: Part, typed: str) -> str:
    """Say in a sentence what differs from a printed part, or return ''."""
    word = mistyped_word(part, typed)
    if word is None:
        return ""
    if word:
        return _("Please look at word {number} again.").format(number=word)
    count = len(typed.split())
    return ngettext(
        "That is {count} word; a part has 20. Please type all of them.",
        "That is {count} words; a part has 20. Please type all of them.",
        count,
    ).format(count=count)


def trouble(typed: str) -> str:
    """Say in a sentence why this cannot be a sheet, nor two parts of one, or return ''."""
    try:
        recovery_parts.read(typed)
    except MistypedCode as error:
        return _digits_trouble(error.group, typed)
    except MistypedWords as error:
        return _words_trouble(error)
    return ""


def _digits_trouble(group: int, typed: str) -> str:
    if group:
        return _("Please look at group {number} again.").format(number=group)
    digits = sum(1 for sign in typed if sign.isdigit())
    if digits == recovery.GROUPS * recovery.DIGITS:
        return _("Every group can be right, but not together. Are two in the wrong order?")
    return ngettext(
        "That is {count} digit; the sheet has 54. Please type all nine groups.",
        "That is {count} digits; the sheet has 54. Please type all nine groups.",
        digits,
    ).format(count=digits)


def _words_trouble(error: MistypedWords) -> str:
    if error.word:
        said = _("Please look at word {word} of the {ordinal} part again.")
        ordinal = _("first") if error.part == 1 else _("second")
        return said.format(word=error.word, ordinal=ordinal)
    if error.apart:
        return _("These two parts do not belong together, or they are the same one twice.")
    if error.part:
        said = _("A word of the {ordinal} part is another one than printed. Please compare them.")
        return said.format(ordinal=_("first") if error.part == 1 else _("second"))
    return ngettext(
        "That is {count} word; two parts together have 40. Please type both.",
        "That is {count} words; two parts together have 40. Please type both.",
        error.count,
    ).format(count=error.count)


# Paper


def file_name(sheet: Sheet, part: Part | None = None) -> str:
    """Return a name for the sheet's file that says nothing."""
    number = f"-{part.number}" if part else ""
    return f"sheet-{sheet.letter}{number}-{clock.today().isoformat()}.pdf"


def save_pdf(sheet: Sheet, path: Path, part: Part | None = None) -> None:
    """Write the page to print; the file is private, and whoever prints deletes it."""
    made = as_pdf(sheet, part)
    try:
        path.write_bytes(made)
        path.chmod(0o600)
    except OSError as error:
        raise WorldProblem("sheet") from error


def as_pdf(sheet: Sheet, part: Part | None = None) -> bytes:
    """Return the sheet, or one of its parts, as an A4 page in the language in use."""
    return _compiled(sheet, part, "pdf")


def as_picture(sheet: Sheet, part: Part | None = None) -> bytes:
    """Return the same page as a PNG for a printer, so that no file is written anywhere."""
    return _compiled(sheet, part, "png")


def _compiled(sheet: Sheet, part: Part | None, kind: Literal["pdf", "png"]) -> bytes:
    import typst  # slow to load, and used once in the life of a house

    made = typst.compile(
        str(paths.resource("templates", "recovery_sheet.typ")),
        font_paths=typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(paths.resource("fonts"))],
        ),
        format=kind,
        ppi=_PRINTER_DOTS,
        sys_inputs={**_words(sheet, part), **_values(sheet, part)},
    )
    assert isinstance(made, bytes)
    return made


def _values(sheet: Sheet, part: Part | None) -> dict[str, str]:
    return {
        "language": i18n.language(),
        "letter": sheet.letter,
        "code": part.text if part else sheet.code,
        "split": "yes" if part else "",
        "check": " · ".join(sheet.check_words),
        "day": long_day(clock.today()),
    }


def _words(sheet: Sheet, part: Part | None) -> dict[str, str]:
    opens = _(_OPENS[sheet.letter])
    return {
        "title": _title(sheet, part),
        "lead": _lead(opens, part),
        "check_label": _("Check words"),
        "day_label": _("Made on"),
        "kept_label": _("Kept by"),
        "rules": "\n".join(
            (
                _("Put this sheet into an envelope, seal it and sign over the flap."),
                _("Keep it outside the building: with a board member, a partner or a bank."),
                _("Never keep it with the computer or with a backup stick."),
                _("Never keep two parts in one place.")
                if part
                else _("Whoever has this sheet and the computer can read the records."),
                _("Look at the envelope every six months: is it there, is it closed?"),
                _("If it was opened or is lost, tell the manager the same day."),
            )
        ),
        "reading": _("The first four letters of each word are enough when typing.")
        if part
        else _("Read each group aloud as six digits. Spaces do not matter when typing."),
    }


def _title(sheet: Sheet, part: Part | None) -> str:
    if part is None:
        return _("Recovery sheet {letter}").format(letter=sheet.letter)
    return _("Recovery sheet {letter}, part {number} of 3").format(
        letter=sheet.letter, number=part.number
    )


def _lead(opens: str, part: Part | None) -> str:
    if part is None:
        return _("These digits open {what} when nobody can sign in any more.").format(what=opens)
    return _(
        "These words and those of one other part open {what} when nobody can sign in any more. "
        "One part alone opens nothing."
    ).format(what=opens)
