"""What goes on the paper: sections to switch on and off, what never leaves, words to check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from shelter_app.domain.court_summary import NEVER_INCLUDED, Section
from shelter_app.domain.leak_scan import SENTENCES
from shelter_app.i18n import _, ngettext
from shelter_app.services.summary_scan import Point
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Words to check"), parent=parent)
        self.setObjectName("PointsCard")
        self._shown: list[QWidget] = []

    def show_points(self, points: Sequence[Point], *, open_to_change: bool) -> None:
        """Show what is not settled yet, or that nothing is left to check."""
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
