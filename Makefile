# make run    builds the sample company's site        make test   runs all tests
# make ui     opens the Dagster UI                     make lint   ruff, types, audits
# make bench  prints the benchmarks                    make screenshots   takes the README's pictures anew
PYTHON ?= python3
BIN := .venv/bin
EXPORTS ?= data_samples/acme
OUT ?= out
PACKAGES := connectors models dashboards pipelines data_samples

.PHONY: run test ui lint bench screenshots setup

run: setup
	@$(BIN)/turnout run --exports "$(EXPORTS)" --out "$(OUT)"

test: setup .venv/oldest-duckdb
	@$(BIN)/python -m pytest

ui: setup
	@DAGSTER_HOME="$(CURDIR)/.dagster" TURNOUT_EXPORTS="$(abspath $(EXPORTS))" TURNOUT_OUT="$(abspath $(OUT))" \
		$(BIN)/dagster dev --host 127.0.0.1 --port $(or $(PORT),3000)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(PACKAGES)
	@$(BIN)/python .ci/audit.py

bench: setup
	@$(BIN)/python -m benchmarks

screenshots: setup
	@$(BIN)/python -m benchmarks.screenshots

setup: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@echo "Setting up .venv (once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/oldest-duckdb: requirements.oldest.lock .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
		--target $@ -r requirements.oldest.lock
	@touch $@
