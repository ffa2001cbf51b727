"""Leaving with everything: all tables, all papers, the description of every field, in two files.

Two people decided it before (manager and data protection lead). The manager writes everything but
counselling; a counsellor writes that into a file of its own, under a phrase of its own. The phrase
is drawn and written on paper first, and kept nowhere; then nobody has to sit beside the writing.
The file counts when it was read back from its medium and compared.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from shelter_app import paths
from shelter_app.domain import retention
from shelter_app.domain.access import COMPARTMENTS
from shelter_app.domain.paper_files import KEPT, FileForm, form_of
from shelter_app.domain.retention import TwoPersonDecision
from shelter_app.domain.staff import Staff
from shelter_app.errors import DocumentUnreadable, NotAllowed, NotFound, NotPossible
from shelter_app.i18n import N_, _
from shelter_app.services import csv_files, dictionary, export_reader, folders, house_settings
from shelter_app.services import retention as review
from shelter_app.services.inside import Inside
from shelter_app.services.work import Work
from shelter_app.storage import everything, export_file
from shelter_app.storage.backup_progress import Progress
from shelter_app.storage.export_file import Writing
from shelter_app.storage.safe_files import file_troubles

FORMAT: Final = "makao-export"
VERSION: Final = 1
_NOT_READ_BACK: Final = N_("What was written could not be read back. It was removed again.")
_NO_ANSWER: Final = N_(
    "The stick or folder was taken away or does not answer. What was half-written does not count. "
    "See that it is there and write everything out once more."
)
_OTHER_FILE: Final = N_(
    "Counselling opens with a counsellor's key only: she writes it into a file of its own, under "
    "six words of its own."
)
_FIRST_FILE: Final = N_(
    "Everything else is in the file that the manager writes; the numbers called person_id lead "
    "there."
)
_ENDINGS: Final = {form: f".{form.value}" for form in KEPT} | {FileForm.OFFICE: ".docx"}


@dataclass(frozen=True)
class Written:
    """What was written."""

    path: Path
    records: int
    papers: int
    left_out: tuple[str, ...]
    """Compartments that are not in it."""


@dataclass(frozen=True)
class CounsellingPart:
    """What became of the counselling part of the newest decision to take everything out."""

    decision_id: int
    reason: str
    decided_by: tuple[str, ...]
    decided_on: date | None
    written_on: date | None
    may_write: bool


@dataclass(frozen=True)
class _Part:
    """One of the two files: what goes into it, who may write it, what is noted when it is done."""

    taken: frozenset[str]
    allowed: Callable[[Work, int], TwoPersonDecision]
    done: Callable[[Work, int], None]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(sorted(set(COMPARTMENTS) - self.taken))


@dataclass
class _Count:
    records: int = 0
    papers: int = 0
    damaged: int = 0


def new_phrase() -> str:
    """Draw the six words that shall open an export: shown once, kept nowhere."""
    return export_file.new_phrase()


def write(
    inside: Inside, decision_id: int, folder: Path, phrase: str, progress: Progress
) -> Written:
    """Write everything but counselling into a new folder under `folder`, check and note it.

    Raises Stopped when it was called off or the records are being locked; the folder is gone then.
    """
    part = _Part(frozenset(COMPARTMENTS) - {review.COUNSELLING}, _approved, _done)
    return _write_part(inside, part, decision_id, folder, phrase, progress)


def write_counselling(
    inside: Inside, decision_id: int, folder: Path, phrase: str, progress: Progress
) -> Written:
    """Write the counselling part and nothing else, by the same rules, once for each decision."""
    part = _Part(frozenset({review.COUNSELLING}), _counselling_waits, _counselling_done)
    return _write_part(inside, part, decision_id, folder, phrase, progress)


def counselling_part(work: Work) -> CounsellingPart | None:
    """Return whether the counselling part was written out, for those who decide and who write it.

    A counsellor is told why and by whom it was decided: she hands out what only her key opens.
    """
    may_write = review.reaches_counselling(work)
    if not may_write and not work.actor.has_role(*review.DECIDERS):
        raise NotAllowed("counselling part")
    found = _newest(work)
    if found is None:
        return None
    staff = work.rule_many(Staff, (found.proposed_by, found.approved_by))
    return CounsellingPart(
        found.id,
        found.reason,
        tuple(each.alias for each in staff.values()),
        found.approved_at.date() if found.approved_at else None,
        found.counselling_done_on,
        may_write=may_write and found.counselling_done_on is None,
    )


def _newest(work: Work) -> TwoPersonDecision | None:
    """Return the newest decision by two that stands or was carried out; it overtakes older ones."""
    standing = [retention.APPROVED, retention.DONE]
    found = work.rule_matching(TwoPersonDecision, state=standing, order=("-approved_at",))
    leaving = (each for each in found if each.kind == retention.LEAVE and each.approved_by)
    return next(leaving, None)


def _write_part(
    inside: Inside, part: _Part, decision_id: int, folder: Path, phrase: str, progress: Progress
) -> Written:
    def went(size: int) -> None:
        if inside.leaving():
            progress.stop()
        progress.went(size)

    inside.ask(part.allowed, decision_id)
    folders.require(folder)
    target = _new_folder(folder, inside.ask(lambda work: work.today))
    try:
        with export_file.writing(target, phrase, went) as archive:
            count = inside.ask(_write_all, part, archive, progress)
        _write_hint(target)
        size = export_file.size_of(target)
        progress.expect(writing=size, checking=size)
        progress.begin("checking")
        checked = export_reader.open_export(target, phrase, went)
        if sum(table.count for table in checked.tables) != count.records:
            raise NotPossible(_NOT_READ_BACK)
        inside.do(part.done, decision_id)
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, DocumentUnreadable):
            raise NotPossible(_NOT_READ_BACK) from error
        if isinstance(error, OSError):
            raise NotPossible(_NO_ANSWER) from error
        raise
    return Written(target, count.records, count.papers, part.missing)


def _approved(work: Work, decision_id: int) -> TwoPersonDecision:
    if not review.may_carry_out(work):
        raise NotAllowed("export everything")
    found = work.rule_find(TwoPersonDecision, decision_id)
    if found is None or found.kind != retention.LEAVE:
        raise NotFound(f"two_person_decision {decision_id}")
    if found.state != retention.APPROVED or not found.approved_by:
        raise NotPossible(review.NOT_HERS)
    return found


def _counselling_waits(work: Work, decision_id: int) -> TwoPersonDecision:
    if not review.reaches_counselling(work):
        raise NotAllowed("export counselling")
    found = _newest(work)
    if found is None or found.id != decision_id or found.counselling_done_on is not None:
        raise NotPossible(N_("This has been dealt with in the meantime."))
    return found


def _new_folder(folder: Path, today: date) -> Path:
    number = 1
    while (folder / f"export-{today.isoformat()}-{number}").exists():
        number += 1
    made = folder / f"export-{today.isoformat()}-{number}"
    with file_troubles():
        made.mkdir(mode=0o700)
    return made


def _write_hint(target: Path) -> None:
    """Say beside the locked file how it is opened, and nothing about what it holds."""
    text = _(
        "This folder holds one locked file. It is opened with its phrase: by the program with "
        "--reader and this folder, or with the public tool age: "
        "age -d -i key.age everything.age | tar x"
    )
    with file_troubles():
        (target / "READ-ME.txt").write_text(f"{text}\n", encoding="utf-8")


def _write_all(work: Work, part: _Part, archive: Writing, progress: Progress) -> _Count:
    count, weight = _Count(), everything.weight(work.vault, part.taken)
    progress.expect(writing=weight, checking=weight)
    progress.begin("writing")
    archive.add("README.md", "\n".join(_readme_lines(part)).encode())
    archive.add("data-dictionary.csv", dictionary.as_csv().encode("utf-8-sig"))
    for table in everything.tables(work.vault, part.taken):
        progress.heed()
        _add_table(archive, table)
        count.records += len(table.rows)
    _add_code_lists(archive)
    for paper in everything.papers(work.vault, part.taken):
        progress.heed()
        _add_paper(archive, paper, count)
    archive.finish(
        format=FORMAT,
        version=VERSION,
        made_at=work.now.isoformat(),
        compartments=sorted(part.taken),
        records=count.records,
        papers=count.papers,
        damaged_papers=count.damaged,
    )
    return count


def _add_table(archive: Writing, table: everything.Table) -> None:
    plain = [[_plain(value) for value in row] for row in table.rows]
    cells = ([_cell(value) for value in row] for row in plain)
    said = {"table": table.name, "title": _(table.title), "rows": len(plain)}
    archive.add(f"tables/{table.name}.csv", csv_files.content(table.columns, cells))
    lines = {"columns": list(table.columns), "rows": plain}
    archive.add(f"tables/{table.name}.json", json.dumps(lines, ensure_ascii=False).encode(), **said)


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(str(each) for each in value)
    return str(value)


def _add_code_lists(archive: Writing) -> None:
    for path in sorted(paths.resource("codelists").glob("*.json")):
        archive.add(f"codelists/{path.name}", path.read_bytes())


def _add_paper(archive: Writing, paper: everything.Paper, count: _Count) -> None:
    if paper.content is None:
        count.damaged += 1
        return
    name = f"files/{paper.table}/{paper.record_id}-{paper.field.removesuffix('_name')}"
    archive.add(name + _ending(paper.content), paper.content, record_id=paper.record_id)
    count.papers += 1


def _ending(content: bytes) -> str:
    return _ENDINGS.get(form_of(content), ".bin")


def _readme_lines(part: _Part) -> list[str]:
    whole, other = _("Everything this house has written down"), _OTHER_FILE
    if review.COUNSELLING in part.taken:
        whole, other = _("What this house has written down in counselling"), _FIRST_FILE
    return [
        f"# {whole}",
        "",
        _("tables/: every record as CSV and as JSON; the names of the tables are in the manifest."),
        _("data-dictionary.csv: every field with its words, kind, list and level."),
        _("codelists/: every list of choices with its words in two languages."),
        _("files/: every sealed paper, under table, number of the record and field."),
        _("manifest.json: size, SHA-256 and number of rows of every file."),
        "",
        _("Records marked voided = True were struck out with a reason; they are not in force."),
        _("Times are those of the wall, without a zone. Numbers called id and ..._id are links."),
        _("In CSV an apostrophe stands before text that a spreadsheet might run as a formula."),
        "",
        export_reader.left_out(part.missing),
        _(other),
    ]


def _done(work: Work, decision_id: int) -> None:
    decision = _approved(work, decision_id)
    work.save(dataclasses.replace(decision, state=retention.DONE, ended_at=work.now))
    house_settings.log(work, "export", _("everything: {reason}").format(reason=decision.reason))


def _counselling_done(work: Work, decision_id: int) -> None:
    decision = _counselling_waits(work, decision_id)
    noted = dataclasses.replace(decision, counselling_done_on=work.today)
    work.save(noted, by_program=True)
    said = _("counselling part of everything: {reason}").format(reason=decision.reason)
    house_settings.log(work, "export", said)
