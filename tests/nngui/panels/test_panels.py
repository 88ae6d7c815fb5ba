"""What holds for all side panels together: every hyperparameter has its place, and all fits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from nncore.config import RunConfig
from nngui.panels.architecture import ArchitecturePanel
from nngui.panels.data import DataPanel
from nngui.panels.hyperparameters import HyperparametersPanel
from nngui.sidebar import Sidebar
from nngui.viewmodels.settings import Settings
from nngui.widgets.layer_list import LayerList
from nngui.widgets.section import Section
from tests.nngui.changes import changed_paths, leaves

RUNNING = "Training is under way."
PANELS = {
    "data": DataPanel,
    "architecture": ArchitecturePanel,
    "hyperparameters": HyperparametersPanel,
}

EDITORS = {
    "data.name": ("datasetEdit", "elsewhere"),
    "data.augmentation.kind": ("augmentationCombo", "affine"),
    "data.validation_fraction": ("validationFractionEdit", 0.25),
    "network.hidden.0.units": ("unitsEdit0", 77),
    "network.hidden.0.activation.kind": ("activationCombo0", "tanh"),
    "network.hidden.0.initializer.kind": ("initializerCombo0", "xavier"),
    "network.hidden.0.normalization.kind": ("normalizationCombo", "layer"),
    "network.hidden.0.dropout": ("dropoutEdit", 0.25),
    "network.input_dropout": ("inputDropoutEdit", 0.25),
    "network.output.initializer.kind": ("outputInitializerCombo", "xavier"),
    "network.loss.kind": ("lossCombo", "huber"),
    "network.loss.label_smoothing": ("labelSmoothingEdit", 0.25),
    "network.loss.class_weights": ("classWeightsEdit", "1, 2.5, 4"),
    "optimizer.kind": ("optimizerCombo", "sgd"),
    "optimizer.learning_rate": ("learningRateEdit", 0.02),
    "optimizer.beta1": ("beta1Edit", 0.5),
    "optimizer.beta2": ("beta2Edit", 0.5),
    "optimizer.epsilon": ("epsilonEdit", 1e-6),
    "training.epochs": ("epochsEdit", 33),
    "training.batch_size": ("batchSizeEdit", 77),
    "training.schedule.kind": ("scheduleCombo", "cosine"),
    "training.warmup": ("warmupEdit", 0.5),
    "training.l1": ("l1Edit", 0.001),
    "training.l2": ("l2Edit", 0.001),
    "training.max_norm": ("maxNormEdit", 3.0),
    "training.clipping.kind": ("clippingCombo", "norm"),
    "training.averaging.kind": ("averagingCombo", "ema"),
    "training.early_stopping.kind": ("earlyStoppingCombo", "patience"),
    "training.seed": ("seedEdit", 4_000_000_000),
    "training.threads": ("threadsEdit", 2),
}
"""The editor of every leaf of the default configuration, and another value for it."""

WITHOUT_EDITOR = {"version"}
"""The file format's version."""


@pytest.fixture
def panel_of(store, qtbot, tmp_path):
    alive = []

    def build(name: str, width: int = 300, height: int = 700) -> Sidebar:
        sidebar = Sidebar(store, Settings(tmp_path / "settings.json"))
        sidebar.add_panel(name, name.capitalize(), PANELS[name](store))
        alive.append(sidebar)
        qtbot.addWidget(sidebar)
        sidebar.resize(width, height)
        with qtbot.waitActive(sidebar):
            sidebar.show()
            sidebar.activateWindow()
        for section in sidebar.findChildren(Section):
            section.set_open(True)
        return sidebar

    return build


def test_every_hyperparameter_of_the_configuration_has_an_editor():
    assert set(EDITORS) == set(leaves(RunConfig.from_dict({}))) - WITHOUT_EDITOR


@pytest.mark.parametrize("path", EDITORS)
def test_editing_it_on_the_screen_changes_exactly_its_path(path, store, panel_of, enter, qtbot):
    name, value = EDITORS[path]
    panels = [panel_of(panel) for panel in PANELS]
    # A layer's own fields stand beneath its row while it is selected.
    panels[1].findChild(LayerList).select(0)
    found = [w for panel in panels if (w := panel.findChild(QWidget, name)) is not None]
    assert len(found) == 1
    before = store.config
    enter(found[0], value)
    if path in ("data.name", "network.loss.class_weights"):
        assert store.config == before, "a text counts when it is complete"
        qtbot.keyClick(found[0], Qt.Key.Key_Return)
    changed = changed_paths(before, store.config)
    owner = path.removesuffix(".kind")
    assert path in changed
    assert changed == {path} or all(leaf.startswith(owner) for leaf in changed)
    expected = (1.0, 2.5, 4.0) if path == "network.loss.class_weights" else value
    assert store.config.get(path) == expected


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("theme_of_errors", [False, True])
def test_nothing_is_cut_off_at_the_narrowest(name, theme_of_errors, store, panel_of):
    store.replace_all(
        RunConfig.from_dict(
            {
                "data": {"augmentation": "elastic"},
                "network": {
                    "hidden": [
                        {"units": 16384, "activation": "leaky_relu", "normalization": "batch"},
                        {"units": 16384, "normalization": "layer", "dropout": 0.125},
                    ],
                    "output": {"initializer": "random_uniform"},
                },
            }
        ),
        "start",
    )
    if theme_of_errors:
        for path, (_, _) in EDITORS.items():
            if not path.endswith("kind"):
                store.change(path, "")
        store.set_locks({"": RUNNING})
    panel = panel_of(name, width=300, height=400)
    area = panel
    assert area.widget().width() <= area.viewport().width()
    for widget in area.widget().findChildren(QWidget):
        if widget.isVisible():
            right = widget.mapTo(area.widget(), widget.rect().topRight()).x()
            assert right < area.widget().width(), widget.objectName()


@pytest.mark.parametrize("name", PANELS)
def test_everything_that_can_be_used_has_a_name_and_a_tooltip(name, store, panel_of):
    panel = panel_of(name)
    fields = [*panel.findChildren(QComboBox), *panel.findChildren(QLineEdit)]
    for widget in fields:
        if widget.objectName() == "qt_spinbox_lineedit" or isinstance(widget.parent(), QComboBox):
            continue
        assert widget.objectName()
        assert widget.accessibleName()
        assert widget.toolTip()


def test_the_wheel_over_a_field_scrolls_the_panel(store, panel_of):
    panel = panel_of("hyperparameters", height=150)
    area = panel
    combo = panel.findChild(QComboBox, "optimizerCombo")
    panel.findChild(QWidget, "seedEdit").setFocus()
    area.verticalScrollBar().setValue(0)
    window = panel.window().windowHandle()
    place = combo.mapTo(panel.window(), combo.rect().center())
    QTest.wheelEvent(window, QPointF(place), QPoint(0, -120))
    QApplication.processEvents()
    assert store.config.optimizer.kind == "adam"
    assert area.verticalScrollBar().value() > 0


@pytest.mark.parametrize("name", ["hyperparameters", "architecture"])
def test_a_lock_is_told_at_the_top_of_the_sidebar(name, store, panel_of):
    panel = panel_of(name)
    note = panel.findChild(QWidget, "lockNote")
    assert note.isHidden()
    store.set_locks({"": RUNNING, "optimizer.learning_rate": "", "training.epochs": ""})
    assert note.isVisible()
    assert "only learning rate and epochs may change" in note.text()
    if name == "hyperparameters":
        assert panel.findChild(QWidget, "learningRateEdit").isEnabled()
        assert panel.findChild(QWidget, "epochsEdit").isEnabled()
        assert not panel.findChild(QWidget, "batchSizeEdit").isEnabled()


def test_another_optimizer_brings_its_own_fields(store, panel_of, enter):
    panel = panel_of("hyperparameters")
    enter(panel.findChild(QComboBox, "optimizerCombo"), "momentum")
    assert panel.findChild(QWidget, "momentumEdit").text() == "0.9"
    assert panel.findChild(QLineEdit, "learningRateEdit").text() == "0.05"
