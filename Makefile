# Timeweave. `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Constrains the build of the package, too.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run install test lint types format check bench screenshots lock audit sbom clean

# Of what pip says, how far it is; what goes wrong it says on stderr. Leaves with its exit code.
PROGRESS = /^Collecting / && ++n % 10 == 0 {print "  " n " packages so far"; fflush()} \
	n && /^Installing collected/ {print "  installing " n " packages"; fflush()} /^FAILED / {code = $$2} END {exit code}

# With LOCKED=1, as in CI, a package is installed only if its hash is in locks/. Without, by version alone: an index
# of your own may serve files that it built itself.
ifdef LOCKED
install = @PATH="$(CURDIR)/$(BIN):$$PATH" locks/install $(if $(1),all,run) --editable .
else
install = @{ $(BIN)/pip install --editable '.$(1)' || printf '\nFAILED %s\n' $$?; } | awk '$(PROGRESS)'
endif

help:  ## list the targets
	@grep -hE '^[a-z]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*  ## (.*)/\1\t\2/' | expand -t 12

run: $(VENV)/.installed  ## run the pipeline with params.yaml and show the headline
	@echo 'Making the report that params.yaml asks for, stage by stage; what has not changed is not done again'
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

screenshots: $(VENV)/.installed-dev  ## make the README's pictures again from the demo
	@PATH="$(CURDIR)/$(BIN):$$PATH" dvc repro
	@$(BIN)/python docs/screenshots.py

# What uv reads of the index are the hashes of all files of a version: of every platform, and of Python 3.11 and newer.
LOCK = @$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--constraints constraints.txt
lock: $(VENV)/.installed-audit  ## make locks/ from pyproject.toml and constraints.txt
	$(LOCK) locks/build.in --output-file locks/build.txt
	$(LOCK) locks/build.in pyproject.toml $(patsubst %,--extra %,llm notify s3 temporal) --output-file locks/run.txt
	$(LOCK) locks/build.in pyproject.toml --all-extras --output-file locks/all.txt

audit: $(VENV)/.installed-audit  ## ask for known vulnerabilities of all that gets installed
	@$(BIN)/pip-audit --progress-spinner off --disable-pip --require-hashes --requirement locks/all.txt

sbom: $(VENV)/.installed-dev  ## list what a run and the image are made of, in CycloneDX: dist/sbom.json
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements locks/run.txt --pyproject pyproject.toml --output-reproducible --output-file dist/sbom.json

check: lint types test  ## everything that must be green

clean:  ## remove what can be made again, but never the data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@echo 'Installing Timeweave and what it needs into $(VENV), which takes a minute or two the first time'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Timeweave needs Python 3.11 or newer; name one: make run PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(call install)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(call install,[dev])
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(call install,[bench])
	@touch $@

$(VENV)/.installed-audit: $(VENV)/bin/python pyproject.toml constraints.txt
	$(call install,[audit])
	@touch $@
