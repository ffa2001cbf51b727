"""Aftercare: contacts after leaving, with the safe-contact card always shown first."""

from ui.features.aftercare.contacts_page import page
from ui.features.aftercare.person_view import resident_tab

__all__ = ["page", "resident_tab"]
