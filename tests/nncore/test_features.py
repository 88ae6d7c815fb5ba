from __future__ import annotations

import numpy as np
import pytest

from nncore.features import scale_pixels

ALL = np.arange(256, dtype=np.uint8).reshape(1, 256)


@pytest.mark.parametrize(("dtype", "precision"), [(np.float32, 1e-7), (np.float64, 1e-15)])
def test_every_pixel_becomes_its_share_of_255(dtype, precision):
    features = scale_pixels(ALL, np.empty((1, 256), dtype))
    np.testing.assert_allclose(features[0], [value / 255 for value in range(256)], atol=precision)
    assert features[0, 0] == 0
    assert features[0, 255] == 1
    assert (np.diff(features[0]) > 0).all()


def test_float32_is_the_default():
    assert scale_pixels(ALL).dtype == np.float32


def test_the_given_buffer_is_filled_and_returned():
    out = np.empty((1, 256), np.float32)
    assert scale_pixels(ALL, out) is out
    np.testing.assert_array_equal(out, scale_pixels(ALL))
