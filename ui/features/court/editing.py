"""Opens the right form over the case page and hands what was typed to the right service."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from shelter_app import clock
from shelter_app.domain.case_survivor import CaseSurvivor
from shelter_app.domain.legal import (
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.domain.papers import SuspectPhoto
from shelter_app.domain.record import Record
from shelter_app.i18n import _, ngettext
from shelter_app.services import case_survivors, companions, court, court_pages, papers
from shelter_app.services.court_pages import CasePage, Hearing
from ui.features.court import forms
from ui.features.court.survivors_card import SurvivorForm
from ui.kit import day_text
from ui.kit.button import button
from ui.kit.context import Context
from ui.kit.dialog import ReasonDialog
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor
from ui.papers.paper_form import PaperForm
from ui.papers.shelf_list import shelf_for
from ui.papers.words import kind_words

Then = Callable[[Any], object]


class Editing:
    """The side editor of the court pages; one form is open at a time."""

    def __init__(
        self, context: Context, host: QWidget, recorded: Callable[[], object] | None = None
    ) -> None:
        """`recorded` is called when an outcome was written down."""
        self._recorded = recorded
        self._context = context
        self._host = host

    @cached_property
    def editor(self) -> SideEditor:
        """Return the side editor, made with the first form: the list stands sooner without it."""
        return SideEditor(self._host)

    # Cases

    def new_case(self, case: LegalCase, then: Then) -> None:
        """Open a form for a case that is not there yet; its title says whose it is, when known."""
        if not case.person_id:
            self._open_new_case(case, _("New legal case"), then)
            return

        def go_on(person: str) -> None:
            title = _("New legal case: {person}").format(person=person)
            self._open_new_case(case, title, then)

        self._context.tasks.ask(self._host, court_pages.person_label, case.person_id, then=go_on)

    def _open_new_case(self, case: LegalCase, title: str, then: Then) -> None:
        form = forms.CaseForm(self._context, choose_person=not case.person_id)
        form.set_record(case)
        key = f"case:{case.person_id}"
        saved = _("Case opened")
        self._open(title, form, court.open_case, key, saved=saved, then=then)

    def edit_case(self, page: CasePage) -> None:
        """Open the case itself."""
        form = forms.CaseForm(self._context, choose_person=False)
        self._show(page, page.heading, form, page.case, court.save_case, _("Case saved"))

    # The accused, the charges, the police

    def edit_suspect(self, page: CasePage, suspect_id: int = 0) -> None:
        """Open an accused, or a form for another one."""
        found = next((s for s in page.facts.suspects if s.id == suspect_id), None)
        title = _("Another accused")
        if found is not None:
            title = _("Accused {number}").format(number=found.accused_no)
        record = found or Suspect(legal_case_id=page.case.id, status="identified")
        form = forms.SuspectForm(self._context)
        pictures = shelf_for(
            self._context,
            self._host,
            record,
            lambda _kind, of, path: self.add_picture(page, of, path),
        )
        if pictures is not None:
            form.add(pictures)
        self._show(page, title, form, record, court.save_suspect, _("Accused saved"))

    def add_picture(self, page: CasePage, suspect_id: int, path: Path | None = None) -> None:
        """Open the form of a picture of an accused, with the file where one was dropped."""
        self._context.tasks.ask(
            self._host,
            papers.start,
            Suspect,
            suspect_id,
            then=partial(self._picture_form, page, suspect_id, path),
        )

    def _picture_form(
        self, page: CasePage, suspect_id: int, path: Path | None, picture: SuspectPhoto
    ) -> None:
        form = PaperForm(SuspectPhoto, self._context.tasks)
        form.set_record(picture)

        def save(typed: Record) -> tuple[Any, ...]:
            return papers.add, typed, form.content()

        self._open(
            kind_words(SuspectPhoto),
            form,
            save,
            f"{PaperForm.__name__}:{page.case.id}",
            saved=_("Picture kept"),
            packed=True,
            then=lambda _line: self.edit_suspect(page, suspect_id),
            kept_under=suspect_id,
        )
        if path is not None:
            form.file_field.take(path)

    def edit_charge(self, page: CasePage, charge_id: int = 0) -> None:
        """Open a charge, or a form for another one."""
        found = next((c for c in page.facts.charges if c.id == charge_id), None)
        record = found or Charge(
            legal_case_id=page.case.id,
            suspect_id=page.facts.suspects[0].id if page.facts.suspects else 0,
            count_no=max((c.count_no or 0 for c in page.facts.charges), default=0) + 1,
        )
        title = _("Count {number}").format(number=record.count_no)
        form = forms.ChargeForm(self._context, page.case.id)
        self._show(page, title, form, record, court.save_charge, _("Charge saved"))

    def edit_contact(self, page: CasePage, contact_id: int = 0) -> None:
        """Open a police contact, or a form to write one down."""
        found = next((c for c in page.facts.contacts if c.id == contact_id), None)
        record = found or PoliceContact(
            legal_case_id=page.case.id,
            at=clock.now().replace(second=0),
            by=self._context.actor.staff_id,
            type="followup_call",
            officer=page.case.investigating_officer,
        )
        title = _("Police contact") if found else _("Log police contact")
        form = forms.ContactForm(self._context, page.case.id)
        save = court.log_police_contact
        self._show(page, title, form, record, save, _("Police contact saved"))

    def edit_survivor(self, page: CasePage, record: CaseSurvivor | None) -> None:
        """Open how a further survivor stands in the case, or a form to add one."""
        form = SurvivorForm(self._context)
        if record is None:
            entry = CaseSurvivor(legal_case_id=page.case.id, joined_on=clock.today())
            title = _("Another survivor")
        else:
            entry, title = record, _("Survivor in the case")
            if page.may_write:
                out = button(_("Take her out of this case…"), "SurvivorForm_out", "small")
                out.clicked.connect(lambda: self._take_out(record.id))
                form.add(out)
        self._show(page, title, form, entry, case_survivors.save, _("Survivor saved"))

    def _take_out(self, entry_id: int) -> None:
        reason = ReasonDialog.ask(
            self._host,
            _("This case is no longer shown with her. The entry stays readable in the trail."),
            _("Take her out"),
            _("Keep her in it"),
        )
        if reason is not None:
            self._close_unsaved()
            service, undo = case_survivors.take_out, _("Taken out of the case")
            self._context.tasks.do(self._host, service, entry_id, reason, undo_label=undo)

    # Court dates

    def new_event(self, page: CasePage) -> None:
        """Open a form for another date."""
        self._context.tasks.ask(
            self._host,
            court.new_court_event,
            page.case.id,
            then=lambda event: self._event_form(page, event, 0),
        )

    def edit_event(self, page: CasePage, event_id: int) -> None:
        """Open a date: to change while it comes, to record once it has, then to correct."""
        hearing = page.hearing(event_id)
        if hearing is None:
            return
        alone = _first_alone(hearing)
        if alone and page.may_assign and not page.may_write:
            self.edit_companion(page, alone)
        elif not page.may_write or not hearing.event.is_past():
            self._event_form(page, hearing.event, hearing.minutes)
        elif not hearing.event.is_recorded():
            self.record_outcome(page, event_id)
        else:
            self.amend_event(page, event_id)

    def record_outcome(self, page: CasePage, event_id: int) -> None:
        """Open the form for what came of a date."""
        hearing = page.hearing(event_id)
        if hearing is None:
            return
        form = forms.OutcomeForm(self._context)
        if page.may_write:
            wrong = button(_("The date itself is wrong…"), "OutcomeForm_amend", "link")
            wrong.clicked.connect(lambda: self.amend_event(page, event_id))
            form.add(wrong)

        def save(event: CourtEvent) -> tuple[Any, ...]:
            return court.record_outcome, event, form.next_type.value()

        title = _("Outcome: {what}").format(what=self._named(hearing.event))
        self._show(page, title, form, hearing.event, save, _("Outcome recorded"), packed=True)

    def amend_event(self, page: CasePage, event_id: int) -> None:
        """Open a past date for a correction with a reason."""
        hearing = page.hearing(event_id)
        if hearing is None:
            return
        form = forms.AmendForm(self._context)

        def save(event: CourtEvent) -> tuple[Any, ...]:
            return court.amend_court_event, event_id, event, event.amendment_reason

        title = _("Correct: {what}").format(what=self._named(hearing.event))
        self._show(page, title, form, hearing.event, save, _("Correction saved"), packed=True)

    def _event_form(self, page: CasePage, event: CourtEvent, minutes: int) -> None:
        hearing = page.hearing(event.id)
        form = forms.EventForm(self._context)
        if minutes:
            form.length.set_value(minutes)
        if page.others:
            there = {one.person_id for one in hearing.others} if hearing else None
            form.ask_who(page.survivor, page.others, there)

        def save(event: CourtEvent) -> tuple[Any, ...]:
            return court.save_court_event, event, form.minutes(), form.others()

        title = self._named(event) if event.revision else _("Add court date")
        alone = _first_alone(hearing)
        if alone and page.may_assign:
            whose = page.attending(alone) if page.others else None
            form.offer_companion(
                lambda: self.edit_companion(page, alone), whose.survivor if whose else ""
            )
        if event.revision and page.may_write:
            form.add(self._withdrawal(event.id))
        self._show(page, title, form, event, save, _("Court date saved"), packed=True)

    def _withdrawal(self, event_id: int) -> QPushButton:
        made = button(_("Take this date back…"), "EventForm_withdraw", "small")
        made.clicked.connect(lambda: self._withdraw(event_id))
        return made

    def _withdraw(self, event_id: int) -> None:
        reason = ReasonDialog.ask(
            self._host,
            _("This court date leaves the case and the house calendar. The entry stays readable."),
            _("Take it back"),
            _("Keep it"),
        )
        if reason is None:
            return
        self._close_unsaved()
        service = court.withdraw_court_event
        undo = _("Court date taken back")
        self._context.tasks.do(self._host, service, event_id, reason, undo_label=undo)

    def _close_unsaved(self) -> None:
        """Close what is open without keeping its draft: its record is dealt with otherwise."""
        form = self.editor.form()
        if form is not None:
            self.editor.saved(form.record())
        self.editor.close_editor()

    @staticmethod
    def _named(event: CourtEvent) -> str:
        when = day_text.show_day(event.starts_at.date()) if event.starts_at else ""
        return f"{event.headline()} · {when}" if when else event.headline()

    # Who goes along

    def edit_companion(
        self, page: CasePage, appointment_id: int, accompaniment_id: int = 0
    ) -> None:
        """Open who goes along with one survivor to a date, or name somebody."""
        whose = page.attending(appointment_id)
        if whose is None:
            return
        known = {c.accompaniment.id: c.accompaniment for c in whose.companions}
        record = known.get(accompaniment_id) or Accompaniment(
            court_event_id=appointment_id, person_id=whose.person_id, role="social_worker"
        )
        form = forms.AccompanimentForm(self._context)
        form.edited.connect(partial(self._look_for_clashes, form, appointment_id, record.staff_id))
        if record.revision and page.may_assign:
            form.add(self._removal(record.id))
        title = _("Who goes along")
        if page.others:
            title = _("Who goes along with {survivor}").format(survivor=whose.survivor)
        save = companions.save_accompaniment
        self._show(page, title, form, record, save, _("Companion saved"), writes=page.may_assign)
        self._look_for_clashes(form, appointment_id, record.staff_id)

    def _removal(self, accompaniment_id: int) -> QPushButton:
        made = button(_("Does not go along"), "AccompanimentForm_remove", "small")
        made.clicked.connect(lambda: self._remove_companion(accompaniment_id))
        return made

    def _remove_companion(self, accompaniment_id: int) -> None:
        self._close_unsaved()
        self._context.tasks.do(
            self._host,
            companions.remove_accompaniment,
            accompaniment_id,
            undo_label=_("Companion taken off"),
        )

    def _look_for_clashes(self, form: forms.AccompanimentForm, event_id: int, known: int) -> None:
        staff_id = form.record().staff_id
        if staff_id == form.clash_staff:
            return
        form.clash_staff = staff_id
        if not staff_id:
            form.show_clash("")
            return

        def told(found: tuple[companions.Clash, ...]) -> None:
            times = ", ".join(
                f"{day_text.show_time(clash.starts_at)}–{day_text.show_time(clash.ends_at)}"
                for clash in found
            )
            words = ngettext(
                "Wanted elsewhere at that time: {times}.",
                "Wanted elsewhere at those times: {times}.",
                len(found),
            )
            form.show_clash(words.format(times=times) if found else "")

        self._context.tasks.ask(form, companions.clashes, event_id, staff_id, then=told)
        if staff_id != known:
            role = companions.usual_role
            self._context.tasks.ask(form, role, staff_id, then=form.propose_role)

    # One way to open a form

    def _show(
        self,
        page: CasePage,
        title: str,
        form: RecordForm[Any],
        record: Record,
        save: Callable[..., Any],
        saved: str,
        *,
        packed: bool = False,
        writes: bool | None = None,
    ) -> None:
        """Open a record of the case; `packed` means that save() gives service and arguments."""
        form.set_record(record)
        if not (page.may_write if writes is None else writes):
            if not record.revision:
                return
            form.set_read_only(True)
            self.editor.show_content(title, form)
            return
        key = f"{type(form).__name__}:{page.case.id}"
        self._open(title, form, save, key, saved=saved, packed=packed)

    def _open(
        self,
        title: str,
        form: RecordForm[Any],
        save: Callable[..., Any],
        key: str,
        *,
        saved: str = "",
        packed: bool = False,
        then: Then | None = None,
        kept_under: int = 0,
    ) -> None:
        record = form.record()
        keeper = self._context.draft_keeper(key, type(record), kept_under or record.id)

        def done(value: Any) -> None:
            self.editor.saved(form.record())
            self.editor.close_editor()
            if then is not None:
                then(value)
            if isinstance(value, court.Recorded) and self._recorded is not None:
                self._recorded()

        def send(edited: Record) -> None:
            service, *arguments = save(edited) if packed else (save, edited)
            self._context.tasks.do(
                self._host,
                service,
                *arguments,
                then=done,
                failed=self.editor.failed,
                undo_label=saved,
            )

        self.editor.edit(title, form, send, keeper)


def _first_alone(hearing: Hearing | None) -> int:
    """Return the outing of the first survivor with whom nobody goes along, 0 when none is alone."""
    if hearing is None:
        return 0
    if hearing.needs_companion:
        return hearing.event.id
    return next((one.appointment_id for one in hearing.others if one.needs_companion), 0)
