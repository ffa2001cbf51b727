"""The window that stands in the place of all others while lasting work goes on and nobody is there.

Not a sheet over them: they are hidden, so no key, shortcut, toast or screen reader reaches them.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import button, label
from ui.kit.lasting_work import LastingWork


class RestingWindow(QWidget):
    """The calm cover with a bar: when the records lock, how far the work is, 'Lock now'."""

    lock_wanted = Signal()
    leave_wanted = Signal()
    """Somebody closed it: she wants the program to end."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("RestingWindow")
        self.setProperty("kind", "cover")
        self.setWindowTitle(title)
        self.setMinimumSize(640, 340)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text_label = label(_("This screen is resting."), "page-title", name="resting_text")
        self.sentence_label = label("", wrap=True, name="resting_sentence")
        self.bar = QProgressBar()
        self.bar.setObjectName("resting_bar")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.step_label = label("", "secondary", wrap=True, name="resting_step")
        self.lock_button = button(_("Lock now"), "resting_lock")
        self.hint_label = label(
            _(
                "To work, press “Lock now” and sign in again. What is half-made is then given up; "
                "nothing else is lost."
            ),
            "hint",
            wrap=True,
            name="resting_hint",
        )
        self.lock_button.clicked.connect(self.lock_wanted)
        self._lay_out()
        self.setFocus()  # not the button: who comes back wakes the screen with any key

    def _lay_out(self) -> None:
        middle = QWidget()
        middle.setFixedWidth(theme.size(440))
        inside = QVBoxLayout(middle)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(theme.size(14))
        centred = Qt.AlignmentFlag.AlignHCenter
        for words in (self.text_label, self.sentence_label, self.step_label, self.hint_label):
            words.setAlignment(centred)
        inside.addWidget(self.text_label)
        inside.addWidget(self.sentence_label)
        inside.addWidget(self.bar)
        inside.addWidget(self.step_label)
        inside.addWidget(self.lock_button, 0, centred)
        inside.addWidget(self.hint_label)
        whole = QVBoxLayout(self)
        whole.addWidget(middle, 0, Qt.AlignmentFlag.AlignCenter)

    def tell(self, work: LastingWork) -> None:
        """Show what is waited for and how far it is."""
        done, of, step = work.standing()
        self.setAccessibleName(work.sentence)
        self.bar.setAccessibleName(work.sentence)
        self.sentence_label.setText(work.sentence)
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.step_label.setText(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with the quiet colour of every cover."""
        QPainter(self).fillRect(self.rect(), theme.color("cover"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave what follows to whoever listens: the records are sealed first."""
        event.ignore()
        self.leave_wanted.emit()
