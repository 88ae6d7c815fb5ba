"""Ink becomes an answer, in the background, and the newest ink wins."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from nncore.data.digits import prepare_digit
from nngui.answers import Certainty
from nngui.viewmodels import reader as reader_module
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.reader import DigitReader
from tests.nngui.made_networks import (
    constant_network,
    expected_probabilities,
    linear_network,
    random_network,
)


@pytest.fixture
def predictor():
    return Predictor()


@pytest.fixture
def reader(predictor):
    reader = DigitReader(predictor)
    yield reader
    reader.close()


def bar(column):
    ink = np.zeros((280, 280), np.uint8)
    ink[60:220, column : column + 20] = 255
    return ink


def test_reading_is_the_networks_answer_to_the_prepared_ink(qtbot, predictor, reader):
    network = random_network(784, 10, spread=0.1)
    predictor.set_network(network, "weights of epoch 1, step 5")
    ink = bar(80)
    reader.read(ink)
    qtbot.waitUntil(lambda: reader.reading.probabilities is not None)
    reading = reader.reading
    np.testing.assert_array_equal(reading.prepared, prepare_digit(ink))
    expected = expected_probabilities(network, reading.prepared.reshape(1, -1))[0]
    np.testing.assert_allclose(reading.probabilities, expected, atol=1e-5)


def test_no_ink_is_nothing_drawn(qtbot, predictor, reader):
    predictor.set_network(constant_network([0.9] + [0.1 / 9] * 9), "weights from x")
    with qtbot.waitSignal(reader.readingChanged):
        reader.read(np.zeros((280, 280), np.uint8))
    assert reader.reading.probabilities is None
    assert reader.reading.prepared is None
    assert reader.reading.answer.headline == "Nothing drawn yet"


def test_ink_without_network_is_prepared_but_not_answered(qtbot, reader):
    with qtbot.waitSignal(reader.readingChanged):
        reader.read(bar(100))
    assert reader.reading.prepared is not None
    assert reader.reading.answer.headline == "No network yet"


def test_untrained_network_shows_its_figures_as_chance(qtbot, predictor, reader):
    predictor.set_network(constant_network([0.1] * 10), "untrained weights", trained=False)
    reader.read(bar(100))
    qtbot.waitUntil(lambda: reader.reading.probabilities is not None)
    assert reader.reading.answer.certainty is Certainty.CHANCE


def test_network_for_other_images_is_refused_in_words(qtbot, predictor, reader):
    predictor.set_network(linear_network(np.zeros((3, 16))), "weights from x")
    reader.read(bar(100))
    qtbot.waitUntil(lambda: reader.reading.prepared is not None)
    assert reader.reading.probabilities is None
    assert "16 inputs" in reader.reading.answer.explanation


def test_newer_weights_are_used_on_the_same_ink(qtbot, predictor, reader):
    predictor.set_network(constant_network([0.96] + [0.04 / 9] * 9), "epoch 1")
    reader.read(bar(100))
    qtbot.waitUntil(lambda: reader.reading.answer.name == "0")
    predictor.set_network(constant_network([0.04 / 9] * 9 + [0.96]), "epoch 2")
    qtbot.waitUntil(lambda: reader.reading.answer.name == "9")


def test_only_the_newest_ink_is_read_when_reading_is_slow(qtbot, monkeypatch, reader):
    seen, started, go_on = [], threading.Event(), threading.Event()

    def slow(ink, *rest):
        seen.append(int(ink.argmax()))
        started.set()
        assert go_on.wait(5)
        return original(ink, *rest)

    original = reader_module.read_ink
    monkeypatch.setattr(reader_module, "read_ink", slow)
    reader.read(bar(40))
    assert started.wait(5)
    for column in range(50, 200, 10):
        reader.read(bar(column))
    go_on.set()
    newest = bar(190)
    qtbot.waitUntil(lambda: seen[-1] == int(newest.argmax()))
    assert len(seen) == 2


def test_hidden_reader_rests_and_catches_up(qtbot, predictor, reader):
    predictor.set_network(constant_network([0.96] + [0.04 / 9] * 9), "epoch 1")
    reader.read(bar(100))
    qtbot.waitUntil(lambda: reader.reading.answer.name == "0")
    reader.set_active(False)
    with qtbot.assertNotEmitted(reader.readingChanged, wait=60):
        predictor.set_network(constant_network([0.04 / 9] * 9 + [0.96]), "epoch 2")
    reader.set_active(True)
    qtbot.waitUntil(lambda: reader.reading.answer.name == "9")
