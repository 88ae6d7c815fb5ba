from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from nncore.data import load_dataset
from nncore.data.digits import image_to_ink, prepare_digit
from nncore.data.paper import MAX_SIDE
from nncore.errors import DataError


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    return load_dataset("mnist").test_images[:40].reshape(-1, 28, 28)


def on_paper(
    digit: np.ndarray, rng: np.random.Generator, *, shading: float = 0.0, noise: float = 0.0
) -> np.ndarray:
    """A photo: dark ink that takes away 60 % of uneven light, the digit anywhere on the sheet."""
    side = 28 * 9
    ink = np.zeros((340, 420))
    top, left = rng.integers(10, 80), rng.integers(10, 150)
    big = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    ink[top : top + side, left : left + side] = np.asarray(big) / 255
    y, x = np.mgrid[-1:1:340j, -1:1:420j]
    light = 0.75 + shading * (0.2 * x - 0.1 * y - 0.1 * x * x + 0.05 * np.sin(3 * y))
    photo = light * (1 - 0.6 * ink) + rng.normal(0, noise, ink.shape)
    return np.clip(np.rint(photo * 255), 0, 255).astype(np.uint8)


def mean_away(pictures: list[np.ndarray], samples: np.ndarray) -> float:
    prepared = np.array([prepare_digit(image_to_ink(picture)) for picture in pictures])
    return float(np.abs(prepared.astype(float) - samples.astype(float)).mean())


@pytest.mark.parametrize(
    ("shading", "noise"), [(0.0, 0.0), (1.0, 0.0), (0.0, 0.03), (1.0, 0.02), (-1.5, 0.02)]
)
def test_digits_are_found_on_paper(samples: np.ndarray, shading: float, noise: float) -> None:
    rng = np.random.default_rng(0)
    photos = [on_paper(sample, rng, shading=shading, noise=noise) for sample in samples]
    # Of 255, mostly the blur of enlarging; an unrelated digit is 50 away.
    assert mean_away(photos, samples) < 12


def test_digits_are_found_with_either_polarity(samples: np.ndarray) -> None:
    assert mean_away(list(samples), samples) < 1
    assert mean_away(list(255 - samples), samples) < 1
    gray_ground = [(90 + sample * 0.5).astype(np.uint8) for sample in samples]
    assert mean_away(gray_ground, samples) < 3


def test_integers_and_fractions_mean_the_same(samples: np.ndarray) -> None:
    np.testing.assert_allclose(image_to_ink(samples[0]), image_to_ink(samples[0] / 255), atol=1e-5)


def test_specks_of_dust_are_left_out(samples: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    photos = [on_paper(sample, rng, noise=0.01) for sample in samples]
    for photo in photos:
        photo[4:9, 4:9] = photo[-9:-4, -9:-4] = 40
    assert mean_away(photos, samples) < 12


def test_dark_edge_of_the_table_is_left_out(samples: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    photos = [on_paper(sample, rng) for sample in samples]
    for photo in photos:
        photo[:, :6] = 20
    assert mean_away(photos, samples) < 12


def test_broken_stroke_is_kept_whole() -> None:
    paper = np.full((300, 300), 230, np.uint8)
    paper[60:240, 140:155] = 30
    paper[60:75, 190:240] = 30  # A bar that does not touch the stem.
    ink = image_to_ink(paper)
    assert ink[67, 215] == pytest.approx(1)


@pytest.mark.parametrize(
    "blank",
    [
        np.full((200, 300), 255, np.uint8),
        np.zeros((200, 300), np.uint8),
        np.linspace(90, 230, 300)[None].repeat(200, 0).astype(np.uint8),
        np.random.default_rng(0).normal(180, 8, (400, 500)).astype(np.uint8),
    ],
    ids=["white", "black", "shaded", "noisy"],
)
def test_blank_paper_has_no_ink(blank: np.ndarray) -> None:
    assert not image_to_ink(blank).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 2), (2, 2), (9, 9), (1000, 700)])
def test_any_size_is_taken(shape: tuple[int, int]) -> None:
    ink = image_to_ink(np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8))
    assert max(ink.shape) <= MAX_SIDE
    assert ink.dtype == np.float32
    assert ink.min() >= 0
    assert ink.max() <= 1


@pytest.mark.parametrize(
    "bad", [np.zeros((5, 5, 3)), np.zeros((0, 5)), np.full((5, 5), np.inf)], ids=str
)
def test_what_is_no_gray_picture_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(DataError):
        image_to_ink(bad)
