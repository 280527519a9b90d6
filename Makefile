# Two commands do everything on a fresh machine with Python 3.11+ and git: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Pictures of the review page for the README; MODEL=local shows one that the embedded model polished.
MODEL ?= skeleton

.PHONY: demo test test-model screenshots lint types format clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[local,evals,export,dev]'
	@touch $@

demo: $(STAMP)
	@$(BIN)/python -m poa.cli.demo

test: lint types
	$(BIN)/python -m pytest -m "not model"

test-model: $(STAMP)
	$(BIN)/python -m pytest -m model

screenshots: $(STAMP)
	$(BIN)/python -m evals.screenshots --model $(MODEL)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) out
