"""The pages of a paper as pictures, one under the other on a quiet ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from shelter_app.i18n import _

_LEAST_WIDTH: Final = 380


class PageLabel(QLabel):
    """One page, scaled to the width there is."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"Preview_page_{number}")
        self.setAccessibleName(_("Page {number} of the paper").format(number=number))
        self._page = QPixmap()

    def show_page(self, picture: bytes, width: int) -> None:
        """Show a PNG at this width."""
        self._page.loadFromData(picture)
        self.fit(width)

    def fit(self, width: int) -> None:
        """Scale the page to this width."""
        if not self._page.isNull():
            mode = Qt.TransformationMode.SmoothTransformation
            self.setPixmap(self._page.scaledToWidth(max(width, 1), mode))


class Preview(QFrame):
    """Every page of a paper; asked for again whenever the paper changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Preview")
        self._pages: list[PageLabel] = []
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(16, 16, 16, 16)
        self._whole.setSpacing(16)
        self.setMinimumWidth(_LEAST_WIDTH)

    def show_pages(self, pictures: Sequence[bytes]) -> None:
        """Show these pages in place of the former ones."""
        while len(self._pages) > len(pictures):
            self._pages.pop().deleteLater()
        while len(self._pages) < len(pictures):
            made = PageLabel(len(self._pages) + 1, self)
            self._pages.append(made)
            self._whole.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)
        for shown, picture in zip(self._pages, pictures, strict=True):
            shown.show_page(picture, self._room())
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Fit the pages again when the room changes."""
        if event.type() == QEvent.Type.Resize:
            for shown in self._pages:
                shown.fit(self._room())
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Return a width at which the text can still be read, and the height of every page."""
        height = max(self._whole.minimumSize().height(), _LEAST_WIDTH)
        return QSize(_LEAST_WIDTH, height)

    def _room(self) -> int:
        return self.width() - 32
