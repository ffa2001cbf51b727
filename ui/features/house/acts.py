"""What can be done with a stay, offered by the board, the side panel and the resident's page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from shelter_app import clock
from shelter_app.domain.stay import Absence, BedStay, Placement, Stay
from shelter_app.i18n import _
from shelter_app.services import bed_board, drafts, house, house_choices, stay_corrections
from shelter_app.services.bed_board import HouseCard, Sleeper
from shelter_app.services.house import AdmissionDraft
from shelter_app.services.work import Work
from ui.features.house.forms import (
    AbsenceForm,
    AdmissionForm,
    BasisForm,
    BedForm,
    ExitForm,
    StayForm,
    free_beds,
)
from ui.kit.context import Context, DraftKeeper
from ui.kit.dialog import Dialog
from ui.kit.editors import LinkSource
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor

_ADMISSION: Final = "admission"
_AWAY: Final = "absence"
_BASIS: Final = "basis"
_EXIT: Final = "exit"
_CORRECTION: Final = "stay_correction"


def sleeper_of(card: HouseCard) -> Sleeper:
    """Return who a house card is about, as the acts need her."""
    return Sleeper(
        card.stay.id,
        card.person.id,
        card.person.display_alias,
        card.person.person_no,
        0,
        card.person.age_band,
        card.absence,
    )


class StayActs(QObject):
    """Opens the right form in a side editor and does what it says, with Undo."""

    bed_given = Signal(object)
    """The bed somebody has now: the keyboard goes there."""

    def __init__(self, context: Context, owner: QWidget, editor: SideEditor) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._editor = editor
        self._form: RecordForm[Any] | None = None

    def close(self) -> None:
        """Close the editor if it shows one of our forms; its draft is kept."""
        if self._form is not None and self._editor.form() is self._form:
            self._editor.close_editor()

    def _edit(
        self,
        title: str,
        form: RecordForm[Any],
        save: Callable[[Any], object],
        keeper: DraftKeeper | None = None,
    ) -> None:
        self._form = form
        self._editor.edit(title, form, save, keeper)

    # Admission

    def admit(self, person_id: int = 0, bed_id: int = 0) -> None:
        """Ask for what an admission begins with, then open its form."""
        self._context.tasks.ask(
            self._owner,
            house.admission_draft,
            person_id,
            then=lambda draft: self._open_admission(draft, bed_id),
        )

    def _open_admission(self, draft: AdmissionDraft, bed_id: int) -> None:
        form = AdmissionForm(self._context, draft, bed_id)
        keeper = self._context.draft_keeper(_ADMISSION, Stay, 0)
        title = _("Admit to a bed")
        if draft.person_words:
            title = _("Admit {person}").format(person=draft.person_words)
        self._edit(title, form, lambda stay: self._admit(form, stay), keeper)

    def _admit(self, form: AdmissionForm, stay: Stay) -> None:
        if form.room_hints and not self._sure_of_room(form.room_hints):
            self._editor.save_button.setEnabled(True)
            return
        self._do(form, house.admit, stay, form.bed_id(), form.placement(), said=_("She has a bed."))

    def _sure_of_room(self, hints: tuple[str, ...]) -> bool:
        words = " ".join(_(hint) for hint in hints)
        return Dialog.ask(self._owner, words, _("Give her this bed"), _("Choose another bed"))

    def place(self, stay: Stay, placement: Placement | None) -> None:
        """Record or change why somebody is placed here."""
        form = BasisForm(self._context)
        form.finish()
        fresh = Placement(id=stay.id, person_id=stay.person_id, admission_kind="new")
        form.set_record(placement or fresh)
        self._edit(
            _("Why and on what basis"),
            form,
            lambda record: self._do(
                form, house.record_placement, record, said=_("The basis is recorded.")
            ),
            self._context.draft_keeper(_BASIS, Placement, stay.id),
        )

    def step(self, stay: Stay, state: str) -> None:
        """Take a stay to its next step."""
        self._context.tasks.do(
            self._owner, house.set_step, stay.id, state, undo_label=_("The next step has begun.")
        )

    def correct(self, stay: Stay) -> None:
        """Open the form that puts a stay right."""
        self._context.tasks.ask(
            self._owner,
            stay_corrections.may_hand_over,
            stay.person_id,
            then=lambda hands_over: self._open_correction(stay, hands_over=hands_over),
        )

    def _open_correction(self, stay: Stay, *, hands_over: bool) -> None:
        form = StayForm(self._context, stay, hands_over=hands_over)
        self._edit(
            _("Correct the stay"),
            form,
            lambda record: self._do(
                form, stay_corrections.correct, record, said=_("The stay is corrected.")
            ),
            self._context.draft_keeper(_CORRECTION, Stay, stay.id),
        )

    # Being away

    def away(self, sleeper: Sleeper) -> None:
        """Ask where she sleeps and until when."""
        absence = Absence(
            stay_id=sleeper.stay_id,
            person_id=sleeper.person_id,
            left_at=clock.now(),
            authorised_by=self._context.actor.staff_id,
        )
        form = AbsenceForm(self._context, absence)
        self._edit(
            _("“{name}” sleeps away").format(name=sleeper.name),
            form,
            lambda record: self._do(
                form, house.leave, record, said=_("“{name}” is away.").format(name=sleeper.name)
            ),
            self._context.draft_keeper(_AWAY, Absence, sleeper.stay_id),
        )

    def back(self, sleeper: Sleeper) -> None:
        """Record that she is back; when her place was not kept, ask for a bed first."""
        if sleeper.absence is None:
            return
        absence_id = sleeper.absence.id
        said = _("“{name}” is back.").format(name=sleeper.name)
        if sleeper.absence.bed_held:
            self._context.tasks.do(self._owner, house.come_back, absence_id, undo_label=said)
            return
        form = BedForm(self._context, free_beds(sleeper.person_id))
        self._edit(
            _("A bed for “{name}”").format(name=sleeper.name),
            form,
            lambda record: self._do(
                form, house.come_back, absence_id, None, record.bed_id, said=said
            ),
        )

    def give_up(self, sleeper: Sleeper) -> None:
        """Free the bed of somebody who is away."""
        if sleeper.absence is not None:
            self._context.tasks.do(
                self._owner,
                house.give_up_place,
                sleeper.absence.id,
                undo_label=_("The bed of “{name}” is free.").format(name=sleeper.name),
            )

    # Beds

    def move(self, sleeper: Sleeper) -> None:
        """Ask for another bed; a taken one means changing places."""
        source = LinkSource(
            lambda work, typed: house_choices.bed_targets(work, typed, stay_id=sleeper.stay_id),
            house_choices.bed_label,
        )
        form = BedForm(self._context, source)
        form.set_record(BedStay(stay_id=sleeper.stay_id))
        self._edit(
            _("Another bed for “{name}”").format(name=sleeper.name),
            form,
            lambda record: self._move(form, sleeper, record.bed_id),
        )

    def _move(self, form: BedForm, sleeper: Sleeper, bed_id: int) -> None:
        said = _("“{name}” has another bed.").format(name=sleeper.name)
        self._context.tasks.ask(
            self._owner,
            house.move_hints,
            sleeper.stay_id,
            bed_id,
            then=lambda hints: self._when_sure(
                hints,
                lambda: self._do(form, house.move_to, sleeper.stay_id, bed_id, said=said),
            ),
            failed=self._editor.failed,
        )

    def _when_sure(self, hints: tuple[str, ...], act: Callable[[], object]) -> None:
        """Act at once when nothing speaks against it, otherwise when people say so."""
        if not hints:
            act()
            return
        words = " ".join(_(hint) for hint in hints)
        dialog = Dialog(self._owner, words, _("Give her this bed"), _("Choose another bed"))
        dialog.accepted.connect(act)
        dialog.rejected.connect(lambda: self._editor.save_button.setEnabled(True))
        dialog.show_once()

    def drop(self, source_bed_id: int, target_bed_id: int) -> None:
        """Do what dragging one tile to another means, after asking what speaks against it."""
        tasks = self._context.tasks
        change = partial(
            tasks.do,
            self._owner,
            house.move_or_swap,
            source_bed_id,
            target_bed_id,
            then=lambda _value: self.bed_given.emit(target_bed_id),
            undo_label=_("The beds are changed."),
        )
        tasks.ask(
            self._owner,
            house.drop_hints,
            source_bed_id,
            target_bed_id,
            then=lambda hints: self._when_sure(hints, change),
        )

    # Leaving

    def leave_house(self, sleeper: Sleeper) -> None:
        """Open the form about leaving."""
        self._context.tasks.ask(
            self._owner,
            _exit_start,
            sleeper.stay_id,
            then=lambda start: self._open_exit(sleeper, *start),
        )

    def _open_exit(self, sleeper: Sleeper, card: HouseCard, details: Placement) -> None:
        stay = Stay(person_id=card.person.id, exited_at=clock.now())
        form = ExitForm(self._context, details, stay, card.person.age_band)
        self._edit(
            _("“{name}” leaves the house").format(name=sleeper.name),
            form,
            lambda record: self._do(
                form,
                house.exit_stay,
                record,
                form.time_form.record().exited_at,
                said=_("“{name}” has left. What follows is planned.").format(name=sleeper.name),
            ),
            self._context.draft_keeper(_EXIT, Placement, sleeper.stay_id),
        )

    # Drafts

    def take_up(self, stay_id: int) -> None:
        """Open the form a draft about this stay was written in."""
        self._context.tasks.ask(
            self._owner, _draft_start, stay_id, then=lambda start: self._take_up(*start)
        )

    def _take_up(self, form: str, card: HouseCard, placement: Placement | None) -> None:
        if form == _EXIT:
            self.leave_house(sleeper_of(card))
        elif form == _AWAY:
            self.away(sleeper_of(card))
        elif form == _BASIS:
            self.place(card.stay, placement)
        elif form == _CORRECTION:
            self.correct(card.stay)

    # Doing

    def _do(
        self, form: RecordForm[Any], function: Callable[..., Any], *args: Any, said: str
    ) -> None:
        self._context.tasks.do(
            self._owner,
            function,
            *args,
            then=lambda _value: self._settle(form),
            failed=self._editor.failed,
            undo_label=said,
        )

    def _settle(self, form: RecordForm[Any]) -> None:
        """Forget the draft and close, when the form that was saved is still the one shown."""
        if self._editor.form() is form:
            if isinstance(form, AdmissionForm):
                self.bed_given.emit(form.bed_id())
            elif isinstance(form, BedForm):
                self.bed_given.emit(form.record().bed_id)
            self._editor.saved(form.record())
            self._editor.close_editor()


def _draft_start(work: Work, stay_id: int) -> tuple[str, HouseCard, Placement | None]:
    waiting = ""
    forms = ((_EXIT, Placement), (_BASIS, Placement), (_AWAY, Absence), (_CORRECTION, Stay))
    for form, kind in forms:
        place = drafts.Place(form, kind.table, stay_id)
        if not waiting and work.holds(kind.compartment) and drafts.get(work, place):
            waiting = form
    return waiting, bed_board.house_card(work, stay_id), work.find(Placement, stay_id)


def _exit_start(work: Work, stay_id: int) -> tuple[HouseCard, Placement]:
    return bed_board.house_card(work, stay_id), house.exit_draft(work, stay_id)
