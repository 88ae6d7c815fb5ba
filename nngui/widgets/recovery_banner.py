"""RecoveryBanner: offers to go on with a run that was cut short."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from nngui.viewmodels.recovery import CutRun, Recovery
from nngui.viewmodels.run_session import RunSession
from nngui.widgets.banner import MessageBanner


class RecoveryBanner(MessageBanner):
    """Shows one run at a time, and none while another is under way.

    Args:
        recovery: What was cut short.
        session: The run under way.
        parent: Owner.
    """

    goOnAsked = Signal(object)
    """The CutRun to go on with."""
    giveUpAsked = Signal(object)
    """The CutRun that is not wanted."""

    def __init__(
        self, recovery: Recovery, session: RunSession, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._recovery = recovery
        self._session = session
        self._shown: CutRun | None = None
        self._put_off: set[CutRun] = set()
        self._add_buttons()
        recovery.offersChanged.connect(self.refresh)
        session.stateChanged.connect(self.refresh)
        self.dismissed.connect(self._put_it_off)

    def _add_buttons(self) -> None:
        self.setObjectName("recoveryBanner")
        self._label.setObjectName("recoveryBannerLabel")
        self._go_on = self._button("Go on", "goOnButton", "Bring the run back and train on")
        self._give_up = self._button(
            "Discard",
            "discardRunButton",
            "Give the run up; its weights stay under File, Earlier runs",
        )
        self._later = self._button(
            "Later", "laterButton", "Offer it under File, Earlier runs, and at the next start"
        )
        self._close.hide()
        self._go_on.clicked.connect(self._ask_to_go_on)
        self._give_up.clicked.connect(self._ask_to_give_up)
        self._later.clicked.connect(self.dismiss)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(layout.count() - 1, button)
        return button

    @Slot()
    def refresh(self) -> None:
        """Show the newest run that was not put off."""
        offers = [cut for cut in self._recovery.offers if cut not in self._put_off]
        self._shown = offers[0] if offers and not self._session.is_active else None
        can_go_on = self._shown is None or self._shown.can_go_on
        self.show_message(
            "info" if can_go_on else "warning", self._shown.words if self._shown else ""
        )
        self._go_on.setVisible(can_go_on)

    @Slot()
    def _ask_to_go_on(self) -> None:
        if self._shown is not None:
            self.goOnAsked.emit(self._shown)

    @Slot()
    def _ask_to_give_up(self) -> None:
        if self._shown is not None:
            self.giveUpAsked.emit(self._shown)

    @Slot()
    def _put_it_off(self) -> None:
        if self._shown is not None:
            self._put_off.add(self._shown)
        self.refresh()
