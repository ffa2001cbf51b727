"""Every shape of ui.kit in each of its states, for looking again after a change.

A developer's page (`--gallery`); its sample words are not translated. `python -m ui.gallery OUTDIR`
renders each part as pictures in both themes and at large text.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from shelter_app import clock
from ui import gallery_samples as samples
from ui import gallery_shapes as shapes
from ui.kit import theme
from ui.kit.bed_tile import BedTile, RoomCard
from ui.kit.button import button
from ui.kit.chart import Chart, Series
from ui.kit.command_palette import CommandPalette
from ui.kit.cover import Cover
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.filter_chips import Chip, FilterChips
from ui.kit.page import (
    Card,
    Page,
    StatusStripe,
    TabBar,
)
from ui.kit.passphrase_edit import PassphraseEdit
from ui.kit.progress_sheet import ProgressSheet
from ui.kit.record_table import RecordTable, TableFilter
from ui.kit.side_editor import SideEditor
from ui.kit.tasks import Tasks
from ui.kit.toast import Toast
from ui.kit.week_calendar import WeekCalendar


def _parts(tasks: Tasks) -> dict[str, QWidget]:
    return {
        "shapes": _shapes_page(),
        "forms": _forms_page(tasks),
        "tables": _tables_page(tasks),
        "week": _week_page(),
        "beds": _beds_page(),
        "charts": _charts_page(),
    }


def _shapes_page() -> QWidget:
    page = Page("Monday 23 November", "Good morning, Amina. Two things cannot wait.")
    page.add_action(button("Print day sheet", "sample_print"))
    page.add_action(button("Add record", "sample_add", "primary", icon="add"))
    tabs = TabBar()
    for key in ("Overview", "Stay & house", "Counselling", "Court", "Documents"):
        tabs.add(key, key)
    tabs.set_count("Documents", 12)
    page.set_tabs(tabs)
    grid = QGridLayout()
    grid.setSpacing(16)
    grid.addWidget(shapes.attention(), 0, 0, 1, 2)
    grid.addWidget(shapes.latest(), 0, 2)
    grid.addWidget(shapes.situation(), 1, 0)
    grid.addWidget(shapes.measures(), 1, 1)
    grid.addWidget(shapes.signs(), 1, 2)
    grid.addWidget(shapes.figures(), 2, 0, 1, 2)
    grid.addWidget(shapes.messages(), 2, 2)
    for column in range(3):
        grid.setColumnStretch(column, 1)
    page.body.addLayout(grid)
    page.body.addWidget(StatusStripe("Demo data"))
    return page


def _forms_page(tasks: Tasks) -> QWidget:
    page = Page("Forms", "An editor for each kind of field; with problems; read-only.")
    line = QHBoxLayout()
    line.setSpacing(16)
    for title, problems, read_only in (("Editing", True, False), ("Reading", False, True)):
        card = Card(title)
        form = shapes.form(tasks, problems=problems)
        form.set_read_only(read_only)
        card.add(form)
        line.addWidget(card, 1)
    side = Card("Password")
    word = PassphraseEdit()
    word.set_problem("That is not the password. You can try again in 4 seconds.")
    side.add(word)
    side.body.addStretch(1)
    line.addWidget(side, 1)
    page.body.addLayout(line)
    return page


def _tables_page(tasks: Tasks) -> QWidget:
    page = Page("Residents", "Everyone who has or had a place here")
    full, empty = Card("In residence"), Card("Aftercare")
    chips = FilterChips(
        (Chip("in", "In residence", on=True), Chip("after", "Aftercare"), Chip("mine", "Mine")),
        "Name, code, alias, phone",
    )
    chips.set_count(22, 240)
    table = RecordTable(samples.columns(), tasks, samples.ids, samples.rows)
    table.bind(chips)
    table.reload()
    full.add(chips)
    full.add(table, 1)
    nothing = RecordTable(samples.columns(), tasks, samples.ids, samples.rows)
    nothing.set_empty("Nobody here yet. People who left stay in touch here.", "Plan a visit")
    nothing.set_filter(TableFilter(text="nobody"))
    empty.add(nothing)
    page.body.addWidget(full, 3)
    page.body.addWidget(empty, 1)
    return page


def _week_page() -> QWidget:
    page = Page("Counselling", "Week of 23 November · G. Mwikali")
    page.add_action(button("Schedule session", "sample_schedule", "primary"))
    card = Card()
    week = WeekCalendar()
    week.set_week(samples.MONDAY)
    week.set_entries(samples.entries())
    week.select(1)
    card.add(week, 1)
    page.body.addWidget(card, 1)
    return page


def _beds_page() -> QWidget:
    page = Page("House")
    for room, states in (
        ("Acacia", ("occupied", "occupied", "away", "reserved", "occupied", "free")),
        ("Baobab", ("occupied", "occupied", "closed", "free")),
    ):
        card = RoomCard(room, "girls 10–17")
        for number, state in enumerate(states, 1):
            name = {"occupied": "Pendo", "away": "Zawadi"}.get(state, "")
            detail = "R-0190 · day 82" if name else "RF-0412 tonight" * (state == "reserved")
            card.add_tile(BedTile(f"{room[0]}{number}", name, detail, state, bed_id=number))
        page.body.addWidget(card)
    page.body.addStretch(1)
    return page


def _charts_page() -> QWidget:
    page = Page("Indicators", "January – November 2026")
    months = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
    beds = Series("Beds occupied", (14, 15, 17, 16, 18, 20, 21, 19, 20, 22, 21, 21))
    turned = Series("Turned away", (1, 0, 2, 1, 0, 3, 4, 1, 2, 2, 1, 0), "away")
    line = Card("Beds occupied and people turned away")
    line.add(Chart("line", "Beds", months, (beds, turned), limit=24, limit_text="24 beds"))
    grid = QGridLayout()
    grid.setSpacing(16)
    grid.addWidget(line, 0, 0, 1, 2)
    bars = Card("Where survivors come from")
    places = ("Kenya", "Somalia", "DR Congo", "Uganda", "Burundi")
    shown = ("71", "24", "14", "9", "<5")
    bars.add(Chart("bar", "Places", places, (Series("People", (71, 24, 14, 9, 3), shown=shown),)))
    stacked = Card("Sessions by kind")
    kinds = (Series("Individual", (12, 14, 9), "plum"), Series("Group", (4, 6, 8), "teal_soft"))
    stacked.add(Chart("stacked", "Sessions", ("Sep", "Oct", "Nov"), kinds))
    grid.addWidget(bars, 1, 0)
    grid.addWidget(stacked, 1, 1)
    page.body.addLayout(grid)
    return page


class Gallery(QWidget):
    """The parts behind tabs; overlays open over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.tasks = Tasks(samples.SampleDesk(), self)
        self.parts = _parts(self.tasks)
        self.tabs = TabBar()
        self.stack = QStackedWidget()
        for key, part in self.parts.items():
            self.tabs.add(key, key.capitalize())
            self.stack.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.tabs)
        whole.addWidget(self.stack, 1)
        self.side_editor = SideEditor(self)
        self.palette_overlay = CommandPalette(self)
        self.palette_overlay.add_provider(samples.actions)
        self.tabs.chosen.connect(self.show_part)

    def show_part(self, key: str) -> None:
        """Bring one part to the front."""
        self.stack.setCurrentWidget(self.parts[key])

    def overlays(self) -> dict[str, Callable[[], QWidget | None]]:
        """Return what opens over the window, by name."""
        return {
            "side": self._open_side,
            "palette": self._open_palette,
            "progress": self._open_progress,
            "dialog": lambda: Dialog(
                self, samples.CLOSE, "Close the case", "Keep it open", dangerous=True
            ),
            "reason": lambda: ReasonDialog(self, samples.REVEAL, "Show", "Leave it closed"),
            "cover": lambda: Cover.show_on(self),
        }

    def _open_side(self) -> None:
        form = shapes.form(self.tasks, problems=True)
        pill = "Counsellors only"
        self.side_editor.edit("“Pendo” — session 4 of 6", form, lambda _r: None, pill=pill)
        Toast.show_on(self, "Session moved to Tuesday 10:00.", undo=lambda: None)

    def _open_palette(self) -> None:
        self.side_editor.close_editor()
        for toast in self.findChildren(Toast):
            toast.dismiss()
        self.palette_overlay.open("pe")

    def _open_progress(self) -> QWidget:
        self.palette_overlay.close_palette()
        sheet = ProgressSheet(self, "Making the copy")
        sheet.set_progress(3, 8, "Counselling, 3 of 8")
        sheet.show_now()
        return sheet


def _settle() -> None:
    """Let queued answers and layouts arrive before a picture is taken."""
    loop = QEventLoop()
    QTimer.singleShot(150, loop.quit)
    loop.exec()


def render(app: QApplication, folder: Path) -> list[Path]:
    """Save pictures of every part in both themes, and of the forms at large text."""
    folder.mkdir(parents=True, exist_ok=True)
    clock.set_source(lambda: datetime.combine(samples.MONDAY, time(10, 20)))
    made: list[Path] = []
    theme.load_fallback_fonts()
    for scheme, scale in (("light", 1.0), ("dark", 1.0), ("light", 2.0)):
        theme.apply(app, scheme, scale)  # type: ignore[arg-type]
        gallery = Gallery()
        gallery.resize(1366, 768)
        gallery.show()
        suffix = f"{scheme}-{round(scale * 100)}"
        for key in gallery.parts:
            gallery.tabs.set_current(key)
            _settle()
            made.append(_save(gallery, folder / f"{suffix}-{key}.png"))
        for key, opening in gallery.overlays().items():
            over = opening()
            if over is not None and over.isWindow():
                over.show()
            _settle()
            shown = over if over is not None and over.isWindow() else gallery
            made.append(_save(shown, folder / f"{suffix}-{key}.png"))
            if over is not None:
                over.hide()
                over.deleteLater()
        gallery.close()
        gallery.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    clock.set_source(None)
    return made


def _save(widget: QWidget, path: Path) -> Path:
    widget.grab().save(str(path))
    return path


def main(arguments: Sequence[str]) -> int:
    """Render into the folder that is named."""
    app = QApplication(list(arguments[:1]))
    render(app, Path(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
