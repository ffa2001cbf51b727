"""A paper on the screen: page by page, as large as wanted, and never as a file on the disk."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from shelter_app.errors import NotPossible
from shelter_app.i18n import _
from shelter_app.services.papers import Opened
from shelter_app.services.rendering import pdf_pages
from ui.kit import theme
from ui.kit.button import button, icon_button, label
from ui.kit.countdown import Countdown
from ui.kit.tasks import Tasks
from ui.kit.wording import sentence_for
from ui.papers import reading, words

_ZOOMS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
"""Times the width of the window."""
_WHOLE_WIDTH: Final = _ZOOMS.index(1.0)
_WIDEST: Final = 4_000
_AFTER_RESIZING: Final = 120


class PaperViewer(QDialog):
    """Page Up and Down turn pages, plus, minus and 0 change the size, Esc closes."""

    copy_wanted = Signal()

    def __init__(
        self,
        opened: Opened,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        seconds: int = 0,
    ) -> None:
        """`seconds` after which it closes by itself; 0 for a paper that is not sealed."""
        super().__init__(parent)
        self.setObjectName("PaperViewer")
        self.setWindowTitle(" ")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._opened = opened
        self._tasks = tasks
        self._number = 0
        self._zoom = _WHOLE_WIDTH
        self._asked = 0
        self._image = QImage()
        self._lay_out()
        self._connect()
        self.clock_label.setVisible(bool(seconds))
        if seconds:
            self.clock_label.start(seconds)
        self.resize(self._first_size(parent))
        self.setAccessibleName(words.kind_words(opened.line.kind))
        self._say_page()
        self.area.setFocus()

    def page(self) -> int:
        """Return the page shown, counted from 1."""
        return self._number + 1

    def zoom(self) -> float:
        """Return how many times as wide as the window it is shown."""
        return _ZOOMS[self._zoom]

    def is_drawn(self) -> bool:
        """Say whether the page that was asked for last is on the screen."""
        return not self.page_label.pixmap().isNull() and not self._asked

    def seconds_left(self) -> int:
        """Return how long a sealed paper stays open, 0 for others."""
        return self.clock_label.left

    def turn(self, pages: int) -> None:
        """Go on or back some pages; at either end it stays."""
        wanted = min(max(self._number + pages, 0), self._opened.line.pages - 1)
        if wanted != self._number:
            self._number = wanted
            self._image = QImage()
            self._say_page()
            self.area.verticalScrollBar().setValue(0)
            self._draw()

    def resize_page(self, steps: int) -> None:
        """Show it larger or smaller; 0 steps is the width of the window."""
        wanted = min(max(self._zoom + steps, 0), len(_ZOOMS) - 1) if steps else _WHOLE_WIDTH
        if wanted != self._zoom:
            self._zoom = wanted
            self._say_page()
            self._fit(self._image)
            self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages and change the size; Esc closes, as in every dialog."""
        keys = {
            Qt.Key.Key_PageDown: lambda: self.turn(1),
            Qt.Key.Key_PageUp: lambda: self.turn(-1),
            Qt.Key.Key_Plus: lambda: self.resize_page(1),
            Qt.Key.Key_Equal: lambda: self.resize_page(1),
            Qt.Key.Key_Minus: lambda: self.resize_page(-1),
            Qt.Key.Key_0: lambda: self.resize_page(0),
        }
        act = keys.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear keys and Ctrl with the wheel before the scroll area takes them for itself."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            turning = event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
            if turning:
                self.keyPressEvent(event)
            return turning
        if isinstance(event, QWheelEvent) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.resize_page(1 if event.angleDelta().y() > 0 else -1)
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw again at the new width, once it has come to rest."""
        super().resizeEvent(event)
        self._fit(self._image)
        self._resized.start()

    # Building

    def _lay_out(self) -> None:
        line = self._opened.line
        title = label(words.headline(line), "card-title", wrap=True, name="PaperViewer_title")
        self.clock_label = Countdown("PaperViewer_clock", "strong", "soon")
        self.detail_label = label(self._details(), "secondary", wrap=True)
        self.back_button = icon_button("back", _("Page before (Page Up)"), "PaperViewer_back")
        self.page_text = label("", "secondary", name="PaperViewer_page")
        self.forward_button = icon_button(
            "forward", _("Next page (Page Down)"), "PaperViewer_forward"
        )
        self.smaller_button = icon_button("remove", _("Smaller (−)"), "PaperViewer_smaller")
        self.zoom_text = label("", "secondary", name="PaperViewer_zoom")
        self.larger_button = icon_button("add", _("Larger (+)"), "PaperViewer_larger")
        self.width_button = button(_("Whole width (0)"), "PaperViewer_width", "small")
        self.page_label = QLabel()
        self.page_label.setObjectName("PaperViewer_picture")
        self.page_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page_label.setWordWrap(True)
        self.area = QScrollArea()
        self.area.setObjectName("PaperViewer_area")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(self.page_label)
        self.area.setWidgetResizable(True)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copy_button = button(_("Save a copy…"), "PaperViewer_copy")
        self.close_button = button(_("Close"), "PaperViewer_close", "primary")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.clock_label)
        tools = QHBoxLayout()
        tools.setSpacing(6)
        for widget in (self.back_button, self.page_text, self.forward_button):
            tools.addWidget(widget)
            widget.setVisible(line.pages > 1)
        tools.addStretch(1)
        for widget in (self.smaller_button, self.zoom_text, self.larger_button, self.width_button):
            tools.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.copy_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addWidget(self.detail_label)
        whole.addLayout(tools)
        whole.addWidget(self.area, 1)
        whole.addLayout(foot)

    def _details(self) -> str:
        line = self._opened.line
        obtained = _("Obtained: {how}").format(how=line.obtained) if line.obtained else ""
        return "\n".join(part for part in (words.detail(line), obtained) if part)

    def _connect(self) -> None:
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(_AFTER_RESIZING)
        self._resized.timeout.connect(self._draw)
        self.clock_label.over.connect(self.reject)
        self.back_button.clicked.connect(lambda: self.turn(-1))
        self.forward_button.clicked.connect(lambda: self.turn(1))
        self.smaller_button.clicked.connect(lambda: self.resize_page(-1))
        self.larger_button.clicked.connect(lambda: self.resize_page(1))
        self.width_button.clicked.connect(lambda: self.resize_page(0))
        self.copy_button.clicked.connect(self.copy_wanted)
        self.close_button.clicked.connect(self.accept)
        self.area.installEventFilter(self)
        self.area.viewport().installEventFilter(self)

    def _first_size(self, parent: QWidget | None) -> QSize:
        below = parent.window() if parent is not None else None
        while below is not None and (holder := below.parentWidget()) is not None:
            below = holder.window()  # from the reveal to the window under it
        room = below.size() if below is not None else QSize(1_000, 700)
        return QSize(min(theme.size(900), room.width() - 80), max(420, room.height() - 60))

    # Drawing

    def _draw(self) -> None:
        """Ask for the page at the size it is shown at; answers that are late are dropped."""
        self._asked += 1
        asked = self._asked
        sharp = self.devicePixelRatioF()
        width = min(round(self._wide() * sharp), _WIDEST)
        line = self._opened.line

        def show(image: QImage) -> None:
            if asked == self._asked:
                self._asked = 0
                self._image = image
                self._fit(image)

        self._tasks.aside(
            self,
            page_image,
            self._opened.content,
            line.form,
            self._number,
            width,
            then=show,
            failed=self._say_trouble,
        )

    def _wide(self) -> int:
        return max(80, round((self.area.width() - theme.size(18)) * self.zoom()))

    def _fit(self, image: QImage) -> None:
        """Show what is there at the size it is wanted at, until it is drawn at that size."""
        if image.isNull():
            return
        sharp = self.devicePixelRatioF()
        width = min(round(self._wide() * sharp), _WIDEST)
        pixmap = QPixmap.fromImage(image)
        if pixmap.width() != width:
            pixmap = pixmap.scaledToWidth(width, Qt.TransformationMode.FastTransformation)
        pixmap.setDevicePixelRatio(sharp)
        self.page_label.setPixmap(pixmap)
        self.page_label.setAccessibleName(
            _("Page {number} of the paper").format(number=self.page())
        )

    def _say_trouble(self, error: BaseException) -> None:
        self._asked = 0
        self._image = QImage()
        self.page_label.setText(sentence_for(error))

    def _say_page(self) -> None:
        pages = self._opened.line.pages
        said = _("Page {number} of {count}").format(number=self.page(), count=pages)
        self.page_text.setText(said)
        self.zoom_text.setText(f"{self.zoom():.0%}")
        self.back_button.setEnabled(self._number > 0)
        self.forward_button.setEnabled(self._number < pages - 1)
        self.smaller_button.setEnabled(self._zoom > 0)
        self.larger_button.setEnabled(self._zoom < len(_ZOOMS) - 1)


def page_image(content: bytes, form: str, number: int, width: int) -> QImage:
    """Return one page of a kept paper at a width; runs beside the windows."""
    if form == "pdf":
        return reading.image_of(pdf_pages.draw(content, number, width))
    image = QImage.fromData(content)
    if image.isNull():
        raise NotPossible(reading.DAMAGED)
    return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
