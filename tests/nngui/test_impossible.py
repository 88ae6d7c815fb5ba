"""What cannot work is refused in the form, with its reason and a remedy, and no run starts."""

from __future__ import annotations

import json

import pytest

from nncore import config_rules
from nncore.config import RunConfig
from nncore.config_rules import problems_of
from nncore.errors import ConfigError
from nngui.forms.note import Note
from nngui.main_window import MainWindow
from nngui.viewmodels.run_state import RunState
from nngui.widgets.banner import MessageBanner
from tests.impossible import IMPOSSIBLE


@pytest.fixture(autouse=True)
def _memory(monkeypatch):
    monkeypatch.setattr(config_rules, "machine_memory", lambda: 16 * 10**9)


def shown(window: MainWindow) -> str:
    """All notes that can be read in the sidebar, the folded ones left out."""
    return " ".join(note.text() for note in window.findChildren(Note) if note.isVisible())


def test_the_form_says_why_and_what_to_do_and_train_does_not_start(window, qtbot):
    store, session = window.bench.store, window.bench.session
    config = store.config
    for case in IMPOSSIBLE.values():
        for path, value in (setting.split("=", 1) for setting in case.settings):
            store.change(path, value)
        problem = store.problem_at(case.path)
        assert problem is not None
        assert case.reason in problem.message
        assert case.remedy in problem.message
        qtbot.waitUntil(lambda case=case: case.remedy in shown(window))
        session.toggle()
        assert session.state is RunState.READY
        banners = window.findChildren(MessageBanner)
        assert any(case.remedy in banner.text for banner in banners if banner.isVisible())
        store.replace_all(config, "back")
        assert store.problems == ()


@pytest.mark.parametrize("case", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_file_is_refused_where_it_is_opened_or_at_its_field(store, case):
    text = json.dumps(case.tree)
    if case.reason.startswith("must be in"):
        with pytest.raises(ConfigError, match="must be in"):
            RunConfig.from_json(text)
        return
    store.set_rules(lambda config: problems_of(config, 16, 3, 108, 16 * 10**9))
    store.replace_all(RunConfig.from_json(text), "open mine.json")
    problem = store.problem_at(case.path)
    assert problem is not None
    assert case.remedy in problem.message


def test_no_network_is_made_that_does_not_fit(window, qtbot):
    store, session = window.bench.store, window.bench.session
    qtbot.waitUntil(lambda: session.copy is not None)
    before = session.copy
    store.change("network.hidden", ",".join(["16384"] * 64))
    store.change("network.hidden", "5")
    qtbot.waitUntil(lambda: session.copy is not before)
    assert [layer.weights.shape[0] for layer in session.copy.network.layers] == [5, 3]
