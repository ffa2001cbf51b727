"""The first words after signing in: failed attempts, keys and sheets to see to, open drafts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from shelter_app import paths
from shelter_app.i18n import _, ngettext
from shelter_app.services import accounts, drafts, key_changes, paper_care, residents, sheet_care
from shelter_app.services.accounts import Arrival, Wish
from shelter_app.services.drafts import Waiting
from shelter_app.services.key_changes import Course
from shelter_app.services.sheet_care import SheetLine
from ui import openings
from ui.kit.day_text import show_moment
from ui.kit.long_work import LongWork
from ui.kit.notice_line import NoticeLine
from ui.kit.wording import sentence_for
from ui.navigation import place_of_draft

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def welcome(window: MainWindow) -> None:
    """Ask what there is to say and say it above the first page."""
    window.tasks.do(window, accounts.close_leavers, then=partial(_closed, window), failed=_later)
    window.tasks.ask(window, accounts.arrival, then=partial(_say, window))
    window.tasks.ask(window, drafts.mine, then=partial(_offer, window))
    openings.tell(window)
    # Quietly: birthdays move age bands; in a folder that cannot be written they wait.
    window.tasks.do(window, residents.refresh_projections, failed=_later)
    # The same: photographs whose time is over go, and files that a power cut left without a record.
    window.tasks.run(window, paper_care.look_after, failed=_later)


def say_again(window: MainWindow) -> None:
    """Put what still stands onto a window that was made anew, in the language in use."""
    window.tasks.ask(window, accounts.arrival, then=partial(_remind, window))
    window.tasks.ask(window, drafts.mine, then=partial(_offer, window))
    openings.tell(window)


def _later(_error: BaseException) -> None:
    """Leave it for the next sign-in: what was tried here says so itself when it matters."""


def _closed(window: MainWindow, names: tuple[str, ...]) -> None:
    if names:
        window.add_notice(
            Notice(
                window,
                ngettext(
                    "The last working day of {names} is over, so the account was closed.",
                    "The last working day of {names} is over, so the accounts were closed.",
                    len(names),
                ).format(names=", ".join(names)),
            )
        )


def _give_due_keys(window: MainWindow) -> None:
    """Make the keys that are due at once: whoever lost a key may still have the old one."""
    course = Course()
    text = _(
        "Somebody’s access ended or a file was erased, so new keys are made. Everything stays as "
        "it is meanwhile."
    )
    LongWork(window, text, course).run(
        window.tasks,
        key_changes.give_due_keys,
        course,
        then=lambda _parts: None,
        failed=lambda error: window.say(sentence_for(error), "warning"),
    )


def sheet_sentence(line: SheetLine) -> str:
    """Return what somebody should do about a recovery sheet."""
    if line.unproved and line.may_replace:
        return _(
            "Recovery sheet {letter} was never typed back from its paper, or it was used. Test it "
            "or make it anew."
        ).format(letter=line.letter)
    if line.unproved:
        return _(
            "Recovery sheet {letter} was never typed back from its paper, or it was used. Test "
            "it; a counsellor can make it anew."
        ).format(letter=line.letter)
    return _(
        "It is six months since recovery sheet {letter} was tested. Look whether the envelope is "
        "there and closed, and test the sheet."
    ).format(letter=line.letter)


def unsealed_sentence(*, travels: bool) -> str:
    """Say why everything is checked; what was put on a stick was copied from open records."""
    if travels:
        return _(
            "These records are a fresh copy, or the program was not closed in order last time. "
            "What was saved is here; every page of it is being checked now, and you can work "
            "meanwhile."
        )
    return _(
        "The program was not closed in order last time. What was saved is here; every "
        "page of it is being checked now, and you can work meanwhile."
    )


def _say(window: MainWindow, arrival: Arrival) -> None:
    if arrival.due.here:
        _give_due_keys(window)
    _remind(window, arrival)
    if arrival.failures:
        window.say(failures_sentence(arrival), "warning")
    elif not arrival.closed_cleanly:
        window.say(unsealed_sentence(travels=paths.portable_folder() is not None))


def _remind(window: MainWindow, arrival: Arrival) -> None:
    for line in arrival.sheets:
        window.add_notice(SheetNotice(window, line))
    if arrival.waiting_grants:
        window.add_notice(KeyNotice(window, waiting_sentence(arrival.waiting_grants)))
    if arrival.waits:
        own = _(
            "A part of the records stays closed to you until a colleague who opens it grants you "
            "its key: see Staff."
        )
        window.add_notice(KeyNotice(window, own))


def waiting_sentence(count: int) -> str:
    """Return how many colleagues wait for a key that can be granted here."""
    return ngettext(
        "{count} colleague waits for a key you can grant: see Staff.",
        "{count} colleagues wait for a key you can grant: see Staff.",
        count,
    ).format(count=count)


def failures_sentence(arrival: Arrival) -> str:
    """Return '7 failed attempts since …': whoever did not cause them should ask around."""
    since = show_moment(arrival.failures_since) if arrival.failures_since else ""
    return ngettext(
        "{count} failed attempt to sign in with your name since {when}. If it was not you, tell "
        "the manager.",
        "{count} failed attempts to sign in with your name since {when}. If it was not you, tell "
        "the manager.",
        arrival.failures,
    ).format(count=arrival.failures, when=since)


def _offer(window: MainWindow, waiting: tuple[Waiting, ...]) -> None:
    for draft in waiting[:3]:
        if place_of_draft(draft.place.table) in window.places:
            window.add_notice(DraftOffer(window, draft))


class Notice(NoticeLine):
    """Something to see to under Staff, until it is put away."""

    def __init__(self, window: MainWindow, text: str) -> None:
        super().__init__("Notice", text)
        self._window = window
        self.go_button = self.offer(_("Open Staff"), "go", self._go)
        self.close_button = self.offer(_("Not now"), "close", self.put_away)

    def _go(self) -> None:
        self._window.stack.setFocus()
        self.put_away()
        self._window.go("staff")


class SheetNotice(Notice):
    """About a recovery sheet; gone as soon as that sheet was proved or made anew."""

    def __init__(self, window: MainWindow, line: SheetLine) -> None:
        super().__init__(window, sheet_sentence(line))
        self._letter = line.letter
        window.tasks.changed.connect(self._look_again)

    def _look_again(self, _changes: object, _owner: object) -> None:
        self._window.tasks.ask(self, sheet_care.to_look_after, then=self._settle)

    def _settle(self, lines: tuple[SheetLine, ...]) -> None:
        if self._letter not in {line.letter for line in lines}:
            self.put_away()


class KeyNotice(Notice):
    """About keys that wait; gone as soon as none waits any more that concerns her."""

    def __init__(self, window: MainWindow, text: str) -> None:
        super().__init__(window, text)
        window.tasks.changed.connect(self._look_again)

    def _look_again(self, _changes: object, _owner: object) -> None:
        self._window.tasks.ask(self, accounts.wishes_for_keys, then=self._settle)

    def _settle(self, wishes: tuple[Wish, ...]) -> None:
        if not any(wish.may_grant or wish.is_mine for wish in wishes):
            self.put_away()


class DraftOffer(NoticeLine):
    """'You were writing …': go on where it stopped, or let it go."""

    settled = Signal()

    def __init__(self, window: MainWindow, draft: Waiting) -> None:
        text = _("You were writing: {what}, {when}. It is kept.").format(
            what=_(draft.title), when=show_moment(draft.saved_at)
        )
        super().__init__("DraftOffer", text)
        self._window = window
        self._draft = draft
        self.continue_button = self.offer(_("Continue"), "continue", self._continue)
        self.discard_button = self.offer(_("Discard"), "discard", self._discard)
        window.tasks.changed.connect(self._look_again)

    def _look_again(self) -> None:
        """Go when the draft was saved or let go in its own form."""
        self._window.tasks.ask(
            self, drafts.get, self._draft.place, then=lambda kept: None if kept else self._settle()
        )

    def _continue(self) -> None:
        place = place_of_draft(self._draft.place.table)
        self._settle()
        self._window.go(place, self._draft.place.record_id, "draft")

    def _discard(self) -> None:
        self._window.tasks.do(self._window, drafts.discard, self._draft.place)
        self._settle()

    def _settle(self) -> None:
        self.put_away()
        self.settled.emit()
