"""The predictor answers with the newest weights and says why it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.errors import ShapeError
from nngui.viewmodels.predictor import Predictor
from tests.nngui.made_networks import expected_probabilities, random_network


@pytest.fixture
def images():
    return np.random.default_rng(3).integers(0, 256, (5, 16), np.uint8)


def test_probabilities_are_those_of_scaled_pixels(images):
    predictor, network = Predictor(), random_network(16, 3)
    predictor.set_network(network, "weights of epoch 1, step 9")
    expected = expected_probabilities(network, images)
    np.testing.assert_allclose(predictor.probabilities(images), expected, atol=1e-6)


def test_another_network_is_told_with_where_it_came_from(qtbot, images):
    predictor = Predictor()
    with qtbot.waitSignal(predictor.networkChanged):
        predictor.set_network(random_network(16, 3), "untrained weights", trained=False)
    assert predictor.description == "untrained weights"
    assert not predictor.trained
    with qtbot.waitSignal(predictor.networkChanged):
        predictor.clear()
    assert predictor.network is None
    assert predictor.description == ""


def test_same_data_again_is_no_change(qtbot):
    predictor = Predictor()
    predictor.set_data(("a", "b"), (4, 4))
    with qtbot.assertNotEmitted(predictor.networkChanged):
        predictor.set_data(["a", "b"], (4, 4))


def test_names_that_do_not_fit_the_network_give_way_to_numbers():
    predictor = Predictor()
    predictor.set_data(("cat", "dog"), (4, 4))
    assert predictor.class_names == ("cat", "dog")
    predictor.set_network(random_network(16, 3), "weights from x")
    assert predictor.class_names == ("0", "1", "2")


def test_why_not_names_the_numbers_that_do_not_fit(images):
    predictor = Predictor()
    assert "no network" in predictor.why_not(16)
    predictor.set_network(random_network(784, 10), "weights from x")
    assert predictor.why_not(784, 10) == ""
    assert "784 inputs" in predictor.why_not(16)
    assert "16 pixels" in predictor.why_not(16)
    assert "10 classes" in predictor.why_not(784, 3)


def test_predicting_without_network_or_with_other_images_is_an_error(images):
    predictor = Predictor()
    with pytest.raises(ShapeError, match="no network"):
        predictor.probabilities(images)
    predictor.set_network(random_network(784, 10), "weights from x")
    with pytest.raises(ShapeError):
        predictor.probabilities(images)
