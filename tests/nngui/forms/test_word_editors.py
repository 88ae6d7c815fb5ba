from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetrics

from nncore.activations import Activation
from nncore.initializers import Initializer
from nngui.fonts import ensure_fonts
from nngui.forms.word_editors import fitted

ROW = 74
"""About the room of a layer's two lists [pixels]."""


@pytest.fixture
def metrics(qapp) -> QFontMetrics:
    ensure_fonts()
    return QFontMetrics(QFont(qapp.font()))


@pytest.mark.parametrize("family", [Activation, Initializer])
def test_no_two_choices_read_the_same_where_there_is_little_room(family, metrics):
    labels = [member.label for member in family.members().values()]
    shown = [
        fitted(label, [other for other in labels if other != label], metrics, ROW)
        for label in labels
    ]
    assert len(set(shown)) == len(labels)
    assert max(map(metrics.horizontalAdvance, shown)) <= ROW


def test_last_words_go_before_letters(metrics):
    room = metrics.horizontalAdvance("Random unif")
    assert fitted("Random uniform", ["He"], metrics, room) == "Random"
    assert fitted("Random uniform", ["Random"], metrics, room).startswith("Random u")
