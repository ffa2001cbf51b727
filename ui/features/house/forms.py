"""The forms of the house: admission, being away, choosing a bed, leaving, rooms and beds."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from shelter_app import clock
from shelter_app.domain import access, admission
from shelter_app.domain.exits import Concern
from shelter_app.domain.record import NEEDED
from shelter_app.domain.stay import Absence, Bed, BedStay, Placement, Room, Stay
from shelter_app.errors import Problem
from shelter_app.i18n import _
from shelter_app.services import house, house_choices
from shelter_app.services.house import AdmissionDraft
from ui.kit.button import label
from ui.kit.context import Context
from ui.kit.editors import LinkSource
from ui.kit.message_bar import MessageBar
from ui.kit.record_form import RecordForm

_PAUSE: Final = 200

PEOPLE: Final = LinkSource(house_choices.admittable, house_choices.person_label)
CASE_WORKERS: Final = LinkSource(house_choices.case_workers, house_choices.staff_label)
COUNSELLORS: Final = LinkSource(house_choices.counsellors, house_choices.staff_label)
EVERYBODY: Final = LinkSource(house_choices.staff_choices, house_choices.staff_label)


def free_beds(person_id: int = 0) -> LinkSource:
    """Return the free beds to choose from, those that fit this person first."""
    return LinkSource(
        partial(house_choices.free_beds, person_id=person_id), house_choices.bed_label
    )


class BedForm(RecordForm[BedStay]):
    """One question: which bed."""

    def __init__(self, context: Context, source: LinkSource) -> None:
        super().__init__(BedStay, context.tasks, links={"bed_id": source})
        self.row("bed_id")
        self.finish()

    def all_problems(self) -> list[Problem]:
        """Ask for a bed only: the rest is filled in by the program."""
        unreadable = self.unreadable()
        if not unreadable and not self.record().bed_id:
            return [Problem("bed_id", NEEDED)]
        return unreadable


class BasisForm(RecordForm[Placement]):
    """Why and on what basis somebody is placed here."""

    def __init__(self, context: Context) -> None:
        fields = access.readable_fields(context.actor, Placement)
        super().__init__(
            Placement,
            context.tasks,
            readable=[field.name for field in fields],
            links={"admitted_by": EVERYBODY},
        )
        self.section(_("Why and on what basis"))
        self.row("admission_kind")
        self.row("legal_basis")
        self.row("order_number", "order_expires_on")
        self.row("order_court")
        self.row("brought_by", "admitted_by")
        self.row("late_entry_reason")


class AdmissionForm(RecordForm[Stay]):
    """Whom, in which bed, since when, with whom; and the basis, for those who record it."""

    def __init__(self, context: Context, draft: AdmissionDraft, bed_id: int = 0) -> None:
        links = {"person_id": PEOPLE, "case_manager": CASE_WORKERS, "counsellor": COUNSELLORS}
        super().__init__(Stay, context.tasks, links=links)
        self._context = context
        self._known_person = draft.stay.person_id
        self.hint_label = label("", "hint", wrap=True, name="AdmissionForm_hint")
        self.room_bar = MessageBar()
        self.bed_form = BedForm(context, free_beds(draft.stay.person_id))
        self.basis_form = BasisForm(context) if draft.placement is not None else None
        self.room_hints: tuple[str, ...] = ()
        self._lay_out()
        self.set_record(draft.stay)
        self.bed_form.set_record(BedStay(bed_id=bed_id))
        if self.basis_form is not None and draft.placement is not None:
            self.basis_form.set_record(draft.placement)
        self._say_hints(draft)
        self.edited.connect(self._follow)
        self.bed_form.edited.connect(self.edited)
        if self.basis_form is not None:
            self.basis_form.edited.connect(self.edited)
        self._follow()

    def _lay_out(self) -> None:
        self.row("person_id")
        self.add(self.hint_label)
        self.add(self.bed_form)
        self.add(self.room_bar)
        self.row("admitted_at")
        self.row("case_manager", "counsellor")
        if self.basis_form is not None:
            self.add(self.basis_form)
        self.section(_("On the first evening"))
        self.row("belongings_done")
        self.row("house_rules_explained")
        self.finish()

    def bed_id(self) -> int:
        """Return the bed that was chosen."""
        return self.bed_form.record().bed_id

    def placement(self) -> Placement | None:
        """Return the basis as filled in, None for a role that records none."""
        return self.basis_form.record() if self.basis_form is not None else None

    def set_record(self, record: Stay) -> None:
        """Show a stay; what stands in the other parts counts as unmodified from now on."""
        super().set_record(record)
        for part in self._parts():
            part.set_record(part.record())

    def is_modified(self) -> bool:
        """Say whether any part differs from what was loaded."""
        return super().is_modified() or any(part.is_modified() for part in self._parts())

    def all_problems(self) -> list[Problem]:
        """Return the problems of all parts, whom to admit first."""
        found = [Problem("person_id", NEEDED)] if not self.record().person_id else []
        found += super().all_problems() + self.bed_form.all_problems()
        if self.basis_form is not None:
            found += self.basis_form.all_problems()
        return found

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show each sentence beside its field, in whichever part it stands."""
        left = super().show_problems(problems)
        for part in self._parts():
            left = part.show_problems(left)
        self._show_late(problems)
        return left

    def draft(self) -> str:
        """Return all parts as typed."""
        parts = [super().draft(), *(part.draft() for part in self._parts())]
        return json.dumps(parts)

    def restore(self, draft: str) -> None:
        """Put a draft back into all parts."""
        own, *others = json.loads(draft)
        super().restore(own)
        for part, kept in zip(self._parts(), others, strict=False):
            part.restore(kept)

    def _parts(self) -> tuple[RecordForm[Any], ...]:
        return (self.bed_form,) if self.basis_form is None else (self.bed_form, self.basis_form)

    def _follow(self) -> None:
        stay, bed_id = self.record(), self.bed_id()
        self._show_late(())
        if stay.person_id != self._known_person:
            self._known_person = stay.person_id
            self.bed_form.set_link_source("bed_id", free_beds(stay.person_id))
            if stay.person_id:
                self._context.tasks.ask(
                    self, house.admission_draft, stay.person_id, then=self._take
                )
        if stay.person_id and bed_id:
            self._context.tasks.ask(
                self, house.room_hints, stay.person_id, bed_id, then=self._show_room_hints
            )
        else:
            self._show_room_hints(())

    def _take(self, draft: AdmissionDraft) -> None:
        """Offer what her last stay said, where nothing was chosen yet."""
        if draft.stay.person_id != self.record().person_id:
            return
        if draft.stays_before:
            for name in ("case_manager", "counsellor"):
                wanted = getattr(draft.stay, name)
                if wanted and not getattr(self.record(), name):
                    self.editor(name).set_value(wanted)
        basis = self.basis_form
        if basis is not None and draft.placement is not None and not basis.is_modified():
            basis.set_record(draft.placement)
        self._say_hints(draft)

    def _say_hints(self, draft: AdmissionDraft) -> None:
        words = []
        if draft.stays_before:
            words.append(_("She was here before. What her last stay said is filled in."))
        if draft.is_child:
            words.append(_("Under 18: say on what basis she is placed here."))
        self.hint_label.setText(" ".join(words))
        self.hint_label.setVisible(bool(words))

    def _show_room_hints(self, hints: tuple[str, ...]) -> None:
        self.room_hints = hints
        if hints:
            self.room_bar.say(" ".join(_(hint) for hint in hints), "warning")
        else:
            self.room_bar.clear()

    def _show_late(self, problems: Collection[Problem]) -> None:
        if self.basis_form is None:
            return
        admitted_at = self.record().admitted_at
        late = admitted_at is not None and admission.needs_late_reason(admitted_at, clock.now())
        asked = any(problem.field == "late_entry_reason" for problem in problems)
        _show_cell(self.basis_form, "late_entry_reason", on=late or asked)


class StayForm(RecordForm[Stay]):
    """A stay put right: when she came, whose case she is, what was left for another day."""

    def __init__(self, context: Context, stay: Stay, *, hands_over: bool) -> None:
        super().__init__(Stay, context.tasks, links={"case_manager": CASE_WORKERS})
        self.row("admitted_at")
        if hands_over:
            self.row("case_manager")
        self.row("belongings_done")
        self.row("house_rules_explained")
        self.finish()
        self.set_record(stay)


class AbsenceForm(RecordForm[Absence]):
    """Where she sleeps, until when, and whether her place is kept."""

    def __init__(self, context: Context, absence: Absence) -> None:
        super().__init__(Absence, context.tasks, links={"authorised_by": EVERYBODY})
        self.row("type")
        self.row("left_at")
        self.row("expected_back")
        self.row("bed_held")
        self.row("authorised_by")
        self.row("escort")
        self.finish()
        self.set_record(absence)
        self.edited.connect(self._follow)
        self._follow()

    def all_problems(self) -> list[Problem]:
        """Return what is wrong for this way of being away."""
        self._follow()
        return super().all_problems()

    def _follow(self) -> None:
        """A missing person has no day on which she is expected; of others it has to be known."""
        self.need("expected_back", self.record().type != "missing")
        _show_cell(self, "expected_back", on=self.record().type != "missing")
        _show_cell(self, "escort", on=self.record().type != "missing")


class ExitForm(RecordForm[Placement]):
    """How she leaves, what is still open, and why now."""

    def __init__(self, context: Context, details: Placement, stay: Stay, age_band: str) -> None:
        fields = access.readable_fields(context.actor, Placement)
        super().__init__(Placement, context.tasks, readable=[field.name for field in fields])
        self._context = context
        self.time_form: RecordForm[Stay] = RecordForm(Stay, context.tasks)
        self.time_form.row("exited_at")
        self.concern_bar = MessageBar()
        self.concern_bar.close_button.hide()
        self._look_timer = QTimer(self)
        self._look_timer.setSingleShot(True)
        self._look_timer.setInterval(_PAUSE)
        self._lay_out(is_child=admission.is_child(age_band))
        self.time_form.set_record(stay)
        self.set_record(details)
        self.edited.connect(self._look_timer.start)
        self.time_form.edited.connect(self.edited)
        self._look_timer.timeout.connect(self.look_again)
        self.look_again()

    def _lay_out(self, *, is_child: bool) -> None:
        self.row("exit_type")
        self.need("exit_type")
        self.add(self.concern_bar)
        self.row("exit_override_reason")
        self.add(self.time_form)
        self.row("exit_destination_county", "exit_destination_country")
        self.row("handed_to_type", "exit_risk")
        if is_child:
            self.row("children_officer_approved")
        self.section(_("She has"))
        self.row("belongings_returned")
        self.row("documents_given")
        self.finish()

    def set_record(self, record: Placement) -> None:
        """Show a placement; the time of leaving counts as unmodified from now on."""
        super().set_record(record)
        self.time_form.set_record(self.time_form.record())

    def is_modified(self) -> bool:
        """Say whether how or when she leaves differs from what was loaded."""
        return super().is_modified() or self.time_form.is_modified()

    def draft(self) -> str:
        """Return how and when she leaves, as typed."""
        return json.dumps([super().draft(), self.time_form.draft()])

    def restore(self, draft: str) -> None:
        """Put a draft back, the time with it."""
        own, time = json.loads(draft)
        super().restore(own)
        self.time_form.restore(time)

    def all_problems(self) -> list[Problem]:
        """Return what is wrong here and with the time; the rest is looked at when it is saved."""
        return super().all_problems() + self.time_form.unreadable()

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show each sentence beside its field."""
        return self.time_form.show_problems(super().show_problems(problems))

    def look_again(self) -> None:
        """Ask what is still open for this way of leaving."""
        details = self.record()
        if not details.exit_type:
            self._show_concerns(())
            return
        self._context.tasks.ask(self, house.exit_concerns, details, then=self._show_concerns)

    def _show_concerns(self, concerns: tuple[Concern, ...]) -> None:
        needs_reason = any(concern.needs_reason for concern in concerns)
        if concerns:
            words = " ".join(_(concern.sentence) for concern in concerns)
            self.concern_bar.say(words, "warning" if needs_reason else "information")
            self.concern_bar.close_button.hide()
        else:
            self.concern_bar.clear()
        reasoned = bool(self.record().exit_override_reason)
        self.need("exit_override_reason", needs_reason)
        _show_cell(self, "exit_override_reason", on=needs_reason or reasoned)


class RoomForm(RecordForm[Room]):
    """A room and whom it is meant for."""

    def __init__(self, context: Context, room: Room) -> None:
        super().__init__(Room, context.tasks)
        self.row("name", "place_in_list")
        self.row("room_type")
        self.row("sex_allowed")
        self.row("age_min", "age_max")
        self.row("near_staff")
        self.finish()
        self.set_record(room)


class BedSetupForm(RecordForm[Bed]):
    """A bed's name, whether it is a cot, whether it can be used."""

    def __init__(self, context: Context, bed: Bed) -> None:
        super().__init__(Bed, context.tasks)
        self.row("bed_no")
        self.row("cot")
        self.row("out_of_service")
        self.row("out_of_service_reason")
        self.finish()
        self.set_record(bed)


def _show_cell(form: QWidget, name: str, *, on: bool) -> None:
    holder = form.findChild(QWidget, f"{name}_holder")
    if holder is not None:
        holder.setVisible(on)
