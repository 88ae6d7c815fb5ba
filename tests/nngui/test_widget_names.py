"""Everything a person can use has a name of its own, a spoken name and a tooltip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QToolButton,
    QWidget,
)

from nncore.config import RunConfig
from nngui.forms.names import spoken_at, stem_at, stem_of
from nngui.viewmodels.config_words import declaration_of

USABLE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTabBar,
)
PARTS_OF = (QComboBox, QAbstractSpinBox, QHeaderView, QLineEdit, QTabBar, QAbstractItemView)
"""What is made of widgets of Qt's own, which are used through it."""
RANDOM = {"kind": "random_uniform", "limit": 0.5}
CROWDED = (
    {
        "data": {"augmentation": "elastic"},
        "network": {
            "hidden": [
                {
                    "units": 8,
                    "activation": "elu",
                    "normalization": "batch",
                    "initializer": RANDOM,
                },
                {"units": 4, "activation": "leaky_relu", "normalization": "layer"},
            ],
            "output": {"initializer": RANDOM},
            "loss": "huber",
        },
        "optimizer": {"kind": "nesterov"},
        "training": {
            "schedule": "plateau",
            "early_stopping": "patience",
            "clipping": "norm",
            "averaging": "ema",
        },
    },
    {
        "data": {"augmentation": "affine"},
        "network": {
            "hidden": [{"units": 8, "normalization": "layer", "initializer": "constant"}],
            "output": {"initializer": "constant"},
            "loss": "cross_entropy",
        },
        "optimizer": {"kind": "adamw"},
        "training": {"schedule": "one_cycle", "clipping": "value"},
    },
)
"""Configurations whose fields have as many names in common as they can."""


@pytest.fixture
def window(window, qtbot):
    qtbot.waitUntil(lambda: window.findChild(QWidget, "searchTab") is not None)
    tabs = window.findChild(QTabWidget, "tabs")
    for tab in range(tabs.count()):
        tabs.setCurrentIndex(tab)
    qtbot.waitUntil(lambda: window.findChild(QWidget, "searchPlots") is not None)
    return window


def ancestors(widget: QWidget) -> Iterator[QWidget]:
    while (widget := widget.parentWidget()) is not None:
        yield widget


def usable(window: QWidget) -> list[QWidget]:
    """What a person can use in a window, seen now or not."""
    found = []
    for widget in window.findChildren(QWidget):
        owner = widget.parent()
        is_viewport = isinstance(owner, QAbstractScrollArea) and owner.viewport() == widget
        is_part = is_viewport or any(isinstance(it, PARTS_OF) for it in ancestors(widget))
        is_frame = isinstance(widget, QScrollBar | QScrollArea | QHeaderView | QLabel)
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if not is_part and not is_frame and (takes_focus or isinstance(widget, USABLE)):
            found.append(widget)
    return [w for w in found if not w.objectName().startswith("qt_")]


def explained(widget: QWidget) -> bool:
    if isinstance(widget, QTabWidget):
        return all(widget.tabToolTip(tab) for tab in range(widget.count()))
    return bool(widget.toolTip())


@pytest.mark.parametrize("tree", CROWDED, ids=["crowded", "other"])
def test_everything_usable_has_a_name_of_its_own_a_spoken_one_and_a_tooltip(window, qtbot, tree):
    store = window.bench.store
    name = store.config.data.name
    tree = tree | {"data": {"name": name, **tree["data"]}}
    store.replace_all(RunConfig.from_dict(tree), "crowded")
    for place in range(len(store.config.network.hidden)):
        window.findChild(QWidget, f"layerRow{place}").setFocus()
        found = usable(window)
        names = Counter(widget.objectName() for widget in found)
        assert [w for w in found if names[w.objectName()] > 1] == []
        fields = [w for w in found if w.objectName().endswith(("Edit", "Slider", "Check"))]
        spoken = Counter(widget.accessibleName() for widget in fields)
        assert [name for name, count in spoken.items() if count > 1] == []
        silent = [w for w in found if not w.objectName() or not w.accessibleName()]
        assert silent == []
        assert [w.objectName() for w in found if not explained(w)] == []
    assert len(found) > 100


def test_names_that_programs_rely_on_are_there(window):
    for name in (
        "trainButton",
        "stopButton",
        "stepButton",
        "drawPad",
        "sampleGrid",
        "lossPlot",
        "accuracyPlot",
        "learningRateEdit",
        "batchSizeEdit",
        "epochsEdit",
        "optimizerCombo",
        "addLayerButton",
        "tabs",
    ):
        assert window.findChild(QWidget, name) is not None


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("training.early_stopping.patience", "earlyStoppingPatience"),
        ("training.schedule.patience", "schedulePatience"),
        ("training.schedule.threshold", "threshold"),
        ("training.clipping.limit", "clippingLimit"),
        ("network.output.initializer.limit", "outputInitializerLimit"),
        ("network.hidden.0.initializer.limit", "initializerLimit"),
        ("network.hidden.0.normalization.momentum", "normalizationMomentum"),
        ("optimizer.momentum", "momentum"),
        ("optimizer.learning_rate", "learningRate"),
        ("training.schedule.kind", "schedule"),
        ("training.batch_size", "batchSize"),
    ],
)
def test_names_that_several_fields_share_say_what_they_are_for(path, stem):
    config = RunConfig.from_dict(CROWDED[0])
    declared = declaration_of(config, path.removesuffix(".kind"))
    assert stem_at(path, declared) == stem
    is_alike = stem_at(path, declared) == stem_of(declared)
    assert is_alike == (spoken_at(path, declared) == declared.label)


def test_a_screen_reader_tells_fields_of_one_label_apart():
    config = RunConfig.from_dict(CROWDED[0])
    paths = ("training.early_stopping.patience", "training.schedule.patience")
    told = [spoken_at(path, declaration_of(config, path)) for path in paths]
    assert told == ["Patience (early stopping)", "Patience (schedule)"]


def test_a_button_in_a_field_is_no_thing_of_its_own(window):
    edit = window.findChild(QLineEdit, "searchFilterEdit")
    inner = edit.findChildren(QToolButton)
    assert inner
    assert not set(inner) & set(usable(window))
