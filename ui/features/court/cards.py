"""The cards of a case page: its course, charges, accused, police and the facts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shelter_app import clock
from shelter_app.domain import charges as charge_list
from shelter_app.domain import codelists
from shelter_app.domain.legal import Charge, PoliceContact, Suspect
from shelter_app.domain.legal_course import CourseStep, sentence_words
from shelter_app.i18n import _, ngettext
from shelter_app.services import court_pages
from shelter_app.services.court_pages import CasePage
from ui.features.court import rows
from ui.features.court.entries_card import EntriesCard, GrowingCard
from ui.kit import day_text
from ui.kit.button import button, label, rule
from ui.kit.card import Card, KeyValueList

_FEW: Final = 6
_DOTS: Final = {
    "done": "good",
    "next": "court",
    "later": "court",
    "missing": "overdue",
    "ahead": "neutral",
}


class CourseCard(EntriesCard):
    """The course of the case, oldest first, what is still ahead in quiet words."""

    record_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__(_("Course of the case"))
        self.body.addStretch(1)

    def show_page(self, page: CasePage) -> None:
        """Show the steps and how often it was adjourned."""
        today = clock.today()
        self.show_entries(self._row(step, today, page) for step in page.course)
        if page.adjournments:
            self._list.addWidget(rule())
            said = label(adjourned_words(page.adjournments), "secondary", wrap=True)
            said.setObjectName("CourseCard_adjourned")
            said.setContentsMargins(4, 10, 4, 0)
            self._list.addWidget(said)

    def _row(self, step: CourseStep, today: date, page: CasePage) -> QWidget:
        when = (
            day_text.near_moment(step.at, today)
            if isinstance(step.at, datetime) and step.state != "done"
            else day_text.near_day(_day(step.at), today)
        )
        detail = " · ".join(part for part in (when, step.detail) if part) or "—"
        ahead = step.state == "ahead"
        dot = _DOTS[step.state]
        if step.state in {"next", "later"} and self._alone(step, page):
            dot = "overdue"
        row = rows.entry(
            step.what, detail, name="CourseCard_step", dot=dot, face="mute" if ahead else "strong"
        )
        if step.record_id:
            row.clicked.connect(lambda: self.record_chosen.emit(step.record_table, step.record_id))
        else:
            row.setEnabled(False)
        return row

    @staticmethod
    def _alone(step: CourseStep, page: CasePage) -> bool:
        hearing = page.hearing(step.record_id)
        return hearing is not None and hearing.somebody_alone()


def _day(at: date | datetime | None) -> date | None:
    return at.date() if isinstance(at, datetime) else at


def adjourned_words(reasons: tuple[str, ...]) -> str:
    """Return 'Adjourned 2 times' with each reason once."""
    count = len(reasons)
    named = ", ".join(
        codelists.label("adjournment_reason", code).lower() for code in dict.fromkeys(reasons)
    )
    return ngettext(
        "Adjourned {count} time · reason: {reasons}",
        "Adjourned {count} times · reasons: {reasons}",
        count,
    ).format(count=count, reasons=named)


class ChargesCard(GrowingCard):
    """The counts, each with plea, verdict and what no advocate has confirmed."""

    charge_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Charges"), _("Add charge"))

    def show_page(self, page: CasePage) -> None:
        """Show the counts of a case."""
        self.add_button.setVisible(page.may_write)
        self.add_button.setEnabled(bool(page.facts.suspects))
        hint = ""
        if not page.facts.suspects:
            hint = _("Add the accused first; each charge is against one of them.")
        elif not page.facts.charges:
            hint = _("No charge yet.")
        self.show_entries((self._row(charge, page) for charge in page.facts.charges), hint)

    def _row(self, charge: Charge, page: CasePage) -> QWidget:
        number = court_pages.suspect_number(page, charge.suspect_id)
        words = _("Count {count} · accused {number}").format(count=charge.count_no, number=number)
        if charge.alternative:
            words = _("{count} (alternative)").format(count=words)
        row = rows.entry(
            words, charge.charge_text, name="ChargesCard_charge", pills=_charge_pills(charge)
        )
        row.clicked.connect(lambda: self.charge_chosen.emit(charge.id))
        return row


def _charge_pills(charge: Charge) -> list[tuple[str, str]]:
    pills: list[tuple[str, str]] = []
    if charge.verdict and charge.verdict != "pending":
        pills.append((codelists.label("verdict", charge.verdict), "court"))
        if charge.sentence_type not in {"", "none"}:
            pills.append((sentence_words(charge), "court"))
    elif charge.plea:
        plea = codelists.label("plea", charge.plea)
        pills.append((_("Plea: {plea}").format(plea=plea.lower()), "neutral"))
    note = charge_list.confirmation_note(charge.charge_code)
    if note:
        pills.append((note[:1].upper() + note[1:], "soon"))
    return pills


class AccusedCard(GrowingCard):
    """The accused by number; names stand in the editor only."""

    suspect_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Accused"), _("Add accused"))

    def show_page(self, page: CasePage) -> None:
        """Show the accused of a case."""
        self.add_button.setVisible(page.may_write)
        hint = "" if page.facts.suspects else _("Nobody is named yet.")
        self.show_entries((self._row(suspect, page) for suspect in page.facts.suspects), hint)

    def _row(self, suspect: Suspect, page: CasePage) -> QWidget:
        today = clock.today()
        parts = [codelists.label("perpetrator_relationship", suspect.relationship)]
        if suspect.arrested_on:
            day = day_text.near_day(suspect.arrested_on, today)
            parts.append(_("arrested {day}").format(day=day))
        if suspect.bail_on:
            day = day_text.near_day(suspect.bail_on, today)
            parts.append(_("on bail since {day}").format(day=day))
        if count := page.pictures.get(suspect.id, 0):
            parts.append(ngettext("{count} picture", "{count} pictures", count).format(count=count))
        pills = [(codelists.label("accused_status", suspect.status), "neutral")]
        if suspect.threat_level in {"high", "critical"}:
            level = codelists.label("risk_level", suspect.threat_level).lower()
            pills.append((_("Threat to her: {level}").format(level=level), "overdue"))
        row = rows.entry(
            _("Accused {number}").format(number=suspect.accused_no),
            " · ".join(parts),
            name="AccusedCard_accused",
            pills=pills,
        )
        row.clicked.connect(lambda: self.suspect_chosen.emit(suspect.id))
        return row


class PoliceCard(EntriesCard):
    """Promises that wait first, then what was said; days since the report at the right."""

    contact_chosen = Signal(object)
    settle_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Police"))

    def show_page(self, page: CasePage) -> None:
        """Show the contacts of a case."""
        self.set_aside(reported_words(page.reported_days))
        contacts = court_pages.police_contacts(page)
        hint = ""
        if not contacts:
            hint = _("No contact written down yet. Note every call: who promised what by when.")
        self.show_entries((self._row(contact, page) for contact in contacts[:_FEW]), hint)

    def _row(self, contact: PoliceContact, page: CasePage) -> QWidget:
        today = clock.today()
        when = day_text.near_day(contact.at.date() if contact.at else None, today)
        pills: list[tuple[str, str]] = []
        headline, detail = contact.headline(), contact.summary
        if contact.promise:
            headline = _("Promised: {promise}").format(promise=contact.promise)
            detail = contact.headline()
            pills.append(promise_pill(contact, today))
        parts = [when, contact.officer, detail, page.staff.get(contact.by, "")]
        row = rows.entry(
            headline,
            " · ".join(part for part in parts if part),
            name="PoliceCard_contact",
            pills=pills,
        )
        row.clicked.connect(lambda: self.contact_chosen.emit(contact.id))
        if contact.is_waiting() and page.may_write:
            return rows.with_action(
                row,
                _("Settled"),
                "PoliceCard_settled",
                lambda: self.settle_wanted.emit(contact.id),
            )
        return row


def reported_words(days: int | None) -> str:
    """Return '81 days since the report', '' when the day is not known."""
    if days is None:
        return ""
    return ngettext("{days} day since the report", "{days} days since the report", days).format(
        days=days
    )


def promise_pill(contact: PoliceContact, today: date) -> tuple[str, str]:
    """Return in a few words whether a promise was kept, is coming or is late."""
    if contact.promise_kept_on:
        day = day_text.near_day(contact.promise_kept_on, today)
        return _("Settled {day}").format(day=day), "good"
    if contact.next_on is None:
        return _("No day named"), "soon"
    late = (today - contact.next_on).days
    if late > 0:
        return ngettext("{days} day late", "{days} days late", late).format(days=late), "overdue"
    return _("by {day}").format(day=day_text.near_day(contact.next_on, today)), "soon"


class FactsCard(Card):
    """Where it is reported and heard, and who is in charge."""

    edit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("The case"))
        self.setObjectName("FactsCard")
        self.edit_button = button(_("Edit"), "FactsCard_edit", "small", icon="edit")
        self.set_aside(self.edit_button)
        self.list = KeyValueList()
        self.body.addWidget(self.list)
        self.edit_button.clicked.connect(self.edit_wanted)

    def show_page(self, page: CasePage) -> None:
        """Show what is known; what is not recorded takes no room."""
        case = page.case
        self.list.clear()
        self.edit_button.setText(_("Edit") if page.may_write else _("View"))
        for name, value in (
            (_("Kind of matter"), codelists.label("legal_case_type", case.case_type)),
            (_("Neutral title"), case.short_title),
            (_("Court officer"), page.lead),
            (_("OB number"), case.ob_number),
            (_("Police station"), case.police_station),
            (_("Police unit"), codelists.label("police_unit", case.police_unit)),
            (_("Investigating officer"), case.investigating_officer),
            (_("Officer's phone"), case.io_phone),
            (_("Magistrate"), case.magistrate),
            (_("Prosecutor"), case.prosecutor),
            (_("Why it stands still"), codelists.labels("stall_reason", case.stall_reason)),
        ):
            if value:
                self.list.add(name, value)
        if case.settlement_offer:
            self.list.add(_("Settlement"), _("was offered out of court: refuse and report"))
