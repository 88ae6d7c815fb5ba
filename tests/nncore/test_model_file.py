from __future__ import annotations

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.activations import Activation
from nncore.errors import ModelFileError
from nncore.model_file import load_model, model_bytes, save_model
from nncore.tensor_file import MAX_FILE_BYTES
from tests.nncore.model_making import EVERY_MODULE, make_model

MODEL = make_model()
WHOLE = model_bytes(MODEL)


def write(folder: Path, data: bytes) -> Path:
    path = folder / "model.safetensors"
    path.write_bytes(data)
    return path


def header_of(data: bytes) -> tuple[dict[str, Any], bytes]:
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def with_header(change: Callable[[dict[str, Any]], object], numbers: bytes | None = None) -> bytes:
    """The whole file with its header changed in place."""
    header, old = header_of(WHOLE)
    change(header)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + (old if numbers is None else numbers)


def with_metadata(**texts: str) -> bytes:
    return with_header(lambda header: header["__metadata__"].update(texts))


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert path.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "hidden",
    [[], "1", "7", "30,20,10", EVERY_MODULE],
    ids=["none", "1", "7", "30-20-10", "every module"],
)
@pytest.mark.parametrize("batch", [1, 2, 33, 1500])
def test_opened_model_predicts_the_same_to_the_last_bit(
    tmp_path: Path, hidden: Any, batch: int
) -> None:
    model = make_model(hidden)
    path = tmp_path / "model.safetensors"
    save_model(path, model)
    x = np.random.default_rng(1).random((batch, 16), np.float32)
    expected = model.predict_proba(x)
    assert load_model(path).predict_proba(x).tobytes() == expected.tobytes()
    assert load_model(str(path)).network.state.tobytes() == model.network.state.tobytes()


def test_everything_that_describes_a_model_comes_back(tmp_path: Path) -> None:
    activations = [{"units": 4, "activation": kind} for kind in Activation.members()]
    activations[1]["activation"] = {"kind": "leaky_relu", "slope": 0.2}
    model = make_model(activations)
    path = tmp_path / "model.safetensors"
    save_model(path, model)
    opened = load_model(path)
    assert opened.config == model.config
    assert opened.class_names == model.class_names
    assert opened.preprocessing == model.preprocessing
    assert opened.figures == model.figures
    assert opened.notes == ()


def test_a_file_from_before_normalization_and_dropout_is_opened(tmp_path: Path) -> None:
    config = MODEL.config.to_dict()
    del config["network"]["input_dropout"], config["data"]
    for layer in config["network"]["hidden"]:
        del layer["normalization"], layer["dropout"]
    path = write(tmp_path, with_metadata(config=json.dumps(config)))
    assert load_model(path).config == MODEL.config
    assert load_model(path).network.state.tobytes() == MODEL.network.state.tobytes()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2.running_var", "negative"),
        ("2.running_mean", "missing"),
        ("2.num_batches_tracked", "missing"),
        ("9.weight", "missing"),
    ],
)
def test_a_normalization_that_cannot_be_is_refused(tmp_path: Path, name: str, words: str) -> None:
    model = make_model(EVERY_MODULE, input_dropout=0.2)
    data = model_bytes(model)
    tensors = safetensors.numpy.load(data)
    if words == "missing":
        del tensors[name]
    else:
        tensors[name][0] = -1
    header, _ = header_of(data)
    path = tmp_path / "model.safetensors"
    path.write_bytes(safetensors.numpy.save(tensors, header["__metadata__"]))
    assert words in refusal(path)
    assert name in refusal(path)


def test_whole_numbers_are_no_weights(tmp_path: Path) -> None:
    tensors = safetensors.numpy.load(WHOLE)
    tensors["0.bias"] = tensors["0.bias"].astype(np.int64)
    header, _ = header_of(WHOLE)
    path = write(tmp_path, safetensors.numpy.save(tensors, header["__metadata__"]))
    assert "I64" in refusal(path)


def test_weights_that_are_not_contiguous_are_saved_in_their_order(tmp_path: Path) -> None:
    model = make_model("6")
    weights = model.network.layers[0].weights
    model.network.layers[0].weights = np.asfortranarray(weights)
    path = tmp_path / "model.safetensors"
    save_model(path, model)
    np.testing.assert_array_equal(safetensors.numpy.load_file(path)["0.weight"], weights)


def test_diverged_network_is_not_written_over_a_good_one(tmp_path: Path) -> None:
    path = write(tmp_path, WHOLE)
    model = make_model()
    model.network.parameters[3] = np.nan
    with pytest.raises(ModelFileError, match="not written"):
        save_model(path, model)
    assert path.read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a .safetensors file"),
        (b"\0" * 7, "not a .safetensors file"),
        (b"just some text, quite long", "not a .safetensors file"),
        (b'{"network": {}}', "text file"),
        (pickle.dumps({"0.weight": [1, 2]}), "pickle"),
        (pickle.dumps([1], protocol=2), "pickle"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "HDF5"),
        (b"\x93NUMPY\x01\x00", ".npy"),
        (struct.pack("<Q", 2**63) + b"{}", "not a .safetensors file"),
        (struct.pack("<Q", 5000) + b"{}", "cut short within its header"),
        (struct.pack("<Q", 4) + b"null", "not a .safetensors file"),
        (struct.pack("<Q", 4) + b"{nul", "header is damaged"),
        (struct.pack("<Q", 60_000) + b'{"":' * 15_000, "header is damaged"),
        (struct.pack("<Q", 2) + b"{}", "no tensors"),
        (WHOLE[:-1], "cut short"),
        (WHOLE + b"\0", "longer than its header says"),
    ],
)
def test_file_that_is_no_model_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refusal(write(tmp_path, data))


def test_archive_with_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    proof = tmp_path / "it ran"

    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (proof,)

    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb()))
    assert "ZIP archive" in refusal(path)
    path.write_bytes(pickle.dumps(Bomb()))
    assert "pickle" in refusal(path)
    assert not proof.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": "2"}, "Update nnScratch"),
        ({"version": "one"}, "version 'one'"),
        ({"config": "{"}, "its configuration cannot be used"),
        ({"config": '{"network": {"hiden": []}}'}, "Did you mean network.hidden"),
        ({"config": '{"network": {"hidden": "7,5"}}'}, "0.weight has shape (6, 16)"),
        ({"config": '{"network": {"hidden": "6"}}'}, "2.weight has shape (5, 6)"),
        ({"config": '{"network": {"hidden": "6,5,3"}}'}, "6.weight is missing"),
        ({"config": '{"network": {"hidden": [' + "16384," * 63 + "6]}}"}, "0.weight has shape"),
        ({"class_names": '["a", "b"]'}, "4.weight has shape (3, 5)"),
        ({"class_names": '["a", "b", 3]'}, "class names cannot be read"),
        ({"class_names": '["a", "b", "\\ud800"]'}, "class names cannot be read"),
        ({"class_names": '["a", "b", "\\u0000"]'}, "class name cannot be shown"),
        ({"class_names": "[" * 5000}, "class names cannot be read"),
        ({"preprocessing": "null"}, "preprocessing cannot be read"),
        ({"preprocessing": '{"kind": "digit", "image_shape": [28, 28]}'}, "0.weight has shape"),
        ({"preprocessing": '{"kind": "gray", "image_shape": [4, 4], "scale": 1}'}, "scaled by 1"),
        ({"preprocessing": '{"kind": "gray", "image_shape": [4, 0]}'}, "greater than 0"),
        ({"figures": '{"accuracy": NaN}'}, "figures cannot be read"),
        ({"figures": '{"accuracy": "best"}'}, "figures cannot be read"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_description_that_does_not_fit_is_refused(
    tmp_path: Path, change: dict[str, str], words: str
) -> None:
    assert words in refusal(write(tmp_path, with_metadata(**change)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda h: h["__metadata__"].pop("config"), "configuration cannot be used"),
        (lambda h: h.update(__metadata__=[1]), "description in its header is damaged"),
        (lambda h: h.update({"0.bias": 7}), "entry on '0.bias' is damaged"),
        (lambda h: h["0.bias"].update(shape=[-6]), "no possible shape"),
        (lambda h: h["0.bias"].update(shape=[True]), "no possible shape"),
        (lambda h: h["0.bias"].update(shape=[10**30]), "cut short"),
        (lambda h: h["0.bias"].update(shape=[2, 3]), "0.bias has shape (2, 3)"),
        (lambda h: h["0.bias"].update(dtype="BF16"), "BF16"),
        (lambda h: h["0.bias"].update(data_offsets=[4, 28]), "damaged"),
        (lambda h: h["0.bias"].pop("data_offsets"), "damaged"),
        (lambda h: h.update({"x": h.pop("0.bias")}), "0.bias is missing"),
        (
            lambda h: h.update({"x": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}),
            "does not know",
        ),
    ],
)
def test_header_that_does_not_add_up_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    assert words in refusal(write(tmp_path, with_header(change)))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_are_named(tmp_path: Path, number: float) -> None:
    model = make_model()
    model.network.layers[1].biases[2] = number
    assert "2.bias" in refusal(write(tmp_path, model_bytes(model)))


def test_oversized_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.write(WHOLE)
        file.truncate(MAX_FILE_BYTES + 1)  # Sparse: takes no room on the disk.
    assert "more than" in refusal(path)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "model.safetensors")
    assert "folder" in refusal(tmp_path)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_bytes_raise_nothing_but_model_file_errors(
    tmp_path: Path, data: st.DataObject
) -> None:
    mutated = bytearray(WHOLE)
    header_end = 8 + struct.unpack("<Q", WHOLE[:8])[0]
    for _ in range(data.draw(st.integers(1, 3))):
        # Most of the meaning is in the header.
        end = data.draw(st.sampled_from([9, header_end, len(mutated)]))
        at = data.draw(st.integers(0, min(end, len(mutated)) - 1))
        action = data.draw(st.sampled_from(["set", "cut", "insert"]))
        byte = data.draw(st.integers(0, 255) | st.sampled_from(list(b'{}[]",:0129-eE\\')))
        if action == "set":
            mutated[at] = byte
        elif action == "cut":
            del mutated[at : at + data.draw(st.integers(1, 40))]
        else:
            mutated.insert(at, byte)
    path = write(tmp_path, bytes(mutated))
    try:
        model = load_model(path)
    except ModelFileError as error:
        complaint = str(error)
    else:
        assert np.isfinite(model.network.parameters).all()
        complaint = str(path)
    assert str(path) in complaint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_description_raises_nothing_but_model_file_errors(
    tmp_path: Path, data: st.DataObject
) -> None:
    def change(header: dict[str, Any]) -> None:
        name = data.draw(st.sampled_from(sorted(header)))
        inner = data.draw(st.sampled_from([None, *sorted(header[name])]))
        value = data.draw(JSON)
        if inner is None:
            header[name] = value
        else:
            header[name][inner] = json.dumps(value) if data.draw(st.booleans()) else value

    path = write(tmp_path, with_header(change))
    try:
        load_model(path)
    except ModelFileError as error:
        complaint = str(error)
    else:
        complaint = str(path)
    assert str(path) in complaint


def test_saving_replaces_and_keeps_what_is_asked(tmp_path: Path) -> None:
    path = write(tmp_path, WHOLE)
    save_model(path, replace(MODEL, figures={"epoch": 9}))
    assert load_model(path).figures == {"epoch": 9}
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("length", [0x0580, 0x0480, 0x4B50, 0x8B1F, 0x047B])
def test_header_whose_length_looks_like_another_format_is_opened(
    tmp_path: Path, length: int
) -> None:
    header, numbers = header_of(WHOLE)
    text = json.dumps(header, separators=(",", ":")).encode()
    length += -(-max(len(text) - length, 0) // 0x10000) * 0x10000
    path = write(tmp_path, struct.pack("<Q", length) + text.ljust(length) + numbers)
    assert load_model(path).config == MODEL.config
