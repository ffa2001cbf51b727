"""The steps of the restore assistant: which backup, who opens it, what would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
)

from shelter_app.i18n import _, ngettext
from shelter_app.services import backup_checks, recovery_sheets
from shelter_app.services.backup_checks import Facts
from shelter_app.services.restoring import Choice, Content, Loss
from ui.first_run.step import Step
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.card import KeyValueList
from ui.kit.day_text import show_day, show_moment
from ui.kit.folders import choose_folder
from ui.kit.passphrase_edit import PassphraseEdit
from ui.sheet_edit import SheetEdit

SHEET: Final = ""
"""The slot of somebody who types a recovery sheet instead of a name."""
_MOST_DAYS: Final = 8


class ChooseStep(Step):
    """The backups on the sticks that are in, or in a folder."""

    look_wanted = Signal(object)
    """(folder or None): look there, or on all sticks."""

    def __init__(self) -> None:
        super().__init__(
            _("Which backup?"),
            _("Put the stick in and wait a moment. The newest backup is on top."),
            "Restore_choose",
        )
        self.list = QListWidget()
        self.list.setObjectName("Restore_list")
        self.list.setProperty("kind", "choices")
        self.list.setAccessibleName(_("Backups that were found"))
        self.list.setMinimumHeight(theme.size(170))
        self.again_button = button(_("Look again"), "Restore_again", "small")
        self.folder_button = button(_("Choose a folder…"), "Restore_folder", "small")
        self.column.addWidget(self.list)
        line = QHBoxLayout()
        line.addWidget(self.again_button)
        line.addWidget(self.folder_button)
        line.addStretch(1)
        self.column.addLayout(line)
        self.finish()
        self._choices: tuple[Choice, ...] = ()
        self.again_button.clicked.connect(lambda: self.look_wanted.emit(None))
        self.folder_button.clicked.connect(self._choose_folder)
        self.list.itemActivated.connect(lambda _item: self.go_on.emit())

    def begin(self) -> None:
        """Look at once."""
        self.list.setFocus()
        if not self._choices:
            self.look_wanted.emit(None)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show what was found."""
        self._choices = tuple(choices)
        self.list.clear()
        for choice in choices:
            self.list.addItem(QListWidgetItem(_choice_words(choice)))
        if choices:
            self.list.setCurrentRow(0)
            self.list.setFocus()
            self.say("")
        else:
            self.again_button.setFocus()
            self.say(
                _(
                    "No backup was found on a stick. Put the stick in, then look again, or choose "
                    "the folder the backups are in."
                )
            )

    def chosen(self) -> Choice | None:
        """Return the backup in front."""
        row = self.list.currentRow()
        return self._choices[row] if 0 <= row < len(self._choices) else None

    def accept(self) -> bool:
        """Go on with a backup."""
        if self.chosen() is None:
            self.say(_("Please choose a backup first."))
            return False
        return True

    def _choose_folder(self) -> None:
        folder = choose_folder(self, _("Folder with backups"))
        if folder is not None:
            self.look_wanted.emit(folder)


def _choice_words(choice: Choice) -> str:
    parts = [
        show_moment(choice.made_at, weekday=True),
        _("{count} MB").format(count=max(1, round(choice.size / 1_000_000))),
        _("on this computer, made before new keys")
        if choice.beside_records
        else str(choice.folder.parent),
    ]
    if choice.same_house is False:
        parts.append(_("another house than the one on this computer"))
    return " · ".join(parts)


class KeyStep(Step):
    """A manager's password, or a sheet."""

    def __init__(self) -> None:
        super().__init__(
            _("Who opens it?"),
            _("A manager of the time of the backup, or one of the two recovery sheets."),
            "Restore_key",
        )
        self.who_box = QComboBox()
        self.who_box.setObjectName("Restore_who")
        self.add_field(_("Opened by"), self.who_box)
        self.phrase_label = label(_("Password"), "field")
        self.phrase_edit = PassphraseEdit("Restore_passphrase")
        self.code_label = label(_("Recovery sheet"), "field")
        self.code_edit = SheetEdit("Restore_code")
        self.phrase_label.setBuddy(self.phrase_edit.line_edit)
        self.code_label.setBuddy(self.code_edit)
        for widget in (self.phrase_label, self.phrase_edit, self.code_label, self.code_edit):
            self.column.addWidget(widget)
        self.finish()
        self.phrase_edit.set_accessible_name(_("Password"))
        self.code_edit.setAccessibleName(_("Recovery sheet"))
        self.who_box.currentIndexChanged.connect(self._fit)
        self.phrase_edit.submitted.connect(self.go_on)
        self.code_edit.submitted.connect(self.go_on)
        self._fit()

    def offer(self, choice: Choice) -> None:
        """Offer who can open this backup."""
        self.who_box.clear()
        for way in choice.ways:
            self.who_box.addItem(way.alias, way.slot_id)
        self.who_box.addItem(_("Recovery sheet R or C"), SHEET)

    @property
    def slot_id(self) -> str:
        """Return the slot chosen, '' for a sheet."""
        return str(self.who_box.currentData() or SHEET)

    def begin(self) -> None:
        """Start where something is typed."""
        if self.slot_id:
            self.phrase_edit.setFocus()
            self.phrase_edit.line_edit.selectAll()  # after a wrong one the next is simply typed
        else:
            self.code_edit.setFocus()

    def secret(self) -> str:
        """Return what was typed."""
        return self.phrase_edit.text() if self.slot_id else self.code_edit.text()

    def forget(self) -> None:
        """Forget what was typed."""
        self.phrase_edit.clear()
        self.code_edit.clear()

    def accept(self) -> bool:
        """Look at a sheet before a second is spent on it."""
        if not self.secret().strip():
            self.say(_("Please type it first."))
            return False
        if self.slot_id:
            return True
        trouble = recovery_sheets.trouble(self.code_edit.text())
        self.say(trouble)
        return not trouble

    def _fit(self) -> None:
        by_name = bool(self.slot_id)
        self.phrase_label.setVisible(by_name)
        self.phrase_edit.setVisible(by_name)
        self.code_label.setVisible(not by_name)
        self.code_edit.setVisible(not by_name)
        self.say("")


class ContentStep(Step):
    """What the backup holds and what would be lost."""

    def __init__(self) -> None:
        super().__init__(
            _("This is what comes back"),
            _("Nothing has changed yet. The records of today stay until the last step."),
            "Restore_content",
        )
        self.facts = KeyValueList()
        self.loss_label = label("", "strong", wrap=True, name="Restore_loss")
        self.days_label = label("", "secondary", wrap=True, name="Restore_days")
        self.unseen_label = label("", "strong", wrap=True, name="Restore_unseen")
        self.erased_label = label("", wrap=True, name="Restore_erased")
        self.column.addWidget(self.facts)
        self.column.addSpacing(theme.size(8))
        self.column.addWidget(self.loss_label)
        self.column.addWidget(self.days_label)
        self.column.addWidget(self.unseen_label)
        self.column.addWidget(self.erased_label)
        self.finish()

    def show_content(self, content: Content, loss: Loss) -> None:
        """Show both."""
        self.facts.clear()
        self.facts.add(_("Made"), show_moment(content.made_at, weekday=True), name="Restore_made")
        if content.residents is not None:
            self.facts.add(_("Residents"), f"{content.residents:,}", name="Restore_residents")
        self.facts.add(_("Records"), f"{content.entries:,}")
        if content.uncounted:
            said = _("{parts}: they are in it, but whoever made it could not count them")
            words = said.format(parts=_parts(content.uncounted))
            self.facts.add(_("Not counted"), words, name="Restore_uncounted")
        words = f"{content.words} ({content.digits})"
        self.facts.add(_("Check words"), words, name="Restore_words")
        if content.stays_closed:
            closed = _("Comes along closed: {parts}").format(parts=_parts(content.stays_closed))
            self.facts.add(_("Not opened by this key"), closed, name="Restore_closed")
        self.loss_label.setText(_loss_words(loss))
        self.days_label.setText(_day_words(loss))
        self.days_label.setVisible(bool(loss.by_day))
        self.unseen_label.setText(_unseen_words(loss))
        self.unseen_label.setVisible(bool(loss.closed))
        self.erased_label.setText(_erased_words(loss.erased_since))
        self.erased_label.setVisible(bool(loss.erased_since))


def _parts(names: Sequence[str]) -> str:
    words = {
        "office": _("office"),
        "house": _("house"),
        "cases": _("cases"),
        "counselling": _("counselling"),
        "identity": _("identity"),
    }
    return ", ".join(words.get(name, name) for name in names)


def _loss_words(loss: Loss) -> str:
    if loss.other_house:
        return _("This computer holds another house. It would be kept aside as it is.")
    if not loss.there_is_a_house:
        return _("There are no records on this computer, so nothing is lost.")
    if loss.parted:
        return _(
            "The audit trails of the backup and of today part ways: one of them was changed. Tell "
            "the data protection lead before you go on."
        )
    if not loss.known:
        return _(
            "The records of today cannot be read with this key, so nobody can say what is newer in "
            "them. They are kept aside for 30 days."
        )
    count = sum(entries for _day, entries in loss.by_day)
    if not count and loss.closed:
        return _("In the parts this key opens nothing was written after this backup.")
    if not count:
        return _("Nothing was written after this backup: nothing is lost.")
    return ngettext(
        "{count} entry was written after this backup and is not in it:",
        "{count} entries were written after this backup and are not in it:",
        count,
    ).format(count=count)


def _day_words(loss: Loss) -> str:
    shown = [
        f"{show_day(date.fromisoformat(day), weekday=True)}: {count}"
        for day, count in loss.by_day[-_MOST_DAYS:]
    ]
    left = len(loss.by_day) - len(shown)
    if left > 0:
        more = ngettext("and {count} day before", "and {count} days before", left)
        shown.insert(0, more.format(count=left))
    return " · ".join(shown)


def _unseen_words(loss: Loss) -> str:
    return _(
        "Something was written after this backup in what this key does not open: {parts}. How "
        "much cannot be counted. Ask whoever opens it before you go on."
    ).format(parts=_parts(loss.closed))


def _erased_words(count: int) -> str:
    return ngettext(
        "{count} file or entry was erased since this backup. If the backup still holds it, it is "
        "erased from the copy before anybody can work with it.",
        "{count} files or entries were erased since this backup. What of them the backup still "
        "holds is erased from the copy before anybody can work with it.",
        count,
    ).format(count=count)


class DoneStep(Step):
    """The copy is checked; now it may take the place of the records of today."""

    switch_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, facts: Facts, loss: Loss | None) -> None:
        super().__init__(
            _("The copy is whole"),
            _(
                "It lies beside the records of today. Every page, every link and the audit trail "
                "were checked."
            ),
            "Restore_done",
        )
        self.facts = facts
        self.result_label = label(
            backup_checks.headline(facts), "card-title", wrap=True, name="Restore_result"
        )
        self.column.addWidget(self.result_label)
        for sentence in _remarks(facts):
            self.column.addWidget(label(sentence, "secondary", wrap=True))
        self.column.addWidget(label(_aside_words(loss), wrap=True))
        self.column.addSpacing(theme.size(8))
        self.switch_button = button(_("Use these records now"), "Restore_switch", "primary")
        self.leave_button = button(_("Leave everything as it is"), "Restore_leave")
        self.column.addWidget(self.switch_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()
        self.switch_button.clicked.connect(self.switch_wanted)
        self.leave_button.clicked.connect(self.leave_wanted)

    def begin(self) -> None:
        """Start at the safe answer: the step comes by itself, an Enter may be on its way."""
        self.leave_button.setFocus()


def _aside_words(loss: Loss | None) -> str:
    if loss is None or not loss.there_is_a_house:
        return _("They become the records of this computer.")
    if loss.other_house:
        return _("If you switch, the other house of this computer is kept aside as it is.")
    return _("If you switch, the records of today are kept aside for 30 days.")


def _remarks(facts: Facts) -> list[str]:
    said: list[Any] = [_("Check words: {words}.").format(words=f"{facts.words} ({facts.digits})")]
    if facts.closed:
        closed = _("Not opened and not looked into: {parts}. Their files came along unchanged.")
        said.append(closed.format(parts=_parts(facts.closed)))
    if facts.erased:
        again = ngettext(
            "{count} person who had been erased was in this backup. She was erased from the copy.",
            "{count} people who had been erased were in this backup. They were erased from the "
            "copy.",
            facts.erased,
        )
        said.append(again.format(count=facts.erased))
    if facts.erased_accused:
        accused = ngettext(
            "{count} entry of an accused that had been erased was in this backup. It was erased "
            "from the copy.",
            "{count} entries of accused that had been erased were in this backup. They were erased "
            "from the copy.",
            facts.erased_accused,
        )
        said.append(accused.format(count=facts.erased_accused))
    if facts.erasing_waits:
        waits = _(
            "What was erased may still be in: {parts}. It is erased there as soon as somebody "
            "who opens this part signs in; nobody has to remember it."
        )
        said.append(waits.format(parts=_parts(facts.erasing_waits)))
    if facts.strays:
        strays = ngettext(
            "{count} reference leads nowhere; it is shown where it belongs.",
            "{count} references lead nowhere; they are shown where they belong.",
            facts.strays,
        )
        said.append(strays.format(count=facts.strays))
    if facts.lost_papers:
        lost = ngettext(
            "{count} document was not with the backup and is missing.",
            "{count} documents were not with the backup and are missing.",
            facts.lost_papers,
        )
        said.append(lost.format(count=facts.lost_papers))
    return said
