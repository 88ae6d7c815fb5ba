"""SearchPlan: the search that a person is putting together, with what is wrong with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nncore.config import RunConfig
from nncore.errors import ConfigError
from nncore.presets import PRESETS
from nncore.search.presets import SEARCH_PRESETS
from nncore.search.spec import GRIDS, SearchSpec
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.search_choices import (
    ALIKE,
    EACH,
    HIDDEN,
    LAYER_COUNT,
    SearchChoice,
    choices_of,
)
from nngui.viewmodels.search_problems import PlanProblem, plan_problem
from nngui.viewmodels.search_rows import PlanRow, has_own_settings, is_usual, row_of

_CHECK_AFTER_MS = 150
_FIRST_TRIALS = 20
FREE = "free"
"""The key of the plan that is no preset."""
KEPT = "kept"
"""The base of a study that was opened, where neither the panels nor a preset hold it."""


class SearchPlan(QObject):
    """What a search varies, around what, and how.

    Args:
        store: The configuration in the panels: what is not varied comes from there.
        parent: Owner.

    Attributes:
        rows: What is varied.
        settings: The values of `SearchSettings` by dotted path.
        base: "" for the configuration in the panels, `KEPT` for that of the study that was opened,
            else a preset of it.
        spec: The search, None while something is wrong.
        left_out: What the study that was opened says and the rows cannot, by name.
        problems: What is wrong, as sentences: by the path of a row, by that of a setting, "" for
            the rest.
        faulty: The fields of each row that are wrong, by its path.
    """

    rebuilt = Signal()
    """Other rows stand here, or everything was replaced."""
    checked = Signal()
    """`spec` and `problems` are those of what is entered."""

    def __init__(self, store: ConfigStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._timer.timeout.connect(self.check)
        store.configChanged.connect(self._check_soon)
        self.rows: list[PlanRow] = []
        self.settings: dict[str, Any] = {}
        self.base = ""
        self.kept: RunConfig | None = None
        self.left_out: list[str] = []
        self.preset = FREE
        self.spec: SearchSpec | None = None
        self.problems: dict[str, str] = {}
        self.faulty: dict[str, set[str]] = {}
        self.load_preset(FREE)

    @property
    def config(self) -> RunConfig:
        """What is not varied."""
        config = self._store.config
        if self.base == KEPT and self.kept is not None:
            return self.kept
        if self.base not in PRESETS:
            return config
        return PRESETS[self.base].config.replace("data.name", config.data.name)

    @property
    def is_grid(self) -> bool:
        """Whether the strategy goes through given points."""
        return self.settings.get("strategy") in GRIDS

    def choices(self) -> list[SearchChoice]:
        """What may still be added."""
        there = {row.choice.path for row in self.rows}
        has_count = LAYER_COUNT in there
        left = [it for path, it in choices_of(self.config).items() if path not in there]
        return [it for it in left if has_count or not it.path.startswith(EACH)]

    def add(self, path: str) -> None:
        """Vary one more hyperparameter, with sensible first values."""
        choice = choices_of(self.config)[path]
        self.rows.append(PlanRow.first(choice, _value_at(self.config, path)))
        self._replaced(FREE)

    def remove(self, path: str) -> None:
        """Leave a hyperparameter as it is in the configuration."""
        self.rows = [row for row in self.rows if row.choice.path != path]
        self._replaced(FREE)

    def set_row(self, row: PlanRow) -> None:
        """Say something else about a hyperparameter that is varied already."""
        self.rows = [row if it.choice.path == row.choice.path else it for it in self.rows]
        self._check_soon()

    def set_setting(self, path: str, value: Any) -> None:
        """Change strategy, budget and the like; text that is no value is a problem then."""
        if self.settings.get(path) == value:
            return
        self.settings[path] = value
        self._check_soon()
        if path == "strategy" and self.is_grid:
            self._space_rows()

    def set_base(self, base: str) -> None:
        """Search around the panels ("") or around a preset."""
        if base != self.base:
            self.base = base
            self._replaced(self.preset)

    def load_preset(self, key: str) -> None:
        """Begin with a ready-made search; `FREE` is learning rate and units, by TPE."""
        if key == FREE:
            tree = {
                "budget": {"trials": _FIRST_TRIALS},
                "space": {"optimizer.learning_rate": {"low": 1e-4, "high": 0.1, "scale": "log"}},
            }
            self.base = ""
        else:
            tree = dict(SEARCH_PRESETS[key].tree)
            self.base = str(tree.get("preset", ""))
        self.load(SearchSpec.from_dict(tree))
        if key == FREE and self.config.network.hidden:
            units = choices_of(self.config)[f"{ALIKE}units"]
            self.rows.append(PlanRow(units, "log", {"low": "16", "high": "256"}))
        self._replaced(key)

    def load_study(self, spec: SearchSpec) -> None:
        """Show what a study searched, with the configuration around which it did."""
        base, own = spec.space.base, self._store.config
        alike = [
            name
            for name, preset in PRESETS.items()
            if preset.config.replace("data.name", own.data.name) == base
        ]
        self.base = "" if base == own else alike[0] if alike else KEPT
        self.kept = base if self.base == KEPT else None
        self.load(spec)
        self._replaced(spec.name if spec.name in SEARCH_PRESETS else FREE)

    def load(self, spec: SearchSpec) -> None:
        """Show what another search says; the base stays."""
        known = choices_of(spec.space.base)
        rows: list[PlanRow] = []
        layers = spec.space.layers
        if layers is not None:
            rows.append(row_of(known[LAYER_COUNT], layers.count))
            for name, domain in layers.fields.items():
                if is_usual(known[ALIKE + name], domain):
                    continue
                stem = ALIKE if name in layers.shared else EACH
                rows.append(row_of(known[stem + name], domain))
        self.left_out = []
        for dimension in spec.space.dimensions:
            # A component is chosen by its kind; both names stand for it.
            choice = known.get(dimension.name.removesuffix(".kind"))
            if choice is not None:
                rows.append(row_of(choice, dimension.domain))
            if choice is None or has_own_settings(dimension.domain):
                self.left_out.append(dimension.name)
        self.rows = rows
        self.settings = dict(_flat(spec.settings.model_dump(mode="json")))

    def tree(self) -> dict[str, Any]:
        """The search as it would stand in SPACE.json."""
        name = "" if self.preset == FREE else self.preset
        tree: dict[str, Any] = {"name": name, "config": self.config.to_dict()}
        for path, value in self.settings.items():
            section, _, field = path.rpartition(".")
            (tree.setdefault(section, {}) if section else tree)[field] = value
        raws = {row.choice.path: row.raw(is_grid=self.is_grid) for row in self.rows}
        space: dict[str, Any] = {}
        if LAYER_COUNT in raws:
            layers: dict[str, Any] = {"layers": raws.pop(LAYER_COUNT), "shared": []}
            for path in [it for it in raws if it.startswith((ALIKE, EACH)) and "&" not in it]:
                field = path.rpartition(".")[2]
                layers[field] = raws.pop(path)
                layers["shared"] += [field] if path.startswith(ALIKE) else []
            space[HIDDEN] = layers
        return tree | {"space": space | raws}

    @Slot()
    def check(self) -> None:
        """See what is wrong with what is entered."""
        self._timer.stop()
        found: list[PlanProblem] = []
        try:
            self.spec = SearchSpec.from_dict(self.tree())
        except ConfigError as error:
            self.spec = None
            found = [plan_problem(it, self.rows, self.settings) for it in error.problems]
        texts: dict[str, list[str]] = {}
        self.faulty = {}
        for problem in found:
            texts.setdefault(problem.place, []).append(problem.text)
            self.faulty.setdefault(problem.place, set()).add(problem.field)
        self.problems = {place: " ".join(them[:2]) for place, them in texts.items()}
        self.checked.emit()

    def _space_rows(self) -> None:
        """Say of each range which values a sweep or a grid takes, where nothing says it yet."""
        spaced = [row.spaced() for row in self.rows]
        if spaced != self.rows:
            self.rows = spaced
            self.rebuilt.emit()

    def _replaced(self, preset: str) -> None:
        self.preset = preset
        self.rebuilt.emit()
        self.check()

    @Slot()
    def _check_soon(self) -> None:
        self._timer.start()


def _flat(tree: dict[str, Any], stem: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        flat |= _flat(value, f"{stem}{name}.") if isinstance(value, dict) else {stem + name: value}
    return flat


def _value_at(config: RunConfig, path: str) -> Any:
    try:
        return config.get(path.split(" &")[0].replace("*", "0").replace("each", "0"))
    except ConfigError:
        return None
