"""Makes the reference values that nncore is compared with, by PyTorch.

    python tests/references/make_references.py

writes `references.npz` beside this file. It needs torch and numpy, and knows nothing of nncore: the
tests read the file and need no torch. Where torch is installed, a test makes the values again and
compares them with the file.

To add a case, add a line to `CASES`. A kind that is new needs a line in the table of its family.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn

FILE = Path(__file__).with_name("references.npz")
INPUTS, HIDDEN, CLASSES = 5, (6, 5), 4
BATCH, SAMPLES = 8, 40
STEPS = 50
EPOCH = SAMPLES // BATCH
"""Steps of an epoch."""
SHOWN = (1, 2, 3, 5, 10, 20, 35, 50)
"""The steps after which the parameters are written down."""

Config = dict[str, Any]
LossFunction = Callable[[Tensor, Tensor], Tensor]
"""From logits (batch, classes) and labels (batch,) to the loss of each sample (batch,)."""

# --- what each kind is in PyTorch: from its hyperparameters to the thing itself -------------------

ACTIVATIONS: dict[str, Callable[[Config], nn.Module]] = {
    "relu": lambda _: nn.ReLU(),
    "leaky_relu": lambda c: nn.LeakyReLU(c.get("slope", 0.01)),
    "elu": lambda c: nn.ELU(c.get("alpha", 1.0)),
    "selu": lambda _: nn.SELU(),
    "sigmoid": lambda _: nn.Sigmoid(),
    "tanh": lambda _: nn.Tanh(),
    "identity": lambda _: nn.Identity(),
    "gelu": lambda c: nn.GELU("tanh" if c.get("form") == "tanh" else "none"),
    "silu": lambda _: nn.SiLU(),
    # Without the threshold, above which PyTorch takes the identity for it.
    "softplus": lambda _: nn.Softplus(threshold=700),
}


NORMALIZATIONS: dict[str, Callable[[int, Config], nn.Module]] = {
    "batch": lambda units, c: nn.BatchNorm1d(
        units, eps=c.get("epsilon", 1e-5), momentum=c.get("momentum", 0.1)
    ),
    "layer": lambda units, c: nn.LayerNorm(units, eps=c.get("epsilon", 1e-5)),
}


def _cross_entropy(c: Config) -> LossFunction:
    def loss(logits: Tensor, labels: Tensor) -> Tensor:
        weights = c.get("class_weights")
        return functional.cross_entropy(
            logits,
            labels,
            weight=None if weights is None else torch.tensor(weights, dtype=logits.dtype),
            label_smoothing=c.get("label_smoothing", 0.0),
            reduction="none",
        )

    return loss


def _of_one_hot(loss: nn.Module) -> LossFunction:
    """A loss of every output (reduction "none") on one-hot targets, averaged over the outputs."""

    def mean(logits: Tensor, labels: Tensor) -> Tensor:
        targets = functional.one_hot(labels, logits.shape[1]).to(logits.dtype)
        return loss(logits, targets).mean(dim=1)

    return mean


def _of_softmax(loss: LossFunction) -> LossFunction:
    """The loss of probabilities instead of logits."""
    return lambda logits, labels: loss(logits.softmax(dim=1), labels)


LOSSES: dict[str, Callable[[Config], LossFunction]] = {
    "cross_entropy": _cross_entropy,
    "binary_cross_entropy": lambda _: _of_one_hot(nn.BCEWithLogitsLoss(reduction="none")),
    "mean_squared_error": lambda _: _of_one_hot(nn.MSELoss(reduction="none")),
    "mean_absolute_error": lambda _: _of_softmax(_of_one_hot(nn.L1Loss(reduction="none"))),
    "huber": lambda c: _of_one_hot(nn.HuberLoss(reduction="none", delta=c.get("delta", 1.0))),
}


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al. 2023, line by line; PyTorch has none."""

    def __init__(self, groups: Any, lr: float, betas: tuple[float, float]) -> None:
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        del closure
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p -= group["lr"] * (update + group["weight_decay"] * p)
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


def _betas(c: Config, beta2: float) -> tuple[float, float]:
    return c.get("beta1", 0.9), c.get("beta2", beta2)


OPTIMIZERS: dict[str, Callable[[Any, Config], torch.optim.Optimizer]] = {
    "sgd": lambda g, c: torch.optim.SGD(g, c["learning_rate"]),
    "momentum": lambda g, c: torch.optim.SGD(g, c["learning_rate"], c.get("momentum", 0.9)),
    "nesterov": lambda g, c: torch.optim.SGD(
        g, c["learning_rate"], c.get("momentum", 0.9), nesterov=True
    ),
    "adagrad": lambda g, c: torch.optim.Adagrad(g, c["learning_rate"], eps=c.get("epsilon", 1e-10)),
    "rmsprop": lambda g, c: torch.optim.RMSprop(
        g, c["learning_rate"], alpha=c.get("rho", 0.99), eps=c.get("epsilon", 1e-8)
    ),
    "adam": lambda g, c: torch.optim.Adam(
        g, c["learning_rate"], _betas(c, 0.999), eps=c.get("epsilon", 1e-8)
    ),
    "adamw": lambda g, c: torch.optim.AdamW(
        g, c["learning_rate"], _betas(c, 0.999), eps=c.get("epsilon", 1e-8)
    ),
    "lion": lambda g, c: Lion(g, c["learning_rate"], _betas(c, 0.99)),
}
"""Each takes parameter groups that carry their own weight decay: none for biases."""


def _one_cycle(o: torch.optim.Optimizer, c: Config, steps: int) -> LRScheduler:
    return lr_scheduler.OneCycleLR(
        o,
        max_lr=[group["lr"] for group in o.param_groups],
        total_steps=steps,
        pct_start=c.get("rise", 0.3),
        div_factor=c.get("start", 25.0),
        final_div_factor=c.get("end", 1e4),
        cycle_momentum=False,
    )


SCHEDULES: dict[str, Callable[[torch.optim.Optimizer, Config, int], LRScheduler]] = {
    "constant": lambda o, _c, _n: lr_scheduler.ConstantLR(o, factor=1.0),
    "step": lambda o, c, _: lr_scheduler.StepLR(o, c["every"] * EPOCH, c["gamma"]),
    "exponential": lambda o, c, _: lr_scheduler.ExponentialLR(o, c["gamma"] ** (1 / EPOCH)),
    "cosine": lambda o, c, n: lr_scheduler.CosineAnnealingLR(
        o, n, c.get("final", 0.0) * o.param_groups[0]["lr"]
    ),
    "one_cycle": _one_cycle,
}
"""Each is stepped once a step and takes the number of steps after the warm-up."""


PLATEAU: Config = {"kind": "plateau", "gamma": 0.5, "patience": 1, "threshold": 0.01}
"""The one that listens to the validation loss is compared by itself."""


def _scheduler(optimizer: torch.optim.Optimizer, training: Config) -> LRScheduler:
    chosen = training.get("schedule", {"kind": "constant"})
    warmup = round(training.get("warmup", 0) * EPOCH)
    schedule = SCHEDULES[chosen["kind"]](optimizer, chosen, STEPS - warmup)
    if not warmup:
        return schedule
    climb = lr_scheduler.LinearLR(optimizer, 1 / (warmup + 1), 1.0, warmup)
    return lr_scheduler.SequentialLR(optimizer, [climb, schedule], [warmup])


# --- what is compared: name -> what differs from the plain case -----------------------------------

SGD: Config = {"kind": "sgd", "learning_rate": 0.2}


def _case(
    activation: Config | None = None,
    loss: Config | None = None,
    optimizer: Config | None = None,
    normalization: Config | None = None,
    **training: Any,
) -> Config:
    """The configuration of a case, as a file of nnScratch would have it."""
    layer: Config = {"activation": activation or {"kind": "tanh"}}
    if normalization is not None:
        layer["normalization"] = normalization
    hidden = [{"units": units, **layer} for units in HIDDEN]
    return {
        "network": {"hidden": hidden, "loss": loss or {"kind": "cross_entropy"}},
        "optimizer": optimizer or SGD,
        "training": {"batch_size": BATCH, "epochs": STEPS // EPOCH} | training,
    }


CASES: dict[str, Config] = {
    "relu": _case(activation={"kind": "relu"}),
    "leaky_relu": _case(activation={"kind": "leaky_relu", "slope": 0.1}),
    "elu": _case(activation={"kind": "elu"}),
    "elu alpha": _case(activation={"kind": "elu", "alpha": 0.4}),
    "selu": _case(activation={"kind": "selu"}),
    "sigmoid": _case(activation={"kind": "sigmoid"}),
    "tanh": _case(activation={"kind": "tanh"}),
    "identity": _case(activation={"kind": "identity"}),
    "gelu": _case(activation={"kind": "gelu"}),
    "gelu tanh": _case(activation={"kind": "gelu", "form": "tanh"}),
    "silu": _case(activation={"kind": "silu"}),
    "softplus": _case(activation={"kind": "softplus"}),
    "label smoothing": _case(loss={"kind": "cross_entropy", "label_smoothing": 0.1}),
    "class weights": _case(loss={"kind": "cross_entropy", "class_weights": [0.5, 1, 2, 3]}),
    "both": _case(
        loss={"kind": "cross_entropy", "label_smoothing": 0.2, "class_weights": [0.5, 1, 2, 3]}
    ),
    "binary": _case(loss={"kind": "binary_cross_entropy", "one_vs_rest": True}),
    "squared": _case(loss={"kind": "mean_squared_error"}),
    "absolute": _case(loss={"kind": "mean_absolute_error"}),
    "huber": _case(loss={"kind": "huber"}),
    "huber delta": _case(loss={"kind": "huber", "delta": 0.3}),
    "sgd": _case(optimizer=SGD),
    "momentum": _case(optimizer={"kind": "momentum", "learning_rate": 0.05}),
    "momentum 0.5": _case(optimizer={"kind": "momentum", "learning_rate": 0.1, "momentum": 0.5}),
    "nesterov": _case(optimizer={"kind": "nesterov", "learning_rate": 0.05}),
    "adagrad": _case(optimizer={"kind": "adagrad", "learning_rate": 0.05}),
    "rmsprop": _case(optimizer={"kind": "rmsprop", "learning_rate": 0.01}),
    "rmsprop 0.9": _case(
        optimizer={"kind": "rmsprop", "learning_rate": 0.01, "rho": 0.9, "epsilon": 1e-3}
    ),
    "adam": _case(optimizer={"kind": "adam", "learning_rate": 0.01}),
    "adam betas": _case(
        optimizer={
            "kind": "adam",
            "learning_rate": 0.02,
            "beta1": 0.5,
            "beta2": 0.9,
            "epsilon": 1e-4,
        }
    ),
    "adamw": _case(optimizer={"kind": "adamw", "learning_rate": 0.01, "weight_decay": 0.5}),
    "lion": _case(optimizer={"kind": "lion", "learning_rate": 0.003, "weight_decay": 1.0}),
    "batch norm": _case(normalization={"kind": "batch"}),
    "batch norm 0.3": _case(
        activation={"kind": "sigmoid"},
        normalization={"kind": "batch", "momentum": 0.3, "epsilon": 0.01},
        optimizer={"kind": "momentum", "learning_rate": 0.05},
    ),
    "L1": _case(l1=0.01),
    "L2": _case(l2=0.05),
    "L2 with Adam": _case(optimizer={"kind": "adam", "learning_rate": 0.01}, l2=0.05),
    "max-norm": _case(max_norm=0.9),
    "clipped norm": _case(clipping={"kind": "norm", "limit": 0.3}),
    "clipped values": _case(clipping={"kind": "value", "limit": 0.05}),
    "penalty and clipping": _case(
        optimizer={"kind": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
        l1=0.02,
        clipping={"kind": "norm", "limit": 0.3},
    ),
    "warm-up": _case(warmup=2),
    "steps": _case(schedule={"kind": "step", "every": 3, "gamma": 0.5}),
    "exponential": _case(schedule={"kind": "exponential", "gamma": 0.8}),
    "cosine": _case(schedule={"kind": "cosine"}),
    "cosine after warm-up": _case(
        optimizer={"kind": "adamw", "learning_rate": 0.02, "weight_decay": 0.5},
        schedule={"kind": "cosine", "final": 0.1},
        warmup=1.4,
    ),
    "one cycle": _case(schedule={"kind": "one_cycle"}),
    "one cycle 0.5": _case(
        optimizer={"kind": "adam", "learning_rate": 0.05},
        schedule={"kind": "one_cycle", "rise": 0.5, "start": 10, "end": 100},
    ),
    "average": _case(averaging={"kind": "ema", "decay": 0.9}),
    "average with batch norm": _case(
        normalization={"kind": "batch"},
        optimizer={"kind": "momentum", "learning_rate": 0.05},
        averaging={"kind": "ema", "decay": 0.98},
    ),
    "layer norm": _case(normalization={"kind": "layer"}),
    "layer norm 0.01": _case(
        activation={"kind": "silu"},
        normalization={"kind": "layer", "epsilon": 0.01},
        optimizer={"kind": "adam", "learning_rate": 0.01},
    ),
}

# --- the making -----------------------------------------------------------------------------------


def make() -> dict[str, np.ndarray]:
    """Every array of the file by name."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(20)
    sizes = (INPUTS, *HIDDEN, CLASSES)
    count = sum((below + 1) * above for below, above in itertools.pairwise(sizes))
    # Rounded to float32, so that both precisions start from the very same numbers.
    weights = rng.uniform(-0.8, 0.8, count).astype(np.float32)
    x = rng.normal(0, 1, (SAMPLES, INPUTS)).astype(np.float32)
    arrays: dict[str, np.ndarray] = {
        "cases": np.array(json.dumps(CASES)),
        "plateau": np.array(json.dumps(PLATEAU)),
        "shown": np.array(SHOWN),
        "weights": weights,
        "x": x,
        "labels": rng.integers(0, CLASSES, SAMPLES),
        "z": np.concatenate([np.linspace(-9, 9, 145), [-40, 40]]),
        "logits": rng.normal(0, 3, (16, CLASSES)),
        "classes": rng.integers(0, CLASSES, 16),
    }
    arrays["plateau.losses"] = 1 - 0.05 * np.arange(30) + rng.normal(0, 0.3, 30).cumsum()
    arrays["plateau.factors"] = plateau(arrays["plateau.losses"])
    for name, config in CASES.items():
        for dtype in (torch.float32, torch.float64):
            precision = str(dtype).removeprefix("torch.")
            parameters, averages, losses, rates = train(config, arrays, dtype)
            arrays[f"{name}.parameters.{precision}"] = parameters
            if "averaging" in config["training"]:
                arrays[f"{name}.averages.{precision}"] = averages
            arrays[f"{name}.losses.{precision}"] = losses
        arrays[f"{name}.rates"] = rates
    return arrays | dict(curves(arrays))


def network(config: Config, weights: Tensor) -> nn.Sequential:
    """The network of a case with these weights and biases: W1, b1, W2, b2, ..."""
    modules: list[nn.Module] = []
    inputs = INPUTS
    for layer in config["network"]["hidden"]:
        modules.append(nn.Linear(inputs, layer["units"], dtype=weights.dtype))
        if "normalization" in layer:
            chosen = layer["normalization"]
            norm = NORMALIZATIONS[chosen["kind"]](layer["units"], chosen)
            modules.append(norm.to(weights.dtype))
        modules.append(ACTIVATIONS[layer["activation"]["kind"]](layer["activation"]))
        inputs = layer["units"]
    net = nn.Sequential(*modules, nn.Linear(inputs, CLASSES, dtype=weights.dtype))
    linear = [p for module in net if isinstance(module, nn.Linear) for p in module.parameters()]
    nn.utils.vector_to_parameters(weights.clone(), linear)
    return net


def train(
    config: Config, arrays: dict[str, np.ndarray], dtype: torch.dtype
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Take the steps.

    Returns:
        What is known after the shown ones (shown, numbers): the parameters, then running means,
        variances and counts of batches; the same of the averaged weights, or nothing; all losses,
        without penalties, and all learning rates (steps,).
    """
    net = network(config, torch.from_numpy(arrays["weights"]).to(dtype))
    loss = LOSSES[config["network"]["loss"]["kind"]](config["network"]["loss"])
    chosen, training = config["optimizer"], config["training"]
    weights = [p for p in net.parameters() if p.ndim == 2]
    # The one is coupled and the other is not: that is up to PyTorch's optimizer.
    decay = chosen.get("weight_decay", training.get("l2", 0.0))
    groups = [
        {"params": weights, "weight_decay": decay},
        {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimizer = OPTIMIZERS[chosen["kind"]](groups, chosen)
    scheduler = _scheduler(optimizer, training)
    x, labels = torch.from_numpy(arrays["x"]).to(dtype), torch.from_numpy(arrays["labels"])
    average = Average(net, training["averaging"]["decay"]) if "averaging" in training else None
    shown: list[np.ndarray] = []
    averages: list[np.ndarray] = []
    losses: list[float] = []
    rates: list[float] = []
    for step in range(STEPS):
        start = step * BATCH % SAMPLES
        batch = slice(start, start + BATCH)
        optimizer.zero_grad()
        mean = loss(net(x[batch]), labels[batch]).mean()
        penalty = training.get("l1", 0.0) * sum(w.abs().sum() for w in weights)
        (mean + penalty).backward()
        _clip(net, training.get("clipping", {}))
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
        _limit(weights, training.get("max_norm", 0.0))
        losses.append(mean.item())
        if average is not None:
            average.update(net)
        if step + 1 in SHOWN:
            buffers = [buffer.to(dtype) for buffer in net.buffers()]
            shown.append(_flat([*net.parameters(), *buffers]))
            if average is not None:
                averages.append(_flat(average.numbers()))
    made = np.array(shown), np.array(averages), np.array(losses, shown[0].dtype)
    return *made, np.array(rates)


def _flat(parts: list[Tensor]) -> np.ndarray:
    return torch.cat([part.detach().ravel() for part in parts]).numpy().copy()


class Average:
    """PyTorch's exponential average without what it gives the first step's weights too much.

    PyTorch begins with those as if they had been there forever: after t steps they weigh d^(t - 1)
    instead of (1 - d) d^(t - 1), and all weights together 1. Without the surplus of d^t the others
    together weigh 1 - d^t.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        for module in net.modules():
            if isinstance(module, nn.BatchNorm1d):
                # Of whole numbers the average would be a whole number.
                assert module.num_batches_tracked is not None
                module.num_batches_tracked = module.num_batches_tracked.to(module.weight.dtype)
        self._average = AveragedModel(net, avg_fn=get_ema_avg_fn(decay), use_buffers=True)
        self._decay = decay
        self._first: list[Tensor] = []

    @torch.no_grad()
    def update(self, net: nn.Module) -> None:
        """Take one step's weights in."""
        self._average.update_parameters(net)
        self._first = self._first or [p.detach().clone() for p in _numbers(net)]

    @torch.no_grad()
    def numbers(self) -> list[Tensor]:
        """What nncore calls the average: of the parameters, then of the running figures."""
        surplus = self._decay ** self._average.n_averaged.item()
        pairs = zip(_numbers(self._average.module), self._first, strict=True)
        return [(p - surplus * first) / (1 - surplus) for p, first in pairs]


def _numbers(net: nn.Module) -> list[Tensor]:
    return [*net.parameters(), *net.buffers()]


def _clip(net: nn.Module, clipping: Config) -> None:
    if clipping.get("kind") == "norm":
        nn.utils.clip_grad_norm_(net.parameters(), clipping["limit"])
    elif clipping.get("kind") == "value":
        nn.utils.clip_grad_value_(net.parameters(), clipping["limit"])


@torch.no_grad()
def _limit(weights: list[nn.Parameter], limit: float) -> None:
    """Shorten each unit's weights, without the 1e-7 that torch.renorm adds to their length."""
    for w in weights if limit else ():
        w *= (limit / w.norm(dim=1, keepdim=True)).clamp(max=1)


def plateau(losses: np.ndarray) -> np.ndarray:
    """What the learning rate is multiplied by after each epoch with these validation losses."""
    optimizer = torch.optim.SGD([torch.zeros(1)], 1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(
        optimizer,
        factor=PLATEAU["gamma"],
        patience=PLATEAU["patience"],
        eps=0,
        threshold=PLATEAU["threshold"],
    )
    factors: list[float] = []
    for loss in losses.tolist():
        scheduler.step(loss)
        factors.append(optimizer.param_groups[0]["lr"])
    return np.array(factors)


def curves(arrays: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Values and derivatives of every activation over z, and of every loss over logits."""
    networks = [config["network"] for config in CASES.values()]
    for text in {json.dumps(n["hidden"][0]["activation"]): 0 for n in networks}:
        chosen = json.loads(text)
        z = torch.from_numpy(arrays["z"]).requires_grad_()
        a = ACTIVATIONS[chosen["kind"]](chosen)(z)
        yield f"activation.{text}.values", a.detach().numpy()
        yield f"activation.{text}.slopes", torch.autograd.grad(a.sum(), z)[0].numpy()
    for text in {json.dumps(n["loss"]): 0 for n in networks}:
        chosen = json.loads(text)
        logits = torch.from_numpy(arrays["logits"]).requires_grad_()
        values = LOSSES[chosen["kind"]](chosen)(logits, torch.from_numpy(arrays["classes"]))
        yield f"loss.{text}.values", values.detach().numpy()
        yield f"loss.{text}.gradients", torch.autograd.grad(values.mean(), logits)[0].numpy()


if __name__ == "__main__":
    np.savez_compressed(FILE, allow_pickle=False, **make())
    print(
        f"{FILE.name}: {len(CASES)} cases, {FILE.stat().st_size:,} bytes, torch {torch.__version__}"
    )
