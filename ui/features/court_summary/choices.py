"""What goes on the paper: sections to switch on and off, what never leaves, words to check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain.court_summary import NEVER_INCLUDED, Section
from shelter_app.domain.leak_scan import SENTENCES
from shelter_app.i18n import _, ngettext
from shelter_app.services import summary_scan
from shelter_app.services.summary_choices import Choices
from shelter_app.services.summary_scan import Point, Settled
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.dialog import ReasonDialog
from ui.kit.pill import Pill

_LONGEST_LINE: Final = 110


class SectionsCard(Card):
    """The sections that have something to say, each with a box; and the list of what never goes."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Included"), parent=parent)
        self.setObjectName("SectionsCard")
        self._boxes: dict[str, QCheckBox] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self.body.addLayout(self._rows)
        self.body.addWidget(label(_("Never included"), "section", name="SectionsCard_never"))
        for code, told in NEVER_INCLUDED:
            self.body.addWidget(
                label(f"✕  {_(told)}", "secondary", wrap=True, name=f"SectionsCard_{code}")
            )

    def show_sections(
        self, sections: Sequence[Section], left_out: Sequence[str], *, open_to_change: bool
    ) -> None:
        """Show a box per section; those left out are off."""
        keys = [section.key for section in sections]
        for key in [key for key in self._boxes if key not in keys]:
            self._boxes.pop(key).deleteLater()
        for place, section in enumerate(sections):
            box = self._boxes.get(section.key) or self._box(section, place)
            box.setText(section.title.replace("&", "&&"))
            box.blockSignals(True)
            box.setChecked(section.key not in left_out)
            box.blockSignals(False)
            box.setEnabled(open_to_change)
            box.setToolTip("\n".join(line.text[:_LONGEST_LINE] for line in section.lines))

    def left_out(self) -> tuple[str, ...]:
        """Return the keys of the sections that are off."""
        return tuple(key for key, box in self._boxes.items() if not box.isChecked())

    def _box(self, section: Section, place: int) -> QCheckBox:
        made = QCheckBox(self)
        made.setObjectName(f"SectionsCard_box_{section.key}")
        made.setAccessibleName(section.title)
        made.toggled.connect(self.changed)
        self._boxes[section.key] = made
        self._rows.insertWidget(place, made)
        return made


class PointsCard(Card):
    """Words the scan found: each is taken out with its line, or kept for a reason."""

    kept = Signal(object, str)
    removed = Signal(object)
    opened_again = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Words to check"), parent=parent)
        self.setObjectName("PointsCard")
        self._shown: list[QWidget] = []

    def show_points(
        self, points: Sequence[Point], choices: Choices, *, open_to_change: bool
    ) -> None:
        """Show what is not settled yet, and what was decided: whoever approves has to see it."""
        while self._shown:
            self._shown.pop().deleteLater()
        waiting = [point for point in points if not point.settled]
        count = len(waiting)
        told = ngettext("{count} word to check", "{count} words to check", count)
        self.set_title(told.format(count=count) if count else _("Nothing left to check"))
        theme.set_state(self, kind="tinted" if waiting else "card", role="soon" if waiting else "")
        if not waiting:
            text = _("Scanned for names, places, phones, health words and words of blame.")
            self._put(label(text, "secondary", wrap=True, name="PointsCard_none"))
        for number, point in enumerate(waiting):
            self._put(self._row(number, point, open_to_change=open_to_change))
        for number, (entry, told) in enumerate(_decided(points, choices)):
            self._put(self._decision(number, entry, told, open_to_change=open_to_change))

    def _decision(self, number: int, entry: Settled, told: str, *, open_to_change: bool) -> QWidget:
        made = QWidget()
        made.setObjectName(f"PointsCard_decision_{number}")
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 4, 0, 4)
        line.setSpacing(8)
        line.addWidget(label(told, "secondary", wrap=True, name=f"PointsCard_told_{number}"), 1)
        if open_to_change:
            again = button(_("Decide again"), f"PointsCard_again_{number}", "small")
            again.clicked.connect(lambda: self.opened_again.emit(entry))
            line.addWidget(again, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _put(self, widget: QWidget) -> None:
        self._shown.append(widget)
        self.body.addWidget(widget)

    def _row(self, number: int, point: Point, *, open_to_change: bool) -> QWidget:
        made = QWidget()
        made.setObjectName(f"PointsCard_point_{number}")
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        head = QHBoxLayout()
        concern = _(SENTENCES[point.finding.concern])
        if not point.finding.certain:
            concern = _("may be: {concern}").format(concern=concern)
        head.addWidget(label(f"“{point.word}”", "strong", name=f"PointsCard_word_{number}"))
        head.addWidget(Pill(concern, "soon"))
        head.addStretch(1)
        column.addLayout(head)
        line = point.line if len(point.line) <= _LONGEST_LINE else point.line[:_LONGEST_LINE] + "…"
        column.addWidget(label(line, "secondary", wrap=True, name=f"PointsCard_line_{number}"))
        if open_to_change:
            buttons = QHBoxLayout()
            remove = button(_("Take the line out"), f"PointsCard_remove_{number}", "small")
            keep = button(_("Keep, because…"), f"PointsCard_keep_{number}", "small")
            remove.clicked.connect(lambda: self.removed.emit(point))
            keep.clicked.connect(lambda: self._ask_reason(point))
            buttons.addWidget(remove)
            buttons.addWidget(keep)
            buttons.addStretch(1)
            column.addLayout(buttons)
        return made

    def _ask_reason(self, point: Point) -> None:
        sentence = _("Why may “{word}” stay in the paper?").format(word=point.word)
        reason = ReasonDialog.ask(self, sentence, _("Keep the word"), _("Go back"))
        if reason:
            self.kept.emit(point, reason)


def _decided(points: Sequence[Point], choices: Choices) -> list[tuple[Settled, str]]:
    """Return each decision that matters for this paper, in words."""
    found = []
    shown = {
        (summary_scan.key(point.word), point.finding.concern.value): point.word for point in points
    }
    for entry in choices.kept:
        word = shown.get((entry.text, entry.concern))
        if word is not None:
            told = _("Kept “{word}”: {reason}").format(word=word, reason=entry.reason)
            found.append((entry, told))
    for entry in choices.removed:
        line = entry.text[:_LONGEST_LINE]
        found.append((entry, _("Taken out: {line}").format(line=line)))
    return found
