import pytest

from nncore.config import RunConfig
from nncore.network import Network
from nncore.network_size import network_size, training_bytes


def config_of(hidden: list, **tree) -> RunConfig:
    return RunConfig.from_dict({"network": {"hidden": hidden}, **tree})


@pytest.mark.parametrize(
    ("hidden", "parameters", "multiply_adds"),
    [
        # Worked out by hand: units × inputs + units, layer by layer.
        ([25], 19_885, 784 * 25 + 25 * 10),
        ([128, 64], 109_386, 109_184),
        ([], 7_850, 7_840),
        ([1], 784 + 1 + 10 + 10, 794),
    ],
)
def test_counts_agree_with_those_worked_out_by_hand(hidden, parameters, multiply_adds):
    size = network_size(config_of(hidden).network, 784, 10)
    assert (size.parameters, size.multiply_adds) == (parameters, multiply_adds)
    assert size.weight_bytes == 4 * parameters


def test_counts_agree_with_a_network_that_is_built():
    config = config_of([7, 5, 3]).network
    network = Network(11, 4, config)
    size = network_size(config, 11, 4)
    assert size.parameters == network.parameters.size
    assert [layer.parameters for layer in size.layers] == [layer.size for layer in network.layers]


def test_gamma_and_beta_are_counted():
    layers = [{"units": 7, "normalization": "batch"}, {"units": 5, "normalization": "layer"}, 3]
    config = config_of(layers).network
    size = network_size(config, 11, 4)
    assert size.parameters == 11 * 7 + 7 + 14 + 7 * 5 + 5 + 10 + 5 * 3 + 3 + 3 * 4 + 4
    assert size.parameters == Network(11, 4, config).parameters.size


def test_normalization_and_dropout_add_what_a_batch_needs():
    def bytes_of(**layer):
        layers = [{"units": 50} | layer]
        config = config_of(layers, optimizer="sgd", training={"batch_size": 20})
        return training_bytes(config, 3, 2, samples=100)

    assert bytes_of(normalization="layer") - bytes_of() == 4 * (20 * 50 + 4 * 100)
    assert bytes_of(dropout=0.5) - bytes_of() == 20 * 50 * (4 + 4 + 1)


def test_training_memory_by_hand_for_plain_descent():
    config = config_of([2], optimizer="sgd", training={"batch_size": 5})
    # 3 inputs, 2 units, 2 classes: 8 + 6 parameters in 4 arrays;
    # a sample has 3 + 2 * 2 + 3 * 2 numbers.
    assert training_bytes(config, 3, 2, samples=100) == 4 * (14 * 4 + 5 * 13)


def test_training_memory_grows_with_what_the_settings_add():
    def bytes_of(**tree):
        return training_bytes(config_of([128], **tree), 784, 10, samples=54_000)

    plain = bytes_of(optimizer="sgd")
    parameters = 784 * 128 + 128 + 128 * 10 + 10
    assert bytes_of(optimizer="momentum") - plain == 4 * parameters
    assert bytes_of(optimizer="sgd", training={"l2": 0.1}) - plain == 4 * parameters
    full = bytes_of(optimizer="sgd", training={"batch_size": "full"})
    assert full == bytes_of(optimizer="sgd", training={"batch_size": 1_000_000})
    assert full > 54_000 * 784 * 4
