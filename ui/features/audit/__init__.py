"""The audit trail: who did and who saw what, the check of the chain, and its words for paper."""

from ui.features.audit.audit_page import page

__all__ = ["page"]
