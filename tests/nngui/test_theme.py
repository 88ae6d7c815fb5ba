"""What is written can be read on what it is written on."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette

from nngui.theme import DARK, LIGHT, Theme, palette_of

ROLE, GROUP = QPalette.ColorRole, QPalette.ColorGroup
PAPERS = ("window", "surface", "raised")


def luminance(color: QColor) -> float:
    """Source: WCAG 2.2, relative luminance."""
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(ink: QColor, paper: QColor) -> float:
    """The ratio of an ink, perhaps a translucent one, to the paper beneath it."""
    share = ink.alphaF()
    seen = QColor.fromRgbF(
        *(
            share * above + (1 - share) * below
            for above, below in zip(ink.getRgbF()[:3], paper.getRgbF()[:3], strict=True)
        )
    )
    lighter, darker = sorted((luminance(seen), luminance(paper)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request) -> Theme:
    return request.param


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("ink", ["text", "muted", "accent"])
def test_words_have_the_contrast_that_wcag_asks_for(ink, paper, theme):
    assert contrast(theme.color(ink), theme.color(paper)) >= 4.5


@pytest.mark.parametrize("paper", PAPERS)
def test_settings_that_are_locked_during_a_run_can_still_be_read(paper, theme):
    """WCAG asks for nothing here; 3 to 1 is what it asks for of large letters."""
    locked = palette_of(theme).color(GROUP.Disabled, ROLE.Text)
    assert contrast(locked, theme.color(paper)) >= 3
    assert contrast(locked, theme.color(paper)) < contrast(theme.color("text"), theme.color(paper))
