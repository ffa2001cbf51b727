"""Backups: the state of things, the places, what was made, rehearsing, and the way back."""

from __future__ import annotations

from ui.features.backups.backups_page import page

__all__ = ["page"]
