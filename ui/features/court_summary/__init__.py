"""The assistant for the court-support summary: choose, check, approve, seal."""

from ui.features.court_summary.assistant import page

__all__ = ["page"]
