"""The house: who sleeps where tonight, and the stays of one resident."""

from ui.features.house.board import page
from ui.features.house.stay_tab import resident_tab

__all__ = ["page", "resident_tab"]
