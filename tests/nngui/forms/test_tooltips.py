import pytest

from nncore.component import hyperparameters_of
from nncore.config import LayerConfig, RunConfig, TrainingConfig
from nncore.optimizers import Adam, Optimizer
from nngui.forms.tooltips import summary_of, tooltip_of

RATE = hyperparameters_of(Adam)[0]


def test_a_tooltip_says_all_that_is_declared():
    text = tooltip_of(RATE)
    for part in (RATE.label, RATE.help, RATE.too_small, RATE.too_large, RATE.formula, "0.001"):
        assert part in text
    assert "In (0, 1]" in text


def test_a_locked_field_says_why_first():
    text = tooltip_of(RATE, "Training is under way.")
    assert text.index("Training is under way.") < text.index(RATE.help)


def test_what_is_declared_is_not_taken_for_markup():
    batch = next(each for each in hyperparameters_of(TrainingConfig) if each.name == "epochs")
    assert "<script>" not in tooltip_of(batch, "<script>")


def test_a_family_explains_the_chosen_member():
    optimizer = next(each for each in hyperparameters_of(RunConfig) if each.name == "optimizer")
    assert "Kingma and Ba 2015" in tooltip_of(optimizer, "", Adam)


@pytest.mark.parametrize("member", Optimizer.members().values())
def test_a_member_is_summed_up_by_its_first_line(member):
    assert member.__doc__.startswith(summary_of(member))
    assert "\n" not in summary_of(member)


def test_every_field_of_a_layer_can_be_explained():
    assert all(each.label in tooltip_of(each) for each in hyperparameters_of(LayerConfig))
