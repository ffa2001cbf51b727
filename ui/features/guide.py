"""The guide inside the program: chapters beside their text, and the same book as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QImage, QResizeEvent, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from shelter_app import i18n, paths
from shelter_app.i18n import _
from shelter_app.services import guide
from shelter_app.services.guide import Chapter
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.card import Card
from ui.kit.context import Context
from ui.kit.folders import choose_folder, named
from ui.kit.page import Page
from ui.kit.search_box import SearchBox

_MARGIN: Final = 24
_LIST_WIDTH: Final = 240


def page(context: Context) -> QWidget:
    """Return the guide."""
    return GuidePage(context)


class ChapterView(QTextBrowser):
    """One chapter; pictures are as wide as the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("GuidePage_text")
        self.setOpenLinks(False)
        self.setProperty("kind", "reading")
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(_MARGIN)
        self._text = ""

    def show_text(self, text: str) -> None:
        """Show a chapter from its beginning."""
        self._text = guide.html(text)
        self._set()
        self.verticalScrollBar().setValue(0)

    def _set(self) -> None:
        self.document().setDefaultStyleSheet(_style())
        self.setHtml(self._text)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Load one of the guide's own pictures, fitted to the width; nothing else is opened."""
        address = name.toString() if isinstance(name, QUrl) else name
        pictures = paths.resource("guide", "pictures")
        path = pictures / Path(address).name
        if kind != QTextDocument.ResourceType.ImageResource.value or not path.is_file():
            return None
        width = max(320, self.viewport().width() - 2 * _MARGIN - 4)
        ratio = self.devicePixelRatioF()
        picture = QImage(str(path)).scaledToWidth(
            round(width * ratio), Qt.TransformationMode.SmoothTransformation
        )
        picture.setDevicePixelRatio(ratio)
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures to the new width, keeping the place in the text."""
        super().resizeEvent(event)
        if self._text and event.size().width() != event.oldSize().width():
            place = self.verticalScrollBar().value()
            self._set()
            self.verticalScrollBar().setValue(place)


def _style() -> str:
    """Return the text's look in the theme and size of now, as the document understands it."""
    ink, mute = theme.color("ink").name(), theme.color("mute").name()
    teal, line = theme.color("teal").name(), theme.color("line").name()
    return (
        f"body, p, li, td {{ color: {ink}; font-size: {theme.size(14)}px; line-height: 150%; }}"
        f"p {{ margin: {theme.size(8)}px 0; }}"
        f"li {{ margin: {theme.size(4)}px 0; }}"
        f"h1 {{ color: {ink}; font-size: {theme.size(22)}px; font-weight: 600; }}"
        f"h2 {{ color: {teal}; font-size: {theme.size(16)}px; font-weight: 600;"
        f" margin-top: {theme.size(18)}px; }}"
        f"code {{ background: {line}; font-family: Inter; }}"
        f"blockquote {{ color: {mute}; margin-left: {theme.size(16)}px; }}"
        f"td, th {{ padding: {theme.size(6)}px; }}"
        f"th {{ color: {mute}; font-size: {theme.size(13)}px; text-align: left; }}"
    )


class GuidePage(Page):
    """Chapters at the left, their text at the right, a field that looks in all of them."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Guide"), _("How the work goes, step by step."), parent=context.place)
        self.setObjectName("GuidePage")
        self._context = context
        self._wanted = ""
        self._chapters: tuple[Chapter, ...] = ()
        self.first_hour_button = button(_("First hour as PDF…"), "GuidePage_first_hour")
        self.save_button = button(_("Whole guide as PDF…"), "GuidePage_save")
        self.search_box = SearchBox(_("Look in the guide"))
        self.chapter_list = QListWidget()
        self.chapter_list.setObjectName("GuidePage_chapters")
        self.chapter_list.setAccessibleName(_("Chapters"))
        self.chapter_list.setFrameShape(QListWidget.Shape.NoFrame)
        self.nothing_label = label(_("Nothing in the guide holds these words."), "mute", wrap=True)
        self.nothing_label.hide()
        self.view = ChapterView()
        self.add_action(self.first_hour_button)
        self.add_action(self.save_button)
        self._arrange()
        self.search_box.searched.connect(self._look_for)
        self.search_box.moved_down.connect(self.chapter_list.setFocus)
        self.chapter_list.currentItemChanged.connect(lambda item, _before: self._show(item))
        self.first_hour_button.clicked.connect(lambda: self._ask_folder(guide.FIRST_HOUR))
        self.save_button.clicked.connect(lambda: self._ask_folder(""))
        context.tasks.ask(self, guide.read, i18n.language(), then=self._take)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(0, 12, 0, 12)
        left.setSpacing(8)
        left.addWidget(self.search_box)
        left.addWidget(self.nothing_label)
        left.addWidget(self.chapter_list, 1)
        side = QWidget()
        side.setFixedWidth(theme.size(_LIST_WIDTH))
        side.setLayout(left)
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(side)
        line.addWidget(self.view, 1)
        card = Card()
        card.add(both, 1)
        self.body.addWidget(card, 1)

    def show_record(self, _record_id: int, detail: str) -> None:
        """Open a chapter by its key."""
        self._wanted = detail
        self._choose()

    def save(self, folder: Path, only: str = "") -> None:
        """Write the guide, or its first chapter, into a folder."""
        self._context.tasks.ask(
            self, guide.save, i18n.language(), folder, only, then=self._tell_saved
        )

    def _tell_saved(self, path: Path) -> None:
        self.set_context(_("Saved as {file}.").format(file=named(path)))

    def _take(self, chapters: tuple[Chapter, ...]) -> None:
        self._chapters = chapters
        self._fill(chapters)
        self._choose()

    def _fill(self, chapters: tuple[Chapter, ...]) -> None:
        self.chapter_list.clear()
        for chapter in chapters:
            item = QListWidgetItem(chapter.title)
            item.setData(Qt.ItemDataRole.UserRole, chapter.key)
            item.setSizeHint(QSize(0, theme.size(34)))
            self.chapter_list.addItem(item)
        self.nothing_label.setVisible(not chapters)
        if chapters:
            self.chapter_list.setCurrentRow(0)

    def _choose(self) -> None:
        for row in range(self.chapter_list.count()):
            if self.chapter_list.item(row).data(Qt.ItemDataRole.UserRole) == self._wanted:
                self.chapter_list.setCurrentRow(row)

    def _look_for(self, wanted: str) -> None:
        self._fill(guide.found(i18n.language(), wanted))

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        key = item.data(Qt.ItemDataRole.UserRole)
        self.view.show_text(next(c.text for c in self._chapters if c.key == key))

    def _ask_folder(self, only: str) -> None:
        folder = choose_folder(self)
        if folder is not None:
            self.save(folder, only)
