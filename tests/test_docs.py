"""The documents say only what is there: links, pictures, keys, menus, commands and options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import typer

from nncore.cli.commands import app
from nncore.cli.configuring import configured

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "user-guide.md"
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")],
)
COMMANDS = typer.main.get_command(app).commands
OPTIONS = {
    name: {opt for parameter in command.params for opt in parameter.opts if opt.startswith("--")}
    for name, command in COMMANDS.items()
}
ALWAYS = {"--help", "--version"}

names = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(path: Path) -> set[str]:
    """What the headings of a document are linked by."""
    titles = re.findall(r"^#+ (.+)$", prose(path), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def rows(path: Path, heading: str) -> Iterator[list[str]]:
    """The cells of all rows of the tables beneath a heading; other headings follow or nothing."""
    _, _, after = path.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    for line in after.partition("\n## ")[0].splitlines():
        if line.startswith("|") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def commands(path: Path) -> list[list[str]]:
    """The words of every `nnscratch ...` line in a document's blocks of code."""
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```$", path.read_text("utf-8"), re.M | re.S)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    called = [shlex.split(line, comments=True) for line in lines if line.startswith("nnscratch")]
    return [[word for word in words[1:] if not word.startswith("2>")] for words in called]


@names
def test_what_a_document_links_to_exists(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if target.startswith(("https://", "http://")):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        assert linked.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(linked), target


def test_every_picture_is_shown_somewhere():
    pictures = [*(ROOT / "docs").rglob("*.png"), *(ROOT / "docs").rglob("*.svg")]
    assert pictures
    for picture in pictures:
        assert any(f"/{picture.name})" in prose(p) or f"({picture.name})" in prose(p)
                   for p in DOCUMENTS), picture.name  # fmt: skip


def test_every_key_of_the_window_stands_in_the_guide():
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    from nngui.actions import ACTIONS

    told = {key for cells in rows(GUIDE, "Keys") for key in re.findall(r"`([^`]+)`", cells[0])}
    keys = {key for spec in ACTIONS for key in spec.shortcuts}
    assert keys
    assert keys <= told


def test_every_menu_entry_stands_in_the_guide_under_its_menu():
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    from nngui.actions import ACTIONS

    told, menu = set(), ""
    for cells in rows(GUIDE, "The menus"):
        menu = cells[0] or menu
        told |= {(menu, entry.strip()) for entry in cells[1].split(",")}
    for spec in ACTIONS:
        assert (spec.menu.replace("&", ""), spec.text.replace("&", "")) in told


@names
def test_commands_in_examples_can_be_given(path):
    for words in commands(path):
        if not words or words[0] in ALWAYS:
            continue
        name, *rest = words
        assert name in COMMANDS
        options = [word for word in rest if word.startswith("--")]
        assert set(options) <= OPTIONS[name] | ALWAYS
        if name == "train":
            pairs = list(pairwise(rest))
            settings = [value for option, value in pairs if option == "--set"]
            presets = [value for option, value in pairs if option == "--preset"]
            configured(None, presets[0] if presets else None, None, settings)


def test_guide_has_an_example_of_every_command():
    assert {words[0] for words in commands(GUIDE) if words} >= set(COMMANDS)


def test_guide_names_every_option_and_no_other():
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", GUIDE.read_text(encoding="utf-8")))
    assert named - ALWAYS == set().union(*OPTIONS.values()) - ALWAYS
