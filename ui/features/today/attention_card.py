"""The card 'Needs attention': the loudest first, one button each, mine or everybody's."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from shelter_app.domain.alert import MOST_SNOOZES
from shelter_app.domain.deadline_words import Alert
from shelter_app.domain.deadlines import CRITICAL
from shelter_app.i18n import _, ngettext
from shelter_app.services.deadlines import AT_ONCE, Attention, PutOff
from ui.kit import day_text, layouts, theme
from ui.kit.button import button, label
from ui.kit.card import Card, EmptyState
from ui.kit.row import AttentionRow
from ui.kit.show_more import ShowMore

SHOWN_AT_FIRST: Final = 5


class AttentionCard(Card):
    """Rows of what cannot wait; says what was chosen, does nothing itself."""

    acted = Signal(object)
    put_off_wanted = Signal(object)
    seen = Signal(object)
    person_wanted = Signal(object)
    whose_changed = Signal(bool)
    more_wanted = Signal()
    """More lines are wanted than are here; `show_more.most` says how many."""

    def __init__(self, *, mine: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(_("Needs attention"), "", parent)
        self.setObjectName("AttentionCard")
        self._mine = mine
        self._shown: tuple[Attention, bool] | None = None
        self._rows_of: tuple[Alert, ...] = ()
        self._last_row: AttentionRow
        self._read_on_at = -1
        self.whose_button = button("", "AttentionCard_whose", "quiet")
        self._menu = QMenu(self)
        self._menu.setObjectName("AttentionCard_menu")
        group = QActionGroup(self)
        self.mine_action = self._menu.addAction(_("Mine only"))
        self.all_action = self._menu.addAction(_("Everybody's"))
        for action in (self.mine_action, self.all_action):
            action.setCheckable(True)
            group.addAction(action)
        self.whose_button.setMenu(self._menu)
        self.whose_button.setMaximumHeight(theme.size(28))
        self.set_aside(self.whose_button)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.show_more = ShowMore("AttentionCard_more", SHOWN_AT_FIRST, AT_ONCE)
        self.rest_label = label("", "secondary", wrap=True, name="rest")
        self.rest_label.setContentsMargins(0, 6, 0, 0)
        self.body.addWidget(self.show_more)
        self.body.addWidget(self.rest_label)
        self.body.addStretch(1)
        self.show_more.wanted.connect(self._bring_more)
        self.mine_action.triggered.connect(lambda: self._choose(mine=True))
        self.all_action.triggered.connect(lambda: self._choose(mine=False))

    def rows(self) -> list[AttentionRow]:
        """Return the rows that are shown, in order."""
        found = self.findChildren(AttentionRow)
        return [row for row in found if row.isVisibleTo(self)]

    def show_attention(self, attention: Attention, *, mine: bool, may_open: bool) -> None:
        """Show the list; the row that had the keyboard keeps it when it is still there."""
        self._mine = mine
        self.mine_action.setChecked(mine)
        self.all_action.setChecked(not mine)
        self._say_whose(attention, mine=mine)
        if self._shown == (attention, may_open):
            return
        self._shown = (attention, may_open)
        self._show_rows(attention.alerts[: self.show_more.most], may_open=may_open)
        if not self._rows_of:
            self._rows.addWidget(EmptyState(self._empty_sentence(attention, mine=mine)))
        self.show_more.tell(len(self._rows_of), attention.count)
        self._tell_rest(attention)

    def _show_rows(self, alerts: tuple[Alert, ...], *, may_open: bool) -> None:
        """Show these; those that stand above them already are left as they are."""
        focused = self._focused_key()
        kept = len(self._rows_of)
        if kept and alerts[:kept] == self._rows_of:
            self._last_row.set_last(alerts == self._rows_of)
        else:
            layouts.clear(self._rows)
            kept = 0
        for number, alert in enumerate(alerts[kept:], start=kept):
            row = self._row(alert, may_open=may_open)
            row.set_last(alert is alerts[-1])
            self._last_row = row
            self._rows.addWidget(row)
            if (alert.rule, alert.subject_id) == focused or number == self._read_on_at:
                self._read_on_at = -1
                row.act_button.setFocus()
        self._rows_of = alerts

    def _empty_sentence(self, attention: Attention, *, mine: bool) -> str:
        if attention.quiet_until_morning:
            return _("Nothing that cannot wait until the morning.")
        if mine and attention.everybody:
            return _("Nothing waits for you. Colleagues still have things to do: see Everybody's.")
        return _("Nothing waits. Deadlines, promises and contacts show up here in time.")

    def _say_whose(self, attention: Attention, *, mine: bool) -> None:
        count = attention.count
        items = ngettext("{count} item", "{count} items", count).format(count=count)
        if attention.more:
            items = _("more than {items}").format(items=items)
        whose = _("mine only") if mine else _("everybody's")
        self.whose_button.setText(_("{items} · {whose} ▾").format(items=items, whose=whose))
        self.whose_button.setAccessibleName(
            _("{items}, {whose}: choose whose are shown").format(items=items, whose=whose)
        )

    def _row(self, alert: Alert, *, may_open: bool) -> AttentionRow:
        source = alert.source.replace(" ", "\N{NO-BREAK SPACE}")
        said = alert.why.removesuffix(".") if source else alert.why
        why = " · ".join(part for part in (said, source) if part)
        if alert.put_off_until is not None:
            seen = day_text.show_moment(alert.put_off_until, year=False)
            why = _("{why} · seen, waits until {moment}").format(why=why, moment=seen)
        row = AttentionRow(alert.role, alert.what, why, alert.how_long, alert.role, alert.verb)
        row.setProperty("alert_rule", alert.rule)
        row.setProperty("alert_subject", str(alert.subject_id))
        row.acted.connect(partial(self.acted.emit, alert))
        if alert.news:
            row.add_secondary(_("I have seen it")).connect(partial(self.seen.emit, alert))
        elif alert.times_put_off < MOST_SNOOZES:
            critical = alert.severity == CRITICAL
            words = _("I have seen it…") if critical else _("Put off…")
            row.add_secondary(words).connect(lambda: self.put_off_wanted.emit(alert))
        if alert.person_id and may_open:
            row.add_secondary(_("Open the person")).connect(
                lambda: self.person_wanted.emit(alert.person_id)
            )
        return row

    def _tell_rest(self, attention: Attention) -> None:
        said = []
        if attention.quiet_until_morning:
            count = attention.quiet_until_morning
            said.append(
                ngettext(
                    "It is night: {count} more waits until 06:00.",
                    "It is night: {count} more wait until 06:00.",
                    count,
                ).format(count=count)
            )
        if attention.put_off:
            count = attention.put_off
            said.append(
                ngettext("{count} was put off.", "{count} were put off.", count).format(count=count)
            )
        if attention.more:
            said.append(
                _("There is more of one kind than fits here: see the list of its own place.")
            )
        self.rest_label.setText(" ".join(said))
        self.rest_label.setVisible(bool(said))

    def _bring_more(self) -> None:
        """Show what is here already, or ask for it; the keyboard goes on with the first new one."""
        if self._shown is None:
            return
        attention, may_open = self._shown
        self._read_on_at = len(self._rows_of)
        if len(attention.alerts) < min(self.show_more.most, attention.count):
            self.more_wanted.emit()
            return
        self._shown = None
        self.show_attention(attention, mine=self._mine, may_open=may_open)

    def _choose(self, *, mine: bool) -> None:
        if mine != self._mine:
            self.show_more.begin_again()
            self.whose_changed.emit(mine)

    def _focused_key(self) -> tuple[str, int] | None:
        widget = QApplication.focusWidget()
        while widget is not None and not isinstance(widget, AttentionRow):
            widget = widget.parentWidget()
        if widget is None or not self.isAncestorOf(widget):
            return None
        return str(widget.property("alert_rule")), int(widget.property("alert_subject"))


class PutOffCard(Card):
    """For the manager: what others put off, why and until when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Put off by colleagues"), "", parent)
        self.setObjectName("PutOffCard")
        self._shown: tuple[PutOff, ...] | None = None

    def show_lines(self, lines: tuple[PutOff, ...]) -> None:
        """Show who put off what; without any, the card is not there."""
        self.setVisible(bool(lines))
        if lines == self._shown:
            return
        self._shown = lines
        layouts.clear(self.body)
        for line in lines:
            until = day_text.show_moment(line.alert.put_off_until, year=False)
            who = _("{who}, until {moment}: {reason}").format(
                who=line.by, moment=until, reason=line.reason
            )
            row = AttentionRow(line.alert.role, line.alert.what, who, "", "neutral", "")
            row.set_last(line is lines[-1])
            self.body.addWidget(row)
