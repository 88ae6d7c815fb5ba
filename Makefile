# Everything here starts from python3 (3.11 to 3.14), pip and make; see docs/decisions/0001-set-up.md.
# Another Python: make test PYTHON=python3.12    The newest libraries: make test CONSTRAINTS=

PYTHON ?= python3
CONSTRAINTS ?= constraints.txt
VENV := .venv
VENV_PEERS := .venv-peers
PY := $(VENV)/bin/python
PYTEST := $(PY) -m pytest
SET_UP := $(PYTHON) scripts/set_up.py --constraints "$(CONSTRAINTS)"
INPUTS := pyproject.toml $(wildcard $(CONSTRAINTS)) scripts/set_up.py

# One BLAS thread: the fastest for small networks, and the only steady one beside other processes.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test test-all tests lint format types wheel bench bench-peers screenshots sweeps lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.system-run  ## Set everything up and open the window
	@$(PY) -m nngui

test: $(VENV)/.system-test lint types tests wheel  ## Set everything up and run every check

test-all: PYTEST_MARKS :=
test-all: test  ## The same with the slow tests

PYTEST_MARKS ?= -m "not slow"
tests: $(VENV)/.system-test  ## Only the tests
	$(PYTEST) $(PYTEST_MARKS)

lint: $(VENV)/.set-up-test  ## Only ruff and the import contracts
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports --no-logo

types: $(VENV)/.set-up-test  ## Only the type checker
	$(VENV)/bin/basedpyright

wheel: $(VENV)/.set-up-test  ## Build the wheel and try it outside the checkout
	$(PY) scripts/check_wheel.py

format: $(VENV)/.set-up-test  ## Mend what ruff can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# Another choice: make bench BENCH="speed --quick"; see docs/benchmarks.md.
BENCH ?=
PEERS_SET_UP := $(wildcard $(VENV_PEERS)/.set-up)
bench: $(VENV)/.system-test $(PEERS_SET_UP)  ## Measure speed, memory, smoothness and start
	$(if $(PEERS_SET_UP),$(VENV_PEERS)/bin/python,$(PY)) -m benchmarks $(BENCH)

bench-peers: $(VENV_PEERS)/.set-up  ## Install the libraries that `make bench` compares with

screenshots: $(VENV)/.system-test  ## Shoot the real window for the docs
	$(PY) scripts/screenshots.py

sweeps: $(VENV)/.system-test  ## Run the original's eight sweeps and paint them for the docs
	$(PY) scripts/sweeps.py

lock: $(VENV)/.set-up-test  ## Write the versions in .venv to constraints.txt
	$(PY) scripts/lock.py

clean:  ## Remove everything that was made here, .venv too
	rm -rf $(VENV) $(VENV_PEERS) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp stands for a finished set-up; a change of what it was made from makes it again.
$(VENV)/.set-up-run: $(INPUTS)
	@$(SET_UP) run
	@touch $@

$(VENV)/.set-up-test: $(INPUTS)
	@$(SET_UP) test
	@touch $(VENV)/.set-up-run $@

# Without its libraries the window can't open, so `run` stops there. The tests go on: those that
# need what is missing are skipped with the reason, and the next `make test` asks again.
$(VENV)/.system-run: $(VENV)/.set-up-run scripts/system_libraries.py
	@$(PY) scripts/system_libraries.py run
	@touch $@

$(VENV)/.system-test: $(VENV)/.set-up-test scripts/system_libraries.py
	@if $(PY) scripts/system_libraries.py test; then touch $(VENV)/.system-run $@; fi

# The peers have an environment of their own: the tests must not come to lean on them.
PEERS ?= torch==2.13.0 jax==0.10.2 scikit-learn==1.9.1
$(VENV_PEERS)/.set-up: $(INPUTS)
	@$(SET_UP) --environment $(VENV_PEERS) run
	$(VENV_PEERS)/bin/python -m pip install -q --disable-pip-version-check $(PEERS)
	@touch $@
