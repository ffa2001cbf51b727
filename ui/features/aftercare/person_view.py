"""Staying in touch with one person: the card, the next contact, what was heard so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain import codelists, followup_schedule
from shelter_app.domain.aftercare import FollowupContact, SafeContact
from shelter_app.domain.closure import Closure
from shelter_app.i18n import _, ngettext
from shelter_app.services import aftercare, closing
from shelter_app.services.aftercare import PersonAftercare
from shelter_app.services.changes import Changes
from ui.features.aftercare.forms import CardForm, ClosureForm, ContactForm, PlannedForm
from ui.features.aftercare.safe_card import SafeContactCard
from ui.features.aftercare.wording import milestone_words, standing_pill, tries_words
from ui.kit import layouts, theme
from ui.kit.button import button, label
from ui.kit.context import Context
from ui.kit.day_text import show_day
from ui.kit.flow import FlowLayout
from ui.kit.message_bar import MessageBar
from ui.kit.page import Card, EmptyState, Pill, RowButton, TwoLines
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor, editor_over

TABLES: Final = ("followup_contact", "safe_contact", "safe_contact_number", "stay")
_BESIDE_FROM: Final = 720


def resident_tab(context: Context, person_id: int) -> QWidget:
    """Return the tab for one person."""
    return AftercareTab(context, person_id)


class AftercareTab(QWidget):
    """The person view on the resident's page, with an editor over the page."""

    def __init__(self, context: Context, person_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("AftercareTab")
        self._editor: SideEditor | None = None
        self.view = PersonView(context, person_id, self.editor)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.view)

    def editor(self) -> SideEditor:
        """Return the editor of the page the tab stands in."""
        if self._editor is None:
            self._editor = editor_over(self)
        return self._editor

    def refresh(self, changes: Changes) -> None:
        """Ask again when something the tab shows was written."""
        if changes.touch(*TABLES):
            self.view.reload()

    def show_record(self, record_id: int, table: str) -> None:
        """Open a contact or the card, or begin a contact with id 0."""
        if table == SafeContact.table:
            self.view.change_card()
        elif table == FollowupContact.table:
            self.view.record(record_id)

    def hideEvent(self, event: QHideEvent) -> None:
        """Close what is open about her when another tab or person comes; a draft is kept."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.view.close_form()


class PersonView(QWidget):
    """The card first; under it the next contact and the list.

    A form may take its place in the same side editor; `settled` is called with what was saved.
    """

    def __init__(
        self,
        context: Context,
        person_id: int,
        editor: Callable[[], SideEditor],
        settled: Callable[[Any], object] | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("PersonView")
        self._settled = settled
        self._context = context
        self._person_id = person_id
        self._editor = editor
        self._seen: PersonAftercare | None = None
        self._opening = -1
        self._chosen = 0
        self._form: RecordForm[Any] | None = None
        self.message_bar = MessageBar()
        self.card = SafeContactCard()
        self.next_card = Card(_("Next contact"))
        self.next_card.setObjectName("PersonView_next")
        self.list_card = Card(_("Contacts"))
        self.list_card.setObjectName("PersonView_list")
        beside = QVBoxLayout()
        beside.setSpacing(16)
        for shown in (self.card, self.next_card):
            beside.addWidget(shown)
        beside.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(16)
        self._columns.addLayout(beside, 1)
        self._columns.addWidget(self.list_card, 1, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self.message_bar)
        whole.addLayout(self._columns)
        whole.addStretch(1)
        self.card.number_wanted.connect(lambda: self._reveal(self.card))
        self.card.change_wanted.connect(self.change_card)
        self.message_bar.acted.connect(lambda: context.go("resident", person_id, "plan"))
        self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the list beside the card where there is room for both."""
        super().resizeEvent(event)
        wide = event.size().width() >= theme.size(_BESIDE_FROM)
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if wide else directions.TopToBottom)

    def reload(self) -> None:
        """Ask again."""
        self._context.tasks.ask(self, aftercare.person_aftercare, self._person_id, then=self._show)

    def record(self, contact_id: int = 0) -> None:
        """Open the form for a contact (0 begins one) as soon as the person is known."""
        self._opening = contact_id
        self._open_wanted()

    def choose(self, contact_id: int) -> None:
        """Offer this contact to be recorded: the one pressed in a list, not the oldest owed."""
        self._chosen = contact_id
        if self._seen is not None:
            self._show_next(self._seen)

    def close_form(self) -> None:
        """Close the form this view opened, if it is still the one shown."""
        if self._form is not None and self._editor().form() is self._form:
            self._editor().close_editor()

    # Showing

    def _show(self, seen: PersonAftercare) -> None:
        self._seen = seen
        self.card.show_person(seen)
        self._say_plan(seen)
        self._show_next(seen)
        self._show_list(seen)
        self._open_wanted()

    def _say_plan(self, seen: PersonAftercare) -> None:
        heard = [c for c in seen.contacts if c.done_on and followup_schedule.wants_plan_again(c)]
        if heard and not seen.in_residence:
            words = _("Signs of new exploitation on {day}. Open the plan again with her?")
            self.message_bar.say(
                words.format(day=show_day(heard[-1].done_on)), "warning", _("Open the plan")
            )
        else:
            self.message_bar.clear()

    def _show_next(self, seen: PersonAftercare) -> None:
        layouts.clear(self.next_card.body)
        owed = self._owed(seen)
        is_next = owed == seen.next_contact
        self.next_card.set_title(_("Next contact") if is_next else _("Contact"))
        if owed is not None:
            words, role = standing_pill(owed, seen.today)
            head = QHBoxLayout()
            head.addWidget(TwoLines(milestone_words(owed.milestone), _how_and_when(owed)), 1)
            head.addWidget(Pill(words, role), 0, Qt.AlignmentFlag.AlignTop)
            holder = QWidget()
            holder.setLayout(head)
            head.setContentsMargins(0, 0, 0, 0)
            self.next_card.add(holder)
        elif seen.in_residence:
            self.next_card.add(label(_("She lives in the house at the moment."), "mute", wrap=True))
        else:
            self.next_card.add(label(_("No contact is planned."), "mute", wrap=True))
        tried = label(tries_words(seen.tries), "secondary", wrap=True, name="PersonView_tries")
        tried.setVisible(seen.tries.attempts > 0)
        self.next_card.add(tried)
        if seen.may_write:
            self.next_card.add(self._buttons(seen))

    def _owed(self, seen: PersonAftercare) -> FollowupContact | None:
        chosen = (one for one in seen.contacts if one.id == self._chosen and one.done_on is None)
        return next(chosen, seen.next_contact)

    def _buttons(self, seen: PersonAftercare) -> QWidget:
        holder = QWidget()
        line = FlowLayout(holder, spacing=8)
        owed = self._owed(seen)
        if seen.card is not None:
            words = _("Record this contact") if owed else _("Record a contact")
            made = button(words, "PersonView_record", "primary")
            made.clicked.connect(lambda: self.record(owed.id if owed else 0))
            line.addWidget(made)
        hers = button(_("She called us"), "PersonView_hers")
        hers.clicked.connect(self._she_called)
        line.addWidget(hers)
        if seen.card is None or not seen.card.no_contact:
            plan = button(_("Plan a contact"), "PersonView_plan")
            plan.clicked.connect(self._plan)
            line.addWidget(plan)
        if seen.may_close:
            close = button(_("Close the file…"), "PersonView_close")
            close.clicked.connect(self.close_file)
            line.addWidget(close)
        return holder

    def close_file(self) -> None:
        """Open the form about closing the file."""
        self._context.tasks.ask(self, closing.draft, self._person_id, then=self._open_closing)

    def _open_closing(self, closure: Closure) -> None:
        form = ClosureForm(self._context)
        form.set_record(closure)
        self._form = form
        said = _("The file is closed. Nothing is owed any more.")
        self._editor().edit(
            _("Close the file"),
            form,
            lambda record: self._do(form, closing.close, record, said=said),
            self._context.draft_keeper("closure", Closure, closure.id),
        )

    def _show_list(self, seen: PersonAftercare) -> None:
        layouts.clear(self.list_card.body)
        done = sum(1 for contact in seen.contacts if contact.done_on)
        aside = _("{done} of {count} made").format(done=done, count=len(seen.contacts))
        self.list_card.set_aside(aside if seen.contacts else "")
        if not seen.contacts:
            sentence = _("When she leaves, the contacts of two years are planned here.")
            self.list_card.add(EmptyState(sentence))
        for contact in seen.contacts:
            self.list_card.add(self._line(contact, seen))

    def _line(self, contact: FollowupContact, seen: PersonAftercare) -> RowButton:
        words, role = standing_pill(contact, seen.today)
        what = milestone_words(contact.milestone)
        line = RowButton(f"{what}, {words}")
        line.setObjectName(f"contact_{contact.id}")
        line.add(TwoLines(what, _how_and_when(contact)), 1)
        line.add(Pill(words, role))
        line.setEnabled(seen.may_write and contact.done_on is None and seen.card is not None)
        line.clicked.connect(lambda: self.record(contact.id))
        return line

    # Acting

    def change_card(self) -> None:
        """Open the safe-contact card."""
        self._context.tasks.ask(self, aftercare.card_draft, self._person_id, then=self._open_card)

    def _open_card(self, card: SafeContact) -> None:
        seen = self._seen
        if seen is None:
            return
        form = CardForm(self._context, card, with_number=seen.may_reveal)
        self._form = form
        self._editor().edit(
            _("Safe-contact card of “{name}”").format(name=seen.person.display_alias),
            form,
            lambda record: self._do(
                form,
                aftercare.save_card,
                record,
                form.number(),
                said=_("The card is kept."),
            ),
            self._context.draft_keeper("safe_card", SafeContact, self._person_id),
        )

    def _open_wanted(self) -> None:
        if self._opening < 0 or self._seen is None:
            return
        wanted, self._opening = self._opening, -1
        made = {contact.id for contact in self._seen.contacts if contact.done_on}
        if self._seen.may_write and self._seen.card is not None and wanted not in made:
            self._context.tasks.ask(
                self, aftercare.contact_draft, self._person_id, wanted, then=self._open_contact
            )

    def _she_called(self) -> None:
        self._context.tasks.ask(
            self, aftercare.she_called_draft, self._person_id, then=self._open_contact
        )

    def _plan(self) -> None:
        """Ask when and how: a contact beside those of the schedule."""
        editor = self._editor()
        form = PlannedForm(self._context)
        self._form = form
        form.set_record(FollowupContact(person_id=self._person_id, type="call"))
        editor.edit(
            _("Plan a contact"),
            form,
            lambda planned: self._do(
                form,
                aftercare.plan_contact,
                self._person_id,
                planned.due_on,
                planned.type,
                said=_("The contact is planned."),
            ),
        )

    def _open_contact(self, contact: FollowupContact) -> None:
        seen = self._seen
        if seen is None:
            return
        form = ContactForm(self._context, seen, contact)
        self._form = form
        form.card.number_wanted.connect(lambda: self._reveal(form.card))
        self._editor().edit(
            _("{what} with “{name}”").format(
                what=milestone_words(contact.milestone), name=seen.person.display_alias
            ),
            form,
            lambda record: self._do(
                form,
                aftercare.record_contact,
                record,
                said=_("The contact is recorded."),
            ),
            self._context.draft_keeper("contact", FollowupContact, contact.id or self._person_id),
        )

    def _reveal(self, card: SafeContactCard) -> None:
        self._context.tasks.do(
            card, aftercare.reveal_number, self._person_id, then=card.show_number
        )

    def _do(
        self,
        form: RecordForm[Any],
        function: Callable[..., Any],
        *args: Any,
        said: str,
    ) -> None:
        editor, settled = self._editor(), self._settled

        def settle(value: Any) -> None:
            if editor.form() is form:
                editor.saved(form.record())
                editor.close_editor()
            if settled is not None:
                settled(value)

        self._context.tasks.do(
            editor.window(), function, *args, then=settle, failed=editor.failed, undo_label=said
        )


def _how_and_when(contact: FollowupContact) -> str:
    how = codelists.label("followup_type", contact.type)
    when = show_day(contact.done_on or contact.due_on, weekday=True)
    words = _("{how}, {day}").format(how=how, day=when)
    if contact.attempts and contact.done_on is None:
        tried = ngettext("{count} attempt", "{count} attempts", contact.attempts)
        words = _("{words} · {tried}").format(
            words=words, tried=tried.format(count=contact.attempts)
        )
    return words
