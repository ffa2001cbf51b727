"""What Ctrl+K finds: people, numbers and contacts from the vault, places and actions from here."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from shelter_app.i18n import N_, _
from ui.kit.command_palette import CommandPalette, PaletteItem
from ui.navigation import new_actions_for

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_GO = N_("Go to")
_DO = N_("Do")


def open_palette(window: MainWindow, text: str = "") -> CommandPalette:
    """Open the palette of a window, made anew so that it speaks the language in use."""
    for older in window.findChildren(CommandPalette):
        older.deleteLater()
    palette = CommandPalette(window)
    palette.add_provider(partial(_actions, window))
    if importlib.util.find_spec("shelter_app.services.search") is not None:
        palette.add_later_provider(partial(_records, window))
    palette.open(text)
    return palette


def _actions(window: MainWindow, text: str) -> Sequence[PaletteItem]:
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
            "",
            "language",
            window.switch_language,
        )
    )
    wanted = text.casefold()
    return [item for item in found if wanted in item.label.casefold()]


def _records(window: MainWindow, text: str, take: Callable[[Sequence[PaletteItem]], None]) -> None:
    from shelter_app.services import search

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


def _items(window: MainWindow, groups: object) -> Sequence[PaletteItem]:
    del window, groups
    return ()
