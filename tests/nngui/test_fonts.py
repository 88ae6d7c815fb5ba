from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontMetricsF

import resources
from nngui.fonts import BUNDLED, load_bundled_fonts, with_tabular_digits

INTER = Path(resources.__file__).parent / "fonts" / "inter"

PROGRAM = """
import json
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QGuiApplication, QImage, QPainter
from nngui.fonts import ensure_fonts

def drawn(text):
    image = QImage(60, 60, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(10, 40, text)
    painter.end()
    return bytes(image.constBits())

app = QGuiApplication([])
size = app.font().pointSizeF()
before = drawn("a") != drawn("b")
used = ensure_fonts()
after = drawn("a") != drawn("b")
same = app.font().pointSizeF() == size
print(json.dumps([before, used, after, QFontInfo(app.font()).family(), same]))
"""


def run_with_system_fonts(folder: Path, tmp_path: Path) -> list[object]:
    """Run the program where the system's only fonts are those of a folder."""
    settings = tmp_path / "fonts.conf"
    cache = tmp_path / "cache"
    settings.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"FONTCONFIG_FILE": str(settings)},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


linux = pytest.mark.skipif(sys.platform != "linux", reason="only fontconfig's fonts can be hidden")


@linux
def test_without_system_fonts_the_bundled_one_makes_letters_readable(tmp_path: Path):
    empty = tmp_path / "empty"
    empty.mkdir()
    readable_before, used, readable_after, family, _ = run_with_system_fonts(empty, tmp_path)
    assert not readable_before
    assert used == BUNDLED
    assert readable_after
    assert family == BUNDLED


@linux
def test_a_font_of_the_system_is_left_alone(tmp_path: Path):
    readable_before, used, _, _, same_size = run_with_system_fonts(INTER, tmp_path)
    assert readable_before
    assert used == ""
    assert same_size


def test_tabular_digits_have_one_width(qapp: object):
    assert load_bundled_fonts() == {BUNDLED}
    font = QFont(BUNDLED, 20)
    widths = {QFontMetricsF(font).horizontalAdvance(digit) for digit in "0123456789"}
    tabular = QFontMetricsF(with_tabular_digits(font))
    assert len(widths) > 1
    assert len({tabular.horizontalAdvance(digit) for digit in "0123456789"}) == 1
