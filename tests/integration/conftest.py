"""A screen with a mouse and a keyboard for the tests of the real window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.desktop import Desktop, why_no_desktop


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """A virtual screen of 1280x800 pixels."""
    if reason := why_no_desktop():
        pytest.skip(reason)
    with Desktop.started(1280, 800) as started:
        yield started
