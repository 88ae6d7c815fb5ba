"""StateSign: puts the sign of its state before the word in a cell of the table of trials."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from nncore.search.records import TrialState
from nngui.icons import icon
from nngui.viewmodels.search_table import COLORS, STATE_ROLE

SIGNS: dict[TrialState, str] = {
    "completed": "check",
    "running": "play",
    "waiting": "pause",
    "pruned": "remove",
    "diverged": "warning",
    "impossible": "lock",
    "failed": "cross",
    "lost": "reset",
}
"""The icon of each state."""
_SIZE = 14


class StateSign(QStyledItemDelegate):
    """Its sign is legible on a selected row too."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        state = index.data(STATE_ROLE)
        if state is None:
            return
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = "on_accent" if is_chosen else COLORS[state]
        ratio = option.widget.devicePixelRatioF()
        # A picture and no icon: in a column that is too narrow Qt would ask it for an empty one.
        picture = icon(SIGNS[state], role=role).pixmap(QSize(_SIZE, _SIZE), ratio)
        sign = QIcon(picture)
        # Without it Qt would mix the sign with the color of the selection.
        sign.addPixmap(picture, QIcon.Mode.Selected)
        option.icon = sign
        option.decorationSize = QSize(_SIZE, _SIZE)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
