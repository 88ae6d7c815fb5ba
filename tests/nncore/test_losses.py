from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
)

WEIGHTS = (0.5, 1.0, 2.0, 4.0)
MEMBERS = [
    CrossEntropy(),
    CrossEntropy(label_smoothing=0.1),
    CrossEntropy(class_weights=WEIGHTS),
    CrossEntropy(label_smoothing=0.3, class_weights=WEIGHTS),
    BinaryCrossEntropy(),
    MeanSquaredError(),
    MeanAbsoluteError(),
    Huber(),
    Huber(delta=0.2),
]
"""Every member, with hyperparameters off their defaults too."""
SOFTMAX = [loss for loss in MEMBERS if loss.output_label == "softmax"]
UNWEIGHTED = [loss for loss in MEMBERS if getattr(loss, "class_weights", ()) == ()]

HUGE = np.array(
    [
        [1e30, -1e30, 1e30, 5e3, 0.0],
        [-1e30, -1e30, 1e30, 0.0, 0.0],
        [0.0, 1e30, 1e30, -5e3, 0.0],
        [-1e30, -1e30, -1e30, -1e4, -1e4],
    ],
    np.float32,
)


def probabilities(loss: Loss, logits: np.ndarray) -> np.ndarray:
    out = np.full_like(logits, np.nan)
    loss.probabilities(logits, out)
    return out


def some_logits(classes: int = 4, batch: int = 6, dtype: type = np.float64) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 2, (classes, batch)).astype(dtype)


def softmax_by_hand(column: np.ndarray) -> list[float]:
    powers = [math.exp(value) for value in column]
    return [power / math.fsum(powers) for power in powers]


def test_softmax_agrees_with_its_definition():
    logits = some_logits()
    expected = np.array([softmax_by_hand(column) for column in logits.T]).T
    np.testing.assert_allclose(probabilities(CrossEntropy(), logits), expected, rtol=1e-13)


def test_cross_entropy_agrees_with_its_definition():
    logits, labels = some_logits(), np.array([0, 1, 2, 3, 0, 1])
    expected = [-math.log(softmax_by_hand(c)[y]) for c, y in zip(logits.T, labels, strict=True)]
    np.testing.assert_allclose(CrossEntropy().values(logits, labels), expected, rtol=1e-12)


def test_uniform_logits_cost_the_logarithm_of_the_number_of_classes():
    values = CrossEntropy().values(np.full((10, 3), 7.0), np.array([0, 4, 9]))
    np.testing.assert_allclose(values, math.log(10), rtol=1e-15)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_probabilities_sum_to_one_and_may_overwrite_the_logits(member):
    logits = some_logits(10, 50, np.float32)
    apart = probabilities(member, logits)
    member.probabilities(logits, logits)
    np.testing.assert_array_equal(logits, apart)
    np.testing.assert_allclose(apart.sum(axis=0), 1, rtol=1e-6)
    assert (apart >= 0).all()


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_gradient_agrees_with_central_differences_of_the_mean(member):
    loss, logits, labels = member, some_logits(), np.array([0, 1, 2, 3, 0, 1])
    found = np.empty_like(logits)
    loss.gradient(logits, loss.class_targets(4)[:, labels], found)
    for index in np.ndindex(logits.shape):
        step = np.zeros_like(logits)
        step[index] = 1e-5
        above = loss.values(logits + step, labels).mean()
        below = loss.values(logits - step, labels).mean()
        assert found[index] == pytest.approx((above - below) / 2e-5, rel=1e-6, abs=1e-10)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_gradient_and_values_keep_the_logits(member):
    logits, labels = some_logits(), np.zeros(6, int)
    kept = logits.copy()
    member.gradient(logits, np.eye(4)[:, labels], np.empty_like(logits))
    member.values(logits, labels)
    np.testing.assert_array_equal(logits, kept)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_values_of_many_steps_are_those_of_each(member):
    logits = np.random.default_rng(2).normal(size=(5, 4, 6))
    labels = np.random.default_rng(3).integers(0, 4, (5, 6))
    together = member.values(logits, labels)
    assert together.shape == (5, 6)
    for step in range(5):
        np.testing.assert_array_equal(together[step], member.values(logits[step], labels[step]))


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_huge_logits_neither_overflow_nor_warn(member):
    labels = np.array([0, 2, 1, 0, 3])
    # A squared 1e30 is beyond single precision.
    huge = HUGE * np.float32(1e-15) if isinstance(member, MeanSquaredError) else HUGE
    with np.errstate(all="raise", under="ignore"):
        shares = probabilities(member, huge)
        values = member.values(huge, labels)
        gradient = np.empty_like(huge)
        member.gradient(huge, np.eye(4, dtype=np.float32)[:, labels], gradient)
    np.testing.assert_allclose(shares.sum(axis=0), 1, rtol=1e-6)
    for array in (shares, values, gradient):
        assert np.isfinite(array).all()


def test_huge_logits_give_the_exact_limits():
    third = 1 / 3
    np.testing.assert_allclose(
        probabilities(CrossEntropy(), HUGE),
        [
            [1, 0, third, 1, third],
            [0, 0, third, 0, third],
            [0, 1, third, 0, third],
            [0, 0, 0, 0, 0],
        ],
        rtol=1e-6,
    )
    values = CrossEntropy().values(HUGE, np.array([1, 2, 0, 1, 0]))
    np.testing.assert_allclose(values, [2e30, 0, math.log(3), 5e3, math.log(3)], rtol=1e-6)


def test_a_sure_and_wrong_answer_costs_its_margin_and_not_infinity():
    # exp(-200) is 0 in float32, so -log(p) of a rounded p would be infinite.
    logits = np.array([[200.0], [0.0]], np.float32)
    np.testing.assert_allclose(CrossEntropy().values(logits, np.array([1])), [200])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_logit_that_is_no_number_gives_a_loss_that_is_none(bad):
    logits = np.array([[bad, 0.0], [0.0, 0.0]])
    with np.errstate(all="ignore"):
        values = CrossEntropy().values(logits, np.array([1, 1]))
    np.testing.assert_array_equal(np.isfinite(values), [False, True])


@pytest.mark.parametrize("member", SOFTMAX, ids=repr)
def test_adding_the_same_to_all_logits_changes_nothing(member):
    logits, labels = some_logits(), np.array([3, 1, 2, 0, 0, 1])
    moved = logits + 123.456
    np.testing.assert_allclose(
        member.values(moved, labels), member.values(logits, labels), atol=1e-12
    )


def test_every_member_is_tested_here():
    assert {type(loss) for loss in MEMBERS} == set(Loss.members().values())


def column_costs(loss: Loss, column: list[float], true: int) -> list[float]:
    """What each output of one sample costs, written from the definitions."""
    costs = []
    for index, value in enumerate(column):
        target = 1.0 if index == true else 0.0
        if isinstance(loss, MeanAbsoluteError):
            value = softmax_by_hand(np.array(column))[index]
        size = abs(value - target)
        if isinstance(loss, MeanSquaredError):
            costs.append(size**2)
        elif isinstance(loss, MeanAbsoluteError):
            costs.append(size)
        elif isinstance(loss, Huber):
            small = size <= loss.delta
            costs.append(size**2 / 2 if small else loss.delta * (size - loss.delta / 2))
        else:
            share = 1 / (1 + math.exp(-value))
            costs.append(-target * math.log(share) - (1 - target) * math.log(1 - share))
    return costs


@pytest.mark.parametrize("loss", [m for m in MEMBERS if not isinstance(m, CrossEntropy)], ids=repr)
def test_losses_of_single_outputs_agree_with_their_definitions(loss):
    logits, labels = some_logits(), [0, 1, 2, 3, 0, 1]
    expected = [
        math.fsum(column_costs(loss, column, true)) / 4
        for column, true in zip(logits.T.tolist(), labels, strict=True)
    ]
    np.testing.assert_allclose(loss.values(logits, np.array(labels)), expected, rtol=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.9])
@pytest.mark.parametrize("weights", [(), WEIGHTS])
def test_smoothed_and_weighted_cross_entropy_agree_with_the_definition(smoothing, weights):
    logits, labels = some_logits(), [0, 1, 2, 3, 0, 1]
    loss = CrossEntropy(label_smoothing=smoothing, class_weights=weights)
    expected = []
    for column, true in zip(logits.T, labels, strict=True):
        shares = softmax_by_hand(column)
        part = smoothing / 4
        targets = [part + (1 - smoothing if k == true else 0) for k in range(4)]
        terms = zip(weights or [1] * 4, targets, shares, strict=True)
        expected.append(-math.fsum(w * t * math.log(p) for w, t, p in terms))
    np.testing.assert_allclose(loss.values(logits, np.array(labels)), expected, rtol=1e-12)


def test_outputs_that_are_probabilities_are_shown_unchanged():
    shares = probabilities(CrossEntropy(), some_logits(10, 50))
    np.testing.assert_allclose(probabilities(MeanSquaredError(), shares), shares, atol=1e-15)


def test_outputs_are_shown_as_the_nearest_probabilities():
    """No other point of the simplex lies nearer, neither far away nor close by."""
    rng = np.random.default_rng(4)
    logits = rng.normal(0, 1, (4, 20))
    nearest = probabilities(MeanSquaredError(), logits)
    distances = ((logits - nearest) ** 2).sum(axis=0)
    others = np.concatenate([rng.dirichlet(np.ones(4), 5_000), np.eye(4)])
    assert (((logits - others[:, :, None]) ** 2).sum(axis=1) >= distances - 1e-12).all()
    for share in (1e-4, 0.1):
        for corner in np.eye(4):
            moved = (1 - share) * nearest + share * corner[:, None]
            assert (((logits - moved) ** 2).sum(axis=0) >= distances - 1e-12).all()


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_the_largest_output_is_the_most_probable_class(member):
    logits = some_logits(10, 200)
    shares = probabilities(member, logits)
    np.testing.assert_array_equal(shares.argmax(axis=0), logits.argmax(axis=0))


def test_independent_answers_are_shown_in_proportion():
    logits = np.array([[0.0, -200.0], [2.0, -201.0], [-1.0, -300.0]])
    shares = probabilities(BinaryCrossEntropy(), logits)
    answers = [1 / (1 + math.exp(-value)) for value in logits[:, 0]]
    np.testing.assert_allclose(shares[:, 0], np.array(answers) / sum(answers), rtol=1e-14)
    np.testing.assert_allclose(shares[:, 1], softmax_by_hand(np.array([0, -1, -100])), rtol=1e-13)


def faults(loss: Loss, classes: int) -> list[str]:
    return [str(problem) for problem in loss.problems(classes)]


def test_a_binary_loss_is_refused_for_ten_classes_with_a_remedy():
    (fault,) = faults(BinaryCrossEntropy(), 10)
    assert "10 classes" in fault
    assert "choose Cross-entropy" in fault
    assert "one_vs_rest" in fault
    assert faults(BinaryCrossEntropy(), 2) == []
    assert faults(BinaryCrossEntropy(one_vs_rest=True), 10) == []


@pytest.mark.parametrize(("count", "classes"), [(1, 10), (9, 10), (11, 10), (3, 2)])
def test_class_weights_must_be_as_many_as_the_classes(count, classes):
    (fault,) = faults(CrossEntropy(class_weights=(1.0,) * count), classes)
    assert fault.startswith("class_weights must have one number for each")
    assert f"got {count} number" in fault
    assert faults(CrossEntropy(class_weights=(1.0,) * classes), classes) == []


@pytest.mark.parametrize("member", UNWEIGHTED, ids=repr)
@pytest.mark.parametrize("classes", [1, 2, 10, 1000])
def test_all_other_losses_work_with_any_number_of_classes(member, classes):
    if not isinstance(member, BinaryCrossEntropy):
        assert faults(member, classes) == []


def test_a_weighted_class_pulls_as_much_as_its_samples_repeated():
    rng = np.random.default_rng(5)
    logits, labels = rng.normal(size=(3, 4)), np.array([0, 1, 2, 1])
    weighted = CrossEntropy(class_weights=(1.0, 3.0, 1.0)).values(logits, labels).sum()
    repeated = [0, 1, 1, 1, 2, 3, 3, 3]
    expected = CrossEntropy().values(logits[:, repeated], labels[repeated]).sum()
    assert weighted == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("typed", ["1, 2.5,4", "1,2.5,4,", [1, 2.5, 4], ("1", 2.5, 4.0)])
def test_class_weights_may_be_typed_with_commas(typed):
    assert CrossEntropy(class_weights=typed).class_weights == (1, 2.5, 4)
    assert CrossEntropy(class_weights="").class_weights == ()
