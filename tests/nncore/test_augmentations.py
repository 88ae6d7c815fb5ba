from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.augmentations import Affine, Augmentation, Elastic, NoAugmentation

STILL = {"rotation": 0, "scale": 0, "shear": 0, "shift": 0}
MEMBERS = [member() for member in Augmentation.members().values()]


def images_of(count: int = 50, rows: int = 28, columns: int = 28) -> np.ndarray:
    """Blurred blots, black at the border."""
    down, across = np.mgrid[:rows, :columns]
    centers = np.random.default_rng(0).uniform(0.4, 0.6, (count, 2, 1, 1)) * rows
    distance = (down - centers[:, 0]) ** 2 + (across - centers[:, 1]) ** 2
    return (255 * np.exp(-distance / 20)).astype(np.uint8)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("augmentation", MEMBERS, ids=repr)
@pytest.mark.parametrize("shape", [(28, 28), (9, 14)])
def test_images_keep_shape_and_type_and_the_source_is_whole(augmentation, shape):
    images = images_of(7, *shape)
    kept = images.copy()
    result = augmentation.apply(images, rng())
    assert (result.shape, result.dtype) == (images.shape, np.uint8)
    assert not np.shares_memory(result, images)
    np.testing.assert_array_equal(images, kept)
    assert np.array_equal(result, images) == (not augmentation.is_used)


@pytest.mark.parametrize("augmentation", MEMBERS, ids=repr)
def test_the_same_stream_gives_the_same_images(augmentation):
    images = images_of()
    first, again = (augmentation.apply(images, rng()) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    if augmentation.is_used:
        assert not np.array_equal(first, augmentation.apply(images, rng(2)))


@pytest.mark.parametrize(
    "augmentation", [NoAugmentation(), Affine(**STILL), Elastic(**STILL, alpha=0)], ids=repr
)
def test_parameters_of_nothing_change_nothing(augmentation):
    images = images_of()
    np.testing.assert_array_equal(augmentation.apply(images, rng()), images)


def test_equal_images_come_out_unequal():
    images = np.repeat(images_of(1), 20, axis=0)
    for augmentation in (Affine(), Elastic()):
        result = augmentation.apply(images, rng())
        assert len({image.tobytes() for image in result}) == 20


@pytest.mark.parametrize("count", [1, 4, 7, 400])
def test_four_images_share_a_map_and_its_mirror_images(count):
    images = images_of(count)
    quarter = -(-count // 4)
    steps = ((1, 1), (-1, 1), (1, -1), (-1, -1))
    for turn, (down, across) in enumerate(steps):
        part = images[turn * quarter : (turn + 1) * quarter]
        part[...] = images[: len(part), ::down, ::across]
    for augmentation in (Affine(), Elastic()):
        result = augmentation.apply(images, rng())
        for turn, (down, across) in enumerate(steps):
            part = result[turn * quarter : (turn + 1) * quarter]
            np.testing.assert_array_equal(part, result[: len(part), ::down, ::across])


COUNT = 4000


def drawn(**changes) -> tuple[np.ndarray, np.ndarray]:
    return Affine(**(STILL | changes)).draw(rng(), COUNT)


def test_turns_are_even_within_the_angle_and_change_no_size():
    matrices, shifts = drawn(rotation=30)
    angles = np.degrees(np.arctan2(matrices[:, 0, 1], matrices[:, 0, 0]))
    assert 29.5 < angles.max() < 30
    assert -30 < angles.min() < -29.5
    assert angles.std() == pytest.approx(30 / math.sqrt(3), rel=0.03)
    np.testing.assert_allclose(np.linalg.det(matrices), 1)
    turns_back = matrices @ matrices.swapaxes(1, 2)
    np.testing.assert_allclose(turns_back, np.broadcast_to(np.eye(2), (COUNT, 2, 2)), atol=1e-12)
    assert not shifts.any()


def test_scales_are_even_and_alike_in_both_directions():
    matrices, _ = drawn(scale=0.2)
    np.testing.assert_array_equal(matrices[:, 0, 0], matrices[:, 1, 1])
    assert not matrices[:, [0, 1], [1, 0]].any()
    sizes = matrices[:, 0, 0]
    assert 0.8 < sizes.min() < 0.81
    assert 1.19 < sizes.max() < 1.2
    assert sizes.std() == pytest.approx(0.2 / math.sqrt(3), rel=0.03)


def test_shears_lean_and_keep_rows_in_their_place():
    matrices, _ = drawn(shear=0.3)
    np.testing.assert_array_equal(matrices[:, 1], np.broadcast_to([0, 1], (COUNT, 2)))
    assert matrices[:, 0, 1].std() == pytest.approx(0.3 / math.sqrt(3), rel=0.03)


def test_shifts_are_even_in_pixels_and_independent():
    matrices, shifts = drawn(shift=4)
    np.testing.assert_array_equal(matrices, np.broadcast_to(np.eye(2), (COUNT, 2, 2)))
    assert np.abs(shifts).max() < 4
    np.testing.assert_allclose(shifts.std(axis=0), 4 / math.sqrt(3), rtol=0.03)
    assert abs(np.corrcoef(shifts.T)[0, 1]) < 0.05


def displaced(elastic: Elastic, shape: tuple[int, int, int]) -> np.ndarray:
    """How far each pixel's place moves (2, rows, samples, columns)."""
    field = elastic.field(rng(), shape)
    return np.einsum("ri,ainj,cj->arnc", field.down, field.strengths, field.across, optimize=True)


def test_displacements_have_the_spread_of_smoothed_noise():
    alpha, sigma = 20.0, 2.0
    field = displaced(Elastic(alpha=alpha, sigma=sigma), (200, 40, 40))
    assert field.shape == (2, 40, 200, 40)
    inner = field[:, 10:30, :, 10:30].astype(float)
    # About 3,200 independent places: a spread of 0.03.
    assert abs(inner.mean()) < 0.12
    # U(-1, 1) has variance 1/3; a Gaussian's squares sum to 1 / (4 π σ²).
    expected = alpha / math.sqrt(3 * 4 * math.pi * sigma**2)
    assert inner.std() == pytest.approx(expected, rel=0.02)
    # Neighbors d apart go together by exp(-d² / 4σ²), down and across alike; images do not.
    spread = inner.std()
    for distance in (1, 4):
        together = math.exp(-(distance**2) / (4 * sigma**2))
        down = (inner[:, distance:] * inner[:, :-distance]).mean() / spread**2
        across = (inner[..., distance:] * inner[..., :-distance]).mean() / spread**2
        assert (down, across) == pytest.approx((together, together), abs=0.03)
    assert abs((inner[:, :, 1:] * inner[:, :, :-1]).mean()) / spread**2 < 0.02
    assert abs((inner[0] * inner[1]).mean()) / spread**2 < 0.02


@pytest.mark.parametrize("sigma", [0.7, 1.5, 4.0])
def test_displacements_go_together_as_noise_smoothed_by_hand(sigma):
    """All covariances against those of even noise and a Gaussian window with nothing outside."""
    rows, columns, count = 7, 6, 40_000
    field = displaced(Elastic(alpha=3, sigma=sigma), (count, rows, columns))
    steps = np.arange(-30, 31)
    window = np.exp(-0.5 * (steps / sigma) ** 2)
    window /= window.sum()
    smoothing = np.zeros((rows * columns, rows * columns))
    for row, column, j, i in np.ndindex(rows, columns, rows, columns):
        weight = window[30 + j - row] * window[30 + i - column]
        smoothing[row * columns + column, j * columns + i] = weight
    expected = 3**2 / 3 * smoothing @ smoothing.T
    for axis in field:
        samples = axis.swapaxes(0, 1).reshape(count, -1).astype(float)
        found = samples.T @ samples / count
        np.testing.assert_allclose(found, expected, atol=0.03 * expected.max())
        np.testing.assert_allclose(samples.mean(axis=0), 0, atol=0.03 * math.sqrt(expected.max()))
