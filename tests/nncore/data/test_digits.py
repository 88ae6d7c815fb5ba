from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nncore.data import load_dataset
from nncore.data.digits import image_to_ink, prepare_digit
from nncore.errors import DataError


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    return load_dataset("mnist").test_images[:200].reshape(-1, 28, 28)


def enlarge(digit: np.ndarray, factor: int, method: Image.Resampling) -> np.ndarray:
    side = 28 * factor
    return np.asarray(Image.fromarray(digit).resize((side, side), method))


def center_of_mass(picture: np.ndarray) -> tuple[float, float]:
    """Rows and columns, the center of pixel k at coordinate k."""
    mass = picture.sum(dtype=float)
    places = np.arange(28)
    return picture.sum(axis=1) @ places / mass, picture.sum(axis=0) @ places / mass


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


def test_mnist_images_come_back_from_enlarged_and_shifted_copies(samples: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    for sample in samples:
        pad = np.zeros((400, 400), np.uint8)
        top, left = rng.integers(0, 120, 2)
        pad[top : top + 280, left : left + 280] = enlarge(sample, 10, Image.Resampling.NEAREST)
        assert difference(prepare_digit(pad), sample) < 0.5


def test_mnist_images_nearly_come_back_from_smoothly_enlarged_copies(samples: np.ndarray) -> None:
    smooth = [enlarge(sample, 10, Image.Resampling.BILINEAR) for sample in samples]
    away = [difference(prepare_digit(a), b) for a, b in zip(smooth, samples, strict=True)]
    # Of 255; an unrelated sample is 50 away.
    assert np.mean(away) < 9
    assert np.max(away) < 25


def test_center_of_mass_is_at_the_middle(samples: np.ndarray) -> None:
    for sample in samples:
        prepared = prepare_digit(enlarge(sample, 10, Image.Resampling.BICUBIC))
        # Rounding to 256 gray levels moves it by less than the hundredth.
        np.testing.assert_allclose(center_of_mass(prepared), 14, atol=0.51)


def test_middle_is_where_mnist_has_it() -> None:
    images = load_dataset("mnist").train_images[:2000].reshape(-1, 28, 28)
    centers = np.array([center_of_mass(image) for image in images])
    assert np.abs(centers - 14).max() <= 0.52


def test_longest_side_is_20_pixels_and_aspect_is_kept() -> None:
    tall = np.zeros((300, 300), np.uint8)
    tall[20:220, 100:150] = 255
    rows, columns = np.nonzero(prepare_digit(tall))
    assert np.ptp(rows) + 1 == 20
    assert np.ptp(columns) + 1 == 5


def test_shrinking_averages_the_area() -> None:
    # Stripes one pixel wide, ten to a target pixel, are gray; sampling would find black or white.
    stripes = np.zeros((200, 200), np.uint8)
    stripes[:, ::2] = 255
    stripes[0] = stripes[-1] = stripes[:, -1] = 255
    inner = prepare_digit(stripes)[6:20, 6:20]
    assert inner.min() == inner.max()
    assert 0 < inner.min() < 255


@settings(max_examples=80, deadline=None)
@given(
    height=st.integers(1, 90), width=st.integers(1, 90), scale=st.floats(1e-3, 1e3),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_any_blot_is_fitted_whole(height: int, width: int, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pad = np.zeros((100, 100))
    pad[5 : 5 + height, 7 : 7 + width] = rng.random((height, width)) * scale + scale
    prepared = prepare_digit(pad)
    rows, columns = np.nonzero(prepared)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert prepared.max() == 255


def test_result_does_not_depend_on_the_scale_of_ink(samples: np.ndarray) -> None:
    expected = prepare_digit(samples[0])
    # 2^-8 is exact in float32.
    np.testing.assert_array_equal(prepare_digit(samples[0].astype(np.float32) / 256), expected)


def test_lopsided_ink_stays_within_the_picture() -> None:
    pad = np.zeros((200, 200))
    pad[:20, :] = 1  # All the mass at the top, and a hair that makes the box tall.
    pad[:, :1] = 0.1
    prepared = prepare_digit(pad)
    assert np.ptp(np.nonzero(prepared)[0]) + 1 == 20


def test_empty_pad_gives_an_empty_picture() -> None:
    prepared = prepare_digit(np.zeros((280, 280), np.uint8))
    assert prepared.shape == (28, 28)
    assert not prepared.any()


@pytest.mark.parametrize(
    "bad",
    [np.zeros((5, 5, 3)), np.zeros((0, 5)), np.full((5, 5), np.nan), np.full((5, 5), -1.0)],
    ids=["color", "no rows", "not a number", "negative"],
)
def test_what_is_no_gray_picture_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(DataError):
        prepare_digit(bad)


def test_pad_and_photo_are_prepared_in_time(samples: np.ndarray) -> None:
    pad = enlarge(samples[0], 10, Image.Resampling.BILINEAR)
    photo = 255 - enlarge(samples[0], 72, Image.Resampling.BILINEAR)

    def best(work: Callable[[], object]) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        return min(times)

    assert best(lambda: prepare_digit(pad)) < 0.002
    assert photo.size > 4_000_000
    assert best(lambda: prepare_digit(image_to_ink(photo))) < 0.050
