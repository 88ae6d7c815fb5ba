"""Warping against shifts, turns and ramps whose results are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.warping import Field, warp

IDENTITY = np.eye(2)


def images_of(count: int = 3, rows: int = 11, columns: int = 11, seed: int = 0) -> np.ndarray:
    shape = count, rows, columns
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def warped(images, matrix=IDENTITY, shift=(0.0, 0.0), displacements=None) -> np.ndarray:
    count = len(images)
    matrices = np.broadcast_to(np.asarray(matrix, float), (count, 2, 2))
    shifts = np.broadcast_to(np.asarray(shift, float), (count, 2))
    field = None
    if displacements is not None:
        # Every pixel on its own: the shapes are single pixels.
        field = Field(np.eye(images.shape[1]), np.eye(images.shape[2]), displacements)
    return warp(images, matrices, shifts, field)


def shifted(images: np.ndarray, across: int, down: int) -> np.ndarray:
    """Images moved by whole pixels, with 0 where nothing came."""
    rows, columns = images.shape[1:]
    framed = np.pad(images, ((0, 0), (rows, rows), (columns, columns)))
    moved = np.roll(framed, (down, across), axis=(1, 2))
    return moved[:, rows : 2 * rows, columns : 2 * columns]


def turned(degrees: float) -> np.ndarray:
    """Counterclockwise as seen, for (column, row)."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cos, sin], [-sin, cos]])


def by_definition(images, matrix, shift, displacements=None) -> np.ndarray:
    """Bilinear interpolation in float64, a pixel at a time."""
    count, rows, columns = images.shape
    inverse, center = np.linalg.inv(matrix), np.array([(columns - 1) / 2, (rows - 1) / 2])
    found = np.zeros(images.shape)
    for n, row, column in np.ndindex(count, rows, columns):
        x, y = inverse @ (np.array([column, row]) - center - shift) + center
        if displacements is not None:
            x += displacements[0, row, n, column]
            y += displacements[1, row, n, column]
        for j in (math.floor(y), math.floor(y) + 1):
            for i in (math.floor(x), math.floor(x) + 1):
                if 0 <= i < columns and 0 <= j < rows:
                    weight = (1 - abs(x - i)) * (1 - abs(y - j))
                    found[n, row, column] += weight * images[n, j, i]
    return found


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 11, 11), (4, 5, 9), (2, 1, 7), (200, 28, 28)])
def test_the_identity_changes_nothing_and_keeps_the_source(shape):
    images = images_of(*shape)
    kept = images.copy()
    result = warped(images)
    assert (result.dtype, result.shape) == (np.uint8, images.shape)
    np.testing.assert_array_equal(result, images)
    np.testing.assert_array_equal(images, kept)
    assert not np.shares_memory(result, images)


@pytest.mark.parametrize("across", [-20, -11, -3, 0, 1, 10, 11, 500])
@pytest.mark.parametrize("down", [-7, 0, 2, 10**6])
def test_whole_pixels_shift_and_let_zeros_in(across, down):
    images = images_of(rows=7)
    expected = shifted(images, across, down) if max(abs(across), down) < 11 else 0 * images
    np.testing.assert_array_equal(warped(images, shift=(across, down)), expected)


@pytest.mark.parametrize("side", [8, 11, 28])
@pytest.mark.parametrize("quarters", [1, 2, 3, -1])
def test_quarter_turns_are_those_of_rot90(side, quarters):
    images = images_of(rows=side, columns=side)
    expected = np.rot90(images, quarters, axes=(1, 2))
    np.testing.assert_array_equal(warped(images, turned(90 * quarters)), expected)


def test_half_a_pixel_takes_the_mean_of_two():
    image = np.array([[[0, 100, 200, 51]]], np.uint8)
    # Right of the frame is 0; 125.5 is rounded up.
    expected = [[[0, 50, 150, 126]]]
    np.testing.assert_array_equal(warped(image, shift=(0.5, 0)), expected)
    np.testing.assert_array_equal(
        warped(image.swapaxes(1, 2), shift=(0, 0.5))[0, :, 0], [0, 50, 150, 126]
    )


def test_an_affine_map_of_a_ramp_is_the_map_of_its_coordinates():
    size, center = 41, 20
    rows, columns = np.mgrid[:size, :size]
    matrix, shift = 1.1 * turned(10) @ np.array([[1, 0.2], [0, 1]]), np.array([1.5, -0.75])
    inverse = np.linalg.inv(matrix)
    places = np.stack([columns - center - shift[0], rows - center - shift[1]])
    for axis, ramp in enumerate((columns, rows)):
        image = (3 * ramp + 60).astype(np.uint8)[None]
        expected = 3 * (np.tensordot(inverse[axis], places, 1) + center) + 60
        middle = slice(12, 29)
        found = warped(image, matrix, shift)[0]
        np.testing.assert_allclose(found[middle, middle], expected[middle, middle], atol=0.53)


@pytest.mark.parametrize("shape", [(9, 9), (5, 8)])
def test_any_map_is_bilinear_interpolation_within_rounding(shape):
    images = images_of(2, *shape)
    matrix, shift = 0.9 * turned(-33) @ np.array([[1, -0.3], [0, 1]]), np.array([0.7, -1.3])
    noise = np.random.default_rng(4).normal(size=(2, shape[0], 2, shape[1]))
    # Places in 1/256 pixel make an error of up to 255/256 each way; rounding makes one of 1/2.
    for displacements in (None, noise.astype(np.float32)):
        expected = by_definition(images, matrix, shift, displacements)
        found = warped(images, matrix, shift, displacements)
        np.testing.assert_allclose(found, expected, atol=2)
        assert abs((found - expected).mean()) < 0.15


def test_each_image_has_its_own_map():
    images = images_of(3)
    shifts = np.array([[0, 0], [2, 0], [0, -1]], float)
    found = warp(images, np.stack([IDENTITY, IDENTITY, turned(180)]), shifts)
    np.testing.assert_array_equal(found[0], images[0])
    np.testing.assert_array_equal(found[1:2], shifted(images[1:2], 2, 0))
    np.testing.assert_array_equal(found[2:], shifted(np.rot90(images[2:], 2, (1, 2)), 0, -1))


@pytest.mark.parametrize("count", [2, 3, 7, 14, 15])
def test_maps_serve_again_mirrored(count):
    images = images_of(count, 9, 6)
    generator = np.random.default_rng(2)
    matrices = IDENTITY + generator.uniform(-0.3, 0.3, (3, 2, 2))
    shifts = generator.uniform(-2, 2, (3, 2))
    strengths = generator.uniform(-1, 1, (2, 9, 3, 6))
    found = warp(images, matrices, shifts, Field(np.eye(9), np.eye(6), strengths))
    for number, (image, result) in enumerate(zip(images, found, strict=True)):
        turn, chosen = divmod(number, 3)
        # In a mirror the numbers along one axis are their opposites.
        across, down = ((1, 1), (1, -1), (-1, 1), (-1, -1), (1, 1))[turn]
        mirror = np.diag([across, down])
        matrix, shift = mirror @ matrices[chosen] @ mirror, mirror @ shifts[chosen]
        field = strengths[:, ::down, chosen, ::across] * [[[across]], [[down]]]
        expected = by_definition(image[None], matrix, shift, field[:, :, None])[0]
        np.testing.assert_allclose(result, expected, atol=2)


@pytest.mark.parametrize("shape", [(200, 28, 28), (5, 3, 700), (4, 260, 250), (3, 300, 290)])
def test_large_images_and_many_of_them_each_go_their_way(shape):
    """However many bits an index needs."""
    images = images_of(*shape)
    shifts = np.random.default_rng(3).integers(-5, 6, (len(images), 2))
    found = warp(images, np.tile(IDENTITY, (len(images), 1, 1)), shifts.astype(float))
    for image, result, shift in zip(images, found, shifts, strict=True):
        framed = np.pad(image, 5)
        top, left = 5 - shift[1], 5 - shift[0]
        expected = framed[top : top + shape[1], left : left + shape[2]]
        np.testing.assert_array_equal(result, expected)


def test_displacements_say_where_each_pixel_comes_from():
    images = images_of(2)
    displacements = np.zeros((2, 11, 2, 11), np.float32)
    displacements[0, 3, 1, 4] = 2
    displacements[1, 6, 0, 7] = -5
    expected = images.copy()
    expected[1, 3, 4] = images[1, 3, 6]
    expected[0, 6, 7] = images[0, 1, 7]
    np.testing.assert_array_equal(warped(images, displacements=displacements), expected)


def test_a_shrunken_image_is_zero_around():
    images = np.full((1, 20, 20), 255, np.uint8)
    found = warped(images, 0.5 * IDENTITY)[0]
    assert (found[6:14, 6:14] == 255).all()
    assert not found[:4].any()
    assert not found[:, -4:].any()
