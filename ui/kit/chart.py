"""Lines and bars with values that can be read by keyboard and copied as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_app.i18n import _
from ui.kit import theme

ChartKind = Literal["line", "bar", "stacked"]
_LEFT: Final = 36
_FOOT: Final = 24
_HEAD: Final = 30
_STEPS: Final = (1, 2, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class Series:
    """One row of values; None leaves a gap. `shown` replaces values by words, such as '<5'."""

    name: str
    values: tuple[float | None, ...]
    role: str = "teal"
    shown: tuple[str, ...] = ()

    def words(self, index: int) -> str:
        """Return the value as people read it."""
        if self.shown:
            return self.shown[index]
        value = self.values[index]
        return "–" if value is None else f"{value:g}"


class Chart(QWidget):
    """Left and right go through the points, up and down through the series, Ctrl+C copies all."""

    def __init__(
        self,
        kind: ChartKind,
        title: str,
        labels: Sequence[str] = (),
        series: Sequence[Series] = (),
        parent: QWidget | None = None,
        *,
        limit: float | None = None,
        limit_text: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName("chart")
        self._kind = kind
        self._title = title
        self._labels: tuple[str, ...] = ()
        self._series: tuple[Series, ...] = ()
        self._limit = limit
        self._limit_text = limit_text
        self._point = -1
        self._row = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)
        self.set_data(labels, series)

    def set_data(self, labels: Sequence[str], series: Sequence[Series]) -> None:
        """Show these values."""
        self._labels = tuple(labels)
        self._series = tuple(series)
        self._point, self._row = -1, 0
        self.setAccessibleDescription(self._summary())
        self.update()

    def table(self) -> str:
        """Return everything as lines with tabs, as spreadsheets paste it."""
        lines = ["\t".join([self._title, *(series.name for series in self._series)])]
        for index, text in enumerate(self._labels):
            lines.append("\t".join([text, *(series.words(index) for series in self._series)]))
        return "\n".join(lines)

    def spoken(self) -> str:
        """Return the point that is selected, in words."""
        if not 0 <= self._point < len(self._labels) or not self._series:
            return ""
        series = self._series[self._row]
        return _("{label}: {series} {value}").format(
            label=self._labels[self._point], series=series.name, value=series.words(self._point)
        )

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(theme.size(420), theme.size(220))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest readable size."""
        return QSize(theme.size(220), theme.size(140))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the values; copy the table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.table())
            return
        across = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        down = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if across and self._labels:
            self._select(max(0, min(len(self._labels) - 1, self._point + across)), self._row)
        elif down and self._series:
            self._select(max(0, self._point), (self._row + down) % len(self._series))
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the value under the pointer."""
        area = self._area()
        if self._labels and area.contains(event.position()):
            step = area.width() / len(self._labels)
            index = int((event.position().x() - area.left()) / step)
            self._select(min(index, len(self._labels) - 1), self._row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the last value."""
        super().focusInEvent(event)
        if self._point < 0 and self._labels:
            self._select(len(self._labels) - 1, 0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._point = -1
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the mark away."""
        if not self.hasFocus():
            self._point = -1
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the legend, the grid, the values and what is selected."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, top = self._area(), self._top()
        self._paint_legend(painter)
        self._paint_grid(painter, area, top)
        if self._kind == "line":
            for series in self._series:
                self._paint_line(painter, area, top, series)
        else:
            self._paint_bars(painter, area, top)
        if self._limit is not None:
            self._paint_limit(painter, area, top)
        if self._point >= 0:
            self._paint_selected(painter, area)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _area(self) -> QRectF:
        left, head, foot = theme.size(_LEFT), theme.size(_HEAD), theme.size(_FOOT)
        return QRectF(left, head, self.width() - left - 10, self.height() - head - foot)

    def _top(self) -> float:
        """Return the value at the upper edge: round, and above everything shown."""
        columns = range(len(self._labels))
        if self._kind == "stacked":
            highest = max((sum(s.values[i] or 0 for s in self._series) for i in columns), default=0)
        else:
            highest = max((v or 0 for s in self._series for v in s.values), default=0)
        highest = max(highest, self._limit or 0, 1)
        size = 1.0
        while size * 50 * 5 < highest:
            size *= 10
        return next(step * size * 5 for step in _STEPS if step * size * 5 >= highest)

    def _x(self, area: QRectF, index: int) -> float:
        return area.left() + (index + 0.5) * area.width() / max(1, len(self._labels))

    def _y(self, area: QRectF, top: float, value: float) -> float:
        return area.bottom() - value / top * area.height()

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(theme.font(12))
        x, height = float(theme.size(_LEFT)), theme.size(20)
        for series in self._series if len(self._series) > 1 else ():
            side = theme.size(8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(series.role))
            painter.drawEllipse(QRectF(x, (height - side) / 2, side, side))
            painter.setPen(theme.color("mute"))
            width = painter.fontMetrics().horizontalAdvance(series.name)
            box = QRectF(x + side + 5, 0, width + 4, height)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), series.name)
            x += side + width + theme.size(22)

    def _paint_grid(self, painter: QPainter, area: QRectF, top: float) -> None:
        painter.setFont(theme.font(11))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for step in range(6):
            value = top * step / 5
            y = self._y(area, top, value)
            painter.setPen(theme.color("line"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.color("mute"))
            box = QRectF(0, y - theme.size(9), area.left() - 6, theme.size(18))
            painter.drawText(box, right, f"{value:g}")
        self._paint_labels(painter, area)

    def _paint_labels(self, painter: QPainter, area: QRectF) -> None:
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(text) for text in self._labels), default=1) + 8
        step = area.width() / max(1, len(self._labels))
        every = max(1, -(-widest // max(1, int(step))))
        for index in range(0, len(self._labels), every):
            x = self._x(area, index)
            box = QRectF(x - widest / 2, area.bottom() + 4, widest, theme.size(18))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), self._labels[index])

    def _paint_line(self, painter: QPainter, area: QRectF, top: float, series: Series) -> None:
        points = [
            QPointF(self._x(area, index), self._y(area, top, value))
            for index, value in enumerate(series.values)
            if value is not None
        ]
        painter.setPen(QPen(theme.color(series.role), 2))
        painter.drawPolyline(points)
        painter.setBrush(theme.color(series.role))
        for point in points:
            painter.drawEllipse(point, 3, 3)
        if len(points) <= 8:
            painter.setFont(theme.font(11))
            for index, value in enumerate(series.values):
                if value is not None:
                    at = QPointF(self._x(area, index), self._y(area, top, value))
                    box = QRectF(at.x() - 30, at.y() - theme.size(20), 60, theme.size(16))
                    painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), series.words(index))

    def _paint_bars(self, painter: QPainter, area: QRectF, top: float) -> None:
        step = area.width() / max(1, len(self._labels))
        stacked = self._kind == "stacked"
        across = 1 if stacked else max(1, len(self._series))
        width = min(step * 0.62 / across, theme.size(44))
        painter.setPen(Qt.PenStyle.NoPen)
        for index in range(len(self._labels)):
            under = 0.0
            left = self._x(area, index) - width * across / 2
            for number, series in enumerate(self._series):
                value = series.values[index] or 0
                y = self._y(area, top, under + value)
                height = self._y(area, top, under) - y
                x = left if stacked else left + number * width
                painter.setBrush(theme.color(series.role))
                painter.drawRoundedRect(QRectF(x, y, width - 2, height), 3, 3)
                under += value if stacked else 0.0
        if across == 1 and not stacked and self._series:
            self._paint_values(painter, area, top, self._series[0])

    def _paint_values(self, painter: QPainter, area: QRectF, top: float, series: Series) -> None:
        painter.setFont(theme.font(11, 600))
        painter.setPen(theme.color("ink"))
        for index in range(len(self._labels)):
            y = self._y(area, top, series.values[index] or 0)
            box = QRectF(self._x(area, index) - 40, y - theme.size(18), 80, theme.size(16))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), series.words(index))

    def _paint_limit(self, painter: QPainter, area: QRectF, top: float) -> None:
        y = self._y(area, top, self._limit or 0)
        painter.setPen(QPen(theme.color("brick"), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setFont(theme.font(11))
        box = QRectF(area.right() - 160, y - theme.size(18), 156, theme.size(16))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), self._limit_text)

    def _paint_selected(self, painter: QPainter, area: QRectF) -> None:
        x = self._x(area, self._point)
        painter.setPen(QPen(theme.color("faint"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setFont(theme.font(12, 500))
        words = self.spoken()
        width = painter.fontMetrics().horizontalAdvance(words) + theme.size(20)
        left = max(2, min(round(x - width / 2), self.width() - width - 2))
        bubble = QRect(left, 2, width, theme.size(24))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("toast"))
        painter.drawRoundedRect(bubble, 6, 6)
        painter.setPen(theme.color("on_toast"))
        painter.drawText(bubble, int(Qt.AlignmentFlag.AlignCenter), words)

    def _select(self, point: int, row: int) -> None:
        self._point, self._row = point, row
        self.setAccessibleDescription(self.spoken())
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)
        self.update()

    def _summary(self) -> str:
        parts = []
        for series in self._series:
            values = [value for value in series.values if value is not None]
            if values and self._labels:
                parts.append(
                    _("{series}: from {first} to {last}, between {least} and {most}").format(
                        series=series.name,
                        first=f"{values[0]:g}",
                        last=f"{values[-1]:g}",
                        least=f"{min(values):g}",
                        most=f"{max(values):g}",
                    )
                )
        return ". ".join(parts) or _("No values yet")
