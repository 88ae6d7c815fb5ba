"""Settings that are each legal by themselves and cannot work together, for all who must refuse."""

from __future__ import annotations

from typing import Any, NamedTuple


class Impossible(NamedTuple):
    """A combination that cannot work with 3 classes.

    Attributes:
        settings: As `--set` takes them, in order; a person types the same into the form.
        tree: The same as a configuration file has it.
        path: The field to blame.
        reason: Words that say why.
        remedy: Words that say what to do.
    """

    settings: tuple[str, ...]
    tree: dict[str, Any]
    path: str
    reason: str
    remedy: str


def _of_layer(**layer: Any) -> dict[str, Any]:
    return {"network": {"hidden": [{"units": 8} | layer]}}


IMPOSSIBLE = {
    "binary loss with three classes": Impossible(
        ("network.loss=binary_cross_entropy",),
        {"network": {"loss": "binary_cross_entropy"}},
        "network.loss.kind",
        "it tells two apart",
        "choose Cross-entropy",
    ),
    "class weights of another number": Impossible(
        ("network.loss.class_weights=1,2",),
        {"network": {"loss": {"kind": "cross_entropy", "class_weights": [1, 2]}}},
        "network.loss.class_weights",
        "got 2 numbers",
        "add or remove some",
    ),
    "batch normalization of single samples": Impossible(
        ("network.hidden.0.normalization=batch", "training.batch_size=1"),
        _of_layer(normalization="batch") | {"training": {"batch_size": 1}},
        "training.batch_size",
        "a single sample has no spread",
        "Choose 16 or more",
    ),
    "layer normalization of a single unit": Impossible(
        ("network.hidden.0.normalization=layer", "network.hidden.0.units=1"),
        _of_layer(normalization="layer", units=1),
        "network.hidden.0.units",
        "a single unit would always be 0",
        "Choose more units",
    ),
    "a warm-up as long as the run": Impossible(
        ("training.epochs=3", "training.warmup=3"),
        {"training": {"epochs": 3, "warmup": 3}},
        "training.warmup",
        "the learning rate would never reach its value",
        "Choose a shorter one",
    ),
    "a decay that leaves nothing": Impossible(
        ("optimizer.kind=adamw", "optimizer.learning_rate=0.5", "optimizer.weight_decay=4"),
        {"optimizer": {"kind": "adamw", "learning_rate": 0.5, "weight_decay": 4}},
        "optimizer.learning_rate",
        "would take away all",
        "Choose a smaller learning rate",
    ),
    "a penalty that leaves nothing": Impossible(
        ("optimizer.kind=sgd", "optimizer.learning_rate=1", "training.l2=1"),
        {"optimizer": {"kind": "sgd", "learning_rate": 1}, "training": {"l2": 1}},
        "training.l2",
        "would take away all",
        "Choose a smaller penalty",
    ),
    "a network that fits into no computer": Impossible(
        ("network.hidden=" + ",".join(["16384"] * 64),),
        {"network": {"hidden": [16384] * 64}},
        "network.hidden.0.units",
        "of memory, and this computer has 16.0 GB",
        "Choose fewer units",
    ),
    "a layer without units": Impossible(
        ("network.hidden.0.units=0",),
        _of_layer(units=0),
        "network.hidden.0.units",
        "must be in [1, 16384]",
        "got 0",
    ),
}
