"""Settings: this computer's language and look, the house's own facts, what counsel must confirm."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QVBoxLayout,
    QWidget,
)

from shelter_app import settings
from shelter_app.domain.oversight import CASELOAD_ROLES
from shelter_app.domain.staff import Setting
from shelter_app.i18n import LANGUAGES, N_, _
from shelter_app.services import house_settings
from shelter_app.services.changes import Changes
from ui.features.settings.covering_part import CoveringPart
from ui.features.settings.deadline_part import DeadlinePart
from ui.features.settings.dictionary_part import DictionaryPart
from ui.features.settings.health_part import HealthPart
from ui.features.settings.legal_part import LegalPart
from ui.features.settings.licences_part import LicencesPart
from ui.features.settings.program_part import ProgramPart
from ui.features.settings.safety_card import SafetyCard
from ui.kit import theme
from ui.kit.button import button, label, toggle
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.flow import FlowLayout
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page, TabBar
from ui.kit.record_form import RecordForm
from ui.kit.side_editor import SideEditor
from ui.kit.wording import sentence_for

_THEMES: Final = (
    ("system", N_("As the computer")),
    ("light", N_("Light")),
    ("dark", N_("Dark")),
)

_WAITS: Final = (1, 2, 3, 5, 10, 15)
_NUMBERS: Final = ("text_size", "idle_minutes")


class SettingsPage(Page):
    """Tabs: this computer, the house (managers), legal facts."""

    preferences_changed = Signal()
    update_wanted = Signal(object)
    """(Ready): close the records and start the installer."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Settings"), _("What is chosen here takes effect at once."), parent=context.place
        )
        self.setObjectName("SettingsPage")
        self._context = context
        self.side_editor = SideEditor(self)
        self.tabs = TabBar()
        self._parts: dict[str, QWidget] = {}
        self._loads: dict[str, Callable[[], None]] = {}
        self.computer_part = ComputerPart(SafetyCard(context))
        self._add("computer", _("This computer"), self.computer_part)
        if context.actor.has_role("manager"):
            self.house_part = HousePart(context)
            self._add("house", _("The house"), self.house_part)
            self.deadline_part = DeadlinePart(context)
            self._add("deadlines", _("Deadlines"), self.deadline_part)
            self._loads["setting"] = self.house_part.load
            self._loads["deadline_times"] = self.deadline_part.load
        if context.actor.has_role("manager", *CASELOAD_ROLES):
            covering = CoveringPart(context)
            self._add("covering", _("Covering"), covering)
            self._loads["covering"] = covering.load
        self._add("legal", _("Legal facts"), LegalPart(context))
        self._add("dictionary", _("What is kept"), DictionaryPart(context))
        self._add("records", _("Records"), HealthPart(context))
        self.program_part = ProgramPart(context)
        self.program_part.update_wanted.connect(self.update_wanted)
        self._add("program", _("The program"), self.program_part)
        self._add("about", _("Licences"), LicencesPart(context))
        self.set_tabs(self.tabs)
        self.tabs.chosen.connect(self._show_part)
        self._show_part(self.tabs.current_key())
        self.computer_part.changed.connect(self.preferences_changed)

    def show_record(self, record_id: int, detail: str) -> None:
        """Open the tab named by the detail."""
        if detail in self._parts:
            self.tabs.set_current(detail)

    def refresh(self, changes: Changes) -> None:
        """Show a tab's list again when somebody changed what it lists."""
        for table, load in self._loads.items():
            if changes.touch(table):
                load()

    def leave(self) -> None:
        """Keep what was typed when another page is shown."""
        self.side_editor.keep_now()

    def _add(self, key: str, text: str, part: QWidget) -> None:
        self._parts[key] = part
        self.tabs.add(key, text)
        self.body.addWidget(part, 1)

    def _show_part(self, key: str) -> None:
        """Show one part; the others take no room, so that the page scrolls only when this must."""
        for name, part in self._parts.items():
            part.setVisible(name == key)


class ComputerPart(QWidget):
    """Choices of this computer; they hold nothing about people and live outside the vault."""

    changed = Signal()

    def __init__(self, safety: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_computer")
        chosen = settings.load()
        card = Card(_("This computer"))
        self._choices(card, "language", _("Language"), LANGUAGES, chosen.language)
        looks = [(code, _(text)) for code, text in _THEMES]
        self._choices(card, "theme", _("Look"), looks, chosen.theme)
        sizes = [(str(size), f"{size} %") for size in settings.TEXT_SIZES]
        self._choices(card, "text_size", _("Text size"), sizes, str(chosen.text_size))
        waits = [(str(minutes), _("{count} min").format(count=minutes)) for minutes in _WAITS]
        lock_after = _("Lock when nobody is here for")
        self._choices(card, "idle_minutes", lock_after, waits, str(chosen.idle_minutes))
        hint = _("Twenty seconds before, the program warns. F12 locks at once.")
        card.add(label(hint, "hint", wrap=True))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        whole.addWidget(safety)
        whole.addStretch(1)

    def _choices(
        self, card: Card, name: str, text: str, options: Sequence[tuple[str, str]], current: str
    ) -> None:
        card.add(label(text, "field"))
        holder = QWidget()
        holder.setAccessibleName(text)
        flow = FlowLayout(holder, spacing=6)
        group = QButtonGroup(holder)
        for code, shown in options:
            made = toggle(shown, f"SettingsPage_{name}_{code}", on=code == current)
            made.setAccessibleName(f"{text}: {shown}")
            group.addButton(made)
            made.clicked.connect(partial(self._keep, name, code))
            flow.addWidget(made)
        card.add(holder)

    def _keep(self, name: str, code: str, _on: bool = True) -> None:
        value: Any = int(code) if name in _NUMBERS else code
        chosen = settings.load()
        if getattr(chosen, name) != value:
            settings.save(dataclasses.replace(chosen, **{name: value}))
            self.changed.emit()


class HousePart(QWidget):
    """The house's own facts, inside the vault; papers carry the neutral ones."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_house")
        self._context = context
        self.form = RecordForm(Setting, context.tasks)
        self.form.section(_("Inside the program"))
        self.form.row("house_name")
        self.form.row("location_words")
        self.form.section(_("On papers"))
        self.form.row("report_header")
        self.form.row("letterhead_address", "letterhead_phone")
        self.bar = MessageBar()
        self.save_button = button(_("Save"), "SettingsPage_save", "primary", shortcut="Ctrl+S")
        card = Card(_("The house"))
        card.add(self.bar)
        card.add(self.form)
        card.add(self.save_button)
        self.save_button.setMaximumWidth(theme.size(140))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        whole.addStretch(1)
        self.save_button.clicked.connect(self._save)
        self.load()

    def load(self) -> None:
        """Show what is kept."""
        tasks = self._context.tasks
        tasks.ask(self, house_settings.current, then=self.form.set_record)

    def _save(self) -> None:
        if not self.form.check():
            return
        self._context.tasks.do(
            self,
            house_settings.save,
            self.form.record(),
            then=self._saved,
            failed=lambda error: self.bar.say(sentence_for(error), "warning"),
            undo_label=_("The house's facts are saved."),
        )

    def _saved(self, setting: Setting) -> None:
        self.bar.clear()
        self.form.set_record(setting)
