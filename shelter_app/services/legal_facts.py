"""Legal facts the program carries: what counsel has still to confirm, with where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from shelter_app.domain import codelists
from shelter_app.domain.codelists import Code
from shelter_app.services.work import Work


@dataclass(frozen=True)
class LegalFact:
    """One statement of law the program relies on."""

    id: int
    what: str
    where: str
    source: str
    confirmed: bool


def legal_facts(_work: Work) -> tuple[LegalFact, ...]:
    """Return the facts of the code lists, those to be confirmed first."""
    found = [
        (codelists.label("charges_ke", row.code), _where(row), row, row.more.get("status"))
        for row in codelists.code_list("charges_ke").rows
        if row.more.get("status") != "repealed"
    ]
    for row in codelists.code_list("deadline_rules").rows:
        status = "verify" if "verify" in _source(row) else "in_force"
        found.append((codelists.label("deadline_rules", row.code), row.code, row, status))
    facts = [
        LegalFact(number, what, where, _source(row), status != "verify")
        for number, (what, where, row, status) in enumerate(found, start=1)
    ]
    return tuple(sorted(facts, key=lambda fact: fact.confirmed))


def _where(row: Code) -> str:
    return f"{row.more.get('act', '')} {row.more.get('section', '')}".strip()


def _source(row: Code) -> str:
    return str(row.more.get("basis") or row.more.get("source") or "")
