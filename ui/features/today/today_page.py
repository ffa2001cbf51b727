"""The Today page: asked for as one value, shown in cards, asked again every minute."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from shelter_app import clock
from shelter_app.domain import access
from shelter_app.domain.access import Action
from shelter_app.domain.deadline_words import Alert
from shelter_app.domain.deadlines import CRITICAL
from shelter_app.domain.person import Person
from shelter_app.i18n import _, ngettext
from shelter_app.services import day_sheet, deadlines, today
from shelter_app.services.changes import Changes
from shelter_app.services.today import Entry, Today
from ui.features.today.attention_card import AttentionCard, PutOffCard
from ui.features.today.day_card import DayCard
from ui.features.today.places_card import PlacesCard
from ui.features.today.put_off_dialog import PutOffDialog
from ui.features.today.tonight_card import TonightCard
from ui.kit import day_text, layouts, theme
from ui.kit.button import button
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.folders import choose_folder, named
from ui.kit.message_bar import MessageBar
from ui.kit.page import Page
from ui.kit.row import AttentionRow
from ui.kit.wording import sentence_for

EVERY_MINUTE: Final = 60_000
_ROOM_FOR_TWO: Final = 780


class ApprovalCard(Card):
    """For the manager: what others prepared and a second person has to approve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Waiting for approval"), "", parent)
        self.setObjectName("ApprovalCard")
        self._shown: tuple[Alert, ...] | None = None

    def show_alerts(self, alerts: tuple[Alert, ...], act: Any) -> None:
        """Show them; without any, the card is not there."""
        self.setVisible(bool(alerts))
        if alerts == self._shown:
            return
        self._shown = alerts
        count = len(alerts)
        self.set_aside(ngettext("{count} item", "{count} items", count).format(count=count))
        layouts.clear(self.body)
        for alert in alerts:
            row = AttentionRow(
                alert.role, alert.what, alert.why, alert.how_long, alert.role, alert.verb
            )
            row.set_last(alert is alerts[-1])
            row.acted.connect(lambda alert=alert: act(alert))
            self.body.addWidget(row)


class TodayPage(Page):
    """What a worker sees first in the morning."""

    def __init__(self, context: Context) -> None:
        super().__init__(day_text.show_day(clock.today(), weekday=True), parent=context.place)
        self.setObjectName("TodayPage")
        self._context = context
        self._mine = True
        self._shown: Today | None = None
        self._may_open = access.may(context.actor, Action.READ, Person)
        self.attention_card = AttentionCard()
        self.approval_card = ApprovalCard()
        self.put_off_card = PutOffCard()
        self.day_card = DayCard(_("Today"), _("No appointments today."))
        self.tonight_card = TonightCard()
        self.places_card = PlacesCard(context.actor)
        self.coming_card = DayCard(_("Coming days"), _("Nothing is planned for the next 7 days."))
        self.print_button = self.add_action(button(_("Print day sheet"), "TodayPage_print"))
        self.print_button.hide()
        self.bar = MessageBar()
        self.critical_bar = MessageBar()
        self.critical_bar.setObjectName("TodayPage_critical")
        self.critical_bar.close_button.hide()
        self._critical: Alert | None = None
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._minute = QTimer(self)
        self._minute.setInterval(EVERY_MINUTE)
        self._lay_out()
        self._connect()
        self._hide_all()
        self._load()
        self._minute.start()

    def refresh(self, changes: Changes) -> None:
        """Ask again: nearly everything that is written may end or begin a deadline."""
        self._load()

    def show_record(self, record_id: int, detail: str = "") -> None:
        """There is one Today only; it is simply shown."""
        self._load()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self.attention_card)
        left.addWidget(self.approval_card)
        left.addWidget(self.coming_card, 1)
        left.addWidget(self.put_off_card)
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self.day_card)
        right.addWidget(self.tonight_card)
        right.addWidget(self.places_card)
        right.addStretch(1)
        self._columns.addLayout(left, 59)
        self._columns.addLayout(right, 41)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.critical_bar)
        self.body.addLayout(self._columns, 1)

    def _connect(self) -> None:
        go = self._context.go
        self.attention_card.acted.connect(self._act)
        self.attention_card.seen.connect(self._seen)
        self.attention_card.put_off_wanted.connect(self._ask_to_put_off)
        self.attention_card.person_wanted.connect(lambda person_id: go("resident", person_id))
        self.attention_card.whose_changed.connect(self._choose_whose)
        self.attention_card.more_wanted.connect(self._load)
        self.day_card.chosen.connect(self._open)
        self.coming_card.chosen.connect(self._open)
        self.tonight_card.house_wanted.connect(lambda: go("house"))
        self.places_card.wanted.connect(lambda place, detail: go(place, 0, detail))
        self._minute.timeout.connect(self._load_when_seen)
        self.print_button.clicked.connect(self._choose_folder)
        self.critical_bar.acted.connect(self._acknowledge)

    def _hide_all(self) -> None:
        for card in (
            self.attention_card,
            self.approval_card,
            self.put_off_card,
            self.day_card,
            self.tonight_card,
            self.places_card,
            self.coming_card,
        ):
            card.hide()

    def _load_when_seen(self) -> None:
        if self.isVisible():
            self._load()

    def _load(self) -> None:
        most = max(deadlines.AT_ONCE, self.attention_card.show_more.most)
        self._context.tasks.ask(self, today.page, self._mine, most, then=self._show)

    def _show(self, found: Today) -> None:
        self._shown = found
        title = day_text.day_name(found.day, long=True)
        month = day_text.month_name(found.day.month, long=True)
        self.set_title(
            _("{weekday} {day} {month}").format(weekday=title, day=found.day.day, month=month)
        )
        self.set_context(found.greeting)
        self.print_button.setVisible(found.sees_house)
        self._show_critical(found.attention.alerts)
        self.attention_card.show_attention(
            found.attention, mine=found.mine, may_open=self._may_open
        )
        self.attention_card.show()
        self.approval_card.show_alerts(found.approvals, self._act)
        self.put_off_card.show_lines(found.put_off)
        self.day_card.setVisible(found.sees_house)
        self.coming_card.setVisible(found.sees_house)
        self.day_card.show_entries(found.entries)
        self.coming_card.show_entries(found.coming, by_day=True)
        self.tonight_card.show_tonight(found.tonight)
        self.places_card.setVisible(not found.sees_house)

    def _show_critical(self, alerts: tuple[Alert, ...]) -> None:
        """Keep a red bar until what has just become critical was seen by somebody."""
        new = [a for a in alerts if a.severity == CRITICAL and not a.old and not a.put_off_until]
        first = new[0] if new else None
        if first == self._critical:
            return
        self._critical = first
        if first is None:
            self.critical_bar.clear()
            return
        said = _("{what} · {how_long}").format(what=first.what, how_long=first.how_long)
        self.critical_bar.say(said, "error", _("I have seen it…"))

    def _acknowledge(self) -> None:
        if self._critical is not None:
            self._ask_to_put_off(self._critical)

    def _act(self, alert: Alert) -> None:
        if alert.news:
            self._seen(alert)
        self._context.go(alert.place, alert.record_id, alert.detail)

    def _seen(self, alert: Alert) -> None:
        self._context.tasks.do(
            self,
            deadlines.seen,
            alert.rule,
            alert.subject_id,
            then=lambda _kept: self._load(),
            undo_label=_("Seen: it does not show any more"),
        )

    def _open(self, entry: Entry) -> None:
        self._context.go(entry.place, entry.record_id, entry.target)

    def _choose_whose(self, mine: bool) -> None:
        self._mine = mine
        self._load()

    def _ask_to_put_off(self, alert: Alert) -> None:
        dialog = PutOffDialog(self, alert, clock.now())
        dialog.accepted.connect(lambda: self._put_off(alert, dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _put_off(self, alert: Alert, dialog: PutOffDialog) -> None:
        self._context.tasks.do(
            self,
            deadlines.put_off,
            alert.rule,
            alert.subject_id,
            dialog.until(),
            dialog.reason(),
            then=lambda _snooze: self._load(),
            undo_label=_("Put off: it shows again by itself"),
        )

    def _choose_folder(self) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save_day_sheet(folder)

    def save_day_sheet(self, folder: Path) -> None:
        """Save the day on one page, to be printed from there."""
        self._context.tasks.do(
            self,
            day_sheet.save,
            folder,
            then=lambda path: self.bar.say(
                _("Saved as {file}. Print it, then delete the file.").format(file=named(path))
            ),
            failed=lambda error: self.bar.say(sentence_for(error), "error"),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns under each other where the page is narrow or the text large."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.size(_ROOM_FOR_TWO)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() != wanted:
            self._columns.setDirection(wanted)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again when somebody comes back to the page on another day."""
        super().showEvent(event)
        if self._shown is not None and self._shown.day != clock.today():
            self._load()
