# Everything a developer does, one line each. `make help` lists it.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
PY = $(BIN)/python
VAR_DIR ?= var
STAMP = .venv/installed
EMBEDDED = $(PY) -m crm.embedded --
CHECK = env VAR_DIR="$$($(PY) scripts/memory.py $(VAR_DIR)/test)" KLIENTURA_FAST_DB=1 \
	$(EMBEDDED) $(PY) scripts/check.py
FILE ?=
SCALE ?= small

.DEFAULT_GOAL := help
.PHONY: help setup run test quick costs bench chaos assets lock lint format messages screenshots demo shell \
	manage backup restore clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## Create .venv and install what is missing (every target does this first)

$(STAMP): requirements.txt requirements-dev.txt requirements-local.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=…"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
		{ echo "Creating .venv failed (Debian, Ubuntu: apt install python3-venv)."; rm -rf .venv; exit 1; }
	@echo "Installing Python packages …"
	@$(BIN)/pip install -q --disable-pip-version-check --use-pep517 -r requirements.txt -r requirements-dev.txt
	@$(BIN)/pip install -q --disable-pip-version-check --only-binary :all: -r requirements-local.txt || \
		echo "No PostgreSQL or Redis wheel for this platform: servers of this machine will serve."
	@touch $(STAMP)

run: setup ## Start everything on http://127.0.0.1:8000 (PORT=…); Ctrl-C stops it
	@env VAR_DIR=$(VAR_DIR) $(EMBEDDED) $(PY) -m crm.supervisor

test: setup ## All checks and tests, on databases of their own
	@$(CHECK)

quick: setup ## The checks and the tests that are not slow, while one works
	@$(CHECK) --quick

costs: setup ## All of `make test`; notes in tests/slow.txt what `make quick` leaves out
	@$(CHECK) --costs

bench: setup ## Measure pages at full volume; prints a table and writes JSON
	@env VAR_DIR=$(VAR_DIR)/bench $(EMBEDDED) $(PY) -m scripts.bench

chaos: setup ## Kill processes under load and count what was lost
	@env VAR_DIR=$(VAR_DIR)/chaos $(EMBEDDED) $(PY) -m tests.chaos

assets: ## Rebuild static/vendor from the pinned npm packages (needs npm)
	npm ci --ignore-scripts
	$(PYTHON) scripts/vendor_assets.py

lock: setup ## Compile requirements*.in to requirements*.txt and package.json to its lock
	@test -x $(BIN)/uv || $(BIN)/pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile -q --generate-hashes requirements-local.in -o requirements-local.txt
	npm install --package-lock-only --ignore-scripts

lint: setup ## The checks of `make test` that need no database
	@$(PY) scripts/check.py --static

format: setup ## Format Python and sort imports
	@$(BIN)/ruff check -q --fix-only .
	@$(BIN)/ruff format .

messages: setup ## Collect the texts to translate and compile the catalogue
	@env VAR_DIR=$(VAR_DIR) $(EMBEDDED) $(PY) manage.py messages

screenshots: setup ## Take the README's screenshots of the demo data
	@env VAR_DIR=$(VAR_DIR)/screenshots $(EMBEDDED) $(PY) -m scripts.screenshots

demo: setup ## Fill the database with demo data (SCALE=small, department or company)
	@env VAR_DIR=$(VAR_DIR) DEBUG=1 $(EMBEDDED) $(PY) manage.py prepare_database
	@env VAR_DIR=$(VAR_DIR) DEBUG=1 $(EMBEDDED) $(PY) manage.py demo --scale $(SCALE)

shell: setup ## A Python shell on the data of `make run`
	@env VAR_DIR=$(VAR_DIR) DEBUG=1 $(EMBEDDED) $(PY) manage.py shell

manage: setup ## Any command: make manage DO="import_clients file.csv"
	@env VAR_DIR=$(VAR_DIR) DEBUG=1 $(EMBEDDED) $(PY) manage.py $(DO)

backup: setup ## Write database and files to FILE=name.tar
	@env VAR_DIR=$(VAR_DIR) $(EMBEDDED) $(PY) scripts/backup.py save "$(FILE)"

restore: setup ## Replace database and files by those of FILE=name.tar
	@env VAR_DIR=$(VAR_DIR) $(EMBEDDED) $(PY) scripts/backup.py restore "$(FILE)"

clean: ## Remove caches, test data and node_modules; the data of `make run` stays
	$(PYTHON) scripts/memory.py $(VAR_DIR)/test --free
	rm -rf $(VAR_DIR)/bench $(VAR_DIR)/chaos $(VAR_DIR)/screenshots $(VAR_DIR)/mypy \
		staticfiles node_modules .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
