"""PyTorch in eager mode, with its plain and with its fused optimizers.

The images are scaled beforehand into one float32 tensor and a batch is a slice of it, except in W1,
where scaling uint8 images batch by batch is 10 % faster. Both are much faster than a DataLoader.
"""

from __future__ import annotations

import torch
from torch import nn

from benchmarks.peers import Layers
from benchmarks.workloads import Problem
from nncore.features import PIXEL_SCALE


class Torch:
    """`nn.Sequential`, `cross_entropy`, `backward`, `step`, as its tutorials have it."""

    fused = False

    def __init__(self, problem: Problem) -> None:
        torch.set_num_threads(problem.threads)
        self._problem = problem
        self._scale = problem.workload.is_wide
        self._x = torch.from_numpy(problem.images if self._scale else problem.features)
        self._y = torch.from_numpy(problem.labels)

    def start(self) -> None:
        """Copy the first weights into a new model."""
        parts: list[nn.Module] = []
        for weights, biases in self._problem.layers:
            linear = nn.Linear(weights.shape[1], weights.shape[0])
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weights))
                linear.bias.copy_(torch.from_numpy(biases))
            parts += [linear, nn.ReLU()]
        self._model = nn.Sequential(*parts[:-1])
        self._optimizer = self._make_optimizer()
        self._next = 0

    def _make_optimizer(self) -> torch.optim.Optimizer:
        options = self._problem.workload.optimizer
        parameters, rate, fused = self._model.parameters(), options["learning_rate"], self.fused
        if options["kind"] == "adam":
            betas = options["beta1"], options["beta2"]
            return torch.optim.Adam(parameters, rate, betas, options["epsilon"], fused=fused)
        return torch.optim.SGD(parameters, rate, options.get("momentum", 0.0), fused=fused)

    def train(self, steps: int) -> None:
        """The usual loop."""
        model, optimizer, x, y = self._model, self._optimizer, self._x, self._y
        loss_of = nn.functional.cross_entropy
        batch = self._problem.workload.batch
        for start in range(self._next, self._next + steps * batch, batch):
            optimizer.zero_grad()
            images = x[start : start + batch]
            if self._scale:
                images = images.float().mul_(PIXEL_SCALE)
            loss = loss_of(model(images), y[start : start + batch])
            loss.backward()
            optimizer.step()
        self._next += steps * batch

    def layers(self) -> Layers:
        """The model's weights and biases."""
        found = [part for part in self._model if isinstance(part, nn.Linear)]
        return [(part.weight.detach().numpy(), part.bias.detach().numpy()) for part in found]


class FusedTorch(Torch):
    """The same with one fused kernel for the optimizer's step."""

    fused = True
