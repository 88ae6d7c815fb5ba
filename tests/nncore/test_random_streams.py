from __future__ import annotations

import itertools

import numpy as np

from nncore.random_streams import Purpose, stream


def test_a_place_always_gives_the_same_numbers_whatever_was_drawn_before():
    expected = stream(3, Purpose.DROPOUT, 2, 7).random(5)
    stream(3, Purpose.DROPOUT, 2, 6).random(1000)
    np.testing.assert_array_equal(stream(3, Purpose.DROPOUT, 2, 7).random(5), expected)


def test_no_two_seeds_purposes_or_places_share_their_numbers():
    places = [(), (1,), (2,), (1, 1), (2, 1), (1, 2)]
    draws = {
        tuple(stream(seed, purpose, *place).random(2))
        for seed, purpose, place in itertools.product((0, 1), Purpose, places)
    }
    assert len(draws) == 2 * len(Purpose) * len(places)


def test_the_first_weights_and_the_order_of_an_epoch_stay_what_a_seed_has_always_meant():
    weights = np.random.default_rng([5, 0]).random(4)
    order = np.random.default_rng([5, 1, 3]).random(4)
    np.testing.assert_array_equal(stream(5, Purpose.WEIGHTS).random(4), weights)
    np.testing.assert_array_equal(stream(5, Purpose.SHUFFLE, 3).random(4), order)
