import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.component import Hyperparameter, hyperparameters_of
from nncore.config import DataConfig, LayerConfig, TrainingConfig
from nncore.optimizers import Adam
from nngui.forms.scales import LogScale, stepped


def declared(model: type, name: str) -> Hyperparameter:
    return next(each for each in hyperparameters_of(model) if each.name == name)


UNITS = declared(LayerConfig, "units")
EPOCHS = declared(TrainingConfig, "epochs")
L2 = declared(TrainingConfig, "l2")
RATE = declared(Adam, "learning_rate")
EPSILON = declared(Adam, "epsilon")
BETA = declared(Adam, "beta2")
FRACTION = declared(DataConfig, "validation_fraction")


class TestSteps:
    @pytest.mark.parametrize(
        ("field", "value", "up", "down"),
        [
            (UNITS, 128, 256, 64),
            (UNITS, 25, 50, 12),
            (UNITS, 1, 2, 1),
            (UNITS, 10_000, 16_384, 5_000),
            (UNITS, 16_384, 16_384, 8_192),
            (EPOCHS, 10, 11, 9),
            (EPOCHS, 1, 2, 1),
            (FRACTION, 0.1, 0.11, 0.09),
            (FRACTION, 0.9, 0.9, 0.89),
            (BETA, 0.9, 0.91, 0.89),
            (BETA, 0.99, 0.991, 0.98),
            (BETA, 0.999, 0.9991, 0.998),
            (BETA, 0, 0.01, 0),
        ],
    )
    def test_steps_fit_the_scale_and_stop_at_the_bounds(self, field, value, up, down):
        assert stepped(field, value, 1) == up
        assert stepped(field, value, -1) == down

    @given(st.floats(0, 0.999999), st.sampled_from([1, -1]))
    def test_an_open_bound_is_never_stepped_onto(self, value, direction):
        assert 0 <= stepped(BETA, value, direction) < 1


class TestLogScale:
    def test_the_learning_rate_has_six_decades_below_its_bound(self):
        scale = LogScale.of(RATE)
        assert (scale.value_at(0), scale.value_at(scale.last)) == (1e-6, 1)
        assert scale.value_at(scale.place_of(0.001)) == 0.001

    def test_zero_is_the_left_end_where_it_is_legal(self):
        scale = LogScale.of(L2)
        assert (scale.value_at(0), scale.value_at(1), scale.place_of(0.0)) == (0, 1e-6, 0)
        assert scale.place_of(1e-12) == 1

    def test_the_default_lies_on_the_slider(self):
        scale = LogScale.of(EPSILON)
        assert scale.value_at(scale.place_of(1e-8)) == 1e-8

    @pytest.mark.parametrize("field", [UNITS, EPOCHS, BETA, FRACTION])
    def test_other_fields_have_no_slider(self, field):
        assert LogScale.of(field) is None

    @given(st.data())
    def test_every_place_has_a_legal_value_of_its_own(self, data):
        scale = LogScale.of(data.draw(st.sampled_from([RATE, L2, EPSILON])))
        place = data.draw(st.integers(0, scale.last))
        assert 0 <= scale.value_at(place) <= 1
        assert scale.place_of(scale.value_at(place)) == place
