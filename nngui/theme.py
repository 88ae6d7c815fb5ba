"""Colors and sizes of the window, in one table; light and dark follow the palette.

A widget that paints asks `theme_of(self.palette())` when it paints, or again in `changeEvent` for
`PaletteChange`. The colors that carry meaning are from the Okabe-Ito set and its neighbors, safe
for color-blind people; color is never the only sign.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

SPACE = 8
"""The unit of margins and gaps [pixels]; use multiples of it."""
RADIUS = 6
"""Corner radius of cards and fields [pixels]."""
_LOCKED_ALPHA = 205
"""Of what cannot be changed now: gray, but to be read, for during a run that is all settings."""


@dataclass(frozen=True)
class Theme:
    """Colors by role, as "#rrggbb"."""

    dark: bool
    window: str
    surface: str
    raised: str
    border: str
    grid: str
    text: str
    muted: str
    accent: str
    on_accent: str
    train: str
    validation: str
    best: str
    positive: str
    negative: str
    correct: str
    wrong: str
    warning: str

    def color(self, role: str, alpha: int = 255) -> QColor:
        """The color of a role as a QColor with an alpha of 0 to 255."""
        color = QColor(getattr(self, role))
        color.setAlpha(alpha)
        return color


LIGHT = Theme(
    dark=False,
    window="#f4f5f7",
    surface="#ffffff",
    raised="#eceef2",
    border="#d3d7de",
    grid="#e3e6eb",
    text="#1c2128",
    muted="#5c6673",
    accent="#0b62c4",
    on_accent="#ffffff",
    train="#0072b2",
    validation="#c8590a",
    best="#00835c",
    positive="#0072b2",
    negative="#c8590a",
    correct="#00835c",
    wrong="#c0341d",
    warning="#9a6700",
)

DARK = Theme(
    dark=True,
    window="#16191e",
    surface="#1e2228",
    raised="#282d35",
    border="#3a414b",
    grid="#2c323a",
    text="#e6e9ee",
    muted="#9aa4b2",
    accent="#4aa3ff",
    on_accent="#08131f",
    train="#56b4e9",
    validation="#f2994a",
    best="#2fcf9a",
    positive="#56b4e9",
    negative="#f2994a",
    correct="#2fcf9a",
    wrong="#ff7b66",
    warning="#e3b341",
)


def theme_of(palette: QPalette) -> Theme:
    """The theme that belongs to a palette: dark when its window is darker than its text."""
    window = palette.color(QPalette.ColorRole.Window).lightness()
    return DARK if window < palette.color(QPalette.ColorRole.WindowText).lightness() else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """A Fusion palette for a theme."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for which, name in (
        (role.Window, "window"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "raised"),
        (role.Text, "text"),
        (role.Button, "raised"),
        (role.ButtonText, "text"),
        (role.BrightText, "wrong"),
        (role.ToolTipBase, "raised"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Accent, "accent"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.Light, "surface"),
        (role.Midlight, "raised"),
        (role.Mid, "border"),
        (role.Dark, "border"),
        (role.Shadow, "border"),
    ):
        palette.setColor(which, theme.color(name))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(group.Disabled, which, theme.color("muted", _LOCKED_ALPHA))
    palette.setColor(group.Disabled, role.Highlight, theme.color("border"))
    return palette
