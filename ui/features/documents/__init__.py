"""The register of documents that leave the house."""

from ui.features.documents.register import page, resident_tab

__all__ = ["page", "resident_tab"]
