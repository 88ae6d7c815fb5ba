"""scikit-learn's MLPClassifier.

`partial_fit` goes once through what it is given, in batches; with `shuffle=False` it keeps their
order. So one call takes all the steps, and its checks of the input are paid once, not for each
batch. The images are float32, scaled beforehand, so that it computes in float32 too (its Adam
partly in float64). It works out the loss of each step, which cannot be turned off.
"""

from __future__ import annotations

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.peers import Layers
from benchmarks.workloads import Problem


class ScikitLearn:
    """Its own loop over the batches."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._x = problem.features
        self._y = problem.labels

    def start(self) -> None:
        """Let it make its arrays, then put the first weights into them."""
        workload = self._problem.workload
        options = dict(workload.optimizer)
        model = MLPClassifier(
            workload.hidden,
            solver="adam" if options["kind"] == "adam" else "sgd",
            alpha=0.0,
            batch_size=workload.batch,
            learning_rate_init=options["learning_rate"],
            shuffle=False,
            momentum=options.get("momentum", 0.0),
            nesterovs_momentum=False,
        )
        model.partial_fit(
            self._x[: workload.batch], self._y[: workload.batch], classes=np.arange(10)
        )
        for (weights, biases), w, b in zip(
            self._problem.layers, model.coefs_, model.intercepts_, strict=True
        ):
            w[...] = weights.T
            b[...] = biases
        del model._optimizer  # it remembers the step that made the arrays
        self._model = model
        self._next = 0

    def train(self, steps: int) -> None:
        """One pass over the samples of these steps."""
        stop = self._next + steps * self._problem.workload.batch
        self._model.partial_fit(self._x[self._next : stop], self._y[self._next : stop])
        self._next = stop

    def layers(self) -> Layers:
        """The model's weights and biases."""
        pairs = zip(self._model.coefs_, self._model.intercepts_, strict=True)
        return [(weights.T, biases) for weights, biases in pairs]
