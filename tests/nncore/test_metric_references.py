"""The metrics against scikit-learn; see tests/references/make_metric_references.py."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from nncore.evaluation import evaluation_of
from nncore.losses import CrossEntropy
from nncore.metrics import top_k_accuracy

FOLDER = Path(__file__).parents[1] / "references"
with np.load(FOLDER / "metrics.npz", allow_pickle=False) as archive:
    ARRAYS = dict(archive)


@pytest.fixture(scope="module")
def evaluation():
    logits = np.ascontiguousarray(ARRAYS["logits"].T)
    return evaluation_of(logits, ARRAYS["labels"], CrossEntropy())


def test_top_k_accuracies_agree_with_scikit_learn(evaluation):
    expected = ARRAYS["top"]
    for k, figure in enumerate(expected, start=1):
        assert top_k_accuracy(ARRAYS["logits"].T, ARRAYS["labels"], k) == pytest.approx(figure)
    assert evaluation.accuracy == pytest.approx(expected[0])
    assert evaluation.top == pytest.approx({k: expected[k - 1] for k in (2, 3, 5)})
    assert len(set(expected)) == len(expected)


def test_loss_and_figures_of_each_class_agree_with_scikit_learn(evaluation):
    assert evaluation.loss == pytest.approx(float(ARRAYS["loss"]), rel=1e-10)
    np.testing.assert_array_equal(evaluation.confusion, ARRAYS["confusion"])
    columns = (np.array(column) for column in zip(*evaluation.per_class, strict=True))
    for found, name in zip(columns, ("precision", "recall", "f1", "support"), strict=True):
        np.testing.assert_allclose(found, ARRAYS[name], rtol=1e-12)
    assert 0 in ARRAYS["support"]
    assert 0 in ARRAYS["confusion"].sum(axis=0)


def test_the_calibration_agrees_with_scikit_learn(evaluation):
    found, full = evaluation.calibration, ARRAYS["bins"] > 0
    np.testing.assert_array_equal(found.samples, ARRAYS["bins"])
    np.testing.assert_allclose(found.accuracy[full], ARRAYS["bin.accuracy"], rtol=1e-12)
    np.testing.assert_allclose(found.confidence[full], ARRAYS["bin.confidence"], rtol=1e-12)
    gaps = np.abs(ARRAYS["bin.accuracy"] - ARRAYS["bin.confidence"])
    expected = np.average(gaps, weights=ARRAYS["bins"][full])
    assert found.error == pytest.approx(expected, rel=1e-12)
    assert 0.01 < expected < 0.2
    assert not full.all()


def test_the_file_is_what_the_script_makes():
    pytest.importorskip("sklearn")
    fresh = importlib.import_module("tests.references.make_metric_references").make()
    assert set(fresh) == set(ARRAYS)
    for name, array in fresh.items():
        np.testing.assert_allclose(array, ARRAYS[name], rtol=1e-12)
