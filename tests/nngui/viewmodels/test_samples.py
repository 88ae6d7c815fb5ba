"""Which samples are shown: the set, the filters, the random handful, and how they follow."""

from __future__ import annotations

import numpy as np
import pytest

from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.sample_predictions import SortKey, Verdict
from nngui.viewmodels.samples import Samples
from tests.made_data import make_dataset
from tests.nngui.made_networks import constant_network, random_network


@pytest.fixture
def dataset():
    return make_dataset(samples=120, classes=3)


@pytest.fixture
def predictor():
    return Predictor()


@pytest.fixture
def samples(predictor, dataset):
    samples = Samples(predictor, np.random.default_rng(0))
    samples.set_dataset(dataset, dataset.split(0.2, 0))
    samples.set_active(True)
    yield samples
    samples.close()


@pytest.fixture
def predicted(qtbot, predictor, samples):
    """Samples with predictions of a network that knows a little."""
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(random_network(16, 3, seed=4), "epoch 1")
    assert 0 < samples.predictions.right < 24
    return samples


def plain(text):
    return text.replace("\u00a0", " ")


def test_test_images_stay_untouched_until_they_are_asked_for(samples):
    assert samples.name == "validation"
    assert len(samples.samples) == 24
    samples.choose_set("test")
    assert len(samples.samples) == 30


def test_summary_counts_right_and_wrong(qtbot, dataset, predictor, samples):
    samples.choose_set("test")
    zeros = int((dataset.test_labels == 0).sum())
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(constant_network([0.8, 0.1, 0.1], 16), "epoch 1")
    share = f"{100 * zeros / 30:.2f} %"
    expected = f"30 images: {share} right, {30 - zeros} wrong"
    assert plain(samples.summary) == expected


def test_summary_says_when_the_network_is_untrained(qtbot, predictor, samples):
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(random_network(16, 3), "untrained weights", trained=False)
    assert samples.summary.endswith("untrained")


def test_summary_gives_the_reason_when_nothing_can_be_predicted(qtbot, predictor, samples):
    assert "no network" in samples.summary
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(random_network(784, 10), "weights from x")
    assert "784 inputs" in samples.summary
    samples.change_query(verdict=Verdict.WRONG)
    assert "784 inputs" in samples.why_empty


def test_wrong_ones_by_loss_are_those_of_numpy(qtbot, predicted):
    with qtbot.waitSignal(predicted.rowsChanged):
        predicted.change_query(verdict=Verdict.WRONG, sort=SortKey.LOSS, descending=True)
    said = predicted.predictions
    expected = [k for k in np.argsort(-said.losses) if not said.correct[k]]
    assert predicted.rows.tolist() == expected
    assert predicted.shown == f"{len(expected)} shown"


def test_same_query_again_changes_nothing(qtbot, predicted):
    with qtbot.assertNotEmitted(predicted.rowsChanged):
        predicted.change_query(verdict=Verdict.ALL)


def test_random_handful_is_drawn_from_what_matches_and_stays(qtbot, predictor, predicted):
    predicted.change_query(verdict=Verdict.WRONG)
    wrong = set(predicted.rows.tolist())
    predicted.draw_random(4)
    drawn = predicted.rows.tolist()
    assert len(set(drawn)) == 4
    assert set(drawn) <= wrong
    assert predicted.shown == f"4 of {len(wrong)} shown"
    # Newer weights do not take the images away that somebody is looking at.
    predicted._set_predictor._since_end.invalidate()
    with qtbot.waitSignal(predicted.predictionsChanged):
        predictor.set_network(random_network(16, 3, seed=5), "epoch 2")
    assert predicted.rows.tolist() == drawn
    draws = set()
    for _ in range(20):
        predicted.draw_random(4)
        draws.add(tuple(predicted.rows.tolist()))
    assert len(draws) > 3
    predicted.draw_random(None)
    assert len(predicted.rows) > 4


def test_random_handful_of_wrong_ones_is_drawn_once_there_are_predictions(
    qtbot, predictor, samples
):
    samples.change_query(verdict=Verdict.WRONG)
    samples.draw_random(5)
    assert samples.rows.size == 0
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(random_network(16, 3, seed=4), "epoch 1")
    assert len(samples.rows) == 5
    assert not samples.predictions.correct[samples.rows].any()


def test_fewer_than_asked_for_are_all_shown(samples):
    samples.draw_random(100)
    assert sorted(samples.rows.tolist()) == list(range(24))


def test_rows_fit_the_predictions_when_they_are_told(qtbot, predictor, samples):
    samples.change_query(verdict=Verdict.WRONG)
    seen = []

    def look():
        seen.append(samples.predictions.correct[samples.rows].any())

    samples.predictionsChanged.connect(look)
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(random_network(16, 3, seed=4), "epoch 1")
    assert seen == [False]


def test_rows_fit_the_new_set_when_it_is_told(qtbot, predicted):
    predicted.change_query(verdict=Verdict.RIGHT)
    counts = []
    predicted.setChanged.connect(lambda: counts.append((len(predicted.samples), predicted.rows)))
    predicted.choose_set("training")
    assert counts[0][0] == 96
    assert counts[0][1].size == 0
    assert predicted.predictions is None
    assert "predicted" in predicted.why_empty
    with qtbot.waitSignal(predicted.predictionsChanged):
        pass
    assert len(predicted.rows) == predicted.predictions.right


def test_looking_closely_at_a_sample_is_told_and_ends_with_its_set(qtbot, samples):
    with qtbot.waitSignal(samples.currentChanged):
        samples.set_current(7)
    assert samples.row_of(7) == 7
    samples.change_query(descending=True)
    assert samples.row_of(7) == 24 - 1 - 7
    with qtbot.waitSignal(samples.currentChanged):
        samples.choose_set("test")
    assert samples.current == -1


def test_another_split_keeps_the_chosen_set_and_another_dataset_does_not(samples, dataset):
    samples.choose_set("training")
    samples.set_dataset(dataset, dataset.split(0.5, 1))
    assert samples.name == "training"
    assert len(samples.samples) == 60
    other = make_dataset(samples=50, classes=2)
    samples.change_query(true_class=1, predicted_class=1)
    samples.set_dataset(other, other.split(0.2, 0))
    assert samples.name == "validation"


def test_filter_by_a_class_that_is_gone_is_dropped(samples):
    samples.change_query(true_class=2, predicted_class=1)
    other = make_dataset(samples=50, classes=2)
    samples.set_dataset(other, other.split(0.2, 0))
    assert samples.query.true_class is None
    assert samples.query.predicted_class == 1
