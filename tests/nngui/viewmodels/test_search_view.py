from __future__ import annotations

from dataclasses import replace

import pytest

from tests.nngui.made_searches import made_trial, made_view

BY_LOSS = {"objective": {"metric": "loss"}}


def trial(number: int, loss: str):
    record = made_trial(number, 0.5)
    return replace(record, config=record.config.replace("network.loss", loss))


@pytest.mark.parametrize(
    ("losses", "title"),
    [
        (["cross_entropy"], "Loss [nats]"),
        (["cross_entropy", "binary_cross_entropy"], "Loss [nats]"),
        (["huber"], "Loss"),
        (["cross_entropy", "huber"], "Loss"),
        ([], "Loss [nats]"),
    ],
)
def test_losses_have_a_unit_if_it_is_that_of_all_trials(losses, title):
    view = made_view(*(trial(number, loss) for number, loss in enumerate(losses)))
    assert view.of_losses("Loss") == title


def test_the_objective_is_told_in_its_unit():
    assert made_view(trial(0, "cross_entropy")).value_title.endswith(" [%]")
    assert made_view(trial(0, "cross_entropy"), **BY_LOSS).value_title.endswith(" [nats]")
    assert made_view(trial(0, "huber"), **BY_LOSS).value_title.startswith("Validation loss, ")
    assert "[" not in made_view(trial(0, "huber"), **BY_LOSS).value_title


def test_words_are_those_of_the_form():
    space = {
        "network.hidden": {
            "layers": [2, 3],
            "activation": ["leaky_relu", "relu"],
            "initializer": ["xavier"],
        },
        "optimizer.kind": ["sgd", "adam"],
        "training.batch_size": [32, "full"],
    }
    params = {
        "network.hidden.2.activation": "leaky_relu",
        "network.hidden.*.initializer": "xavier",
        "optimizer.kind": "sgd",
        "training.batch_size": "full",
    }
    record = replace(made_trial(0, 0.5), params=params)
    view = made_view(record, strategy="random", budget={"trials": 3}, space=space)
    assert [text for _, text in view.chosen(record)] == [
        "Leaky ReLU", "Xavier / Glorot", "SGD", "Full",
    ]  # fmt: skip
    assert "Leaky ReLU" in view.trial_html(record)
