# Every target first brings the machine to what it needs; what is there already is only looked at.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Whether this is Python 3.11, 3.12 or 3.13 is checked before it makes the environment.
PYTHON ?= python3
# How many processes share the tests.
JOBS ?= 2
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.installed
GROUPS := auth queue vacancy referral notify web doubles local dev

.PHONY: help setup up lock down demo test pictures check contracts bench drill clean machine engines vendor

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) engines vendor ## install the libraries and the engines, without starting anything

up: setup ## start engines, doubles, services and cabinet; they run until `make down`
	@$(RUN) -m deploy.local up

lock: $(READY) ## pin the dependencies of pyproject.toml anew
	@$(VENV)/bin/uv pip compile pyproject.toml $(addprefix --group ,$(GROUPS)) --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

down: $(READY) ## stop everything; data are kept
	@$(RUN) -m deploy.local down

demo: setup ## play the story of a family step by step, then stay up (ONCE=1: end instead)
	@$(RUN) -m demo $(if $(ONCE),--once)

test: setup ## every test but the long runs (ARGS=... goes to pytest)
	@$(RUN) -m pytest -m "not drill" -n $(JOBS) --dist loadscope --no-loadscope-reorder $(ARGS)

pictures: setup ## the pictures of the guide anew, from the walk in the browser
	@ZHOLDAMA_PICTURES=docs/guide $(RUN) -m pytest tests/web/browser

check: $(READY) ## formatting, lint, types, imports, shape, compose file, secrets
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy .
	@$(VENV)/bin/lint-imports
	@$(RUN) -m pytest tests/architecture
	@docker-compose --env-file deploy/compose.env.example config -q
	@git ls-files -z | xargs -0 $(VENV)/bin/detect-secrets-hook --exclude-files '\.example$$|^tests/' \
	  --disable-plugin KeywordDetector --disable-plugin Base64HighEntropyString --disable-plugin HexHighEntropyString

contracts: $(READY) ## write the schema files of the facts anew
	@$(RUN) -m contracts.schemas

bench: setup ## every benchmark beside its yardstick (ONLY=name for one)
	@$(RUN) -m benchmarks $(ONLY)

drill: setup ## the long fault run: kills under load, then the books are checked
	@$(RUN) -m pytest -m drill
	@$(RUN) -m tests.faults.drill $(ARGS)

clean: ## stop everything and remove data, logs and caches; engines and libraries stay
	@if [ -f $(READY) ]; then $(RUN) -m deploy.local clean; fi
	rm -rf .run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

machine:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; name one with make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m deploy.local.machine

# The environment is whole when its last line has run: an interrupted installation begins anew.
$(READY): requirements.lock | machine
	@echo "installing the libraries into $(VENV)"
	@rm -f $(READY)
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $(READY)

engines: $(READY)
	@$(RUN) -m deploy.local install

vendor: $(READY)
	@$(RUN) -m deploy.local.vendor
