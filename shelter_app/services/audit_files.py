"""What the trail says of the files themselves: what a check found, what saving a damaged one cost.

Such a row belongs to no record type; whoever reads the trail of its part reads it whole, for it
holds numbers and names of lists only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shelter_app.domain import catalogue
from shelter_app.i18n import N_, _, ngettext
from shelter_app.services import integrity
from shelter_app.storage.integrity import Finding, Trouble

RECORD_TYPE: Final = "vault"
TITLE: Final = N_("Files of the records")
SAVED: Final = "salvage"
CHECKED: Final = "check"


def in_words(action: str, said: Mapping[str, Any]) -> str:
    """Return what a row about files says; one that somebody tampered with says nothing."""
    try:
        if action == SAVED:
            return " ".join(_saved(said))
        if action == CHECKED:
            return " ".join(integrity.finding_words(_finding(each)) for each in said["found"])
    except (KeyError, TypeError, ValueError):
        return ""
    return ""


def _finding(said: Mapping[str, Any]) -> Finding:
    return Finding(
        str(said["part"]),
        Trouble(said["trouble"]),
        str(said["table"]),
        str(said.get("column", "")),
        int(said["count"]),
        tuple(int(each) for each in said.get("ids", ())),
    )


def _saved(said: Mapping[str, Any]) -> list[str]:
    pages, damaged = said["pages"]
    words = [
        ngettext(
            "{bad} of {all} page was damaged.", "{bad} of {all} pages were damaged.", pages
        ).format(bad=damaged, all=pages)
    ]
    for table, ids in said["lost"].items():
        numbers = ", ".join(str(int(each)) for each in ids)
        words.append(_("Lost, {kind}: {numbers}.").format(kind=_title(table), numbers=numbers))
    gap: Sequence[int] = said["trail_gap"]
    if gap:
        numbers = ", ".join(str(int(each)) for each in gap)
        words.append(_("Lost of the trail: {numbers}.").format(numbers=numbers))
    kept = _("The damaged file is kept in the folder “{folder}”.")
    return [*words, kept.format(folder=said["kept_as"])]


def _title(table: str) -> str:
    try:
        return _(catalogue.record_type(table).title)
    except KeyError:
        return table
