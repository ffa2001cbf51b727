"""Staff: who works here, what their roles open, keys that wait, passwords."""

from ui.features.staff.staff_page import page

__all__ = ["page"]
