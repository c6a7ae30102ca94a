# Timeweave. `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Constrains the build of the package, too.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run install test lint types format check bench screenshots clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*  ## (.*)/\1\t\2/' | expand -t 12

run: $(VENV)/.installed  ## run the pipeline with params.yaml and show the headline
	@PATH="$(CURDIR)/$(BIN):$$PATH" dvc repro
	@$(BIN)/timeweave summary workspace

install: $(VENV)/.installed  ## create .venv with what a run needs

test: $(VENV)/.installed-dev  ## run the whole test suite
	@$(BIN)/python -m pytest -n auto

lint: $(VENV)/.installed-dev  ## check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev  ## check types
	@$(BIN)/mypy

format: $(VENV)/.installed-dev  ## put code into its format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.installed-bench  ## measure: requests, pace, aggregation, enrichment
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

screenshots: $(VENV)/.installed-dev  ## make the README's pictures anew from the demo
	@PATH="$(CURDIR)/$(BIN):$$PATH" dvc repro
	@$(BIN)/python docs/screenshots.py

check: lint types test  ## everything that must be green

clean:  ## remove what can be made again, but never the data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Timeweave needs Python 3.11 or newer; name one: make run PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet -e '.[dev,bench]'
	@touch $@
