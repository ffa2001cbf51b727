"""How the house stands with its backups, in one sentence, and the button that makes one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from shelter_app.domain.backup import STICK
from shelter_app.i18n import _, ngettext
from shelter_app.services.backups import Overview, PlaceLine, Present
from ui.features.backups.words import place_words, when
from ui.kit import layouts
from ui.kit.button import ButtonRole, button, label
from ui.kit.card import Card
from ui.kit.pill import Pill


class StateCard(Card):
    """One sentence, one pill, and a button for each place that is in."""

    wanted = Signal(object)
    """(place id): make a backup there."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("BackupsPage_state")
        self.pill = Pill("", "good")
        self.sentence_label = label("", "card-title", wrap=True, name="BackupsPage_sentence")
        self.detail_label = label("", "secondary", wrap=True, name="BackupsPage_detail")
        self.hint_label = label("", "mute", wrap=True, name="BackupsPage_hint")
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(6)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self.sentence_label)
        words.addWidget(self.detail_label)
        words.addWidget(self.hint_label)
        words.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(24)
        line.addLayout(words, 1)
        line.addLayout(self._buttons)
        line.setAlignment(self._buttons, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)

    def show_state(self, overview: Overview, present: Sequence[Present], *, keeper: bool) -> None:
        """Show how things stand and what can be done now."""
        self.pill.show_as(*_pill(overview))
        self.sentence_label.setText(_sentence(overview))
        self.detail_label.setText(_detail(overview))
        self.detail_label.setVisible(bool(self.detail_label.text()))
        here = {each.place_id for each in present}
        ready = [place for place in overview.places if place.id in here]
        hints = [_only_here(keeper=keeper) if overview.only_here else ""]
        hints.append("" if ready else _hint(overview.places, keeper=keeper))
        hint = " ".join(filter(None, hints))
        self.hint_label.setText(hint)
        self.hint_label.setVisible(bool(hint))
        self._offer(ready)

    def _offer(self, ready: Sequence[PlaceLine]) -> None:
        layouts.clear(self._buttons)
        for number, place in enumerate(ready):
            text = _("Back up now")
            if len(ready) > 1:
                text = _("Back up now: {place}").format(place=place_words(place))
            role: ButtonRole = "plain" if number else "primary"
            made = button(text, f"BackupsPage_now_{place.label}", role)
            made.clicked.connect(lambda _on=False, place_id=place.id: self.wanted.emit(place_id))
            self._buttons.addWidget(made)
        if not ready:
            off = button(_("Back up now"), "BackupsPage_now", "primary")
            off.setEnabled(False)
            self._buttons.addWidget(off)


def _pill(overview: Overview) -> tuple[str, str]:
    if overview.parted:
        return _("Look at the audit trail"), "overdue"
    if overview.role:
        return _("Overdue"), overview.role
    if overview.came_from is not None:
        return _("Restored"), "soon"
    if overview.last_verified is None:
        return _("Not begun"), "neutral"
    if overview.only_here:
        return _("On no stick yet"), "soon"
    return _("In order"), "good"


def _sentence(overview: Overview) -> str:
    if overview.came_from is not None:
        return _("These records came from the backup of {when}. Make a new one today.").format(
            when=when(overview.came_from)
        )
    if overview.last_verified is None:
        return _("There is no backup yet. If this computer is lost, everything is lost.")
    return _("Last backup that was read back whole: {when}.").format(
        when=when(overview.last_verified)
    )


def _detail(overview: Overview) -> str:
    if overview.parted:
        return _(
            "The audit trail of today does not contain what was sealed in an earlier backup "
            "(check words: {words}). Somebody or something rewrote history: tell the data "
            "protection lead, and keep that backup."
        ).format(words=overview.parted[0])
    if overview.newest is None or (overview.came_from and not overview.role):
        return ""
    if not overview.changed:
        return _("Nothing was written since. The next backup is made when something is.")
    if overview.role:
        return ngettext(
            "What was written in the last {count} day is in no backup.",
            "What was written in the last {count} days is in no backup.",
            overview.days,
        ).format(count=overview.days)
    return _("Something was written since. Next due: {when}.").format(when=when(overview.next_due))


def _only_here(*, keeper: bool) -> str:
    said = _(
        "All backups lie in folders. A thief or a fire may take them together with this computer."
    )
    asked = _("Add a stick that sleeps elsewhere.") if keeper else _("Remind the manager.")
    return f"{said} {asked}"


def _hint(places: Sequence[PlaceLine], *, keeper: bool) -> str:
    if not places:
        if keeper:
            return _("Put an empty stick in and add it below. Two sticks, one of them elsewhere.")
        return _("No stick is known here yet. The manager adds one on this page.")
    sticks = [place for place in places if place.kind == STICK]
    names = ", ".join(place_words(place) for place in sticks or places)
    if not sticks:
        return _("None of the known folders can be reached now: {names}.").format(names=names)
    return _("Put a known stick in to make one now: {names}.").format(names=names)
