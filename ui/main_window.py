"""The window after sign-in: side list, top bar, one page at a time, and nothing of any feature."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import delete

from shelter_app import settings as choices
from shelter_app.domain.record import Record
from shelter_app.i18n import LANGUAGES, _, language
from shelter_app.services import accounts, house_settings
from shelter_app.services.changes import Changes
from shelter_app.services.desk import Desk
from shelter_app.services.house_settings import HouseFacts
from ui import appearance
from ui.drafts import Keeper
from ui.kit import theme
from ui.kit.card import StatusStripe
from ui.kit.context import Context
from ui.kit.focus_keeper import FocusKeeper
from ui.kit.message_bar import MessageRole
from ui.kit.page import Page
from ui.kit.page_protocols import (
    ChangesPreferences,
    Leaves,
    Refreshes,
    ShowsRecord,
    WantsRestore,
    WantsUpdate,
)
from ui.kit.side_editor import SideEditor
from ui.kit.tasks import Tasks
from ui.kit.wording import sentence_for
from ui.language import speak
from ui.navigation import Place, new_actions_for, places_for, resident_tabs
from ui.notices import Notices
from ui.side_bar import FULL, SideBar
from ui.top_bar import TopBar

_ROOM_FOR_WORDS: Final = 5
"""The side list keeps its words while the window is this many times as wide."""


_PAINTED_AFTER: Final = 120
"""Milliseconds of the event loop: the first paint takes some turns, and all else can wait."""


@dataclass
class _Shown:
    """Where the worker is, so that she finds herself there again after a rebuild."""

    place: str = "today"
    record_id: int = 0
    detail: str = ""


class MainWindow(QWidget):
    """The frame of every page."""

    lock_wanted = Signal()
    leave_wanted = Signal()
    restore_wanted = Signal()
    preferences_changed = Signal()
    update_wanted = Signal(object)
    stands = Signal()
    """Once: the first page shows what it asked for, and whatever else there is may be asked now."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("MainWindow")
        self.setWindowTitle(appearance.chosen().title)
        self.setMinimumSize(640, 340)
        self.desk = desk
        self.tasks = Tasks(desk, self)
        self.places: dict[str, Place] = {}
        self.pages: dict[str, QWidget] = {}
        self._stale: dict[str, Changes] = {}
        self._shown = _Shown()
        self.has_stood = self._has_opened = False
        self._house = HouseFacts()
        self._whole = QHBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._frame: QWidget | None = None
        self._build()
        self._make_shortcuts()
        self.tasks.changed.connect(self._pass_on)
        self.tasks.failed.connect(self._say_failure)
        self.tasks.busy.connect(self._show_busy)
        self.tasks.ask(self, house_settings.facts, then=self._know_house)

    # Places

    def go(self, place: str, record_id: int = 0, detail: str = "") -> None:
        """Show a place, and there a record and a detail, when they are named."""
        if place not in self.places:
            self.say(_("This cannot be opened from here. It may be closed to you."), "warning")
            return
        self.message_bar.clear()
        self.leave_page()
        self._shown = _Shown(place, record_id, detail)
        if place not in self.pages:
            self._paint_next_turn()
        page = self._page(place)
        focused = self.focusWidget()
        inside = focused is None or self.stack.isAncestorOf(focused)
        self.stack.setCurrentWidget(page)
        if inside:
            page.setFocus()  # else it would jump to the side list with the page that went
        self.side_bar.set_current(self.places[place].under or place)
        self._freshen(place)
        if (record_id or detail) and isinstance(page, ShowsRecord):
            page.show_record(record_id, detail)

    def _paint_next_turn(self) -> None:
        """Let keys in, which are the new page's already, between its making and its painting."""
        self.stack.setUpdatesEnabled(False)
        self.tasks.next_turn(lambda: self.stack.setUpdatesEnabled(True))

    def leave_page(self) -> None:
        """Let the page in front keep what was typed a moment ago."""
        page = self.pages.get(self._shown.place)
        if isinstance(page, Leaves):
            page.leave()

    @property
    def current_place(self) -> str:
        """Return the key of the page in front."""
        return self._shown.place

    def say(self, text: str, role: MessageRole = "information") -> None:
        """Say something in the bar above the page."""
        self.notices.say(text, role)

    def add_notice(self, notice: QWidget) -> None:
        """Put something above the page that stays until it is settled, such as a draft."""
        self.notices.add(notice)

    def warn_idle(self, seconds: int, instead: str = "") -> None:
        """Say that the program is about to lock, or what it does instead; any key calms it."""
        self.notices.warn_idle(seconds, instead)

    def calm(self) -> None:
        """Take the warning back."""
        self.notices.calm()

    # Building

    def _build(self) -> None:
        actor = self.desk.actor
        # From the outside in: what is moved into another place is dressed again with all in it.
        frame = self._frame = QWidget(self)
        self._whole.addWidget(frame)
        self.places = {place.key: place for place in places_for(actor)}
        self.stack = QStackedWidget(frame)
        self.stack.setObjectName("MainWindow_pages")
        self.stack.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        FocusKeeper(self.stack)
        self.context = Context(
            desk=self.desk,
            tasks=self.tasks,
            actor=actor,
            go=self.go,
            draft_keeper=self._keeper,
            resident_tabs=tuple(tab for tab in resident_tabs() if tab.visible(actor)),
            place=self.stack,
        )
        self.side_bar = SideBar(tuple(self.places.values()), actor, frame)
        self.top_bar = TopBar(new_actions_for(actor), frame)
        self.stripe = StatusStripe(_("Demo data: nobody in these records exists."), parent=frame)
        self.notices = Notices(frame)
        self.message_bar = self.notices.message_bar
        self._lay_out(frame)
        self.side_bar.chosen.connect(self._choose)
        self.side_bar.lock_wanted.connect(self.lock_wanted)
        self.top_bar.lock_wanted.connect(self.lock_wanted)
        self.top_bar.find_wanted.connect(self.find_anything)
        self.top_bar.new_wanted.connect(self.start_new)
        self.top_bar.backup_wanted.connect(self._show_backups)
        self._fit_side_bar()
        self._show_house()

    def _lay_out(self, frame: QWidget) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.stripe)
        right.addWidget(self.top_bar)
        right.addWidget(self.notices)
        right.addWidget(self.stack, 1)
        whole = QHBoxLayout(frame)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.side_bar)
        whole.addLayout(right, 1)

    def rebuild(self) -> None:
        """Make every page again, in the language and size in use, and stay where we were."""
        held = self._take_down()
        self._build()
        self.go(self._shown.place, self._shown.record_id, self._shown.detail)
        self._give_focus(held)
        self.count_what_waits()

    def _take_down(self) -> str:
        """Delete every page and return the name of the widget that had the focus.

        At once, not later: a new style sheet is computed for every widget that still exists.
        """
        focused = self.focusWidget()
        held = focused.objectName() if focused is not None else ""
        self.leave_page()
        for editor in self.findChildren(SideEditor):
            editor.keep_now()
        self.pages.clear()
        self._stale.clear()
        if self._frame is not None:
            self._whole.removeWidget(self._frame)
            delete(self._frame)
            self._frame = None
        return held

    def _give_focus(self, name: str) -> None:
        """Go on where the keyboard was, on the new widget of that name, or on the page."""
        assert self._frame is not None
        again = self._frame.findChild(QWidget, name) if name else None
        (again or self._page(self._shown.place)).setFocus()

    def apply_preferences(self) -> None:
        """Wear the choices of this computer: language, theme, text size."""
        chosen = choices.load()
        speak(chosen.language)
        held = self._take_down()
        theme.apply(_application(), _scheme(chosen.theme), chosen.scale)
        self.rebuild()
        self._give_focus(held)
        self.preferences_changed.emit()

    def _page(self, place: str) -> QWidget:
        page = self.pages.get(place)
        if page is None:
            page = self.pages[place] = self.places[place].build(self.context)
            if isinstance(page, ChangesPreferences):
                queued = Qt.ConnectionType.QueuedConnection
                page.preferences_changed.connect(self.apply_preferences, queued)
            if isinstance(page, WantsRestore):
                page.restore_wanted.connect(self.restore_wanted)
            if isinstance(page, WantsUpdate):
                page.update_wanted.connect(self.update_wanted)
            self.stack.addWidget(page)
        return page

    def _keeper(self, form_key: str, record_type: type[Record], record_id: int) -> Keeper:
        return Keeper(self.tasks, self, form_key, record_type, record_id)

    # What happens

    def find_anything(self, text: str = "") -> None:
        """Open the palette: people, numbers, contacts, actions."""
        from ui.palette import open_palette

        open_palette(self, text)

    @property
    def language(self) -> str:
        """Return the language the window speaks."""
        return language()

    def switch_language(self) -> None:
        """Speak the other language from now on, and keep that choice."""
        other = next(code for code, _name in LANGUAGES if code != language())
        choices.save(dataclasses.replace(choices.load(), language=other))
        self.apply_preferences()

    def _choose(self, place: str) -> None:
        """Go to a place; chosen again, as Enter does after the arrows, go on inside of it."""
        again = place == self._shown.place
        self.go(place)
        if again:
            self._page(place).setFocus()

    def start_new(self, key: str) -> None:
        """Begin a new record of a kind named in the + New menu."""
        for action in new_actions_for(self.desk.actor):
            if action.key == key:
                self.go(action.place, 0, "new")

    def _pass_on(self, changes: Changes, _initiator: object) -> None:
        if not changes.tables:
            return
        for key in self.pages:
            known = self._stale.get(key, Changes())
            self._stale[key] = Changes(
                known.tables | changes.tables, known.persons | changes.persons
            )
        self._freshen(self._shown.place)
        self.count_what_waits()
        if changes.touch("setting"):
            self.tasks.ask(self, house_settings.facts, then=self._know_house)

    def _freshen(self, place: str) -> None:
        changes = self._stale.pop(place, None)
        page = self.pages.get(place)
        if changes is not None and isinstance(page, Refreshes):
            page.refresh(changes)

    def count_what_waits(self) -> None:
        """Ask for the numbers beside the places."""
        counted = {key: place.badge for key, place in self.places.items() if place.badge}
        self.tasks.ask(self, accounts.counted, counted, then=self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        self.side_bar.set_counts(counts)

    def _know_house(self, facts: HouseFacts) -> None:
        self._house = facts
        self._show_house()

    def _show_house(self) -> None:
        self.stripe.setVisible(self._house.demo)

    def _say_failure(self, error: BaseException, _owner: object) -> None:
        self.say(sentence_for(error), "error")

    def _show_busy(self, busy: bool) -> None:
        self.top_bar.set_status(_("Working…") if busy else "")

    def _make_shortcuts(self) -> None:
        for keys, act in (
            ("Ctrl+K", self.find_anything),
            ("Ctrl+N", self._open_new_menu),
            ("F1", self._help),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda place=number - 1: self._go_nth(place))

    def _show_backups(self) -> None:
        self.go("backups")

    def _go_nth(self, index: int) -> None:
        listed = [key for key, place in self.places.items() if place.section is not None]
        if index < len(listed):
            self.go(listed[index])

    def _open_new_menu(self) -> None:
        """Open the menu of the top bar of now: a change of language makes another."""
        self.top_bar.open_menu()

    def _help(self) -> None:
        from ui.help_page import show_help

        show_help(self, self._shown.place, lambda chapter: self.go("guide", detail=chapter))

    # Events

    def focusNextPrevChild(self, on: bool) -> bool:
        """Come onto a page at its beginning, or backwards at its end; notices come before it."""
        before, page = self.focusWidget(), self.stack.currentWidget()
        if self._through_notices(before, on):
            return True
        moved = super().focusNextPrevChild(on)
        now = self.focusWidget()
        if isinstance(page, Page) and _is_in(now, page) and not _is_in(before, page):
            page.focus_end(first=on)
        return moved

    def _through_notices(self, held: QWidget | None, on: bool) -> bool:
        """Stop at what is said above the page; it came after the page, so Qt would go by it."""
        said, page = self.notices.stops(), self.stack.currentWidget()
        if held not in said:
            return bool(on and said and held is self._above()) and _tab_to(said[0])
        at = said.index(held) + (1 if on else -1)
        if 0 <= at < len(said):
            return _tab_to(said[at])
        if not on:
            return _tab_to(self._above())
        return isinstance(page, Page) and page.focus_end(first=True)

    def _above(self) -> QWidget:
        """Return the last stop of the bar above the page."""
        bar = self.top_bar
        return bar.new_button if bar.new_button.isVisible() else bar.lock_button

    def focus_beside_page(self, on: bool) -> bool:
        """Go on from the last thing of a page to the side list, or back to what is above it."""
        if on:
            return _tab_to(self.side_bar.stop())
        said = self.notices.stops()
        return _tab_to(said[-1] if said else self._above())

    def _fit_side_bar(self) -> None:
        self.side_bar.set_narrow(self.width() < _ROOM_FOR_WORDS * theme.size(FULL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page the room: the side list shows icons only in a small window."""
        super().resizeEvent(event)
        self._fit_side_bar()

    def showEvent(self, event: QShowEvent) -> None:
        """Open on Today."""
        super().showEvent(event)
        if not self._has_opened and self.places:
            self._has_opened = True
            self.go(self._first_place())
            self.stack.setFocus()
            self._stand_when_settled()

    def prepare(self) -> None:
        """Make the page the window opens on, before its first painting and apart from it."""
        self._page(self._first_place())

    def _first_place(self) -> str:
        return self._shown.place if self._shown.place in self.places else "settings"

    def _stand_when_settled(self) -> None:
        if self.tasks.is_idle():
            self._let_paint()
        else:
            self.tasks.settled.connect(self._let_paint, Qt.ConnectionType.SingleShotConnection)

    def _let_paint(self) -> None:
        """Say that the first page stands, after what came home last was painted."""
        QTimer.singleShot(_PAINTED_AFTER, self, self._say_it_stands)

    def _say_it_stands(self) -> None:
        self.has_stood = True
        self.stands.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing seals the vault and keeps drafts first, as locking does; then we leave."""
        event.ignore()
        self.leave_wanted.emit()


def _is_in(widget: QWidget | None, page: QWidget) -> bool:
    return widget is not None and (widget is page or page.isAncestorOf(widget))


def _tab_to(stop: QWidget) -> bool:
    stop.setFocus(Qt.FocusReason.TabFocusReason)
    return True


def _application() -> Any:
    from PySide6.QtWidgets import QApplication

    return QApplication.instance()


def _scheme(name: str) -> Any:
    return name
