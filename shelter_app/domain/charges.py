"""The list of usual charges as people choose from it: by Act, with its standing and its source.

The list helps with typing and is no advice: what the charge sheet says always wins. Rows marked
'verify' have not been confirmed by an advocate and say so; repealed rows are not offered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from shelter_app import i18n
from shelter_app.domain import codelists
from shelter_app.i18n import N_, _

CHARGES: Final = "charges_ke"
TO_BE_CONFIRMED: Final = N_("to be confirmed by counsel")
_ADVICE: Final = re.compile(r"\s*\((?:statutory title|jina la sheria)[^)]*\)")
"""What the list tells the people who choose from it; it never belongs into a paper."""
_VERIFY: Final = re.compile(r"\bverify\b", re.IGNORECASE)
_VERIFY_MARK: Final = re.compile(r"\s*\(verify\)", re.IGNORECASE)
_SEE_THERE: Final = ("See Act", "See Code")
"""What the list says instead of a penalty it does not know."""
_LIFE: Final = N_("Life imprisonment")
_TERM: Final = N_("Not less than {years} years")
_TERM_OR_LIFE: Final = N_("Not less than {years} years, may be enhanced to life")
_TERMS: Final = re.compile(
    r"Not less than (?P<years>\d+) years(?P<life>, may be enhanced to life)?"
)


@dataclass(frozen=True)
class ChargeChoice:
    """One section of an Act that may be chosen."""

    code: str
    act: str
    section: str
    label: str
    penalty: str
    to_be_confirmed: bool
    source: str
    note: str

    @property
    def words(self) -> str:
        """Return section and label, with the warning when no advocate has confirmed it."""
        words = _("{section} {label}").format(section=self.section, label=self.label)
        if not self.to_be_confirmed:
            return words
        return _("{words} – {warning}").format(words=words, warning=_(TO_BE_CONFIRMED))

    @property
    def known_penalty(self) -> str:
        """Return the penalty as far as the list knows it."""
        return "" if self.penalty in _SEE_THERE else _spoken(_VERIFY_MARK.sub("", self.penalty))

    @property
    def penalty_to_be_confirmed(self) -> bool:
        """Whether nobody has confirmed section or penalty."""
        return self.to_be_confirmed or bool(_VERIFY.search(self.penalty + self.source))

    @property
    def known_source(self) -> str:
        """Return where the list has it from, without what its makers noted for an advocate."""
        parts = (part.strip() for part in self.source.split(";"))
        return "; ".join(part for part in parts if not _VERIFY.search(part))

    @property
    def sheet_text(self) -> str:
        """Return the text proposed for the charge sheet line until somebody types the real one."""
        return _("{label}, {section} {act}").format(
            label=statutory_title(self.label), section=self.section, act=self.act
        )


def _spoken(penalty: str) -> str:
    """Return a penalty in the language of now, or in the English of the Acts and marked as such.

    Only plain terms are translated: a wrong word about fines and second convictions is worse than
    an English one.
    """
    term = _TERMS.fullmatch(penalty)
    if penalty == _LIFE:
        return _(_LIFE)
    if term is not None:
        words = _TERM_OR_LIFE if term["life"] else _TERM
        return _(words).format(years=term["years"])
    if i18n.language() == "en":
        return penalty
    return _("In the English of the Acts: “{penalty}”").format(penalty=penalty)


def statutory_title(label: str) -> str:
    """Return a label of the list as the Act says it, without the advice beside it."""
    return _ADVICE.sub("", label).strip()


def statutory_titles() -> frozenset[str]:
    """Return the titles marked as the law's own words, which we would never say of anybody."""
    rows = codelists.code_list(CHARGES).rows
    labels = (label for row in rows for label in (row.label, row.label_sw))
    return frozenset(statutory_title(label) for label in labels if _ADVICE.search(label))


def _choice(row: codelists.Code) -> ChargeChoice:
    more: dict[str, Any] = dict(row.more)
    return ChargeChoice(
        code=row.code,
        act=str(more.get("act", "")),
        section=str(more.get("section", "")),
        label=row.label_sw if i18n.language() == "sw" else row.label,
        penalty=str(more.get("penalty", "")),
        to_be_confirmed=more.get("status") != "in_force",
        source=str(more.get("source", "")),
        note=str(more.get("note", "")),
    )


def is_repealed(code: str) -> bool:
    """Say whether a section is reported repealed, so that it is not offered for a new charge."""
    row = codelists.code_list(CHARGES).row(code)
    return row is not None and row.more.get("status") == "repealed"


def charge_choice(code: str) -> ChargeChoice | None:
    """Return one section, repealed ones included because old charges carry them."""
    row = codelists.code_list(CHARGES).row(code)
    return _choice(row) if row is not None else None


def offered_by_act() -> dict[str, tuple[ChargeChoice, ...]]:
    """Return what may be chosen today, Act by Act in the order of the list."""
    found: dict[str, list[ChargeChoice]] = {}
    for row in codelists.offered(CHARGES):
        if not is_repealed(row.code):
            made = _choice(row)
            found.setdefault(made.act, []).append(made)
    return {act: tuple(rows) for act, rows in found.items()}


def confirmation_note(code: str) -> str:
    """Return 'to be confirmed by counsel' for a section nobody has confirmed, else ''."""
    found = charge_choice(code)
    return _(TO_BE_CONFIRMED) if found is not None and found.to_be_confirmed else ""
