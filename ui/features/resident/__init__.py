"""The page of one resident: header, overview, timeline, true identity, and others' tabs."""

from ui.features.resident.page import page

__all__ = ["page"]
