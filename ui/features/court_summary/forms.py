"""The three small forms of the assistant: for whom, own sentences, her own reading."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from shelter_app.domain.court_summary import SaidForPaper
from shelter_app.domain.document import Document
from ui.kit.context import Context
from ui.kit.record_form import RecordForm


def document_form(context: Context, parent: QWidget) -> RecordForm[Document]:
    """Return the form of recipient, purpose and basis."""
    form = RecordForm(Document, context.tasks, parent)
    form.row("recipient_kind")
    form.row("purpose")
    form.row("recipient_name")
    form.row("consent_id")
    form.row("legal_basis", "pseudonym_used")
    return form


def said_form(parent: QWidget) -> RecordForm[SaidForPaper]:
    """Return the form of the few sentences people type themselves."""
    form = RecordForm(SaidForPaper, None, parent)
    form.row("wishes")
    form.row("welfare")
    form.row("availability")
    form.row("safety", "language")
    return form


def review_form(parent: QWidget) -> RecordForm[Document]:
    """Return the form of the survivor's own reading."""
    form = RecordForm(Document, None, parent)
    form.row("survivor_review", "survivor_review_on")
    form.row("survivor_review_note")
    return form
