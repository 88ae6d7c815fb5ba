"""A small window with one of everything that the desktop's mouse and keyboard are tried on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QColor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

PAPER = "#204060"


class Pad(QWidget):
    """Remembers where the pressed mouse went."""

    def __init__(self) -> None:
        super().__init__(objectName="pad")
        self.setFixedSize(300, 200)
        self.points: list[QPointF] = []
        self.released = 0
        self.turned = 0

    def path(self) -> list[tuple[float, float]]:
        return [point.toTuple() for point in self.points]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.points.append(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.points.append(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released += 1

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.turned += event.angleDelta().y()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(PAPER))


class SampleWindow(QMainWindow):
    """Counts what is done to it."""

    def __init__(self) -> None:
        super().__init__(objectName="sampleWindow", windowTitle="Sample window")
        self.clicks = 0
        self.saves = 0
        button = QPushButton("Click", objectName="button")
        save = QAction("Save", self, objectName="saveAction")
        save.setShortcut("Ctrl+S")
        self.addToolBar("Tools").addAction(save)
        page = QWidget()
        column = QVBoxLayout(page)
        for widget in (button, QLineEdit(objectName="edit"), Pad()):
            column.addWidget(widget)
        tabs = QTabWidget(objectName="tabs")
        tabs.addTab(page, "First")
        tabs.addTab(QWidget(), "Second")
        self.setCentralWidget(tabs)

        button.clicked.connect(self._count_click)
        save.triggered.connect(self._count_save)

    def _count_click(self) -> None:
        self.clicks += 1

    def _count_save(self) -> None:
        self.saves += 1


if __name__ == "__main__":
    application = QApplication([])
    window = SampleWindow()
    window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    window.show()
    application.exec()
