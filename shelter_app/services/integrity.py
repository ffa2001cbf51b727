"""The full check of the records: started after signing in, running beside the work, told in words.

It takes the keys of the signed-in slot once, on the vault's thread, and then works on a connection
and a thread of its own until it is done, told to stop, or the records are closed.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary, ref

from shelter_app import clock
from shelter_app.domain import catalogue
from shelter_app.domain.fields import fields_of
from shelter_app.errors import ShelterError
from shelter_app.i18n import N_, _, ngettext
from shelter_app.services.desk import Desk
from shelter_app.services.work import Work
from shelter_app.storage import audit, integrity
from shelter_app.storage.connection import MAIN
from shelter_app.storage.integrity import Finding, Report, Trouble

PARTS: Final = {
    "keyring": N_("the key file"),
    "office": N_("settings, staff and partners"),
    "house": N_("the house (people, beds, stays, appointments)"),
    "cases": N_("the case files (case work, court, plans, papers)"),
    "counselling": N_("the counselling notes"),
    "identity": N_("the true names and addresses"),
}
"""What each file holds, in words for people who never saw a file."""
_ACTION: Final = "check"


@dataclass(frozen=True)
class Checked:
    """A finished check: when it ended and what it found."""

    at: datetime
    report: Report

    @property
    def all_well(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.report.findings


class Health:
    """The check of one signed-in desk: at most one at a time, and what the last one found."""

    def __init__(self, desk: Desk) -> None:
        self._desk = ref(desk)
        self._stop = threading.Event()
        self.running = False
        self.share = 0.0
        self.part = ""
        self.last: Checked | None = None
        self.failed = False
        """The last check could not be finished; the next sign-in tries again."""

    def start(self) -> None:
        """Begin a check unless one is running."""
        desk = self._desk()
        if self.running or desk is None or desk.closed:
            return
        self.running, self.failed, self.share, self.part = True, False, 0.0, ""
        self._stop.clear()
        desk.ask(_site).add_done_callback(self._begin)

    def stop(self) -> None:
        """Ask the check to end soon."""
        self._stop.set()

    def _begin(self, future: Future[integrity.Site]) -> None:
        try:
            site = future.result()
        except (ShelterError, CancelledError):
            self._ended()
            return
        thread = threading.Thread(target=self._check, args=(site,), name="check", daemon=True)
        thread.start()

    def _check(self, site: integrity.Site) -> None:
        try:
            report = integrity.check(site, integrity.Watch(self._progress, self._stopping))
        except integrity.Stopped:
            self._ended()
            return
        except (ShelterError, OSError):
            self._ended()
            return
        self.last = Checked(clock.now(), report)
        self.running = False

    def _ended(self) -> None:
        self.failed = True
        self.running = False

    def _stopping(self) -> bool:
        desk = self._desk()
        return self._stop.is_set() or desk is None or desk.closed

    def _progress(self, share: float, part: str) -> None:
        self.share, self.part = share, part


_known: WeakKeyDictionary[Desk, Health] = WeakKeyDictionary()


def health_of(desk: Desk) -> Health:
    """Return the one check that belongs to a desk."""
    return _known.setdefault(desk, Health(desk))


def _site(work: Work) -> integrity.Site:
    vault = work.vault
    names = sorted(vault.compartments, key=lambda name: (name != MAIN, name))
    files = {name: vault.ring.files[name].file for name in names}
    return integrity.Site(vault.folder, files, vault.key_copies(), vault.public_keys())


def keep(work: Work, checked: Checked) -> None:
    """Write down what a check found wrong, and let the next start stop at damaged parts."""
    for part in checked.report.damaged:
        work.vault.distrust(part)
    if MAIN in checked.report.damaged:
        return
    found = [
        {
            "part": f.compartment,
            "trouble": f.trouble.value,
            "table": f.table,
            "column": f.column,
            "count": f.count,
            "ids": f.ids[:1],
        }
        for f in checked.report.findings
    ]
    audit.append(
        work.vault,
        MAIN,
        audit.Entry(
            action=_ACTION,
            staff_id=work.actor.staff_id,
            record_type="vault",
            detail=json.dumps({"found": found}),
        ),
    )


def part_words(part: str) -> str:
    """Return a part of the vault in words, in the language in use."""
    return _(PARTS.get(part, N_("a part of the records")))


def finding_words(finding: Finding) -> str:
    """Return one finding as a sentence that names the part and what to do."""
    part = part_words(finding.compartment)
    if finding.trouble is Trouble.PAGES:
        words = ngettext(
            "Damaged: {part}. {count} page of the file cannot be trusted.",
            "Damaged: {part}. {count} pages of the file cannot be trusted.",
            finding.count,
        )
        return words.format(part=part, count=finding.count)
    if finding.trouble is Trouble.TABLE:
        return _("Damaged: {part}. The list “{table}” does not hold together.").format(
            part=part, table=_title(finding.table)
        )
    if finding.trouble is Trouble.TRAIL:
        return _("The audit trail of {part} breaks at row {row}.").format(
            part=part, row=finding.ids[0] if finding.ids else 0
        )
    words = ngettext(
        "{count} entry of the kind “{table}” points to something that is not there ({field}).",
        "{count} entries of the kind “{table}” point to something that is not there ({field}).",
        finding.count,
    )
    return words.format(count=finding.count, table=_title(finding.table), field=_label(finding))


def _title(table: str) -> str:
    try:
        return _(catalogue.record_type(table).title)
    except KeyError:
        return table


def _label(finding: Finding) -> str:
    kind = catalogue.record_type(finding.table)
    return next((_(f.label) for f in fields_of(kind) if f.name == finding.column), finding.column)
