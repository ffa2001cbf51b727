"""What Ctrl+K finds: people, numbers and contacts from the vault, places and actions from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from shelter_app.i18n import N_, _
from shelter_app.services import search
from shelter_app.services.search import Group
from ui.kit.command_palette import CommandPalette, PaletteItem
from ui.navigation import new_actions_for

_GO: Final = N_("Go to")
_DO: Final = N_("Do")
_GROUPS: Final = {
    "people": N_("People"),
    "cases": N_("Case numbers"),
    "documents": N_("Documents"),
    "partners": N_("Partners"),
}
_ICONS: Final = {
    "people": "person",
    "cases": "court",
    "documents": "document",
    "partners": "directory",
}


def open_palette(window: Any, text: str = "") -> CommandPalette:
    """Open the palette of the main window, made anew so that it speaks the language in use."""
    for older in window.findChildren(CommandPalette):
        older.deleteLater()
    palette = CommandPalette(window)
    palette.add_provider(partial(_actions, window))
    palette.add_later_provider(partial(_records, window))
    palette.open(text)
    return palette


def _actions(window: Any, text: str) -> Sequence[PaletteItem]:
    found = [
        PaletteItem(_(_GO), _(place.label), "", place.icon, partial(window.go, key))
        for key, place in window.places.items()
        if place.section is not None
    ]
    found += [
        PaletteItem(
            _(_DO),
            _("New: {what}").format(what=_(action.label).rstrip("…")),
            "",
            action.icon,
            partial(window.start_new, action.key),
        )
        for action in new_actions_for(window.desk.actor)
    ]
    found.append(
        PaletteItem(_(_DO), _("Lock"), _("F12 or Esc twice"), "lock", window.lock_wanted.emit)
    )
    found.append(
        PaletteItem(
            _(_DO),
            _("Switch to Kiswahili") if window.language == "en" else _("Switch to English"),
            "Kiswahili" if window.language == "en" else "English",
            "language",
            window.switch_language,
        )
    )
    wanted = text.casefold()
    return [item for item in found if wanted in f"{item.label} {item.detail}".casefold()]


def _records(window: Any, text: str, take: Callable[[Sequence[PaletteItem]], None]) -> None:
    if len(text) < 2:
        take(())
        return
    window.tasks.ask(
        window,
        search.everything,
        text,
        then=lambda groups: take(_items(window, groups)),
        failed=lambda _error: take(()),
    )


def _items(window: Any, groups: Sequence[Group]) -> Sequence[PaletteItem]:
    return [
        PaletteItem(
            _(_GROUPS.get(group.key, "")),
            found.label,
            found.detail,
            _ICONS.get(group.key, "forward"),
            partial(window.go, found.place, found.record_id),
        )
        for group in groups
        for found in group.lines
        if found.place in window.places
    ]
