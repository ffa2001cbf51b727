"""The editor that slides in over the right third; it never loses what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Protocol

import shiboken6
from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shelter_app import clock, errors
from shelter_app.i18n import _, ngettext
from ui.kit import theme
from ui.kit.button import button, icon_button, label
from ui.kit.day_editors import DayEditor
from ui.kit.focus_keeper import Spot, return_to, spot_of
from ui.kit.message_bar import MessageBar
from ui.kit.pill import Pill
from ui.kit.reading_order import stops
from ui.kit.record_form import RecordForm
from ui.kit.toast import Toast
from ui.kit.wording import sentence_for

KEEP_EVERY: Final = 5_000
"""Milliseconds between two drafts while something is being typed."""
_SLIDE: Final = 160
_LEAST_WIDTH: Final = 440


class Keeper(Protocol):
    """Where drafts go: encrypted, with the record they belong to."""

    def keep(self, body: str) -> None:
        """Keep the form as typed."""
        ...

    def discard(self) -> None:
        """Forget the draft."""
        ...

    def fetch(self, then: Callable[[str], None]) -> None:
        """Hand over the kept draft, or ''."""
        ...


UNREADABLE: Final = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OverflowError,
)
"""What reading a draft of another version of the form, or a garbled one, runs into."""


class SideEditor(QFrame):
    """Holds one form; Ctrl+S saves, Esc closes and keeps the draft."""

    closed = Signal()

    def __init__(self, parent: QWidget, *, home: QWidget | None = None) -> None:
        """Lie over `parent`; the focus goes back to anything within `home`, which it is itself."""
        super().__init__(parent)
        self.setObjectName("side_editor")
        self.setProperty("kind", "sheet")
        # A click beside the fields must not send the focus to the page, with Ctrl+S and Esc.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._host = parent
        self._home = home or parent
        self._form: RecordForm[Any] | None = None
        self._content: QWidget | None = None
        self._save: Callable[[Any], object] | None = None
        self._keeper: Keeper | None = None
        self._kept = ""
        self._saved_at: datetime | None = None
        self._was_draft = False
        self._fields_refused = False
        self._came_from: QWidget | None = None
        self._spot: Spot | None = None
        self._last_field: QWidget | None = None
        self.title_label = label("", "card-title", wrap=True, name="editor_title")
        self.pill = Pill("", "counselling")
        self.saved_label = label("", "secondary", name="editor_saved")
        self.close_button = icon_button(
            "close", _("Close (Esc): the draft is kept"), "editor_close"
        )
        self.message_bar = MessageBar()
        self.scroll_area = QScrollArea()
        self.save_button = button(_("Save"), "editor_save", "primary")
        self.leave_button = button(_("Close"), "editor_leave")
        self.keys_label = label(_("Ctrl+S saves · Esc keeps the draft"), "secondary")
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._keep_timer = QTimer(self)
        self._keep_timer.setInterval(KEEP_EVERY)
        self._ago_timer = QTimer(self)
        self._ago_timer.setInterval(1_000)
        self._lay_out()
        self._connect()
        parent.installEventFilter(self)
        self.hide()

    def edit(
        self,
        title: str,
        form: RecordForm[Any],
        save: Callable[[Any], object],
        keeper: Keeper | None = None,
        *,
        pill: str = "",
        pill_role: str = "counselling",
    ) -> None:
        """Open on a form; `save(record)` is called for Ctrl+S, then call saved() or failed()."""
        self._put(title, form, pill, pill_role)
        self._form = form
        self._save = save
        self._keeper = keeper
        form.edited.connect(self._edited)
        form.checked.connect(self._checked)
        self.saved_label.show()
        self.save_button.setVisible(True)
        self.keys_label.setVisible(True)
        self.save_button.setEnabled(True)
        self._say_when()
        self._come()
        if keeper is not None:
            keeper.fetch(lambda body: self._bring_back(form, body))

    def show_content(self, title: str, content: QWidget) -> None:
        """Open on something that only shows; there is nothing to save."""
        self._put(title, content, "", "neutral")
        self.saved_label.hide()
        self.save_button.setVisible(False)
        self.keys_label.setVisible(False)
        self._come()

    def form(self) -> RecordForm[Any] | None:
        """Return the form that is open, if one is."""
        return self._form

    def is_open(self) -> bool:
        """Say whether something is open."""
        return self._content is not None

    def save(self) -> None:
        """Save when nothing is wrong; otherwise show what and where."""
        if self._form is None or self._save is None or not self.save_button.isEnabled():
            return
        self._settle_typing()
        problems = tuple(self._form.all_problems())
        if problems:
            self._show_problems(errors.ValidationFailed(problems))
            return
        self.keep_now()
        self.message_bar.clear()
        self.save_button.setEnabled(False)
        self._save(self._form.record())

    def saved(self, record: Any = None) -> None:
        """Take the saved record as the one being edited and forget the draft."""
        if self._form is None:
            return
        self.save_button.setEnabled(True)
        if record is not None:
            self._form.set_record(record)
        self._kept = ""
        if self._keeper is not None:
            self._keeper.discard()
        self._saved_at, self._was_draft = clock.now(), False
        self._say_when()

    def failed(self, error: BaseException) -> None:
        """Say what went wrong; everything typed stays where it is."""
        self.save_button.setEnabled(True)
        if isinstance(error, errors.ValidationFailed):
            self._show_problems(error)
        else:
            self.message_bar.explain(error)

    def keep_now(self) -> None:
        """Keep the draft at once: before closing, and when the program locks."""
        form = self._form
        if form is None or self._keeper is None or not form.is_modified():
            return
        body = form.draft()
        if body != self._kept:
            self._kept = body
            self._keeper.keep(body)
            self._saved_at, self._was_draft = clock.now(), True
            self._say_when()

    def close_editor(self) -> None:
        """Close and keep the draft of what was not saved."""
        if self._content is None:
            return
        self.keep_now()
        self._give_focus_back()
        self._forget()
        self.hide()
        self.closed.emit()

    def _settle_typing(self) -> None:
        """Let the field that is being typed in take its text, as if it had been left."""
        part = QApplication.focusWidget()
        while part is not None and part is not self:
            settle = getattr(part, "settle", None)
            if callable(settle):
                settle()
                return
            part = part.parentWidget()

    def _give_focus_back(self) -> None:
        """Go on where the editor was opened; the page may have been drawn anew meanwhile."""
        back, spot = self._came_from, self._spot
        if back is not None and shiboken6.isValid(back) and self._may_go_on(back):
            back.setFocus()
        else:
            self._home.setFocus()
            if spot is not None:
                QTimer.singleShot(1, self._home, lambda: self._find_again(spot))

    def _may_go_on(self, back: QWidget) -> bool:
        """Say whether it is on this page: in a list of places the way here only began."""
        return back.isVisible() and back.isEnabled() and self._home.isAncestorOf(back)

    def _find_again(self, spot: Spot) -> None:
        if self._home.hasFocus() and not self.is_open():
            return_to(spot, self._home)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay over the right third when the page changes its size."""
        if event.type() == QEvent.Type.Resize and watched is self._host and self.is_open():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, on: bool) -> bool:
        """Go from the last field to Save, Close and round again, never to the page underneath.

        The fields were made after the buttons and after the page, so Qt would come by those first.
        """
        held, content = QApplication.focusWidget(), self._content
        if held is None or content is None:
            return super().focusNextPrevChild(on)
        ring = [self.save_button, self.leave_button, self.close_button]
        ring = [each for each in ring if each.isVisible()]
        if held in ring:
            at = ring.index(held) + (1 if on else -1)
            if 0 <= at < len(ring):
                ring[at].setFocus(_reason(on))
            else:
                self._go_to_fields(on)
            return True
        moved = super().focusNextPrevChild(on)
        now = QApplication.focusWidget()
        if now is None or not content.isAncestorOf(now):
            self._last_field = held if on else None
            ring[0 if on else -1].setFocus(_reason(on))
        return moved

    def _go_to_fields(self, on: bool) -> None:
        """Go to the first field, or back to the one from which Tab came."""
        back = self._last_field
        if not on and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.BacktabFocusReason)
        else:
            self._focus_first()

    def _lay_out(self) -> None:
        self.scroll_area.setObjectName("editor_scroll")
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title_label, 1)
        head.addWidget(self.close_button)
        # A line of its own, kept free before there is anything to say: else the fields would move
        # away under the pointer when the first draft is kept.
        self.saved_label.setMinimumHeight(theme.size(18))
        under = QHBoxLayout()
        under.setSpacing(8)
        under.addWidget(self.pill)
        under.addWidget(self.saved_label)
        under.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addLayout(head)
        words.addLayout(under)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.save_button)
        foot.addWidget(self.leave_button)
        foot.addStretch(1)
        foot.addWidget(self.keys_label)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(words)
        whole.addWidget(self.message_bar)
        whole.addWidget(self.scroll_area, 1)
        whole.addLayout(foot)

    def _connect(self) -> None:
        save = QShortcut(QKeySequence.StandardKey.Save, self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.save)
        self.save_button.clicked.connect(self.save)
        self.leave_button.clicked.connect(self.close_editor)
        self.close_button.clicked.connect(self.close_editor)
        self._keep_timer.timeout.connect(self.keep_now)
        self._ago_timer.timeout.connect(self._say_when)
        self.message_bar.acted.connect(self._start_afresh)

    def _put(self, title: str, content: QWidget, pill: str, pill_role: str) -> None:
        if self._content is None:
            self._came_from = QApplication.focusWidget()
            self._spot = spot_of(self._came_from) if self._came_from is not None else None
        else:
            self.keep_now()
            self._forget()
        self.title_label.setText(title)
        self.setAccessibleName(title)
        self.pill.show_as(pill, pill_role)
        self.pill.setVisible(bool(pill))
        self.message_bar.clear()
        self._content = content
        holder = QWidget()
        holder.setObjectName("editor_body")
        holder.setProperty("kind", "page-body")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 10, 0)
        inner.addWidget(content)
        self.scroll_area.setWidget(holder)

    def _forget(self) -> None:
        self._keep_timer.stop()
        self._ago_timer.stop()
        holder = self.scroll_area.takeWidget()
        if holder is not None:
            holder.hide()
            holder.deleteLater()
        self._form = self._content = self._save = self._keeper = None
        self._kept, self._saved_at, self._was_draft = "", None, False
        self._fields_refused = False

    def _come(self) -> None:
        self._place()
        self.show()
        self.raise_()
        Toast.make_room(self)
        if theme.is_animated():
            end = self.pos()
            self._slide.setDuration(_SLIDE)
            self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
            self._slide.setStartValue(end + QPoint(theme.size(60), 0))
            self._slide.setEndValue(end)
            self._slide.start()
        self._keep_timer.start()
        self._ago_timer.start()
        self._focus_first()

    def _focus_first(self) -> None:
        order = stops(self._content) if self._content is not None else []
        if not order:
            return
        first = order[0]
        first.setFocus()
        line = first.lineEdit() if isinstance(first, QComboBox) else None
        if line is not None:
            line.selectAll()  # typing looks for another choice
        elif isinstance(first, DayEditor):
            first.selectAll()

    def _place(self) -> None:
        room = self._host.width()
        least = theme.size(_LEAST_WIDTH)
        # A place made for the editor alone is filled whole.
        width = room if room < 1.5 * least else max(room // 3, least)
        self.setGeometry(room - width, 0, width, self._host.height())

    def _edited(self) -> None:
        self._say_when()

    def _checked(self) -> None:
        """Take the warning away once nothing is left to look at."""
        if self._fields_refused and self._form is not None and not self._form.has_refused():
            self._fields_refused = False
            self.message_bar.clear()

    def _bring_back(self, form: RecordForm[Any], body: str) -> None:
        if not body or form is not self._form:
            return
        try:
            form.restore(body)
        except UNREADABLE:
            form.set_record(form.loaded())
            self.message_bar.say(
                _("What you typed here before cannot be read any more. Please type it again."),
                "warning",
            )
            return
        self._kept = body
        self.message_bar.say(
            _("What you typed here before is back."), "information", _("Start afresh")
        )

    def _start_afresh(self) -> None:
        if self._form is not None:
            self._form.set_record(self._form.loaded())
            self._kept = ""
            if self._keeper is not None:
                self._keeper.discard()
        self.message_bar.clear()
        self._focus_first()

    def _show_problems(self, error: errors.ValidationFailed) -> None:
        form = self._form
        left = form.show_problems(error.problems) if form is not None else list(error.problems)
        sentences = [sentence_for(error), *(_(problem.sentence) for problem in left)]
        self.message_bar.say(" ".join(sentences), "warning")
        self._fields_refused = not left
        if form is not None:
            form.go_to_refused()

    def _say_when(self) -> None:
        if self._form is None:
            self.saved_label.setText("")
        elif self._saved_at is None:
            modified = self._form.is_modified()
            self.saved_label.setText(_("Not saved yet") if modified else "")
        else:
            seconds = max(0, round((clock.now() - self._saved_at).total_seconds()))
            self.saved_label.setText(_ago(seconds, draft=self._was_draft))


def _reason(on: bool) -> Qt.FocusReason:
    return Qt.FocusReason.TabFocusReason if on else Qt.FocusReason.BacktabFocusReason


def _ago(seconds: int, *, draft: bool) -> str:
    if seconds < 60:
        words = _("Draft kept {count} s ago") if draft else _("Saved {count} s ago")
        return words.format(count=seconds)
    minutes = seconds // 60
    if draft:
        words = ngettext("Draft kept {count} min ago", "Draft kept {count} min ago", minutes)
    else:
        words = ngettext("Saved {count} min ago", "Saved {count} min ago", minutes)
    return words.format(count=minutes)


def editor_over(part: QWidget) -> SideEditor:
    """Return the editor of the page a part stands in, or a new one over its window."""
    holder: QWidget | None = part
    while holder is not None:
        found = getattr(holder, "side_editor", None)
        if isinstance(found, SideEditor):
            return found
        holder = holder.parentWidget()
    return SideEditor(part.window())
