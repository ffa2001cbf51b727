"""Data protection: requests, breaches, how long files are kept, and leaving with everything."""

from ui.features.rights.rights_page import page

__all__ = ["page"]
