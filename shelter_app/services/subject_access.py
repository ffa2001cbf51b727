"""The paper that shows a survivor what is held about her, without what belongs to somebody else.

It is made by the manager, whose keys open everything but counselling; the counsellor offers her
notes in a session. Names of other people in free text are blacked out word by word, and the paper
says that something was left out, and why (domain specification E.1.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from shelter_app.domain import access, catalogue, codelists, rights
from shelter_app.domain import name_folding as folding
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.day_words import long_day
from shelter_app.domain.fields import Field, Kind, field_of, fields_of
from shelter_app.domain.legal import Accompaniment
from shelter_app.domain.papers import BESIDE, Paper
from shelter_app.domain.person import Person, SealedIdentity
from shelter_app.domain.record import Record
from shelter_app.errors import DocumentUnreadable, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import folders, house_settings, papers
from shelter_app.services import rights as register
from shelter_app.services.rendering import plain_paper
from shelter_app.services.rendering.plain_paper import Line, Section
from shelter_app.services.rendering.plain_paper import Paper as Printed
from shelter_app.services.work import Work
from shelter_app.storage.questions import leak_words
from shelter_app.storage.safe_files import write_whole
from shelter_app.storage.tables import schema_of

MAKERS: Final = ("manager",)
_BLACK: Final = "[…]"
_PHONE: Final = re.compile(r"\+?\d[\d\s\-]{7,}\d")
_WORD: Final = re.compile(r"[^\W\d_]+")
_NAMED_IN: Final = ("house", "cases", "identity")
_TEXTS: Final = (Kind.TEXT, Kind.LONG_TEXT)
_Hers = Mapping[type[Record], Sequence[Record]]
_Outings = Mapping[int, Appointment]
LEVELS: Final = {
    "open": N_("Open"),
    "house": N_("What the house knows"),
    "casework": N_("Casework"),
    "health": N_("Health"),
    "legal": N_("Legal"),
    "sealed": N_("True identity"),
}


def paper(work: Work, request_id: int) -> Printed:
    """Return the paper for a request to see or carry away; refused while something hinders it."""
    work.require_role(*MAKERS)
    request = register.get(work, request_id)
    if not request.is_for_a_paper():
        raise NotPossible(N_("Only a request to see or carry away her data has such a paper."))
    if sentence := rights.hindrance(request):
        raise NotPossible(sentence)
    person = work.rule_find(Person, request.person_id)
    if person is None:
        raise NotPossible(N_("Please write down first whose data it is: her code."))
    header = house_settings.current(work).report_header
    return Printed(
        title=_("What is held about you"),
        letterhead=(header,) if header else (),
        facts=(
            (_("Code"), person.person_no),
            (_("Asked on"), long_day(request.received_on) if request.received_on else ""),
            (_("Made on"), long_day(work.today)),
        ),
        sections=(
            *_sections(work, person),
            *_files_told(work, person),
            _left_out(),
            _how_to_read(),
        ),
        footer=_("Hand over in person. Not by e-mail, not by post."),
    )


def save(work: Work, request_id: int, folder: Path) -> Path:
    """Write the paper to a folder under a neutral name; that it left is written down."""
    made = paper(work, request_id)
    folders.require(folder)
    stem = folders.free_stem(folder, f"request-{work.today.isoformat()}", ".pdf")
    path = folder / f"{stem}.pdf"
    write_whole(path, plain_paper.pdf(made))
    request = register.get(work, request_id)
    for number, (file, content) in enumerate(_files(work, request.person_id), start=1):
        if content is not None:
            write_whole(folder / f"{stem}-{number}.{file.file_form}", content)
            work.log("export", file, "subject access")
    work.log("export", request, "subject access")
    if work.holds(SealedIdentity.compartment):
        identity = SealedIdentity(id=request.person_id, person_id=request.person_id)
        work.log("break-glass", identity, "subject access")
    return path


def _sections(work: Work, person: Person) -> Iterator[Section]:
    by_level: dict[str, list[Section]] = {level: [] for level in LEVELS}
    hers = {kind: _own(work, kind, person) for kind in _told(work)}
    others = _names_of_others(work, person, hers)
    outings = _outings(work, hers)
    for kind, found in hers.items():
        for record in sorted(found, key=lambda each: _when(each, outings)):
            for level, lines in _lines(work, record, others, outings).items():
                by_level[level].append(Section(_(kind.title), tuple(lines)))
    for level, sections in by_level.items():
        for section in sections:
            title = _("{level} · {title}").format(level=_(LEVELS[level]), title=section.title)
            yield Section(title, section.lines)


def _files(work: Work, person_id: int) -> list[tuple[Paper, bytes | None]]:
    """Return her scanned papers with what they hold, None where a file is damaged."""
    found: list[tuple[Paper, bytes | None]] = []
    told = _told(work)
    for kind in BESIDE.values():
        if kind in told:
            for file in work.rule_matching(kind, person_id=person_id, order=("created_at", "id")):
                try:
                    found.append((file, papers.content_of(work, file)))
                except DocumentUnreadable:
                    found.append((file, None))
    return found


def _files_told(work: Work, person: Person) -> Iterator[Section]:
    files = _files(work, person.id)
    if files:
        yield Section(
            _("Copies of papers and pictures that go with this"),
            tuple(
                Line(f"{number}. {_(file.title)}")
                if content is not None
                else Line(
                    _("{number}. {what}: cannot be read at the moment, it will follow").format(
                        number=number, what=_(file.title)
                    )
                )
                for number, (file, content) in enumerate(files, start=1)
            ),
        )


def _told(work: Work) -> list[type[Record]]:
    """Return the record types that speak of one person and are hers to read."""
    return [
        kind
        for kind in catalogue.RECORD_TYPES
        if (kind is Person or catalogue.has_person(kind))
        and kind.table not in rights.LEFT_OUT_TABLES
        and work.holds(kind.compartment)
    ]


def _own(work: Work, kind: type[Record], person: Person) -> list[Record]:
    return [person] if kind is Person else work.rule_matching(kind, person_id=person.id)


def _outings(work: Work, hers: _Hers) -> _Outings:
    """Return what she was accompanied to; who went along says no day of its own."""
    went = [record for record in hers.get(Accompaniment, ()) if isinstance(record, Accompaniment)]
    found = work.rule_many(Appointment, {record.court_event_id for record in went})
    return {
        record.id: found[record.court_event_id] for record in went if record.court_event_id in found
    }


def _outing(record: Record, outings: _Outings) -> Appointment | None:
    return outings.get(record.id) if isinstance(record, Accompaniment) else None


def _when(record: Record, outings: _Outings) -> datetime:
    """Return the first day a record names, so that the paper reads in the order things were."""
    outing = _outing(record, outings)
    if outing is not None:
        return _when(outing, outings)
    for field in fields_of(type(record)):
        said = getattr(record, field.name)
        if field.kind is Kind.MOMENT and isinstance(said, datetime):
            return said
        if field.kind is Kind.DAY and isinstance(said, date):
            return datetime.combine(said, time.min)
    return record.created_at or datetime.combine(date.min, time.min)


def _lines(
    work: Work, record: Record, others: frozenset[str], outings: _Outings
) -> dict[str, list[Line]]:
    kind = type(record)
    found: dict[str, list[Line]] = {}
    outing = _outing(record, outings)
    if outing is not None:
        starts = field_of(Appointment, "starts_at")
        line = Line(_said(starts, outing.starts_at), _(starts.label))
        found.setdefault(kind.level, []).append(line)
    for field in fields_of(kind):
        if not _is_shown(work, kind, field):
            continue
        said = _said(field, getattr(record, field.name))
        if field.kind in _TEXTS and kind is not SealedIdentity:
            said = blacked(said, others)
        if said:
            found.setdefault(field.level, []).append(Line(said, _(field.label)))
    return found


def _is_shown(work: Work, kind: type[Record], field: Field) -> bool:
    if (kind.table, field.name) in rights.LEFT_OUT_FIELDS or field.level not in LEVELS:
        return False
    if field.kind in (Kind.LINK, Kind.JSON) or "file" in field.name:
        return False
    return field.level == "sealed" or access.may_level(
        work.actor.roles, access.Action.READ, field.level, kind.table, assigned=True
    )


def _said(field: Field, value: Any) -> str:
    if value in (None, "", ()) or value is False:
        return ""
    if value is True:
        return _("yes")
    if field.kind is Kind.CHOICE:
        return codelists.label(field.codes, value)
    if field.kind is Kind.CHOICES:
        return codelists.labels(field.codes, value)
    if isinstance(value, datetime):
        return f"{long_day(value.date())} {value:%H:%M}"
    if isinstance(value, date):
        return long_day(value)
    if field.unit:
        return _("{number} {unit}").format(number=value, unit=_(field.unit))
    return str(value)


def _names_of_others(work: Work, person: Person, hers: _Hers) -> frozenset[str]:
    """Return the folded words of this file's free text that are names of somebody else."""
    words: set[str] = set()
    for kind, found in hers.items():
        texts = [field.name for field in fields_of(kind) if field.kind in _TEXTS]
        for record in found:
            for name in texts:
                words |= set(folding.words(str(getattr(record, name))))
    schemas = [schema_of(name) for name in _NAMED_IN if work.holds(name)]
    return leak_words.names_among(work.connection, schemas, words, person.id).others


def blacked(text: str, others: frozenset[str]) -> str:
    """Return text without telephone numbers and without names of other people."""

    def hidden(match: re.Match[str]) -> str:
        word = match.group()
        named = word[:1].isupper() and not others.isdisjoint(folding.words(word))
        return _BLACK if named else word

    return _WORD.sub(hidden, _PHONE.sub(_BLACK, text))


def _left_out() -> Section:
    return Section(
        _("What was left out, and why"),
        (
            Line(_("Names, numbers and words that would tell of other people.")),
            Line(_("Who told us about you, if it could put them in danger.")),
            Line(_("Police contacts, persons accused and the strategy of an open case.")),
            Line(
                _(
                    "Notes of your counselling sessions: your counsellor will go through them "
                    "with you in a session, if you wish."
                )
            ),
        ),
    )


def _how_to_read() -> Section:
    return Section(
        _("Your rights"),
        (
            Line(
                _(
                    "If something is wrong, tell us: it will be corrected, and the reason kept. "
                    "You can ask us to use it less, or to erase it when no law or court needs it."
                )
            ),
            Line(
                _(
                    "If you do not agree with our answer you can complain to the Office of the "
                    "Data Protection Commissioner."
                )
            ),
        ),
    )
