"""SearchButtons: what can be done with a search, as far as it can be done now."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from nngui.icons import icon
from nngui.theme import RADIUS, SPACE, theme_of
from nngui.viewmodels.search_phase import SearchPhase
from nngui.viewmodels.search_session import SearchModel

MOST_STUDIES = 20
"""How many earlier searches the menu shows."""

_CONTINUE = "Go on with the search that is shown where it was ended."
_EXTEND = "Its budget is used up: go on with more trials or more time."


class SearchButtons(QWidget):
    """Start, pause, cancel, continue, and the searches made before.

    Args:
        model: The search.
        parent: Owner.
    """

    startAsked = Signal()
    extendAsked = Signal()
    """The search that is shown shall go on beyond its budget."""

    def __init__(self, model: SearchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._build()
        self._connect()
        self._color()

    def _build(self) -> None:
        self.startButton = self._button("Start", "play", "Start a new search.")
        self.pauseButton = self._button("Pause", "pause", "Let the workers hold still.")
        self.cancelButton = self._button(
            "Cancel", "stop", "End the workers; finished trials are kept, and it can be continued."
        )
        self.continueButton = self._button("Continue", "reset", _CONTINUE)
        self.earlierButton = self._button(
            "Earlier searches", "open", "Show a search that was made before."
        )
        self.earlierMenu = QMenu(self.earlierButton)
        self.earlierMenu.setObjectName("searchEarlierMenu")
        self.earlierButton.setMenu(self.earlierMenu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        first = self.startButton, self.pauseButton, self.cancelButton, self.continueButton
        for button in first:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.earlierButton)

    def _button(self, text: str, picture: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"search{text.split()[0]}Button")
        button.setAccessibleName(text if " " in text else f"{text} the search")
        button.setToolTip(tip)
        button.setIcon(icon(picture))
        return button

    def _connect(self) -> None:
        model = self._model
        self.startButton.clicked.connect(self.startAsked)
        self.pauseButton.clicked.connect(self._pause_or_go_on)
        self.cancelButton.clicked.connect(model.cancel)
        self.continueButton.clicked.connect(self._continue)
        self.earlierMenu.aboutToShow.connect(self.ask_studies)
        model.studiesListed.connect(self._fill_studies)

    def show_phase(self, *, is_ready: bool) -> None:
        """Enable what can be done now.

        Args:
            is_ready: Whether nothing is wrong with the form.
        """
        model, phase = self._model, self._model.phase
        self.startButton.setEnabled(is_ready and not model.is_active)
        why = "" if is_ready else "Mend what is marked in the form first."
        self.startButton.setToolTip(why or "Start a new search.")
        is_paused = phase is SearchPhase.PAUSED
        self.pauseButton.setText("Go on" if is_paused else "Pause")
        self.pauseButton.setIcon(icon("play" if is_paused else "pause"))
        self.pauseButton.setEnabled(phase in (SearchPhase.RUNNING, SearchPhase.PAUSED))
        can_cancel = SearchPhase.STARTING, SearchPhase.RUNNING, SearchPhase.PAUSED
        self.cancelButton.setEnabled(phase in can_cancel)
        self._show_continue()
        self.earlierButton.setEnabled(not model.is_active)

    def _show_continue(self) -> None:
        model = self._model
        is_beyond = model.is_spent and not model.is_active
        self.continueButton.setText("Extend…" if is_beyond else "Continue")
        self.continueButton.setEnabled(model.can_continue)
        tip = _EXTEND if is_beyond else _CONTINUE
        if model.is_whole and not model.is_active:
            tip = "Every point has been tried: widen what is varied and start a new search."
        self.continueButton.setToolTip(tip)

    @Slot()
    def _continue(self) -> None:
        if self._model.is_spent:
            self.extendAsked.emit()
        else:
            self._model.resume()

    @Slot()
    def ask_studies(self) -> None:
        """Look which searches are kept; the menu shows them as soon as they are known."""
        self.earlierMenu.clear()
        self.earlierMenu.addAction("Looking…").setEnabled(False)
        self._model.list_studies()

    @Slot()
    def _pause_or_go_on(self) -> None:
        if self._model.phase is SearchPhase.PAUSED:
            self._model.go_on()
        else:
            self._model.pause()

    @Slot(object)
    def _fill_studies(self, names: tuple[str, ...]) -> None:
        self.earlierMenu.clear()
        if not names:
            self.earlierMenu.addAction("No search is kept yet").setEnabled(False)
        for name in names[:MOST_STUDIES]:
            action = self.earlierMenu.addAction(name)
            action.triggered.connect(partial(self._model.show_study, name))
        # It was opened with less to show, and names would reach beyond the screen.
        menu = self.earlierMenu
        menu.resize(menu.sizeHint())
        corner = self.earlierButton.mapToGlobal(self.earlierButton.rect().bottomRight())
        menu.move(corner.x() - menu.width() + 1, menu.y())

    def _color(self) -> None:
        """Let the button that matters stand out."""
        theme = theme_of(self.palette())
        self.startButton.setStyleSheet(
            f"""
            QPushButton {{
                background: {theme.accent}; color: {theme.on_accent}; font-weight: 600;
                border: 1px solid {theme.accent}; border-radius: {RADIUS}px;
                padding: {SPACE // 2 - 1}px {2 * SPACE}px;
            }}
            QPushButton:hover, QPushButton:focus {{ border-color: {theme.text}; }}
            QPushButton:disabled {{
                background: {theme.raised}; color: {theme.muted}; border-color: {theme.border};
            }}
            """
        )
        self.startButton.setIcon(icon("play", role="on_accent"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color()
