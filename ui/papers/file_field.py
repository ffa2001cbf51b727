"""Choosing the file of a scanned paper: by a folder dialog or dropped here, looked at at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from shelter_app.i18n import N_, _
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.folders import choose_file
from ui.kit.placing import bring_soon
from ui.kit.tasks import Tasks
from ui.kit.wording import sentence_for
from ui.papers import reading
from ui.papers.reading import Prepared

CHOOSE_FIRST: Final = N_("Choose the file first.")
ONE_ONLY: Final = N_("One file at a time, please.")
_KINDS: Final = "(*.jpg *.jpeg *.png *.tif *.tiff *.webp *.bmp *.pdf)"
_PREVIEW, _MOST_PREVIEW = 200, 240


class FileField(QFrame):
    """Empty, being read, ready with a small picture of the first page, or refused with why."""

    chosen = Signal()
    """What was chosen can be kept."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("FileField")
        self.setAcceptDrops(True)
        self._tasks = tasks
        self._asked = 0
        self.prepared: Prepared | None = None
        self.choose_button = button(_("Choose a file…"), "FileField_choose", icon="attachment")
        self.picture = QLabel()
        self.picture.setObjectName("FileField_picture")
        self.picture.setProperty("kind", "scan")
        self.picture.hide()
        self.hint_label = label(self._usual(), "hint", wrap=True, name="FileField_hint")
        self.note_label = label(
            _(
                "The file you chose stays where it is, and is not encrypted there. Once this is "
                "saved, delete it or lock the stick away."
            ),
            wrap=True,
            name="FileField_note",
            role="soon",
        )
        self.note_label.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(label(_("File *"), "field"))
        whole.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.hint_label)
        whole.addWidget(self.note_label)
        self.choose_button.setAccessibleDescription(self._usual())
        self.choose_button.clicked.connect(self._choose)

    def take(self, path: Path) -> None:
        """Read a file beside the windows; what it says is shown here."""
        self._asked += 1
        asked = self._asked
        self.prepared = None
        self.picture.hide()
        self.note_label.hide()
        self._say(_("The file is being read…"))

        def ready(prepared: Prepared) -> None:
            if asked == self._asked:
                self._show(prepared)

        def refused(error: BaseException) -> None:
            if asked == self._asked:
                self.refuse(sentence_for(error))

        self._tasks.aside(self, reading.read, path, then=ready, failed=refused)

    def refuse(self, sentence: str) -> None:
        """Say beside the field what is wrong."""
        self._say(sentence, problem=True)
        bring_soon(self)

    def is_refused(self) -> bool:
        """Say whether something is wrong with it."""
        return bool(self.hint_label.property("problem"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, nothing else."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was let go of here."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if len(paths) == 1:
            self.take(paths[0])
        else:
            self.refuse(_(ONE_ONLY))

    def _choose(self) -> None:
        kinds = _("Pictures and PDFs {endings}").format(endings=_KINDS)
        every = _("All files {endings}").format(endings="(*)")
        path = choose_file(self.window(), _("The scanned paper"), f"{kinds};;{every}")
        if path is not None:
            self.take(path)

    def _show(self, prepared: Prepared) -> None:
        self.prepared = prepared
        side = min(theme.size(_PREVIEW), _MOST_PREVIEW)
        small = QPixmap.fromImage(prepared.preview).scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self.picture.setPixmap(small)
        self.picture.setAccessibleName(_("The first page, small"))
        self.picture.show()
        self.choose_button.setText(_("Choose another file…"))
        self._say(_("Will be kept: {what}").format(what=reading.kept_words(prepared)))
        self.note_label.show()
        bring_soon(self.note_label)
        self.chosen.emit()

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self.hint_label.setText(sentence)
        theme.set_state(self.hint_label, problem=problem)

    @staticmethod
    def _usual() -> str:
        return _("A picture or a PDF, 20 MB at most. It can also be dropped here.")
