"""What the pages ask, timed on the thread that owns the vault, each beside its bare read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from shelter_app.domain.court_summary import CourtSummary
from shelter_app.domain.legal import LegalCase
from shelter_app.services import (
    bed_board,
    court_pages,
    court_summary,
    resident_page,
    residents,
    search,
    timeline,
    today,
)
from shelter_app.services.desk import Desk
from shelter_app.services.rendering import court_summary as paper
from shelter_app.services.residents import ListFilter
from shelter_app.services.work import Work
from tests.bench.bare import Bare
from tests.bench.figures import MOST, P95, Figure, side_by_side, timed
from tests.bench.houses import MANAGER, SOCIAL_WORKER, desk_of

_ROWS: Final = 100
"""So many lines the table asks for at once."""
_MISSPELT: Final = (("k", "q"), ("i", "y"), ("a", "aa"), ("sh", "s"), ("z", "s"), ("w", "v"))


def figures(folder: Path, people: int, times: int) -> list[Figure]:
    """Return the figures of every page in one house."""
    desk = desk_of(folder, MANAGER)
    try:
        made = _of_everybody(desk, people, times)
    finally:
        desk.close().result()
    desk = desk_of(folder, SOCIAL_WORKER)
    try:
        own, raw = side_by_side([True] * times, _today(desk), Bare(desk).today)
        made.append(Figure(people, "Today of a social worker", own, 200, raw=raw))
    finally:
        desk.close().result()
    return made


def _today(desk: Desk) -> Callable[[bool], object]:
    return lambda mine: desk.ask(today.page, mine).result()


def _of_everybody(desk: Desk, people: int, times: int) -> list[Figure]:
    rng = Random(3)
    everybody = desk.ask(residents.resident_ids, ListFilter(residents.ALL)).result()
    here = desk.ask(residents.resident_ids, ListFilter()).result()
    some = rng.sample(everybody, min(times, len(everybody)))
    some += rng.sample(here, min(times // 2, len(here)))
    bare = Bare(desk)
    made = _typing(desk, bare, people, _typed(desk, some))
    own, raw = side_by_side(
        some, lambda one: desk.ask(resident_page.resident_page, one).result(), bare.resident
    )
    made.append(Figure(people, "resident page", own, 150, raw=raw))
    own, raw = side_by_side(some, lambda one: desk.ask(timeline.page, one).result(), bare.timeline)
    made.append(Figure(people, "timeline page", own, 150, raw=raw))
    own, raw = side_by_side([False] * times, _today(desk), bare.today)
    made.append(Figure(people, "Today of the manager, everybody's", own, 200, raw=raw))
    starts = [rng.randrange(max(len(everybody) - _ROWS, 1)) for _ in range(times)]
    spans = [everybody[start : start + _ROWS] for start in starts]
    own, raw = side_by_side(
        spans, lambda span: desk.ask(residents.resident_rows, span).result(), bare.lines
    )
    made.append(Figure(people, "list to any position", own, 60, raw=raw))
    wanted = ListFilter(residents.ALL)
    own, raw = side_by_side(
        [wanted] * min(times, 10),
        lambda asked: desk.ask(residents.resident_ids, asked).result(),
        lambda _asked: bare.everybody(),
    )
    made.append(Figure(people, "list of everybody, opened", own, raw=raw))
    made.append(_plain(desk, people, "bed board", bed_board.board, times))
    made.append(_plain(desk, people, "list of open cases", court_pages.case_ids, times))
    return [*made, *_papers(desk, people, times)]


def _plain(
    desk: Desk, people: int, name: str, question: Callable[[Work], object], times: int
) -> Figure:
    taken = timed([0] * times, lambda _: desk.ask(question).result())
    return Figure(people, name, taken[1:])


# Typing


def _typed(desk: Desk, some: list[int]) -> list[str]:
    """Return everything somebody has in the field while typing names, codes and variants."""
    lines = desk.ask(residents.resident_rows, some).result()
    whole: list[str] = []
    for place, line in enumerate(lines):
        whole.append(line.alias if place % 2 else _misspelt(line.alias, place))
        if place % 3 == 0:
            whole.append(line.code)
    typed = [text[: end + 1] for text in whole for end in range(len(text))]
    return list(dict.fromkeys(part for part in typed if part.strip()))


def _misspelt(name: str, number: int) -> str:
    old, new = _MISSPELT[number % len(_MISSPELT)]
    return name.casefold().replace(old, new)


def _typing(desk: Desk, bare: Bare, people: int, typed: list[str]) -> list[Figure]:
    def keystroke(text: str) -> None:
        ids = desk.ask(residents.resident_ids, ListFilter(residents.ALL, text)).result()
        desk.ask(residents.resident_rows, ids[:_ROWS]).result()

    own, raw = side_by_side(typed, keystroke, bare.search)
    palette = timed(typed, lambda text: desk.ask(search.everything, text).result())
    return [
        Figure(people, "search in the list, per keystroke", own, 50, P95, raw),
        Figure(people, "search in the palette, per keystroke", palette, 50, P95, raw),
    ]


# Papers


def _papers(desk: Desk, people: int, times: int) -> list[Figure]:
    """Return what a court-support summary costs; the drafts begun here are rolled back."""
    cases = desk.ask(court_pages.case_ids).result()[: max(times // 4, 3)]
    prepared = timed(cases, lambda case: _summary(desk, case))
    summary = _summary(desk, cases[0])
    first = timed([summary], paper.pdf)
    warm = timed([summary] * max(times // 4, 3), paper.pdf)
    return [
        Figure(people, "court summary prepared", prepared, 500),
        Figure(people, "court summary PDF, first", first, 500, MOST),
        Figure(people, "court summary PDF, warm", warm, 500),
    ]


class _NotKept(Exception):
    """Ends a transaction that must leave nothing."""


def _summary(desk: Desk, case_id: int) -> CourtSummary:
    made: list[CourtSummary] = []
    try:
        with desk.vault.transaction():
            work = Work(desk.vault, desk.actor)
            assert work.get(LegalCase, case_id)
            made.append(court_summary.start(work, case_id).summary)
            raise _NotKept
    except _NotKept:
        return made[0]
