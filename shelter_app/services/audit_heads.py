"""Checking the trail, and its head as a short code for paper: on demand, in parts, for managers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from shelter_app import i18n
from shelter_app.domain.day_words import long_day
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import audit_trail, folders, house_settings
from shelter_app.services.audit_notes import COMPARTMENT_NAMES
from shelter_app.services.rendering import typesetting
from shelter_app.services.work import Work
from shelter_app.storage import audit, audit_check, audit_head
from shelter_app.storage.audit_check import Wrong
from shelter_app.storage.audit_head import HeadCode
from shelter_app.storage.keyring import Head
from shelter_app.storage.safe_files import write_whole

TEMPLATE: Final = "audit_head.typ"
ROWS_AT_ONCE: Final = 250
"""As many as take about a twentieth of a second, so that others can work between."""
WRONGS: Final = {
    Wrong.MISSING: N_("the entry is missing"),
    Wrong.CHAIN: N_("the entry does not follow the one before it"),
    Wrong.CHANGED: N_("the entry was changed after it was written"),
    Wrong.WORDS: N_("what the entry says was changed"),
    Wrong.SIGNATURE: N_("the signature is not that of the worker named"),
    Wrong.EMPTIED: N_("its words were emptied and no erasure says so"),
}


@dataclass(frozen=True)
class Fault:
    """The first broken link, named for people."""

    compartment: str
    seq: int
    at: datetime | None
    wrong: Wrong

    def sentence(self) -> str:
        """Return compartment, number, time and what is wrong in one line."""
        place = _("{part}, entry {number}").format(
            part=_(COMPARTMENT_NAMES.get(self.compartment, self.compartment)), number=self.seq
        )
        if self.at is not None:
            place = _("{place} of {day} {time}").format(
                place=place, day=long_day(self.at.date()), time=f"{self.at:%H:%M}"
            )
        return f"{place}: {_(WRONGS[self.wrong])}"


@dataclass(frozen=True)
class Check:
    """How far a check of all readable compartments has come."""

    parts: tuple[audit_check.Progress, ...]

    @property
    def checked(self) -> int:
        """Return how many rows were looked at."""
        return sum(part.next_seq - 1 for part in self.parts)

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return sum(part.last_seq for part in self.parts)

    @property
    def done(self) -> bool:
        """Say whether the end was reached; every compartment is looked at to its first fault."""
        return all(part.done for part in self.parts)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return the first broken link of each compartment that has one."""
        return tuple(
            Fault(
                part.compartment,
                part.fault.seq,
                audit_trail.local(part.fault.at_utc) if part.fault.at_utc else None,
                part.fault.wrong,
            )
            for part in self.parts
            if part.fault is not None
        )


@dataclass(frozen=True)
class HeadLine:
    """One compartment's head with its code."""

    compartment: str
    seq: int
    code: HeadCode


@dataclass(frozen=True)
class Heads:
    """Today's heads and one code over all of them."""

    lines: tuple[HeadLine, ...]
    over_all: HeadCode


def begin_check(work: Work) -> Check:
    """Return the start of a check."""
    names = audit_trail.readable_compartments(work)
    audit_trail.people(work)
    return Check(tuple(audit_check.begin(work.connection, name) for name in names))


def go_on(work: Work, check: Check, rows: int = ROWS_AT_ONCE) -> Check:
    """Check some more rows; asked again and again until `done`, or left off at any time."""
    parts = list(check.parts)
    for place, part in enumerate(parts):
        if not part.done:
            keys = work.vault.public_keys()
            parts[place] = audit_check.advance(work.connection, part, keys, rows)
            break
    return Check(tuple(parts))


def verify(work: Work) -> tuple[Fault, ...]:
    """Check everything readable at once and return the first broken link of each compartment."""
    check = begin_check(work)
    while not check.done:
        check = go_on(work, check, 1 << 40)
    return check.faults


def heads(work: Work) -> Heads:
    """Return today's heads of the readable compartments as codes."""
    found = _heads(work)
    lines = tuple(
        HeadLine(name, head.seq, audit_head.head_words(name, head))
        for name, head in sorted(found.items())
    )
    return Heads(lines, audit_head.words_over_all(found))


def _heads(work: Work) -> dict[str, Head]:
    audit_trail.people(work)
    names = audit_trail.readable_compartments(work)
    return {name: audit.head(work.connection, name) for name in names}


def paper_is_contained(work: Work, compartment: str, seq: int, typed: str) -> bool:
    """Say whether today's chain contains the head that somebody reads from paper."""
    if compartment not in audit_trail.readable_compartments(work):
        raise NotPossible(N_("This part cannot be checked with your keys."))
    if seq < 0 or not typed.strip():
        raise NotPossible(N_("Please type the number of the entry and its code."))
    return audit_head.contains_typed(work.connection, compartment, seq, typed)


def pdf(work: Work) -> bytes:
    """Return today's heads as a small paper for the folder of the manager."""
    return typesetting.pdf(TEMPLATE, _data(work, heads(work)))


def save_pdf(work: Work, folder: Path) -> Path:
    """Write the paper into a folder under a neutral name; that it left is written down."""
    folders.require(folder)
    path = folder / f"check-{work.today.isoformat()}.pdf"
    write_whole(path, pdf(work))
    house_settings.log(work, "export", "check words")
    return path


def _data(work: Work, found: Heads) -> dict[str, Any]:
    return {
        "title": _("Check words"),
        "language": i18n.language(),
        "day": f"{long_day(work.today)} {work.now:%H:%M}",
        "lead": _(
            "These words stand for the entries up to now. Keep this paper outside the computer. "
            "If the program later says that a number and its words are not contained, entries were "
            "rewritten."
        ),
        "heads": [_("Part"), _("Entry"), _("Words"), _("Digits")],
        "lines": _lines(found.lines),
        "all_label": _("Over all"),
        "all_words": " ".join(found.over_all.words),
        "all_digits": found.over_all.text,
        "signed": _("Compared by (name, day)"),
    }


def _lines(lines: Sequence[HeadLine]) -> list[dict[str, str]]:
    return [
        {
            "part": _(COMPARTMENT_NAMES[line.compartment]),
            "entry": f"{line.seq}",
            "words": " ".join(line.code.words),
            "digits": line.code.text,
        }
        for line in lines
    ]
