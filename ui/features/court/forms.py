"""The forms of police and court: which fields stand where, and what follows from a choice."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from shelter_app.domain.appointment import Appointment
from shelter_app.domain.fields import field_of, fields_of
from shelter_app.domain.legal import (
    Accompaniment,
    Charge,
    CourtEvent,
    LegalCase,
    PoliceContact,
    Suspect,
)
from shelter_app.domain.legal_stage import STALLED
from shelter_app.i18n import _
from shelter_app.services import companions, court_pages
from shelter_app.services.case_survivors import OtherSurvivor
from shelter_app.services.court import USUAL_LENGTH
from ui.features.court.charge_picker import ChargePicker
from ui.kit import theme
from ui.kit.button import label, toggle
from ui.kit.context import Context
from ui.kit.editors import ChoiceEditor, LinkSource, NumberEditor, editor_for
from ui.kit.flow import FlowLayout
from ui.kit.message_bar import MessageBar
from ui.kit.record_form import RecordForm

STAFF = LinkSource(companions.staff_choices, companions.staff_label)
PARTNERS = LinkSource(court_pages.partner_choices, court_pages.partner_label)
PERSONS = LinkSource(court_pages.person_choices, court_pages.person_label)


class CaseForm(RecordForm[LegalCase]):
    """The matter itself: whom it is for, where it is reported and heard, where it stands."""

    def __init__(self, context: Context, *, choose_person: bool) -> None:
        links = {"lead_staff": STAFF, "watching_brief": PARTNERS, "person_id": PERSONS}
        super().__init__(LegalCase, context.tasks, links=links)
        if choose_person:
            self.row("person_id")
        self.row("case_type")
        self.row("short_title", "lead_staff")
        self.row("stage", "opened_on")
        self._offer_no_flag()
        self.section(_("Police"))
        self.row("ob_number", "ob_date")
        self.row("police_station", "police_unit")
        self.row("investigating_officer", "io_phone")
        self.section(_("Court"))
        self.row("court_station", "court_room")
        self.row("court_case_no", "magistrate")
        self.row("prosecutor", "watching_brief")
        self.section(_("Standing still, settling, ending"))
        self.row("stall_reason")
        self.row("settlement_offer")
        self.row("stage_when_joined", "concluded_on")
        self.finish()

    def _offer_no_flag(self) -> None:
        """Leave 'stalled' out of the choice: the clocks say it, nobody sets it."""
        stage = self.editor("stage")
        if isinstance(stage, ChoiceEditor):
            stage.removeItem(stage.findData(STALLED))


class SuspectForm(RecordForm[Suspect]):
    """The least we need to know of the other side."""

    def __init__(self, context: Context) -> None:
        super().__init__(Suspect, context.tasks)
        self.add(
            label(
                _("Write down only what her safety and the case need; lists show a number."),
                "secondary",
                wrap=True,
            )
        )
        self.row("status", "arrested_on")
        self.row("relationship")
        self.row("role")
        self.row("name", "known_as")
        self.row("sex", "age_estimate")
        self.row("nationality")
        self.section(_("Her safety"))
        self.row("threat_level", "bail_on")
        self.row("bail_conditions")
        self.row("influence_note")
        self.finish()


class ChargeForm(RecordForm[Charge]):
    """One count: chosen by Act and section, worded as on the charge sheet."""

    def __init__(self, context: Context, case_id: int) -> None:
        accused = LinkSource(
            partial(court_pages.accused_choices, case_id=case_id), court_pages.accused_label
        )
        super().__init__(Charge, context.tasks, links={"suspect_id": accused})
        self.row("suspect_id", "count_no")
        self.picker = ChargePicker()
        self.add(self.picker)
        self.row("charge_code")
        self._code = self.editor("charge_code")
        _show(self._code, on=False)
        self.row("charge_text")
        self.row("alternative")
        self.section(_("In court"))
        self.row("plea", "plea_on")
        self.row("verdict", "verdict_on")
        self.row("sentence_type", "sentence_on")
        self.row("sentence_years", "sentence_note")
        self.row("appeal_filed")
        self.finish()
        self.picker.chosen.connect(self._take)

    def set_record(self, record: Charge) -> None:
        """Show a charge and where it stands in the list."""
        super().set_record(record)
        self.picker.set_code(record.charge_code)

    def restore(self, draft: str) -> None:
        """Put a draft back, the section included."""
        super().restore(draft)
        self.picker.set_code(str(self._code.value()))

    def set_read_only(self, on: bool) -> None:
        """Turn the form, the picker included, into one to read."""
        super().set_read_only(on)
        self.picker.setEnabled(not on)

    def _take(self, code: str, wording: str, earlier_wording: str) -> None:
        """Put the list's wording in, unless somebody has typed her own."""
        editor = self._code
        assert isinstance(editor, ChoiceEditor)
        editor.set_value(code)
        editor.edited.emit()
        sheet = self.editor("charge_text")
        typed = str(sheet.value()).strip()
        if typed in {"", earlier_wording} and typed != wording:
            sheet.set_value(wording)  # type: ignore[arg-type]
            sheet.edited.emit()


class ContactForm(RecordForm[PoliceContact]):
    """Who promised what by when."""

    def __init__(self, context: Context, case_id: int) -> None:
        letters = LinkSource(
            partial(court_pages.letter_choices, case_id=case_id), court_pages.letter_label
        )
        links = {"by": STAFF, "letter_doc": letters}
        super().__init__(PoliceContact, context.tasks, links=links)
        self.row("at")
        self.row("type", "officer")
        self.row("summary")
        self.section(_("Promised"))
        self.row("promise")
        self.row("next_on", "promise_kept_on")
        self.row("letter_doc")
        self.row("by")
        self.finish()


class EventForm(RecordForm[CourtEvent]):
    """A date that is still to come."""

    def __init__(self, context: Context) -> None:
        super().__init__(CourtEvent, context.tasks)
        self._beside: tuple[int, list[int]] = (USUAL_LENGTH, [])
        self.companion_bar = MessageBar()
        self.companion_bar.setObjectName("EventForm_companion_bar")
        self.add(self.companion_bar)
        self.section(_("When and where"))
        self.row("starts_at")
        self.row("type")
        self.row("court_station", "court_level")
        self.row("survivor_required")
        self._who = QVBoxLayout()
        self._who.setContentsMargins(0, 0, 0, 0)
        self._who.setSpacing(4)
        holder = QWidget()
        holder.setLayout(self._who)
        self.who_holder = holder
        self.who_holder.hide()
        self.add(holder)
        self._attends: dict[int, QPushButton] = {}
        self.row("leave_house_at")
        self.length = length_editor()
        self.add(_labelled(_("Away for about (minutes)"), self.length))
        self.section(_("Protection in court"))
        self.row("special_measures_requested")
        self.row("s32_notice_on")
        self.row("declared_vulnerable_on")
        self.row("intermediary_status", "intermediary_name")
        self.row("intermediary_appointed_on")
        self.section(_("Notes"))
        self.row("notes")
        self.finish()
        self.length.edited.connect(self.edited)

    def offer_companion(self, act: Callable[[], object], survivor: str = "") -> None:
        """Say above everything else that nobody goes along yet, with the button that names one."""
        words = _("Nobody is named to go along with her.")
        if survivor:
            words = _("Nobody is named to go along with {survivor}.").format(survivor=survivor)
        self.companion_bar.say(words, "warning", _("Name companion"))
        self.companion_bar.acted.connect(act)

    def ask_who(
        self, first: str, others: Sequence[OtherSurvivor], there: Collection[int] | None
    ) -> None:
        """Ask which further survivors of the case have to be there; None: all, when she has to."""
        said = _("‘She’ is {survivor}. Who else has to be there?").format(survivor=first)
        self._who.addWidget(label(said, "field", wrap=True, name="EventForm_who"))
        flow = FlowLayout(None, spacing=8)
        for one in others:
            person_id = one.record.person_id
            name = f"EventForm_attends_{len(self._attends)}"
            made = toggle(one.words, name, on=there is None or person_id in there)
            made.clicked.connect(self.edited)
            self._attends[person_id] = made
            flow.addWidget(made)
        self._who.addLayout(flow)
        self.who_holder.show()

    def others(self) -> frozenset[int] | None:
        """Return the further survivors who have to be there; None when nobody was asked."""
        if not self._attends:
            return None
        return frozenset(key for key, made in self._attends.items() if made.isChecked())

    def minutes(self) -> int:
        """Return how long people are away, as the house needs to know."""
        return self.length.value() or USUAL_LENGTH

    def set_record(self, record: CourtEvent) -> None:
        """Show a date; what stands beside its fields counts as unmodified from now on."""
        super().set_record(record)
        self._beside = self._around()

    def is_modified(self) -> bool:
        """Say whether the date, its length or who has to be there differ from what was loaded."""
        return super().is_modified() or self._around() != self._beside

    def draft(self) -> str:
        """Return the date as typed, with its length and who has to be there."""
        return json.dumps([super().draft(), *self._around()])

    def restore(self, draft: str) -> None:
        """Put a draft back."""
        own, minutes, there = json.loads(draft)
        super().restore(own)
        self.length.set_value(minutes)
        for person_id, made in self._attends.items():
            made.setChecked(person_id in there)

    def _around(self) -> tuple[int, list[int]]:
        return self.minutes(), sorted(self.others() or ())


def length_editor() -> NumberEditor:
    """Return the editor of an appointment's length."""
    made = editor_for(field_of(Appointment, "duration_min"))
    assert isinstance(made, NumberEditor)
    made.setObjectName("minutes")
    made.setAccessibleName(_("Away for about (minutes)"))
    made.set_value(USUAL_LENGTH)
    return made


class OutcomeForm(RecordForm[CourtEvent]):
    """What came of a date; the reason of an adjournment is asked when there is one."""

    def __init__(self, context: Context) -> None:
        super().__init__(CourtEvent, context.tasks)
        self.row("outcome")
        self.row("adjourn_reason")
        self.section(_("Next date"))
        self.row("next_at")
        self.next_type = next_type_editor()
        self.add(_labelled(_("What for"), self.next_type))
        self.section(_("Protection in court, step by step"))
        self.row("special_measures_granted")
        self.row("s32_notice_on")
        self.row("declared_vulnerable_on")
        self.row("intermediary_status", "intermediary_name")
        self.row("intermediary_appointed_on")
        self.row("intermediary_sworn")
        self.row("role_explained")
        self.row("own_words_kept")
        self.section(_("Notes"))
        self.row("notes")
        self.row("travel_cost_kes")
        self.finish()
        self._usual_type = ""
        self.next_type.edited.connect(self.edited)
        outcome = self.editor("outcome")
        outcome.edited.connect(self._ask_why)
        outcome.edited.connect(self._go_to_why)

    def set_record(self, record: CourtEvent) -> None:
        """Show a date and propose the same kind for the next one."""
        super().set_record(record)
        self._usual_type = record.type
        self.next_type.set_value(record.type)
        self._ask_why()

    def is_modified(self) -> bool:
        """Say whether the outcome, or what the next date is for, was changed."""
        return super().is_modified() or self.next_type.value() != self._usual_type

    def draft(self) -> str:
        """Return the outcome as typed, with what the next date is for."""
        return json.dumps([super().draft(), self.next_type.value()])

    def restore(self, draft: str) -> None:
        """Put a draft back."""
        own, next_type = json.loads(draft)
        super().restore(own)
        self.next_type.set_value(next_type)

    def _go_to_why(self) -> None:
        """Lead on to the reason that is asked only now: Tab has gone past the place it came to."""
        outcome, reason = self.editor("outcome"), self.editor("adjourn_reason")

        def go() -> None:
            if reason.isVisible() and not outcome.hasFocus() and not reason.value():
                reason.setFocus(Qt.FocusReason.TabFocusReason)

        # The focus is still on its way to where Tab sent it.
        QTimer.singleShot(0, self, go)

    def _ask_why(self) -> None:
        adjourned = self.editor("outcome").value() == "adjourned"
        _show(self.editor("adjourn_reason"), on=adjourned)


def _labelled(words: str, editor: QWidget) -> QWidget:
    """Return an editor of our own under its label, as the form's rows look."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    name = label(words, "field", name=f"{editor.objectName()}_label")
    name.setBuddy(editor)
    column.addWidget(name)
    column.addWidget(editor)
    return holder


def _show(editor: QWidget, *, on: bool) -> None:
    """Show or hide a field with its label and hint."""
    holder = editor.parentWidget()
    if holder is not None:
        holder.setVisible(on)


def next_type_editor() -> ChoiceEditor:
    """Return the editor for what the next date is for."""
    made = editor_for(field_of(CourtEvent, "type"))
    assert isinstance(made, ChoiceEditor)
    made.setObjectName("next_type")
    made.setAccessibleName(_("What the next date is for"))
    return made


class AmendForm(RecordForm[CourtEvent]):
    """A past date with everything that may be corrected, and why."""

    def __init__(self, context: Context) -> None:
        super().__init__(CourtEvent, context.tasks)
        self.add(
            label(
                _("The first entry stays readable; this one takes its place."),
                "secondary",
                wrap=True,
            )
        )
        self.row("amendment_reason")
        self.need("amendment_reason")
        self.section(_("As it really was"))
        for field in fields_of(CourtEvent):
            if not field.kept_by_program and field.name != "legal_case_id":
                self.row(field.name)
        self.finish()


class AccompanimentForm(RecordForm[Accompaniment]):
    """Who goes along, how, and when they left and came back."""

    def __init__(self, context: Context) -> None:
        super().__init__(Accompaniment, context.tasks, links={"staff_id": STAFF})
        self.row("staff_id", "companion_name")
        self.clash_label = label("", "hint", wrap=True, name="AccompanimentForm_clash")
        self.clash_label.hide()
        self.clash_staff = -1
        self.add(self.clash_label)
        self.row("role")
        self.row("transport", "vehicle")
        self.section(_("On the day"))
        self.row("left_at")
        self.row("returned_at")
        self.row("safety_incident")
        self.finish()

    def propose_role(self, role: str) -> None:
        """Put in as what the chosen worker usually goes along."""
        editor = self.editor("role")
        if role and isinstance(editor, ChoiceEditor):
            editor.set_value(role)
            editor.edited.emit()

    def show_clash(self, words: str) -> None:
        """Say beside the name that the companion is wanted elsewhere; '' takes it away."""
        self.clash_label.setText(words)
        self.clash_label.setVisible(bool(words))
        theme.set_state(self.clash_label, problem=bool(words))
