# Pantau's commands. `make` alone lists them. Every step leaves a stamp, so that what is done is not done again.

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
INSTALL := $(UV) pip install --quiet --python $(PY)
HOST ?= 127.0.0.1
PORT ?= 8000

# A stamp is named after the folder it was made in: a moved or copied environment counts as not made.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
BASE := $(VENV)/base-$(HERE).stamp
DEV := $(VENV)/dev-$(HERE).stamp
MODULES := web/node_modules/.stamp
PAGE := web/dist/index.html
PAGE_FILES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/tests/*' 2>/dev/null)
LOCKS := $(patsubst %.in,%.txt,$(wildcard requirements/*.in))

# An environment whose Python does not start (removed, upgraded, half made) is made anew whatever its stamps say.
ifneq ($(shell $(PY) -c 'print("alive")' 2>/dev/null),alive)
$(BASE): FORCE
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: $(BASE) $(PAGE) ## Set up what is missing, then the demo city at http://127.0.0.1:8000 (HOST=, PORT=)
	@$(VENV)/bin/pantau run --demo --host $(HOST) --port $(PORT)

.PHONY: setup
setup: $(DEV) $(PAGE) ## Only set up: environment, tools and page

.PHONY: web
web: $(PAGE) ## Build the page into web/dist

.PHONY: test
test: $(DEV) ## Everything: style, types, contracts, the page, and all tests on both databases and stores
	@scripts/debian.sh
	@$(MAKE) style types contracts page
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: check
check: $(DEV) ## The quick part: style, types, contracts and the tests that need nothing but Python
	@$(MAKE) style types contracts
	@$(PY) -m pytest -q -m unit

.PHONY: style
style: $(DEV)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

.PHONY: types
types: $(DEV)
	@$(PY) -m mypy

.PHONY: contracts
contracts: $(DEV)
	@$(VENV)/bin/lint-imports

.PHONY: page
page: $(PAGE)
	@scripts/npm.sh run --silent check
	@scripts/npm.sh run --silent test

.PHONY: format
format: $(DEV) ## Put the code into the project's style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

.PHONY: bench
bench: $(DEV) ## Run every benchmark of bench/, one after another
	@for file in bench/[!_]*.py; do name=$${file##*/}; echo "== bench.$${name%.py}"; \
		$(PY) -m bench.$${name%.py} || exit 1; done

.PHONY: lock
lock: $(BASE) ## Lock the requirements anew after a change of an .in (UPGRADE=--upgrade for the newest)
	@for lock in $(LOCKS); do echo "$$lock"; $(UV) pip compile --quiet $(UPGRADE) --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header $${lock%.txt}.in -o $$lock || exit 1; done

.PHONY: clean
clean: ## Remove what was built and installed; the data in var/ stays
	rm -rf $(VENV) web/node_modules web/dist build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: FORCE
FORCE:

$(BASE): scripts/venv.sh requirements/setup.txt requirements/base.txt requirements/base.in pyproject.toml
	@scripts/venv.sh
	@$(INSTALL) --require-hashes -r requirements/base.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(BASE) requirements/dev.txt
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(MODULES): $(BASE) web/package.json web/package-lock.json
	@scripts/npm.sh ci --no-fund --no-audit --loglevel=error
	@touch $@

$(PAGE): $(MODULES) $(PAGE_FILES)
	@scripts/npm.sh run --silent build
	@touch $@
