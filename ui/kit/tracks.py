"""Painted measures: the stages of a case, before and after, a line of progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shelter_app.i18n import _
from ui.kit import theme
from ui.kit.button import label
from ui.kit.pill import Pill

_WORDS_FROM: Final = 10
"""Where the names of the stages begin, under the bars."""


class StageTrack(QWidget):
    """The course of something through fixed stages; the present one is named in bold."""

    def __init__(
        self, stages: Sequence[str] = (), current_index: int = -1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stage_track")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._stages: tuple[str, ...] = ()
        self._current = -1
        self.set_stages(stages, current_index)

    def set_stages(self, stages: Sequence[str], current_index: int) -> None:
        """Show other stages, or another present one; -1 for not begun."""
        self._stages = tuple(stages)
        self._current = current_index
        if 0 <= current_index < len(self._stages):
            spoken = _("Stage {number} of {count}: {stage}").format(
                number=current_index + 1,
                count=len(self._stages),
                stage=self._stages[current_index],
            )
            self.setAccessibleName(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the bars and two lines of words."""
        return QSize(theme.size(70) * max(1, len(self._stages)), theme.size(42))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest readable width."""
        return QSize(theme.size(46) * max(1, len(self._stages)), theme.size(26))

    def heightForWidth(self, width: int) -> int:
        """Return the height at which the longest name stands whole on its lines."""
        metrics = QFontMetrics(theme.font(11, 600))
        room = QRect(0, 0, width // max(1, len(self._stages)), 10_000)
        wrapped = int(Qt.TextFlag.TextWordWrap)
        lines = (metrics.boundingRect(room, wrapped, stage).height() for stage in self._stages)
        return theme.size(_WORDS_FROM) + max(lines, default=0) + theme.size(2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw one bar and one name per stage."""
        if not self._stages:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = self.width() / len(self._stages)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        for index, stage in enumerate(self._stages):
            left = round(index * step)
            width = round((index + 1) * step) - left - 4
            bar = QRect(left + 2, 0, width, theme.size(4))
            painter.fillRect(bar, theme.color("teal" if index <= self._current else "track"))
            now = index == self._current
            painter.setFont(theme.font(11, 600 if now else 400))
            painter.setPen(theme.color("teal" if now else "mute"))
            words = QRect(left, theme.size(_WORDS_FROM), width + 4, self.height())
            painter.drawText(words, int(flags), stage)


_NAMES: Final = 0.36
"""The share of a row that its name takes; a longer name has more lines."""


class BeforeAfterTrack(QWidget):
    """One outcome at the first and at the last assessment, on its scale."""

    def __init__(
        self,
        label: str,
        before: float | None,
        after: float | None,
        least: float = 1,
        most: float = 4,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("before_after_track")
        self._label = label
        self._before = before
        self._after = after
        self._least = least
        self._most = most
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(
            _("{label}: {before} at first, {after} now").format(
                label=label, before=_shown(before), after=_shown(after)
            )
        )
        self.setToolTip(self.accessibleName())

    def sizeHint(self) -> QSize:
        """Return one line."""
        return QSize(theme.size(320), theme.size(32))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest useful line."""
        return QSize(theme.size(220), theme.size(32))

    def heightForWidth(self, width: int) -> int:
        """Return the height at which a long name stands whole on its lines."""
        metrics = QFontMetrics(theme.font(12))
        room = QRect(0, 0, round(width * _NAMES) - 8, 10_000)
        lines = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._label)
        return max(theme.size(32), lines.height() + theme.size(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw name, scale, the way gone, both points and the present value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        # One width for all rows, so that their scales stand under each other.
        names, value = round(self.width() * _NAMES), theme.size(38)
        painter.setPen(theme.color("mute"))
        room = QRect(0, 0, names - 8, self.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        wrapped = int(middle) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(room, wrapped, self._label)
        radius, y = theme.size(5), self.height() / 2
        left, right = names + radius, self.width() - value - radius
        self._bar(painter, left - radius, right + radius, y, "track")
        points = [self._place(v, left, right) for v in (self._before, self._after)]
        if points[0] is not None and points[1] is not None:
            self._bar(painter, min(points[0], points[1]), max(points[0], points[1]), y, "teal_soft")
        if points[0] is not None:
            painter.setPen(QPen(theme.color("mute"), 1.6))
            painter.setBrush(theme.color("panel"))
            painter.drawEllipse(QRectF(points[0] - radius, y - radius, 2 * radius, 2 * radius))
        if points[1] is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("teal"))
            painter.drawEllipse(QRectF(points[1] - radius, y - radius, 2 * radius, 2 * radius))
        painter.setFont(theme.font(12, 600))
        painter.setPen(theme.color("ink"))
        painter.drawText(
            QRect(self.width() - value + 8, 0, value - 8, self.height()),
            middle,
            _shown(self._after),
        )

    def _bar(self, painter: QPainter, left: float, right: float, y: float, role: str) -> None:
        thick = theme.size(6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(role))
        rect = QRectF(left, y - thick / 2, max(0.0, right - left), thick)
        painter.drawRoundedRect(rect, thick / 2, thick / 2)

    def _place(self, value: float | None, left: float, right: float) -> float | None:
        if value is None:
            return None
        share = (value - self._least) / (self._most - self._least)
        return left + (right - left) * min(1.0, max(0.0, share))


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


class Bar(QWidget):
    """A share of a whole as a bar."""

    def __init__(self, percent: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._percent = percent
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the thickness at this text size."""
        return QSize(theme.size(120), theme.size(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the whole and the share."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(theme.color("track"))
        painter.drawRoundedRect(self.rect(), radius, radius)
        if self._percent > 0:
            width = max(2 * radius, self.width() * min(100, self._percent) / 100)
            painter.setBrush(theme.color("teal"))
            painter.drawRoundedRect(QRectF(0, 0, width, self.height()), radius, radius)


class ProgressLine(QWidget):
    """A goal in words, how far it is, and whether it is on track."""

    def __init__(
        self,
        text: str,
        percent: int,
        pill_text: str = "",
        pill_role: str = "good",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("progress_line")
        self.text_label = label(text, wrap=True, name="progress_text")
        self.pill = Pill(pill_text, pill_role)
        if not pill_text:
            self.pill.hide()
        self.bar = Bar(percent)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.text_label, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 4)
        whole.setSpacing(5)
        whole.addLayout(head)
        whole.addWidget(self.bar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            _("{text}, {percent} %, {state}").format(text=text, percent=percent, state=pill_text)
        )
