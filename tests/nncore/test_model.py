from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from nncore.data import load_dataset
from nncore.errors import DataError, ShapeError
from nncore.model import Preprocessing, tensors_of
from tests.nncore.model_making import EVERY_MODULE, make_model


def test_probabilities_are_the_networks() -> None:
    model = make_model()
    x = np.random.default_rng(0).random((5, 16), np.float32)
    np.testing.assert_array_equal(model.predict_proba(x), model.network.predict_proba(x))


def test_names_and_images_must_fit_the_network() -> None:
    model = make_model()
    with pytest.raises(ShapeError, match="3 classes apart, but 2"):
        replace(model, class_names=("a", "b"))
    with pytest.raises(ShapeError, match="16 features, but its images have 28 × 28"):
        replace(model, preprocessing=Preprocessing())


def test_tensors_are_named_as_in_a_sequential_and_multiply_to_the_logits() -> None:
    model = make_model(hidden=[{"units": 6, "activation": "identity"}, {"units": 5}])
    tensors = tensors_of(model.network)
    assert list(tensors) == [f"{i}.{part}" for i in (0, 2, 4) for part in ("weight", "bias")]
    assert tensors["0.weight"].shape == (6, 16)
    x = np.random.default_rng(0).random((4, 16), np.float32)
    first = x @ tensors["0.weight"].T + tensors["0.bias"]
    second = np.maximum(first @ tensors["2.weight"].T + tensors["2.bias"], 0)
    logits = second @ tensors["4.weight"].T + tensors["4.bias"]
    np.testing.assert_allclose(logits, model.network.predict_logits(x), rtol=1e-4, atol=1e-5)


def test_modules_take_their_places_in_pytorchs_order() -> None:
    model = make_model(EVERY_MODULE, input_dropout=0.2)
    shapes = {name: tensor.shape for name, tensor in tensors_of(model.network).items()}
    # Dropout, Linear, BatchNorm1d, ReLU, Dropout, Linear, ReLU, Dropout, Linear, LayerNorm, ...
    assert shapes == {
        "1.weight": (6, 16),
        "1.bias": (6,),
        "2.weight": (6,),
        "2.bias": (6,),
        "2.running_mean": (6,),
        "2.running_var": (6,),
        "2.num_batches_tracked": (),
        "5.weight": (5, 6),
        "5.bias": (5,),
        "8.weight": (4, 5),
        "8.bias": (4,),
        "9.weight": (4,),
        "9.bias": (4,),
        "11.weight": (3, 4),
        "11.bias": (3,),
    }
    assert tensors_of(model.network)["2.num_batches_tracked"].dtype == np.int64


def test_digits_are_prepared_as_mnist_has_them() -> None:
    digit = load_dataset("mnist").test_images[0].reshape(28, 28)
    prepared = Preprocessing().prepare(255 - digit)
    assert np.abs(prepared.astype(int) - digit).mean() < 1


def test_other_images_are_resized_as_they_are() -> None:
    preprocessing = Preprocessing.for_shape((2, 3))
    picture = np.repeat(np.repeat(np.array([[0, 10, 20], [30, 40, 255]]), 4, 0), 5, 1)
    expected = [[0, 10, 20], [30, 40, 255]]
    assert preprocessing.prepare(picture.astype(np.uint8)).tolist() == expected
    assert preprocessing.prepare(picture / 255).tolist() == expected


@pytest.mark.parametrize("shape", [(28, 28), (4, 4)])
@pytest.mark.parametrize(
    "bad", [np.zeros((2, 2, 3)), np.full((4, 4), np.nan)], ids=["color", "NaN"]
)
def test_what_is_no_gray_picture_is_refused(shape: tuple[int, int], bad: np.ndarray) -> None:
    with pytest.raises(DataError):
        Preprocessing.for_shape(shape).prepare(bad)


def test_digits_have_one_size() -> None:
    with pytest.raises(ValidationError, match="28 × 28"):
        Preprocessing(kind="digit", image_shape=(8, 8))
