"""A fresh process: the barest PySide6 window with the same few widgets, until it is painted."""

import sys
import time

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)


class Window(QWidget):
    """Choose a name, type a pass phrase."""

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        for widget in (QLabel("Sign in"), QComboBox(), QLineEdit(), QPushButton("Unlock")):
            lines.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say when, and leave."""
        super().paintEvent(event)
        print(time.perf_counter(), flush=True)
        QApplication.exit(0)


app = QApplication(sys.argv[:1])
window = Window()
window.resize(1366, 768)
window.showMaximized()
sys.exit(app.exec())
