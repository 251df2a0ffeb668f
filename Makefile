# Two commands: `make run` shows the product, `make test` proves it. Both may be repeated.
# `make component` builds anew what runs in the browser; only that needs npm.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test component clean

run: $(VENV)/ready
	$(BIN)/alignloom demo

test: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

component: $(VENV)/ready
	$(BIN)/python -m ui.components.build

$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "alignloom needs Python 3.11 or newer; name one with: make run PYTHON=python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --constraint constraints.txt --editable '.[test,fast]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
