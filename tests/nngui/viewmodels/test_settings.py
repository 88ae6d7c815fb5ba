"""What is remembered, and that nothing bad in the file stops the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nncore.config import RunConfig
from nngui.viewmodels.settings import RECENT_FILES, Settings


def test_everything_comes_back(tmp_path):
    path = tmp_path / "deep" / "settings.json"
    settings = Settings(path)
    config = RunConfig().replace("network.hidden", "7,5")
    settings.theme = "dark"
    settings.config = config
    settings.add_recent(tmp_path / "a.safetensors")
    settings.set_text("geometry", "abc=")
    settings.save()
    again = Settings(path)
    assert again.theme == "dark"
    assert again.config == config
    assert again.recent_files == [tmp_path / "a.safetensors"]
    assert again.text("geometry") == "abc="


def test_first_day_has_defaults(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    assert settings.theme == "system"
    assert settings.config is None
    assert settings.recent_files == []
    assert settings.text("geometry") == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1, 2]",
        "null",
        '{"theme": 3, "config": {"optimizer": 5}, "recent_files": "x", "geometry": []}',
        '{"config": {"optimizer": {"kind": "sgd", "learning_rate": 7}}, "recent_files": [1, null]}',
        "[" * 50_000,
    ],
)
def test_bad_file_gives_defaults(tmp_path, text):
    path = tmp_path / "settings.json"
    path.write_text(text)
    settings = Settings(path)
    assert settings.theme == "system"
    assert settings.config is None
    assert settings.recent_files == []
    assert settings.text("geometry") == ""


def test_file_that_is_not_text_gives_defaults(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(bytes(range(256)))
    assert Settings(path).recent_files == []


def test_newest_recent_file_comes_first_and_only_once(tmp_path):
    settings = Settings(tmp_path / "settings.json")
    for number in range(RECENT_FILES + 3):
        settings.add_recent(tmp_path / f"{number}.safetensors")
    settings.add_recent(tmp_path / "5.safetensors")
    names = [path.stem for path in settings.recent_files]
    assert names[0] == "5"
    assert len(names) == len(set(names)) == RECENT_FILES
    settings.forget_recent(tmp_path / "5.safetensors")
    assert "5" not in [path.stem for path in settings.recent_files]


def test_folder_that_cannot_be_written_is_no_obstacle(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings = Settings(Path(blocked, "settings.json"))
    settings.theme = "light"
    settings.save()
    assert "settings were not saved" in caplog.text


def test_saved_file_is_plain_json(tmp_path):
    path = tmp_path / "settings.json"
    settings = Settings(path)
    settings.theme = "dark"
    settings.save()
    assert json.loads(path.read_text()) == {"theme": "dark"}
