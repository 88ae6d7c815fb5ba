from __future__ import annotations

import numpy as np
import pytest

from nncore.config import LayerConfig, NetworkConfig
from nncore.errors import DataError
from nncore.evaluation import evaluate, evaluation_of
from nncore.features import scale_pixels
from nncore.losses import CrossEntropy, Loss
from nncore.metrics import measure
from nncore.network import PREDICTION_ROWS, Network


@pytest.mark.parametrize("loss", Loss.members())
@pytest.mark.parametrize("count", [1, PREDICTION_ROWS + 3])
def test_every_figure_agrees_with_predictions_made_at_once(loss, count):
    rng = np.random.default_rng(count)
    images = rng.integers(0, 256, (count, 6), dtype=np.uint8)
    labels = rng.integers(0, 4, count)
    config = NetworkConfig(hidden=(LayerConfig(units=5),), loss=Loss.members()[loss]())
    network = Network(6, 4, config, rng)
    found = evaluate(network, images, labels)
    figures = measure(network, images, labels)
    assert found.samples == count
    assert found.loss == pytest.approx(figures.loss, rel=1e-6)
    assert found.accuracy == figures.accuracy
    proba = network.predict_proba(scale_pixels(images))
    order = np.argsort(-proba, axis=1)
    for k in (2, 3):
        assert found.top[k] == np.mean((order[:, :k] == labels[:, None]).any(axis=1))
    guesses = proba.argmax(axis=1)
    for true in range(4):
        for guess in range(4):
            assert found.confusion[true, guess] == np.sum((labels == true) & (guesses == guess))
    sure = found.calibration.samples @ found.calibration.confidence / count
    assert sure == pytest.approx(proba.max(axis=1).mean(), rel=1e-5)


@pytest.mark.parametrize(("classes", "told"), [(2, []), (3, [2]), (5, [2, 3]), (10, [2, 3, 5])])
def test_guesses_that_could_never_be_wrong_are_not_told(classes, told):
    logits = np.random.default_rng(0).normal(size=(classes, 9))
    found = evaluation_of(logits, np.zeros(9, np.int64), CrossEntropy())
    assert list(found.top) == told
    assert len(found.per_class) == classes


def test_nothing_cannot_be_evaluated():
    network = Network(6, 3, NetworkConfig(hidden=()))
    with pytest.raises(DataError, match="no samples"):
        evaluate(network, np.empty((0, 6), np.uint8), np.empty(0, np.int64))
