"""The list of residents and the way to a new one."""

from ui.features.residents.list_page import page

__all__ = ["page"]
