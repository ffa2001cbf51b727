"""Saving what still opens of a damaged part, before anybody signs in, and saying what was lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shelter_app.domain.catalogue import RECORD_TYPES, record_type
from shelter_app.errors import NotAllowed, NotFound, VaultDamaged
from shelter_app.i18n import _, ngettext
from shelter_app.services import audit_files
from shelter_app.storage import audit, salvage, search
from shelter_app.storage import vault as storage
from shelter_app.storage.connection import schema_of
from shelter_app.storage.migrations import STEPS
from shelter_app.storage.salvage import Salvaged, TableLoss

_MOST_NAMED: Final = 500


@dataclass(frozen=True)
class Loss:
    """One record type: how many entries were saved, how many are known to be lost, their ids."""

    title: str
    saved: int
    lost: int
    ids: tuple[int, ...]
    maybe_more: bool
    """A page of this type was lost whole: there may be entries nobody knows of."""


@dataclass(frozen=True)
class Told:
    """What saving a damaged part came to."""

    part: str
    losses: tuple[Loss, ...]
    pages: int
    damaged_pages: int
    untold: int
    trail_gap: int
    kept_as: str
    still_damaged: str
    """Another part that is damaged too, or ''."""

    @property
    def saved(self) -> int:
        """Return how many entries were saved."""
        return sum(loss.saved for loss in self.losses)

    @property
    def lost(self) -> int:
        """Return how many entries are known to be lost."""
        return sum(loss.lost for loss in self.losses)


def save_what_opens(
    folder: Path,
    slot_id: str,
    passphrase: str,
    part: str,
    progress: Callable[[float], None] = lambda _share: None,
) -> Told:
    """Put a new file with everything readable in the place of a damaged one, and note it.

    WrongPassphrase as at the door; NotAllowed for somebody who does not open this part.
    """
    try:
        saved = salvage.salvage(folder, slot_id, passphrase, part, STEPS, progress)
    except NotFound as error:
        raise NotAllowed(part) from error
    try:
        vault = storage.open_vault(folder, slot_id, passphrase)
    except VaultDamaged as error:
        return _told(saved, error.part)
    try:
        with vault.transaction():
            _find_again(vault)
            audit.append(vault, part, _entry(saved))
    finally:
        vault.close()
    return _told(saved, "")


def _find_again(vault: storage.Vault) -> None:
    """Make the search keys of the parts that were saved; they are not worth saving themselves."""
    for name in sorted(vault.compartments):
        statement = f"SELECT count(*) FROM {schema_of(name)}.search_key"  # noqa: S608
        if not vault.connection.exec_driver_sql(statement).scalar_one():
            search.rebuild(vault.connection, name, RECORD_TYPES)


def _entry(saved: Salvaged) -> audit.Entry:
    detail = {
        "pages": [saved.pages, saved.damaged_pages],
        "untold": saved.untold,
        "trail_gap": list(saved.trail_gap[:_MOST_NAMED]),
        "lost": {loss.table: list(loss.lost[:_MOST_NAMED]) for loss in saved.tables if loss.lost},
        "kept_as": saved.kept_as,
    }
    return audit.Entry(
        action=audit_files.SAVED, record_type=audit_files.RECORD_TYPE, detail=json.dumps(detail)
    )


def _told(saved: Salvaged, still_damaged: str) -> Told:
    losses = [_loss(loss) for loss in saved.tables if loss.saved or not loss.is_whole]
    return Told(
        saved.compartment,
        tuple(sorted(losses, key=lambda loss: (-loss.lost, loss.title))),
        saved.pages,
        saved.damaged_pages,
        saved.untold,
        len(saved.trail_gap),
        saved.kept_as,
        still_damaged,
    )


def _loss(loss: TableLoss) -> Loss:
    try:
        title = _(record_type(loss.table).title)
    except KeyError:
        title = _("Unfinished forms") if loss.table == "draft" else loss.table
    return Loss(title, loss.saved, len(loss.lost), loss.lost, loss.pages_lost > 0)


def summary(told: Told) -> str:
    """Return the result in two sentences."""
    saved = ngettext("{count} entry was saved.", "{count} entries were saved.", told.saved)
    words = [saved.format(count=f"{told.saved:,}")]
    maybe_more = any(loss.maybe_more for loss in told.losses) or told.untold
    if told.lost:
        lost = ngettext("{count} entry is lost.", "{count} entries are lost.", told.lost)
        if maybe_more:
            lost = ngettext(
                "At least {count} entry is lost.", "At least {count} entries are lost.", told.lost
            )
        words.append(lost.format(count=f"{told.lost:,}"))
    elif maybe_more:
        words.append(_("Some pages could not be read; what stood on them is not known."))
    else:
        words.append(_("Nothing is known to be lost."))
    return " ".join(words)
