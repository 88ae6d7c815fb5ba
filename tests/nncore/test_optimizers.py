from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from nncore.component import hyperparameters_of
from nncore.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Lion,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)

MEMBERS = list(Optimizer.members().values())

START = [0.5, -1.25, 3.0, 0.0]
GRADIENTS = [
    [0.1, -2.0, 0.0, 1e-3],
    [0.3, 1.0, 0.0, -1e-3],
    [-0.2, 0.5, 4.0, 2e-3],
    [0.1, 0.1, -1.0, 0.0],
    [5.0, -0.1, 0.5, 1e-3],
]


def run(optimizer: Optimizer, dtype: type = np.float64) -> list[np.ndarray]:
    """The parameters after each step."""
    parameters = np.array(START, dtype)
    state = optimizer.create_state(parameters)
    path = []
    for step, gradients in enumerate(GRADIENTS, start=1):
        optimizer.update(
            parameters, np.array(gradients, dtype), state, step, optimizer.learning_rate
        )
        path.append(parameters.copy())
    return path


def sgd_by_hand(start: float, gradients: list[float], rate: float) -> list[float]:
    """The closed form: everything learned is the sum of the gradients."""
    return [start - rate * math.fsum(gradients[:n]) for n in range(1, len(gradients) + 1)]


def momentum_by_hand(
    start: float, gradients: list[float], rate: float, momentum: float
) -> list[float]:
    """The velocity written out: each gradient is still felt, momentum^age of it."""
    path = []
    for n in range(1, len(gradients) + 1):
        moved = math.fsum(
            gradients[born] * momentum ** (now - born)
            for now in range(n)
            for born in range(now + 1)
        )
        path.append(start - rate * moved)
    return path


def adam_by_hand(
    start: float, gradients: list[float], rate: float, beta1: float, beta2: float, epsilon: float
) -> list[float]:
    """Algorithm 1 of Kingma and Ba with the running means written out as sums."""
    value, path = start, []
    for n in range(1, len(gradients) + 1):
        mean = (1 - beta1) * math.fsum(beta1 ** (n - i) * gradients[i - 1] for i in range(1, n + 1))
        square = (1 - beta2) * math.fsum(
            beta2 ** (n - i) * gradients[i - 1] ** 2 for i in range(1, n + 1)
        )
        mean_hat, square_hat = mean / (1 - beta1**n), square / (1 - beta2**n)
        value -= rate * mean_hat / (math.sqrt(square_hat) + epsilon)
        path.append(value)
    return path


def nesterov_by_hand(
    start: float, gradients: list[float], rate: float, momentum: float
) -> list[float]:
    """Sutskever's form: the gradient is taken where the velocity would lead.

    The parameters looked at are those ahead, θ + μ v, which is where this one's θ always stands.
    """
    value, velocity, path = start, 0.0, []
    for gradient in gradients:
        velocity_before = velocity
        velocity = momentum * velocity - rate * gradient
        value += -momentum * velocity_before + (1 + momentum) * velocity
        path.append(value)
    return path


def adagrad_by_hand(
    start: float, gradients: list[float], rate: float, epsilon: float
) -> list[float]:
    value, path = start, []
    for n in range(1, len(gradients) + 1):
        norm = math.sqrt(math.fsum(g**2 for g in gradients[:n]))
        value -= rate * gradients[n - 1] / (norm + epsilon)
        path.append(value)
    return path


def rmsprop_by_hand(
    start: float, gradients: list[float], rate: float, rho: float, epsilon: float
) -> list[float]:
    value, path = start, []
    for n in range(1, len(gradients) + 1):
        square = (1 - rho) * math.fsum(
            rho ** (n - i) * gradients[i - 1] ** 2 for i in range(1, n + 1)
        )
        value -= rate * gradients[n - 1] / (math.sqrt(square) + epsilon)
        path.append(value)
    return path


def lion_by_hand(
    start: float, gradients: list[float], rate: float, beta1: float, beta2: float
) -> list[float]:
    value, path = start, []
    for n in range(1, len(gradients) + 1):
        mean = (1 - beta2) * math.fsum(beta2 ** (n - 1 - i) * gradients[i - 1] for i in range(1, n))
        blend = beta1 * mean + (1 - beta1) * gradients[n - 1]
        value -= rate * ((blend > 0) - (blend < 0))
        path.append(value)
    return path


def compare(optimizer: Optimizer, by_hand, **tolerance: float) -> None:
    columns = [
        by_hand(start, [row[index] for row in GRADIENTS]) for index, start in enumerate(START)
    ]
    np.testing.assert_allclose(run(optimizer), np.array(columns).T, **tolerance)


@pytest.mark.parametrize("rate", [0.1, 1.0, 1e-4])
def test_sgd_agrees_with_its_closed_form(rate):
    compare(SGD(learning_rate=rate), lambda s, g: sgd_by_hand(s, g, rate), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("rate", "momentum"), [(0.05, 0.9), (1.0, 0.99), (0.1, 0.0)])
def test_momentum_agrees_with_its_closed_form(rate, momentum):
    compare(
        Momentum(learning_rate=rate, momentum=momentum),
        lambda s, g: momentum_by_hand(s, g, rate, momentum),
        rtol=1e-12,
        atol=1e-15,
    )


def test_momentum_of_zero_is_sgd():
    np.testing.assert_array_equal(
        run(Momentum(learning_rate=0.2, momentum=0)), run(SGD(learning_rate=0.2))
    )


@pytest.mark.parametrize(
    ("rate", "beta1", "beta2", "epsilon"),
    [(0.001, 0.9, 0.999, 1e-8), (0.5, 0.5, 0.9, 1e-3), (1.0, 0.0, 0.0, 1e-2), (0.01, 0.9, 0.0, 1)],
)
def test_adam_agrees_with_the_paper(rate, beta1, beta2, epsilon):
    compare(
        Adam(learning_rate=rate, beta1=beta1, beta2=beta2, epsilon=epsilon),
        lambda s, g: adam_by_hand(s, g, rate, beta1, beta2, epsilon),
        rtol=1e-12,
        atol=1e-14,
    )


@pytest.mark.parametrize(("rate", "momentum"), [(0.05, 0.9), (1.0, 0.99), (0.1, 0.0)])
def test_nesterov_agrees_with_the_form_that_looks_ahead(rate, momentum):
    compare(
        Nesterov(learning_rate=rate, momentum=momentum),
        lambda s, g: nesterov_by_hand(s, g, rate, momentum),
        rtol=1e-12,
        atol=1e-15,
    )


def test_nesterov_of_zero_is_sgd():
    np.testing.assert_array_equal(
        run(Nesterov(learning_rate=0.2, momentum=0)), run(SGD(learning_rate=0.2))
    )


@pytest.mark.parametrize(("rate", "epsilon"), [(0.01, 1e-10), (1.0, 1e-2)])
def test_adagrad_agrees_with_the_paper(rate, epsilon):
    compare(
        AdaGrad(learning_rate=rate, epsilon=epsilon),
        lambda s, g: adagrad_by_hand(s, g, rate, epsilon),
        rtol=1e-12,
        atol=1e-15,
    )


@pytest.mark.parametrize(("rate", "rho", "epsilon"), [(0.001, 0.99, 1e-8), (0.1, 0.0, 1e-2)])
def test_rmsprop_agrees_with_its_definition(rate, rho, epsilon):
    compare(
        RMSProp(learning_rate=rate, rho=rho, epsilon=epsilon),
        lambda s, g: rmsprop_by_hand(s, g, rate, rho, epsilon),
        rtol=1e-12,
        atol=1e-15,
    )


@pytest.mark.parametrize(("rate", "beta1", "beta2"), [(1e-4, 0.9, 0.99), (0.1, 0.0, 0.5)])
def test_lion_agrees_with_the_paper(rate, beta1, beta2):
    compare(
        Lion(learning_rate=rate, beta1=beta1, beta2=beta2),
        lambda s, g: lion_by_hand(s, g, rate, beta1, beta2),
        rtol=1e-12,
        atol=1e-15,
    )


def test_adamw_takes_adams_step_and_leaves_the_decay_to_the_training_loop():
    np.testing.assert_array_equal(run(AdamW(weight_decay=5)), run(Adam()))


@pytest.mark.parametrize("member", MEMBERS)
def test_the_decay_is_the_declared_one_and_off_where_none_is_declared(member):
    if "weight_decay" not in member.model_fields:
        assert member().decoupled_decay == 0
    else:
        assert member(weight_decay=0.25).decoupled_decay == 0.25
        assert member(weight_decay=0).decoupled_decay == 0


def test_adams_bias_correction_makes_the_first_step_one_learning_rate_long():
    first = run(Adam(learning_rate=0.01))[0]
    moved = np.array(START) - first
    # Whatever the gradient's size: 0.1, -2 and 0.001 all move by 0.01; 0 does not move.
    np.testing.assert_allclose(moved, [0.01, -0.01, 0, 0.01], rtol=2e-5, atol=1e-16)


@pytest.mark.parametrize("member", [m for m in MEMBERS if "epsilon" in m.model_fields])
def test_gradients_that_are_always_zero_change_nothing(member):
    # As for the pixels in the corners; an epsilon that is 0 in float32 would give 0 / 0.
    smallest = next(h.minimum for h in hyperparameters_of(member) if h.name == "epsilon")
    optimizer = member(epsilon=smallest or 1e-300)
    parameters = np.array([1.0], np.float32)
    state = optimizer.create_state(parameters)
    for step in range(1, 4):
        optimizer.update(parameters, np.zeros(1, np.float32), state, step, optimizer.learning_rate)
    assert parameters == [1.0]


@pytest.mark.parametrize("member", MEMBERS)
def test_float32_stays_float32_and_near_float64(member):
    single, double = run(member(), np.float32), run(member())
    assert all(values.dtype == np.float32 for values in single)
    np.testing.assert_allclose(single, double, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("member", MEMBERS)
def test_the_state_is_what_the_member_declares_zeroed_and_its_own(member):
    parameters = np.ones(4, np.float32)
    optimizer = member()
    state = optimizer.create_state(parameters)
    assert tuple(state) == member.state_names
    for array in state.values():
        assert array.dtype == np.float32
        assert array.shape == (4,)
        assert not array.any()
        assert not np.shares_memory(array, parameters)
    again = optimizer.create_state(parameters)
    for name in state:
        assert not np.shares_memory(state[name], again[name])


@pytest.mark.parametrize("member", MEMBERS)
def test_one_optimizer_serves_two_networks_without_mixing_them(member):
    optimizer = member()
    states, all_parameters = [], []
    for start in (1.0, 1.0):
        parameters = np.array([start])
        all_parameters.append(parameters)
        states.append(optimizer.create_state(parameters))
    for step in range(1, 4):
        optimizer.update(
            all_parameters[0], np.array([0.5]), states[0], step, optimizer.learning_rate
        )
    optimizer.update(all_parameters[1], np.array([0.5]), states[1], 1, optimizer.learning_rate)
    alone = np.array([1.0])
    optimizer.update(
        alone, np.array([0.5]), optimizer.create_state(alone), 1, optimizer.learning_rate
    )
    np.testing.assert_array_equal(all_parameters[1], alone)


@pytest.mark.parametrize("member", MEMBERS)
def test_updates_in_place_and_allocates_nothing(member):
    size = 50_000
    parameters, gradients = np.ones(size, np.float32), np.ones(size, np.float32)
    optimizer = member()
    state = optimizer.create_state(parameters)
    optimizer.update(parameters, gradients, state, 1, optimizer.learning_rate)
    tracemalloc.start()
    optimizer.update(parameters, gradients, state, 2, optimizer.learning_rate)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size


@pytest.mark.parametrize("member", MEMBERS)
def test_the_bottom_of_a_bowl_is_found(member):
    target = np.array([0.3, -0.7])
    parameters = np.zeros(2)
    optimizer = member(learning_rate=0.05)
    state = optimizer.create_state(parameters)
    for step in range(1, 801):
        # Lion's and RMSProp's steps do not shrink by themselves.
        rate = optimizer.learning_rate * (1 - step / 801)
        optimizer.update(parameters, parameters - target, state, step, rate)
    np.testing.assert_allclose(parameters, target, atol=1e-3)


@pytest.mark.parametrize("member", MEMBERS)
def test_a_changed_learning_rate_scales_the_very_next_step(member):
    moves = []
    for rate in (0.01, 0.02):
        parameters = np.zeros(1)
        first, second = member(learning_rate=0.01), member(learning_rate=rate)
        state = first.create_state(parameters)
        first.update(parameters, np.array([1.0]), state, 1, first.learning_rate)
        before = parameters.copy()
        second.update(parameters, np.array([1.0]), state, 2, second.learning_rate)
        moves.append(parameters - before)
    np.testing.assert_allclose(moves[1], 2 * moves[0], rtol=1e-12)
