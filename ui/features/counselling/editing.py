"""Opens the right form in the side editor of the counselling pages and does what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shelter_app.domain import access
from shelter_app.domain.access import Action
from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.counselling import (
    CounsellingEnrolment,
    CounsellingLeaving,
    CounsellingNote,
    CounsellingResult,
    CounsellingSession,
)
from shelter_app.i18n import _
from shelter_app.services import (
    after_accompaniment,
    counselling,
    counselling_leaving,
    counselling_notes,
    drafts,
    house_choices,
    records,
)
from shelter_app.services.after_accompaniment import AfterCard
from shelter_app.services.changes import Changes
from shelter_app.services.counselling import Plan
from shelter_app.services.counselling_notes import SessionCard
from shelter_app.services.work import Work
from ui.features.counselling import wording
from ui.features.counselling.forms import (
    AddendumForm,
    AfterForm,
    AppointmentForm,
    MoveForm,
    PlanForm,
    ProgrammeForm,
)
from ui.features.counselling.session_form import AttendanceForm, SessionActs, SessionForm
from ui.kit.context import Context, DraftKeeper
from ui.kit.dialog import Dialog
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor

_OF_A_SESSION: Final = ("counselling_session", "counselling_note", "counselling_enrolment")


class Editing(QObject):
    """One form at a time; a session stays open after saving, everything else closes."""

    planned = Signal(object)
    """(record): a session or something else was planned, or given another time."""

    def __init__(
        self,
        context: Context,
        owner: QWidget,
        editor: SideEditor,
        make_room: Callable[[], object],
    ) -> None:
        super().__init__(owner)
        self._make_room = make_room
        self._context = context
        self._owner = owner
        self.editor = editor
        self._signing = False
        self._just_saved = False

    def take_changes(self, changes: Changes) -> None:
        """Open the session anew when something else than saving, such as Undo, changed it."""
        saved, self._just_saved = self._just_saved, False
        form = self.editor.form()
        if saved or not isinstance(form, (SessionForm, AttendanceForm)) or form.is_modified():
            return
        if form.card.person_id in changes.persons and changes.touch(*_OF_A_SESSION):
            self.open_session(form.card.session.id)

    def take_up(self, record_id: int) -> None:
        """Open the form a draft was written in."""
        self._context.tasks.ask(
            self._owner, drafts.mine, then=lambda waiting: self._find_form(waiting, record_id)
        )

    def _find_form(self, waiting: tuple[drafts.Waiting, ...], record_id: int) -> None:
        openers: dict[str, Callable[[int], object]] = {
            "session": self.open_session,
            "attendance": self.open_session,
            "addendum": self._open_addendum,
            "appointment": self.open_appointment,
            "programme": self.open_programme,
            "after": self.open_after,
            "plan": lambda _none: self.plan(),
        }
        for draft in waiting:
            form = draft.place.form
            if draft.place.record_id == record_id and form in openers:
                openers[form](record_id)
                return

    # A session

    def open_session(self, session_id: int) -> None:
        """Open a session; a note that is shown is an opening that is written down."""
        roles = ("counsellor", "clinical_supervisor")
        opens_notes = self._context.actor.has_role(*roles)
        if opens_notes and counselling_notes.COMPARTMENT in self._context.actor.compartments:
            service = counselling_notes.open_session
            self._context.tasks.do(self._owner, service, session_id, then=self._show)
        else:
            service = counselling_notes.session_card
            self._context.tasks.ask(self._owner, service, session_id, then=self._show)

    def _show(self, card: SessionCard) -> None:
        if card.may_read:
            self._show_note(card)
        else:
            self._show_attendance(card)

    def _show_note(self, card: SessionCard) -> None:
        form = SessionForm(self._context, card)
        keeper = self._context.draft_keeper("session", CounsellingNote, card.session.id)
        title, pill = wording.card_title(card), _("Counsellors only")
        self._edit(title, form, lambda _note: self._save(form), keeper, pill=pill)
        form.sign_button.clicked.connect(lambda: self._sign(form))
        form.add_button.clicked.connect(lambda: self.add_to_note(form.card))
        form.review_button.clicked.connect(lambda: self.open_programme(card.enrolment.id))
        self._connect_acts(form.acts, card)

    def _connect_acts(self, acts: SessionActs, card: SessionCard) -> None:
        acts.move_button.clicked.connect(lambda: self.move_session(card))
        acts.programme_button.clicked.connect(lambda: self.open_programme(card.enrolment.id))

    def _save(self, form: SessionForm) -> None:
        signing, self._signing = self._signing, False
        session, note = form.attendance.record(), form.note()
        service = counselling_notes.sign if signing else counselling_notes.record_session
        said = "" if signing else _("Session saved")
        self._context.tasks.do(
            self._owner,
            service,
            session,
            note,
            then=lambda card: self._saved(form, card),
            failed=self.editor.failed,
            undo_label=said,
        )

    def _saved(self, form: SessionForm, card: SessionCard) -> None:
        self._just_saved = True
        if self.editor.form() is form:
            form.show_card(card)
            self.editor.title_label.setText(wording.card_title(card))
            self.editor.saved()

    def _sign(self, form: SessionForm) -> None:
        sentence = _("A signed note is never changed. What comes later is added below it.")
        if Dialog.ask(self._owner, sentence, _("Sign the note"), _("Not yet")):
            self._signing = True
            self.editor.save()
            self._signing = False

    def _open_addendum(self, session_id: int) -> None:
        service = counselling_notes.open_session
        self._context.tasks.do(self._owner, service, session_id, then=self.add_to_note)

    def add_to_note(self, card: SessionCard) -> None:
        """Open a form for a few lines below a signed note."""
        form = AddendumForm(self._context)
        keeper = self._context.draft_keeper("addendum", CounsellingNote, card.session.id)

        def save(note: CounsellingNote) -> None:
            self._do(
                form,
                counselling_notes.add_addendum,
                card.session.id,
                note.content,
                then=self._show,
            )

        title = _("Add to the note of “{name}”").format(name=card.alias)
        self._edit(title, form, save, keeper, pill=_("Counsellors only"))

    def _show_attendance(self, card: SessionCard) -> None:
        form = AttendanceForm(self._context, card)
        title = wording.card_title(card)
        if not card.may_plan:
            self._read(title, form)
            return
        keeper = self._context.draft_keeper("attendance", CounsellingSession, card.session.id)
        self._edit(title, form, lambda session: self._save_attendance(form, session), keeper)
        self._connect_acts(form.acts, card)

    def _save_attendance(self, form: AttendanceForm, session: CounsellingSession) -> None:
        service = counselling_notes.record_session
        self._do(form, service, session, said=_("Session saved"))

    # Planning

    def plan(self, person_id: int = 0, starts_at: datetime | None = None) -> None:
        """Open a form for another session."""
        self._context.tasks.ask(
            self._owner,
            counselling.plan_draft,
            person_id,
            starts_at,
            then=lambda plan: self._plan(plan, timed=starts_at is not None),
        )

    def _plan(self, plan: Plan, *, timed: bool) -> None:
        form = PlanForm(self._context, plan)
        if timed:
            form.keep_time()
        keeper = self._context.draft_keeper("plan", CounsellingSession, 0)

        def save(session: CounsellingSession) -> None:
            service = counselling.schedule
            self._do(
                form,
                service,
                session,
                form.enrolment(),
                said=_("Session planned"),
                then=self.planned.emit,
            )

        self._edit(_("Plan a session"), form, save, keeper)
        form.other_button.clicked.connect(
            lambda: self.plan_other(form.record().starts_at or plan.session.starts_at)
        )

    def plan_other(self, starts_at: datetime | None) -> None:
        """Open a form for something else than a session."""
        form = AppointmentForm(self._context)
        form.set_record(Appointment(starts_at=starts_at, staff_id=self._context.actor.staff_id))
        self.editor.saved()
        self._edit(_("Something else in the week"), form, self._appointment_saver(form))

    def open_appointment(self, appointment_id: int) -> None:
        """Open something else that stands in the week."""
        self._context.tasks.ask(
            self._owner, records.open_record, Appointment, appointment_id, then=self._appointment
        )

    def _appointment(self, planned: Appointment) -> None:
        form = AppointmentForm(self._context)
        form.set_record(planned)
        keeper = self._context.draft_keeper("appointment", Appointment, planned.id)
        self._edit(planned.headline(), form, self._appointment_saver(form), keeper)

    def _appointment_saver(self, form: AppointmentForm) -> Callable[[Appointment], None]:
        service, said = counselling.save_appointment, _("Appointment saved")
        return lambda planned: self._do(form, service, planned, said=said, then=self.planned.emit)

    # Moving

    def move_session(self, card: SessionCard) -> None:
        """Open a form for another time."""
        form = MoveForm(self._context, card)
        session_id = card.session.id

        def save(session: CounsellingSession) -> None:
            keep = True if form.keep_toggle.isChecked() else None
            self._do(
                form,
                counselling.move,
                session_id,
                session.starts_at,
                keep=keep,
                said=_("Session moved"),
                then=self.planned.emit,
            )

        title = _("Another time for “{name}”").format(name=card.alias)
        self._edit(title, form, save)

    # Programmes

    def open_programme(self, enrolment_id: int) -> None:
        """Open a programme; for her counsellor, with why it ended: a look that is written down."""
        opens = access.may(self._context.actor, Action.READ, CounsellingLeaving)
        send = self._context.tasks.do if opens else self._context.tasks.ask
        send(self._owner, _programme_start, enrolment_id, then=self._programme)

    def _programme(self, found: _Programme) -> None:
        enrolment = found.enrolment
        form = ProgrammeForm(
            self._context,
            enrolment,
            found.result,
            lambda: self.plan(enrolment.person_id, None),
            found.leaving,
        )
        # What stands in the form may hold why she left: then its draft is as closed as that.
        kind = CounsellingEnrolment if found.leaving is None else CounsellingLeaving
        keeper = self._context.draft_keeper("programme", kind, enrolment.id)
        title = _("Programme of {person}").format(person=found.whose)
        if not self._context.actor.has_role(*counselling.PLANNERS):
            form.set_read_only(True)
            form.plan_button.hide()
            self._read(title, form)
            return
        service, said = counselling.save_enrolment, _("Programme saved")

        def save(record: CounsellingEnrolment) -> None:
            self._do(form, service, record, form.result(), form.leaving(), said=said)

        self._edit(title, form, save, keeper)

    # After going out

    def open_after(self, appointment_id: int) -> None:
        """Open how an outing went for her; for others, a talk with her is planned."""

        def go_on(person_id: int) -> None:
            if person_id:
                self.plan(person_id)
                return
            service = after_accompaniment.open_card
            self._context.tasks.do(self._owner, service, appointment_id, then=self._after)

        service = after_accompaniment.may_ask
        self._context.tasks.ask(self._owner, service, appointment_id, then=go_on)

    def _after(self, card: AfterCard) -> None:
        form = AfterForm(self._context, card)
        title = _("How it went for {person}").format(person=card.person)
        if not card.may_write:
            form.set_read_only(True)
            self._read(title, form)
            return
        keeper = self._context.draft_keeper("after", AfterAccompaniment, card.outing.appointment_id)

        def save(record: AfterAccompaniment) -> None:
            self._do(form, after_accompaniment.save, record, said=_("Written down"))

        self._edit(title, form, save, keeper, pill=_("Counsellors only"))

    # Doing

    def _read(self, title: str, form: QWidget) -> None:
        self._make_room()
        self.editor.show_content(title, form)

    def _edit(
        self,
        title: str,
        form: RecordForm[Any],
        save: Callable[[Any], object],
        keeper: DraftKeeper | None = None,
        *,
        pill: str = "",
    ) -> None:
        self._make_room()
        self.editor.edit(title, form, save, keeper, pill=pill)

    def _do(
        self,
        form: RecordForm[Any],
        service: Callable[..., Any],
        *args: Any,
        said: str = "",
        then: Callable[[Any], object] | None = None,
        **kwargs: Any,
    ) -> None:
        self._context.tasks.do(
            self._owner,
            service,
            *args,
            then=lambda value: self._settle(form, value, then),
            failed=self.editor.failed,
            undo_label=said,
            **kwargs,
        )

    def _settle(
        self, form: RecordForm[Any], value: Any, then: Callable[[Any], object] | None
    ) -> None:
        """Forget the draft and close, when the form that was saved is still the one shown."""
        self._just_saved = True
        if self.editor.form() is form:
            self.editor.saved(form.record())
            self.editor.close_editor()
            if then is not None:
                then(value)


@dataclass(frozen=True)
class _Programme:
    """A programme with what came of it; `leaving` is None where why she left is closed."""

    enrolment: CounsellingEnrolment
    result: CounsellingResult | None
    leaving: CounsellingLeaving | None
    whose: str


def _programme_start(work: Work, enrolment_id: int) -> _Programme:
    enrolment = records.open_record(work, CounsellingEnrolment, enrolment_id)
    return _Programme(
        enrolment,
        counselling.result_of(work, enrolment_id),
        counselling_leaving.open_leaving(work, enrolment_id),
        house_choices.person_label(work, enrolment.person_id),
    )
