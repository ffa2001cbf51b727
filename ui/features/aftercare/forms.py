"""The forms of aftercare: the card with its number, and how a contact went."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection
from typing import Final

from PySide6.QtWidgets import QPushButton, QWidget

from shelter_app.domain import codelists
from shelter_app.domain.aftercare import NOT_YET, FollowupContact, SafeContact, SafeContactNumber
from shelter_app.domain.closure import Closure
from shelter_app.domain.followup_schedule import ATTEMPT_RESULTS, SURVIVOR_INITIATED
from shelter_app.errors import Problem
from shelter_app.i18n import _
from shelter_app.services.aftercare import RESULT_WANTED, PersonAftercare
from ui.features.aftercare.safe_card import SafeContactCard
from ui.kit.button import label, toggle
from ui.kit.context import Context
from ui.kit.flow import FlowLayout
from ui.kit.message_bar import MessageBar
from ui.kit.record_form import RecordForm

_HEARD: Final = ("housing_ok", "income_ok", "school_or_work", "feels_safe", "needs")
_AFTER: Final = (*_HEARD, "reexploitation", "action", "next_due")


class CardForm(RecordForm[SafeContact]):
    """The safe-contact card; number and place for those with the identity key."""

    def __init__(self, context: Context, card: SafeContact, *, with_number: bool) -> None:
        super().__init__(SafeContact, context.tasks)
        self.number_form: RecordForm[SafeContactNumber] | None = None
        self.row("through", "channel")
        self.row("hours")
        self.row("cover_topic")
        self.row("never_say")
        self.row("agreed_on")
        self.row("no_contact")
        if with_number:
            self.number_form = RecordForm(SafeContactNumber, context.tasks)
            self.number_form.section(_("Kept under the identity key"))
            self.number_form.row("contact_name", "phone")
            self.number_form.row("address")
            words = _("Leave these empty to keep what is stored.") if card.revision else ""
            hint = label(words, "hint", wrap=True)
            hint.setVisible(bool(words))
            self.number_form.add(hint)
            self.number_form.set_record(SafeContactNumber(person_id=card.person_id))
            self.add(self.number_form)
            self.number_form.edited.connect(self.edited)
        self.finish()
        self.set_record(card)

    def number(self) -> SafeContactNumber | None:
        """Return the number and place as typed."""
        return self.number_form.record() if self.number_form is not None else None

    def set_record(self, record: SafeContact) -> None:
        """Show a card; the number counts as unmodified from now on."""
        super().set_record(record)
        if self.number_form is not None:
            self.number_form.set_record(self.number_form.record())

    def is_modified(self) -> bool:
        """Say whether card or number differ from what was loaded."""
        number = self.number_form
        return super().is_modified() or (number is not None and number.is_modified())

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show each sentence beside its field."""
        left = super().show_problems(problems)
        return self.number_form.show_problems(left) if self.number_form is not None else left


class PlannedForm(RecordForm[FollowupContact]):
    """When somebody is to be called or visited, and how."""

    def __init__(self, context: Context) -> None:
        super().__init__(FollowupContact, context.tasks)
        self.row("due_on", "type")
        self.need("due_on")
        self.need("type")
        self.finish()


class ClosureForm(RecordForm[Closure]):
    """Why the file is closed, and what was said about the time with us."""

    def __init__(self, context: Context) -> None:
        super().__init__(Closure, context.tasks)
        self.row("reason")
        self.row("closed_on")
        self.row("checklist")
        self.row("children_officer_approved")
        self.section(_("Looking back"))
        self.row("survivor_feedback")
        self.row("caregiver_feedback")
        self.finish()


class ContactForm(RecordForm[FollowupContact]):
    """The card, the first question, then what was heard; unsafe stops everything."""

    def __init__(self, context: Context, seen: PersonAftercare, contact: FollowupContact) -> None:
        super().__init__(FollowupContact, context.tasks)
        self._hers = contact.type == SURVIVOR_INITIATED
        self._result = ""
        self.card = SafeContactCard()
        self.card.change_button.hide()
        self.card.show_person(seen)
        self.card.change_button.hide()
        self.result_bar = MessageBar()
        self.result_bar.close_button.hide()
        self._toggles: dict[str, QPushButton] = {}
        self._lay_out()
        self.set_record(contact)
        self._follow()

    def _lay_out(self) -> None:
        if not self._hers:
            self.add(self.card)
        question = _("First ask: “Is this a good time to talk?”")
        self.add(label(_("She called us") if self._hers else question, "section", wrap=True))
        self.add(self._results())
        self.add(self.result_bar)
        self.row("type", "done_on")
        self.row("housing_ok", "income_ok")
        self.row("school_or_work", "feels_safe")
        self.row("reexploitation")
        self.row("needs")
        self.row("action")
        self.row("next_due")
        self.finish()

    def _results(self) -> QWidget:
        holder = QWidget()
        holder.setObjectName("ContactForm_results")
        holder.setAccessibleName(_("How it went"))
        flow = FlowLayout(holder, spacing=6)
        for row in codelists.offered("followup_result"):
            if row.code == NOT_YET:
                continue
            words = codelists.label("followup_result", row.code)
            made = toggle(words, f"ContactForm_{row.code}")
            made.clicked.connect(lambda _on=False, code=row.code: self._choose(code))
            self._toggles[row.code] = made
            flow.addWidget(made)
        return holder

    def record(self) -> FollowupContact:
        """Return the contact with how it went."""
        made = super().record()
        if not self._result:
            return made
        safe = {"unsafe_to_talk": False, "reached": True}.get(self._result, made.safe_to_talk)
        return dataclasses.replace(made, result=self._result, safe_to_talk=safe)

    def set_record(self, record: FollowupContact) -> None:
        """Show a contact; one that was not reached yet starts with no answer chosen."""
        self._result = "" if record.result in ("", NOT_YET) else record.result
        super().set_record(record)
        self._follow()

    def all_problems(self) -> list[Problem]:
        """Ask how it went before anything else."""
        found = super().all_problems()
        return found if self._result else [Problem("result", RESULT_WANTED), *found]

    def draft(self) -> str:
        """Return the form with how it went."""
        return json.dumps({"result": self._result, "fields": super().draft()})

    def restore(self, draft: str) -> None:
        """Put a draft back."""
        kept = json.loads(draft)
        self._result = kept["result"]
        super().restore(kept["fields"])
        self._follow()

    def _choose(self, code: str) -> None:
        self._result = code
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        """Show what belongs to the answer."""
        for code, made in self._toggles.items():
            made.setChecked(code == self._result)
        reached = self._result in ("reached", "reached_caregiver")
        shown = {"type", "done_on"}
        if self._result == "unsafe_to_talk":
            words = _("Stop here. Nothing that was heard is kept. The contact stays to be made.")
            self.result_bar.say(words, "warning")
        elif self._result in ATTEMPT_RESULTS:
            number = self.loaded().attempts + 1
            words = _("This is attempt {number} for this contact. It stays to be made.")
            self.result_bar.say(words.format(number=number), "information")
        else:
            self.result_bar.clear()
        self.result_bar.close_button.hide()
        if reached:
            shown |= set(_AFTER)
        elif self._result and self._result not in ATTEMPT_RESULTS:
            shown |= {"action", "next_due"}
        self.set_fields_visible(shown)
