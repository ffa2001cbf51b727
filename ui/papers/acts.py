"""What people do with a paper: look at it, take a copy out with a reason, take it back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from shelter_app.domain.papers import SEALED, FacePhoto
from shelter_app.i18n import _
from shelter_app.services import papers
from shelter_app.services.identity import SHOWN_SECONDS
from shelter_app.services.papers import Opened, PaperLine
from ui.kit.context import Context
from ui.kit.dialog import Dialog, ReasonDialog
from ui.kit.folders import choose_folder
from ui.kit.toast import Toast
from ui.kit.wording import sentence_for
from ui.papers.viewer import PaperViewer


def look(context: Context, host: QWidget, line: PaperLine, *, seconds: int = SHOWN_SECONDS) -> None:
    """Open a paper in a window of its own; that somebody looked is kept before it is shown."""

    def show(opened: Opened) -> None:
        sealed = line.kind in SEALED
        viewer = PaperViewer(opened, context.tasks, host, seconds=seconds if sealed else 0)
        viewer.copy_wanted.connect(lambda: save_copy(context, viewer, line))
        viewer.open()

    context.tasks.do(
        host,
        papers.open_paper,
        line.kind,
        line.id,
        then=show,
        failed=lambda error: _tell(host, sentence_for(error)),
    )


def save_copy(context: Context, host: QWidget, line: PaperLine) -> None:
    """Ask why and where, and write a copy that is no longer locked."""
    dialog = ReasonDialog(
        host,
        _(
            "The copy is not encrypted: whoever has the stick can read it. That you took it, and "
            "why, is kept."
        ),
        _("Choose the place…"),
        _("No copy"),
    )
    dialog.setObjectName("Paper_copy_reason")
    dialog.accepted.connect(lambda: _choose_and_write(context, host, line, dialog.reason()))
    dialog.show_once()


def _choose_and_write(context: Context, host: QWidget, line: PaperLine, reason: str) -> None:
    folder = choose_folder(host.window(), _("Where the copy goes"))
    if folder is None:
        return

    def done(path: Path) -> None:
        Toast.show_on(host.window(), _("Copy written: {name}").format(name=path.name))

    context.tasks.do(
        host,
        papers.save_copy,
        line.kind,
        line.id,
        folder,
        reason,
        then=done,
        failed=lambda error: _tell(host, sentence_for(error)),
    )


def take_back(context: Context, host: QWidget, line: PaperLine) -> None:
    """Ask why, and take a paper back."""
    erased = line.kind is FacePhoto
    dialog = ReasonDialog(
        host,
        _("The photograph leaves this list and is erased for good at the next sign-in.")
        if erased
        else _("The paper leaves this list. It stays in the trail, and with her file."),
        _("Take it back"),
        _("Keep it"),
    )
    dialog.setObjectName("Paper_back_reason")
    dialog.accepted.connect(
        lambda: context.tasks.do(
            host,
            papers.take_back,
            line.kind,
            line.id,
            dialog.reason(),
            failed=lambda error: _tell(host, sentence_for(error)),
            undo_label=_("Taken back"),
        )
    )
    dialog.show_once()


def _tell(host: QWidget, sentence: str) -> None:
    """Say in the way of nothing else why it was not done."""
    said = Dialog(host, sentence, _("All right"), "")
    said.setObjectName("Paper_trouble")
    said.no_button.hide()
    said.show_once()
