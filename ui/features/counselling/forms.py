"""The forms of counselling: planning, attendance, the note, another time, the programme."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from shelter_app.domain import access
from shelter_app.domain.after_accompaniment import AfterAccompaniment
from shelter_app.domain.appointment import Appointment
from shelter_app.domain.counselling import (
    LEFT_EARLY,
    CounsellingEnrolment,
    CounsellingLeaving,
    CounsellingNote,
    CounsellingResult,
    CounsellingSession,
    usual_length,
)
from shelter_app.domain.record import NEEDED
from shelter_app.errors import Problem
from shelter_app.i18n import _
from shelter_app.services import counselling, house_choices
from shelter_app.services.after_accompaniment import AfterCard
from shelter_app.services.counselling import Plan
from shelter_app.services.counselling_notes import SessionCard
from shelter_app.services.counselling_week import CLASH_WORDS
from ui.features.counselling import wording
from ui.kit import theme
from ui.kit.button import button, label, toggle
from ui.kit.context import Context
from ui.kit.editors import LinkSource
from ui.kit.pill import Pill
from ui.kit.record_form import RecordForm

PEOPLE: Final = LinkSource(counselling.clients, house_choices.person_label)
COUNSELLORS: Final = LinkSource(house_choices.counsellors, house_choices.staff_label)
STAFF: Final = LinkSource(house_choices.staff_choices, house_choices.staff_label)
_PAUSE: Final = 250


class ClashLine:
    """One line that says who is wanted elsewhere; asks again a moment after each change."""

    def __init__(self, context: Context, form: RecordForm[CounsellingSession]) -> None:
        self._context = context
        self._form = form
        self._asked: object = None
        self.label: QLabel = label("", "hint", wrap=True, name="session_clashes")
        self.label.hide()
        self._pause = QTimer(form)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.look)
        form.edited.connect(self._pause.start)

    def look(self) -> None:
        """Ask who or what the session binds twice."""
        session = self._form.record()
        wanted = (session.starts_at, session.duration_min, session.counsellor, session.room)
        if (wanted, session.person_id) == self._asked or not session.duration_min:
            return
        self._asked = (wanted, session.person_id)
        self._context.tasks.ask(self._form, counselling.clashes, session, then=self._show)

    def _show(self, found: tuple[str, ...]) -> None:
        self.label.setText(" ".join(_(CLASH_WORDS[what]) for what in found))
        self.label.setVisible(bool(found))


class PlanForm(RecordForm[CounsellingSession]):
    """Whom, when, with whom; and the programme, when she is in none yet."""

    def __init__(self, context: Context, plan: Plan) -> None:
        links = {"person_id": PEOPLE, "counsellor": COUNSELLORS}
        super().__init__(CounsellingSession, context.tasks, links=links)
        self._context = context
        self._plan = plan
        self._person_id = plan.session.person_id
        self._time_typed = False
        self._programme_draft = ""
        self._restoring = False
        self.programme = RecordForm(CounsellingEnrolment, context.tasks)
        self.row("person_id")
        self.need("person_id")
        self.programme.row("programme", "target_sessions")
        self.programme_label = label("", "secondary", wrap=True, name="PlanForm_programme")
        self.add(self.programme_label)
        self.add(self.programme)
        self.row("starts_at", "duration_min")
        self.clash_line = ClashLine(context, self)
        self.add(self.clash_line.label)
        self.row("counsellor")
        self.row("room", "modality")
        self.other_button = button(_("Something else than a session…"), "PlanForm_other", "link")
        self.add(self.other_button)
        self.finish()
        self.set_record(plan.session)
        self._show_programme(plan)
        self.edited.connect(self._follow)
        self.programme.edited.connect(self._follow_programme)
        starts: Any = self.editor("starts_at")
        starts.edited.connect(self._keep_time)

    def keep_time(self) -> None:
        """Leave the time alone when the person changes: somebody chose it in the calendar."""
        self._time_typed = True

    def enrolment(self) -> CounsellingEnrolment:
        """Return the programme that begins with this session, or the one she is in."""
        return self.programme.record()

    def all_problems(self) -> list[Problem]:
        """Ask for the person first; the programme is checked when it begins here."""
        session = self.record()
        if not session.person_id:
            return [*self.unreadable(), Problem("person_id", NEEDED)]
        found = [p for p in super().all_problems() if p.field != "enrolment_id"]
        if self._begins_here():
            found += self.programme.unreadable()
            if not self.enrolment().programme and not self.programme.unreadable():
                found.append(Problem("programme", NEEDED))
        return found

    def is_modified(self) -> bool:
        """Say whether the session, or the programme that begins with it, was changed."""
        return super().is_modified() or (self._begins_here() and self.programme.is_modified())

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show each sentence beside its field, those of the programme too."""
        return self.programme.show_problems(super().show_problems(problems))

    def draft(self) -> str:
        """Return the session and the programme as typed."""
        return json.dumps([super().draft(), self.programme.draft()])

    def restore(self, draft: str) -> None:
        """Put a draft back; the programme waits until it is known whether she is in one."""
        own, self._programme_draft = json.loads(draft)
        super().restore(own)
        self._restore_programme()

    def _restore_programme(self) -> None:
        if self._programme_draft and self._begins_here():
            kept, self._programme_draft = self._programme_draft, ""
            self._restoring = True  # the number of sessions comes from the draft
            self.programme.restore(kept)
            self._restoring = False

    def _begins_here(self) -> bool:
        """Say whether a person is chosen who is in no programme yet."""
        return bool(self._plan.session.person_id) and not self._plan.enrolment.revision

    def _keep_time(self) -> None:
        self._time_typed = True

    def _follow(self) -> None:
        session = self.record()
        if session.person_id and session.person_id != self._person_id:
            self._person_id = session.person_id
            starts_at = session.starts_at if self._time_typed else None
            self._context.tasks.ask(
                self, counselling.plan_draft, session.person_id, starts_at, then=self._take
            )

    def _follow_programme(self) -> None:
        chosen = self.enrolment().programme
        if chosen != self._plan.enrolment.programme and not self._plan.enrolment.revision:
            enrolment = self.enrolment()
            self._plan = Plan(self._plan.session, enrolment)
            if not self._restoring:
                count: Any = self.programme.editor("target_sessions")
                count.set_value(usual_length(chosen))

    def _take(self, plan: Plan) -> None:
        typed = self.record()
        if plan.session.person_id != typed.person_id:
            return
        self._plan = plan
        if not self._time_typed:
            self._put("starts_at", plan.session.starts_at)
        if not typed.counsellor:
            self._put("counsellor", plan.session.counsellor)
        self._show_programme(plan)
        self._restore_programme()
        self.clash_line.look()

    def _put(self, name: str, value: Any) -> None:
        editor: Any = self.editor(name)
        editor.set_value(value)

    def record(self) -> CounsellingSession:
        """Return the session in the programme she is in now."""
        session = super().record()
        known = self._plan.enrolment
        same = known.revision and known.person_id == session.person_id
        return replace(session, enrolment_id=known.id if same else 0)

    def _show_programme(self, plan: Plan) -> None:
        self.programme.set_record(plan.enrolment)
        known = bool(plan.enrolment.revision)
        self.programme.setVisible(not known and bool(plan.session.person_id))
        words = ""
        if known:
            words = wording.programme_words(plan.enrolment)
        elif plan.session.person_id:
            words = _("She is in no programme yet: it begins with this session.")
        self.programme_label.setText(words)
        self.programme_label.setVisible(bool(words))


class MoveForm(RecordForm[CounsellingSession]):
    """Another time for a planned session; the old one may stay on record as moved."""

    def __init__(self, context: Context, card: SessionCard) -> None:
        super().__init__(CounsellingSession, context.tasks)
        self.row("starts_at")
        self.clash_line = ClashLine(context, self)
        self.add(self.clash_line.label)
        self.keep_toggle = toggle(_("Keep the old time on record"), "MoveForm_keep")
        self.add(self.keep_toggle)
        self.add(
            label(
                _("Choose this when she should see later that the time was changed."),
                "secondary",
                wrap=True,
            )
        )
        self.finish()
        self.set_record(card.session)


class ProgrammeForm(RecordForm[CounsellingEnrolment]):
    """A programme: how long, with whom, how it ended, and for her counsellor why."""

    def __init__(
        self,
        context: Context,
        enrolment: CounsellingEnrolment,
        result: CounsellingResult | None,
        act: Callable[[], object],
        leaving: CounsellingLeaving | None = None,
    ) -> None:
        names = [f.name for f in access.readable_fields(context.actor, CounsellingEnrolment)]
        links = {"counsellor": COUNSELLORS}
        super().__init__(CounsellingEnrolment, context.tasks, readable=names, links=links)
        known = [f.name for f in access.readable_fields(context.actor, CounsellingResult)]
        self.change_form = RecordForm(CounsellingResult, context.tasks, readable=known)
        self.ending_form = RecordForm(CounsellingResult, context.tasks, readable=known)
        self.leaving_form = RecordForm(CounsellingLeaving, context.tasks) if leaving else None
        self.plan_button: QPushButton = button(
            _("Plan a session"), "ProgrammeForm_plan", "small", icon="add"
        )
        self._lay_out()
        self.plan_button.setVisible(enrolment.is_open())
        self.plan_button.clicked.connect(act)
        self._result = result or CounsellingResult(id=enrolment.id, person_id=enrolment.person_id)
        for part in (self.change_form, self.ending_form):
            part.set_record(self._result)
        if self.leaving_form is not None and leaving is not None:
            self.leaving_form.set_record(leaving)
        for each in self._parts():
            each.edited.connect(self.edited)
        self.edited.connect(self._ask_why)
        self.set_record(enrolment)
        self._ask_why()

    def _lay_out(self) -> None:
        self.row("programme")
        self.row("started_on", "target_sessions")
        self.row("counsellor")
        self.section(_("What has changed"))
        asked = _("Asked after six sessions, best by somebody else than the counsellor.")
        self.add(label(asked, "secondary", wrap=True))
        self.change_form.row("behaviour_change")
        self.add(self.change_form)
        self.section(_("How it ended"))
        self.ending_form.row("outcome")
        self.add(self.ending_form)
        self.row("completed_on")
        if self.leaving_form is not None:
            self.why_pill = Pill(_("Counsellors only"), "counselling")
            self.why_pill.setObjectName("ProgrammeForm_why_pill")
            self.leaving_form.add(self.why_pill)
            self.leaving_form.row("drop_reason")
            self.add(self.leaving_form)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.plan_button)
        line.addStretch(1)
        holder = QWidget()
        holder.setLayout(line)
        self.add(holder)
        self.finish()

    def result(self) -> CounsellingResult:
        """Return what came of it, as it is filled in."""
        change, ending = self.change_form.record(), self.ending_form.record()
        return replace(change, outcome=ending.outcome)

    def leaving(self) -> CounsellingLeaving | None:
        """Return why she left as it is filled in; None when that is closed to the worker."""
        return self.leaving_form.record() if self.leaving_form is not None else None

    def _ask_why(self) -> None:
        """Ask why when the programme ended early; what was said stays in sight."""
        if self.leaving_form is None:
            return
        early = self.ending_form.record().outcome in LEFT_EARLY
        said = bool(self.leaving_form.record().drop_reason.strip())
        self.leaving_form.setVisible(early or said)

    def set_record(self, record: CounsellingEnrolment) -> None:
        """Show a programme; what stands in the other parts counts as unmodified from now on."""
        super().set_record(record)
        for part in self._parts():
            part.set_record(part.record())

    def set_read_only(self, on: bool) -> None:
        """Turn every part into one to read."""
        super().set_read_only(on)
        for part in self._parts():
            part.set_read_only(on)

    def is_modified(self) -> bool:
        """Say whether any part differs from what was loaded."""
        return super().is_modified() or any(part.is_modified() for part in self._parts())

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show each sentence beside its field, in whichever part it stands."""
        left = super().show_problems(problems)
        for part in self._parts():
            left = part.show_problems(left)
        return left

    def draft(self) -> str:
        """Return all parts as typed."""
        return json.dumps([super().draft(), *(part.draft() for part in self._parts())])

    def restore(self, draft: str) -> None:
        """Put a draft back into all parts."""
        own, *others = json.loads(draft)
        super().restore(own)
        for part, kept in zip(self._parts(), others, strict=False):
            part.restore(kept)

    def _parts(self) -> tuple[RecordForm[Any], ...]:
        parts: list[RecordForm[Any]] = [self.change_form, self.ending_form]
        if self.leaving_form is not None:
            parts.append(self.leaving_form)
        return tuple(parts)


class AppointmentForm(RecordForm[Appointment]):
    """Something else in the week: supervision, a conference, a visit."""

    def __init__(self, context: Context) -> None:
        links = {"person_id": PEOPLE, "staff_id": STAFF}
        super().__init__(Appointment, context.tasks, links=links)
        self.row("kind")
        self.row("starts_at", "duration_min")
        self.row("person_id")
        self.row("staff_id")
        self.row("leave_house_at")
        self.row("room", "cancelled")
        self.finish()


class AfterForm(RecordForm[AfterAccompaniment]):
    """How going to court was for her, as she tells it to her counsellor."""

    def __init__(self, context: Context, card: AfterCard) -> None:
        super().__init__(AfterAccompaniment, context.tasks)
        self.add(label(wording.outing_words(card.outing), "mute", wrap=True, name="AfterForm_when"))
        self.row("survivor_how")
        self.editor("survivor_how").setMinimumHeight(theme.size(140))
        self.row("told_on")
        self.finish()
        self.set_record(card.record)


class AddendumForm(RecordForm[CounsellingNote]):
    """A few lines that come after a signed note."""

    def __init__(self, context: Context) -> None:
        super().__init__(CounsellingNote, context.tasks)
        self.add(
            label(
                _("The addition is signed at once and stands below the note."),
                "secondary",
                wrap=True,
            )
        )
        self.row("content", tall=True)

    def all_problems(self) -> list[Problem]:
        """Ask for the text only: the rest is filled in by the program."""
        return [problem for problem in super().all_problems() if problem.field == "content"]
