"""The gallery's cards: each small shape of ui.kit in its states."""

from __future__ import annotations

from datetime import date, datetime, time

from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from shelter_app.errors import Problem
from ui import gallery_samples as samples
from ui.kit import icons, theme
from ui.kit.button import button, label
from ui.kit.editors import LinkSource
from ui.kit.flow import FlowLayout
from ui.kit.message_bar import MessageBar
from ui.kit.page import (
    AttentionRow,
    Avatar,
    BeforeAfterTrack,
    Card,
    EmptyState,
    Figure,
    KeyValueList,
    Pill,
    ProgressLine,
    StageTrack,
    Timeline,
    TimelineEntry,
)
from ui.kit.record_form import RecordForm
from ui.kit.tasks import Tasks


def signs() -> QWidget:
    """Return pills, buttons and icons."""
    card = Card("Signs and buttons", "pills · dots · avatar · icons")
    pills = FlowLayout(spacing=6)
    for text, role in (
        ("In residence · day 84", "good"),
        ("Penicillin allergy", "soon"),
        ("Do not photograph", "overdue"),
        ("Court", "court"),
        ("Counsellors only", "counselling"),
        ("Not started", "neutral"),
        ("3", "badge"),
    ):
        pills.addWidget(Pill(text, role))
    card.body.addLayout(pills)
    buttons = FlowLayout(spacing=6)
    buttons.addWidget(button("Print day sheet", "sample_plain", icon="print"))
    buttons.addWidget(button("Add record", "sample_primary", "primary", icon="add"))
    buttons.addWidget(button("Close the case", "sample_danger", "danger"))
    buttons.addWidget(button("Record care", "sample_small", "small"))
    buttons.addWidget(button("Show (logged)", "sample_link", "link"))
    off = button("Not now", "sample_off")
    off.setEnabled(False)
    buttons.addWidget(off)
    buttons.addWidget(Avatar("P"))
    buttons.addWidget(Avatar("AW", side=32, sand=True))
    card.body.addLayout(buttons)
    signs = FlowLayout(spacing=10)
    for name in icons.names():
        sign = label("")
        sign.setPixmap(icons.icon(name, "mute").pixmap(theme.size(18), theme.size(18)))
        sign.setToolTip(name)
        signs.addWidget(sign)
    card.body.addLayout(signs)
    return card


def attention() -> QWidget:
    """Return what cannot wait."""
    card = Card("Needs attention", "7 items · mine only")
    card.body.setSpacing(0)
    lines = (
        ("overdue", "PEP window closes — R-0219 “Zawadi”", "Arrived Sunday 19:40.", "62 h left"),
        ("overdue", "Hearing without a companion — SO/E118/2026", "Shanzu 09:00.", "Tomorrow"),
        ("soon", "Aftercare visit — R-0164 “Neema”", "Last contact by phone 2 Sep.", "4 days over"),
        ("court", "Care plan review — R-0207 “Pendo”", "6 of 9 goals on track", "Due Fri"),
    )
    for role, what, why, how_long in lines:
        row = AttentionRow(role, what, why, how_long, role, "Plan visit")
        row.add_secondary("Snooze with a reason…")
        row.set_last(role == "court")
        card.add(row)
    return card


def situation() -> QWidget:
    """Return keys with values."""
    card = Card("Situation")
    values = KeyValueList()
    values.add("Placed by", "Committal order 211/2026, Children Court Tononoka")
    values.add("Order expires", "30 Nov · in 7 days", "soon")
    values.add("Risk of harm", Pill("Medium", "soon"))
    values.add("Safe contact", "Grandmother, only by phone, evenings")
    card.add(values)
    card.body.addStretch(1)
    return card


def measures() -> QWidget:
    """Return tracks and lines of progress."""
    card = Card("Outcomes since intake", "4 assessments · scale 1–4")
    for name, before, after in (("Safety", 2.3, 3.3), ("Legal protection", 1.5, 2.5)):
        card.add(BeforeAfterTrack(name, before, after))
    card.add(BeforeAfterTrack("Economic and education", None, 2.2))
    stages = ("Reported", "Arrest", "Charged", "Hearing", "Judgment", "Sentence")
    card.add(StageTrack(stages, 3))
    card.add(ProgressLine("Feels safe at night; uses grounding exercises", 70, "On track", "good"))
    card.add(ProgressLine("Ready to testify with intermediary", 40, "At risk", "soon"))
    return card


def latest() -> QWidget:
    """Return a timeline."""
    card = Card("Latest")
    line = Timeline()
    line.set_entries(
        [
            TimelineEntry("counselling", "Session 3 of 6 attended", "Fri 20 Nov · G. Mwikali"),
            TimelineEntry("good", "Goal “Back to Form 2” moved to 55 %", "Thu 19 Nov · Amina W."),
            TimelineEntry("court", "Pre-trial visit to court, 45 min", "Wed 18 Nov · J. Otieno"),
        ],
        more=True,
    )
    card.add(line)
    return card


def figures() -> QWidget:
    """Return figures and an empty state."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(16)
    for number, caption, aside in (
        ("18", "Tonight", "of 24"),
        ("58 %", "Completed 6 sessions", ""),
    ):
        card = Card()
        card.add(Figure(number, caption, aside))
        line.addWidget(card)
    empty = Card("Documents")
    empty.add(EmptyState("Papers and photographs of papers belong here.", "Add a document"))
    line.addWidget(empty)
    return holder


def messages() -> QWidget:
    """Return the three messages."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    for role, text in (
        ("information", "What you typed here before is back."),
        ("warning", "Not saved yet: 2 fields need a look. What you typed is still here."),
        ("error", "The disk is full, so this was not saved. Make some room, then save again."),
    ):
        bar = MessageBar()
        bar.say(text, role, "Show" if role == "warning" else "")  # type: ignore[arg-type]
        column.addWidget(bar)
    return holder


def form(tasks: Tasks, *, problems: bool) -> RecordForm[samples.Sample]:
    """Return a form with a field of each kind."""
    form = RecordForm(
        samples.Sample, tasks, links={"companion_id": LinkSource(samples.names, samples.name)}
    )
    form.section("Session")
    form.row("working_name", "sex", "nationality")
    form.row("held_on", "starts_at", "minutes")
    form.row("themes")
    form.row("languages")
    form.row("asked", "companion_id")
    form.row("no_photographs")
    form.row("note", tall=True)
    form.set_record(
        samples.Sample(
            working_name="Pendo",
            sex="F" if problems else "retired-code",
            held_on=date(2026, 11, 20),
            starts_at=datetime.combine(samples.MONDAY, time(9, 30)),
            minutes=50,
            languages=("swa", "eng"),
            companion_id=2,
            note="Practised grounding before talking about Tuesday.",
        )
    )
    if problems:
        form.show_problems([Problem("held_on", "This date is in the future.")])
    return form
