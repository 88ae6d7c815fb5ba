"""The table of actions is complete and free of clashes."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from nngui.actions import ACTIONS, MENUS, build_actions


def test_names_and_shortcuts_are_unique():
    names = Counter(spec.name for spec in ACTIONS)
    keys = Counter(keys for spec in ACTIONS for keys in spec.shortcuts)
    assert max(names.values()) == 1
    assert max(keys.values()) == 1


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_action_stands_in_a_menu_says_what_it_does_and_has_real_keys(spec):
    assert spec.menu in MENUS
    assert spec.tip.endswith(".")
    for keys in spec.shortcuts:
        assert QKeySequence(keys).toString() == keys


def test_every_action_needs_a_handler_and_calls_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    called: list[str] = []
    handlers = {spec.name: partial(called.append, spec.name) for spec in ACTIONS}
    actions = build_actions(window, handlers)
    for spec in ACTIONS:
        actions[spec.name].trigger()
    assert called == [spec.name for spec in ACTIONS]
    assert actions["train"].objectName() == "trainAction"
    assert actions["train"].toolTip() == "Start a new run from fresh weights. (Space)"
    with pytest.raises(KeyError):
        build_actions(window, {})
