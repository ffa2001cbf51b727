"""What the preparer of a summary chose: sections, own sentences, words kept, lines taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from shelter_app.domain import leak_scan
from shelter_app.domain.court_summary import CourtSummary, SaidForPaper, as_data, from_data
from shelter_app.domain.document import Document
from shelter_app.domain.fields import fields_of
from shelter_app.errors import NotPossible
from shelter_app.i18n import N_
from shelter_app.services import summary_scan
from shelter_app.services.summary_scan import Point, Settled

_SAID: Final = tuple(field.name for field in fields_of(SaidForPaper))


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the preparer chose; everything else on the paper comes from the records."""

    left_out: tuple[str, ...] = ()
    typed: SaidForPaper = field(default_factory=SaidForPaper)
    removed: tuple[Settled, ...] = ()
    kept: tuple[Settled, ...] = ()

    @property
    def language(self) -> str:
        """Return the language of the paper."""
        return self.typed.language


def keep_word(choices: Choices, point: Point, reason: str) -> Choices:
    """Return the choices with a found word kept for a typed reason."""
    if not reason.strip():
        raise NotPossible(N_("Please say why it may stay."))
    entry = Settled(summary_scan.key(point.word), point.finding.concern.value, reason.strip())
    return replace(choices, kept=(*choices.kept, entry))


def remove_line(choices: Choices, point: Point) -> Choices:
    """Return the choices with the line of a found word taken out."""
    concern = point.finding.concern
    entry = Settled(point.line, concern.value, leak_scan.REASONS[concern])
    return replace(choices, removed=(*choices.removed, entry))


def decide_again(choices: Choices, entry: Settled) -> Choices:
    """Return the choices without a decision: the line stands again, the word is found again."""
    return replace(
        choices,
        kept=tuple(one for one in choices.kept if one != entry),
        removed=tuple(one for one in choices.removed if one.text != entry.text),
    )


def as_text(decided: Iterable[Settled]) -> str:
    """Return decisions as the register keeps them, '' when there are none."""
    listed = [asdict(entry) for entry in decided]
    return json.dumps(listed, ensure_ascii=False) if listed else ""


def kept(choices: Choices, frozen: CourtSummary | None) -> str:
    """Return what the document row keeps: the choices, and the paper once it was sent on."""
    said = {name: getattr(choices.typed, name) for name in _SAID}
    whole: dict[str, Any] = {"choices": asdict(replace(choices, typed=SaidForPaper()))}
    whole["choices"]["typed"] = said
    if frozen is not None:
        whole["summary"] = as_data(frozen)
    return json.dumps(whole, ensure_ascii=False)


def read(document: Document) -> tuple[Choices, CourtSummary | None]:
    """Return the choices of a document row, and the frozen paper if it was sent on."""
    whole = json.loads(document.content) if document.content else {"choices": {}}
    raw = whole["choices"]
    choices = Choices(
        left_out=tuple(raw.get("left_out", ())),
        typed=SaidForPaper(**raw.get("typed", {})),
        removed=tuple(Settled(**entry) for entry in raw.get("removed", ())),
        kept=tuple(Settled(**entry) for entry in raw.get("kept", ())),
    )
    return choices, from_data(whole["summary"]) if "summary" in whole else None
