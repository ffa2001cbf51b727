"""Settings: this computer's language and look, the house's own facts, what counsel must confirm."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from shelter_app import settings
from shelter_app.domain.oversight import CASELOAD_ROLES
from shelter_app.domain.staff import Setting
from shelter_app.i18n import LANGUAGES, N_, _
from shelter_app.services import accounts, dictionary
from shelter_app.services.changes import Changes
from shelter_app.services.legal_facts import LegalFact, legal_facts
from shelter_app.services.work import Work
from ui.features.settings.covering_part import CoveringPart
from ui.features.settings.deadline_part import DeadlinePart
from ui.features.settings.health_part import HealthPart
from ui.features.settings.licences_part import LicencesPart
from ui.features.settings.program_part import ProgramPart
from ui.features.settings.safety_card import SafetyCard
from ui.kit import theme
from ui.kit.button import button, label, toggle
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.filter_chips import FilterChips
from ui.kit.flow import FlowLayout
from ui.kit.folders import choose_folder
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page, TabBar
from ui.kit.record_form import RecordForm
from ui.kit.record_table import Column, RecordTable, Row, TableFilter
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
        super().__init__(_("Settings"), _("What is chosen here takes effect at once."))
        self.setObjectName("SettingsPage")
        self._context = context
        self.side_editor = SideEditor(self)
        self.tabs = TabBar()
        self.stack = QStackedWidget()
        self.stack.setObjectName("SettingsPage_stack")
        self._parts: dict[str, QWidget] = {}
        self.computer_part = ComputerPart(SafetyCard(context))
        self._add("computer", _("This computer"), self.computer_part)
        if context.actor.has_role("manager"):
            self.house_part = HousePart(context)
            self._add("house", _("The house"), self.house_part)
            self.deadline_part = DeadlinePart(context)
            self._add("deadlines", _("Deadlines"), self.deadline_part)
        if context.actor.has_role("manager", *CASELOAD_ROLES):
            self._add("covering", _("Covering"), CoveringPart(context))
        self._add("legal", _("Legal facts"), LegalPart(context))
        self._add("dictionary", _("What is kept"), DictionaryPart(context))
        self._add("records", _("Records"), HealthPart(context))
        self.program_part = ProgramPart(context)
        self.program_part.update_wanted.connect(self.update_wanted)
        self._add("program", _("The program"), self.program_part)
        self._add("about", _("Licences"), LicencesPart(context))
        self.set_tabs(self.tabs)
        self.body.addWidget(self.stack)
        self.tabs.chosen.connect(self._show_part)
        self.computer_part.changed.connect(self.preferences_changed)

    def show_record(self, record_id: int, detail: str) -> None:
        """Open the tab named by the detail."""
        if detail in self._parts:
            self.tabs.set_current(detail)

    def refresh(self, changes: Changes) -> None:
        """Show the house's facts again when somebody changed them."""
        part = self._parts.get("house")
        if isinstance(part, HousePart) and changes.touch("setting"):
            part.load()
        covered = self._parts.get("covering")
        if isinstance(covered, CoveringPart) and changes.touch("covering"):
            covered.load()
        deadlines = self._parts.get("deadlines")
        if isinstance(deadlines, DeadlinePart) and changes.touch("deadline_times"):
            deadlines.load()

    def leave(self) -> None:
        """Keep what was typed when another page is shown."""
        self.side_editor.keep_now()

    def _add(self, key: str, text: str, part: QWidget) -> None:
        self._parts[key] = part
        self.tabs.add(key, text)
        self.stack.addWidget(part)

    def _show_part(self, key: str) -> None:
        self.stack.setCurrentWidget(self._parts[key])


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
        tasks.ask(self, accounts.house_settings, then=self.form.set_record)

    def _save(self) -> None:
        if not self.form.check():
            return
        self._context.tasks.do(
            self,
            accounts.save_house_settings,
            self.form.record(),
            then=self._saved,
            failed=lambda error: self.bar.say(sentence_for(error), "warning"),
            undo_label=_("The house's facts are saved."),
        )

    def _saved(self, setting: Setting) -> None:
        self.bar.clear()
        self.form.set_record(setting)


class LegalPart(QWidget):
    """Every statement of law the program relies on, with its source and whether it is confirmed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_legal")
        card = Card(_("Legal facts"))
        hint = _(
            "The program is no legal advice. An advocate confirms these before they are relied on; "
            "what is typed from the charge sheet always wins."
        )
        card.add(label(hint, "mute", wrap=True))
        self.table = RecordTable(
            (
                Column("what", _("What it says"), sortable=False),
                Column("where", _("Where it stands"), 250, sortable=False),
                Column("source", _("Where we have it from"), 250, sortable=False),
                Column("status", _("Status"), 190, sortable=False),
            ),
            context.tasks,
            fact_ids,
            fact_rows,
        )
        self.table.setObjectName("SettingsPage_facts")
        self.table.setMinimumHeight(theme.size(420))
        card.add(self.table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card, 1)
        self.table.reload()


def fact_ids(work: Work, _wanted: TableFilter) -> Sequence[int]:
    """Return the numbers of the legal facts."""
    return [fact.id for fact in legal_facts(work)]


def fact_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return some legal facts as rows."""
    known = {fact.id: fact for fact in legal_facts(work)}
    return [_row(known[number]) for number in ids]


def _row(fact: LegalFact) -> Row:
    status = _("Confirmed") if fact.confirmed else _("To be confirmed by counsel")
    role = "good" if fact.confirmed else "soon"
    return Row(fact.id, (fact.what, fact.where, fact.source, status), {"status": role})


class DictionaryPart(QWidget):
    """Every field the program keeps, read off the declarations; saved as a file for anybody."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SettingsPage_dictionary")
        self._context = context
        card = Card(_("What is kept"))
        hint = _(
            "Each field, who may see it and in which of the five files it lies. With it a complete "
            "export can be read without this program."
        )
        card.add(label(hint, "mute", wrap=True))
        self.save_button = button(_("Save as a file…"), "SettingsPage_save_dictionary")
        card.set_aside(self.save_button)
        self.chips = FilterChips([], _("Find a field"))
        self.table = RecordTable(
            (
                Column("title", _("Record"), 190, sortable=False),
                Column("label", _("Field"), sortable=False),
                Column("kind", _("Kind"), 160, sortable=False),
                Column("level", _("Seen by level"), 190, sortable=False),
                Column("file", _("File"), 110, sortable=False),
            ),
            context.tasks,
            entry_ids,
            entry_rows,
        )
        self.table.setObjectName("SettingsPage_entries")
        self.table.setAccessibleName(_("What is kept"))
        self.table.setMinimumHeight(theme.size(420))
        self.bar = MessageBar()
        card.add(self.bar)
        card.add(self.chips)
        card.add(self.table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card, 1)
        self.table.bind(self.chips)
        self.save_button.clicked.connect(self._choose)
        self.table.reload()

    def _choose(self) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_to(folder)

    def save_to(self, folder: Path) -> None:
        """Write the dictionary into a folder."""
        self._context.tasks.ask(
            self,
            dictionary.save,
            folder,
            then=lambda path: self.bar.say(_("Saved as {file}.").format(file=path.name)),
            failed=self.bar.explain,
        )


def entry_ids(work: Work, wanted: TableFilter) -> Sequence[int]:
    """Return the numbers of the fields that match what was typed."""
    return list(dictionary.numbered(work, wanted.text))


def entry_rows(work: Work, ids: Sequence[int]) -> Sequence[Row]:
    """Return some fields as rows."""
    known = dictionary.numbered(work)
    return [
        Row(
            number,
            (
                entry.title,
                entry.label,
                dictionary.kind_words(entry),
                entry.level,
                dictionary.file_words(entry),
            ),
            {"label": "strong"},
        )
        for number, entry in ((number, known[number]) for number in ids)
    ]
