# The only thing needed beforehand is Python 3.11 or later; everything else goes into .venv.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint check sizes bench dev clean environment test-environment

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: environment  ## install, build the demo and serve it at http://127.0.0.1:8000 (PORT= and HOST= change that)
	@exec .venv/bin/survey demo --host $(HOST) --port $(PORT)

test: test-environment  ## run all tests: SQLite, PostgreSQL and a real browser (ARGS="-k themes" picks some)
	$(VENV) -m pytest -n auto --dist worksteal $(ARGS)

lint: test-environment  ## look for mistakes without running: ruff, mypy --strict, the import rule
	$(VENV) -m ruff check
	$(VENV) -m mypy
	$(VENV) -m mypy --package tools --package tests.support
	$(VENV) -m tools.import_rule

check: lint test  ## lint, then test: what a change must pass

sizes: environment  ## show how big functions, files and templates are
	@$(VENV) -m tools.sizes

bench:  ## install what the benchmarks need, and list them
	@$(PYTHON) -m tools.bootstrap postgres bench
	@for file in benchmarks/*.py; do echo "$(VENV) $$file --help"; done

dev: environment  ## serve at PORT, and load again whatever changes
	@exec .venv/bin/survey serve --reload --bind $(HOST):$(PORT)

clean:  ## remove what these targets made, but no data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build

environment:
	@$(PYTHON) -m tools.bootstrap

test-environment:
	@$(PYTHON) -m tools.bootstrap postgres test
	@$(VENV) -m tools.provision
