"""A font for machines that have none; everywhere else the system's own font is used.

A bare container draws every letter as a box. People's own desktops have a font they chose, or that
their system was designed with, so the bundled one never replaces it.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication, QRawFont

from nncore.resource_files import resource_path

BUNDLED = "Inter"
POINT_SIZE = 10
"""The size of the bundled font [points]."""
_NEEDED = "Aaz019.,%"


def ensure_fonts() -> str:
    """Make sure that text can be read; call it once, when the application exists.

    Returns:
        The family of the bundled font if it was put to use, else an empty string.
    """
    if _can_write(QGuiApplication.font()):
        return ""
    load_bundled_fonts()
    QGuiApplication.setFont(QFont(BUNDLED, POINT_SIZE))
    return BUNDLED


def load_bundled_fonts() -> set[str]:
    """Make the bundled fonts known to Qt.

    Returns:
        The families that were loaded.
    """
    families: set[str] = set()
    for file in resource_path("fonts", "inter").glob("*.otf"):
        added = QFontDatabase.addApplicationFont(str(file))
        families.update(QFontDatabase.applicationFontFamilies(added))
    return families


def with_tabular_digits(font: QFont) -> QFont:
    """The same font with digits of equal width, where it has them, for numbers that change."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular


def _can_write(font: QFont) -> bool:
    """Whether a font has the letters and digits that the window can't do without."""
    # Without any font Qt draws boxes for all letters and would call that supporting them.
    if not QFontInfo(font).family():
        return False
    raw = QRawFont.fromFont(font)
    return all(raw.supportsCharacter(ord(letter)) for letter in _NEEDED)
