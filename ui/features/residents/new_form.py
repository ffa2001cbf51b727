"""The form of a new resident: what the house knows, background and sealed identity in one."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from shelter_app.domain.person import Person, PersonBackground, SealedIdentity
from shelter_app.errors import Problem
from shelter_app.i18n import _
from shelter_app.services.residents import NewResidentForm
from ui.kit.button import button, label
from ui.kit.record_form import RecordForm

_BACKGROUND_ROWS: Final = (
    ("birth_date", "birth_date_precision"),
    ("age_basis", "nationality"),
    ("home_county", "immigration_status"),
    ("education_at_entry", "marital_status"),
    ("exploitation",),
)
_IDENTITY_ROWS: Final = (
    ("true_first_name", "true_other_names"),
    ("nickname_known", "phone_own"),
    ("national_id_no", "unhcr_no"),
    ("address_true",),
    ("next_of_kin_true",),
)


class NewResidentEditor(RecordForm[Person]):
    """One form over three records; parts whose key the worker does not hold are not there."""

    def __init__(self, start: NewResidentForm, parent: QWidget | None = None) -> None:
        super().__init__(Person, None, parent)
        self.setObjectName("NewResidentEditor")
        self._parts: dict[str, RecordForm[Any]] = {}
        self.row("display_alias", "sex")
        self.another_button = button(_("Another name"), "NewResident_another", "link")
        self.add(self.another_button)
        self.row("language_main", "age_band")
        self.row("language_other")
        self.row("allergy_alert", "diet")
        self.row("disability")
        self.row("disability_support")
        self.row("house_notes")
        self.row("photograph_allowed")
        if start.background is not None:
            self._add_part(
                "background", _("Background"), PersonBackground, _BACKGROUND_ROWS, start.background
            )
        if start.identity is not None:
            self._add_part(
                "sealed", _("True identity, sealed"), SealedIdentity, _IDENTITY_ROWS, start.identity
            )
            words = _("Only people with the identity key can open this, with a reason, logged.")
            self.add(label(words, "hint", wrap=True, name="NewResident_sealed_hint"))
        self.finish()
        self.set_record(start.person)

    def background(self) -> PersonBackground | None:
        """Return the background as typed, None when it is not on the form."""
        part = self._parts.get("background")
        return part.record() if part else None

    def sealed(self) -> SealedIdentity | None:
        """Return the true identity as typed, None when it is not on the form."""
        part = self._parts.get("sealed")
        return part.record() if part else None

    def set_name(self, name: str) -> None:
        """Put another proposed working name on the form."""
        editor: Any = self.editor("display_alias")
        editor.set_value(name)
        self.edited.emit()

    def set_record(self, record: Person) -> None:
        """Show a person; once she is saved, what the other parts hold is saved too."""
        super().set_record(record)
        for part in self._parts.values():
            part.set_record(part.record() if record.revision else part.loaded())

    # What the side editor asks of a form, answered for all parts together

    def is_modified(self) -> bool:
        """Say whether anything on the form was typed."""
        return super().is_modified() or any(part.is_modified() for part in self._parts.values())

    def unreadable(self) -> list[Problem]:
        """Return the fields of all parts that cannot be read."""
        found = super().unreadable()
        for part in self._parts.values():
            found += part.unreadable()
        return found

    def all_problems(self) -> list[Problem]:
        """Return what stands in the way of saving, over all parts."""
        found = super().all_problems()
        for part in self._parts.values():
            found += [p for p in part.all_problems() if p not in found]
        return found

    def show_problems(self, problems: Collection[Problem]) -> list[Problem]:
        """Show sentences beside their fields, in whichever part they stand."""
        left = super().show_problems(problems)
        for part in self._parts.values():
            left = part.show_problems(left)
        return left

    def draft(self) -> str:
        """Return everything typed, for the draft keeper."""
        drafts = {name: part.draft() for name, part in self._parts.items()}
        drafts["name"] = self.record().display_alias
        return json.dumps({"person": super().draft(), **drafts}, ensure_ascii=False)

    def restore(self, draft: str) -> None:
        """Put a draft back, part by part."""
        kept = json.loads(draft)
        for name, part in self._parts.items():
            if name in kept:
                part.restore(kept[name])
        if kept.get("name"):
            self.set_name(kept["name"])  # proposed, so not typed, but she may be called by it now
        super().restore(kept.get("person", "{}"))

    def _add_part(
        self,
        name: str,
        title: str,
        kind: type[Any],
        rows: tuple[tuple[str, ...], ...],
        start: Any,
    ) -> None:
        self.section(title)
        part: RecordForm[Any] = RecordForm(kind, None, self)
        for fields in rows:
            part.row(*fields)
        part.set_record(start)
        part.edited.connect(self.edited)
        self._parts[name] = part
        self.add(part)
