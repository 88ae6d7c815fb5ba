from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from nncore.activations import Identity, ReLU
from nncore.errors import ModelFileError
from nncore.model_file import load_model

RNG = np.random.default_rng(0)


def linear(units: int, inputs: int) -> dict[str, np.ndarray]:
    return {
        "weight": RNG.standard_normal((units, inputs)),
        "bias": RNG.standard_normal(units),
    }


def write(folder: Path, dtype: type = np.float32, **layers: dict[str, np.ndarray]) -> Path:
    path = folder / "from torch.safetensors"
    tensors = {
        f"{name}.{part}": array.astype(dtype)
        for name, layer in layers.items()
        for part, array in layer.items()
    }
    safetensors.numpy.save_file(tensors, path)
    return path


@pytest.mark.parametrize("prefix", ["", "net."])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sequential_is_opened_and_says_what_was_assumed(
    tmp_path: Path, prefix: str, dtype: type
) -> None:
    first, second = linear(5, 784), linear(10, 5)
    model = load_model(write(tmp_path, dtype, **{f"{prefix}0": first, f"{prefix}2": second}))
    x = RNG.random((3, 784), np.float32)
    first, second = ({k: v.astype(dtype).astype(np.float32) for k, v in layer.items()}
                     for layer in (first, second))  # fmt: skip
    hidden = np.maximum(x @ first["weight"].T + first["bias"], 0)
    logits = hidden @ second["weight"].T + second["bias"]
    np.testing.assert_allclose(model.network.predict_logits(x), logits, rtol=1e-4, atol=1e-4)
    assert model.class_names == tuple("0123456789")
    assert model.preprocessing.image_shape == (28, 28)
    assert any("ReLU was assumed" in note for note in model.notes)


def test_many_layers_are_taken_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    layers = {str(2 * i): linear(4, 4) for i in range(7)}
    model = load_model(write(tmp_path, **layers))
    for index, layer in enumerate(model.network.layers):
        expected = layers[str(2 * index)]["weight"].astype(np.float32)
        np.testing.assert_array_equal(layer.weights, expected)


def test_layers_that_follow_at_once_have_no_activation_between(tmp_path: Path) -> None:
    model = load_model(write(tmp_path, **{"1": linear(5, 9), "2": linear(4, 5), "5": linear(3, 4)}))
    kinds = [type(layer.activation) for layer in model.config.network.hidden]
    assert kinds == [Identity, ReLU]
    assert model.preprocessing.image_shape == (3, 3)


def test_inputs_that_are_no_square_become_one_row(tmp_path: Path) -> None:
    model = load_model(write(tmp_path, **{"0": linear(2, 7)}))
    assert model.preprocessing.image_shape == (1, 7)
    assert not any("ReLU" in note for note in model.notes)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ({"0": linear(5, 9), "2": linear(3, 6)}, "takes 6 inputs, but 5 come"),
        ({"0": linear(5, 9), "2": {"weight": np.zeros((3, 5))}}, "2.bias is missing"),
        ({"0": {"weight": np.zeros((8, 1, 3, 3)), "bias": np.zeros(8)}}, "not those of a fully"),
        ({"0": {"weight": np.zeros((5, 9)), "bias": np.zeros(9)}}, "not those of a fully"),
        ({"0": {"weight": np.zeros((0, 9)), "bias": np.zeros(0)}}, "not those of a fully"),
        ({"0": {"running_mean": np.zeros(5)}}, "'0.running_mean'"),
        ({"fc": linear(5, 9)}, "'fc.bias'"),
        ({"00": linear(5, 9)}, "'00.bias'"),
        ({"a.0": linear(5, 9), "b.2": linear(3, 5)}, "several networks"),
        ({"0": linear(20_000, 2), "2": linear(3, 20_000)}, "too large a network"),
        ({str(i): linear(2, 2) for i in range(80)}, "too large a network"),
        ({"0": linear(1, 9)}, "at least 2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_networks_are_refused_clearly(
    tmp_path: Path, layers: dict[str, dict[str, np.ndarray]], words: str
) -> None:
    path = write(tmp_path, **layers)
    with pytest.raises(ModelFileError, match=words) as caught:
        load_model(path)
    assert path.name in str(caught.value)


def test_numbers_beyond_float32_are_refused(tmp_path: Path) -> None:
    layer = linear(2, 4)
    layer["bias"][0] = 1e300
    with pytest.raises(ModelFileError, match=r"0\.bias"):
        load_model(write(tmp_path, np.float64, **{"0": layer}))
