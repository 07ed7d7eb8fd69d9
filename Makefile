# What people run here. `make help` lists it.

PORT ?= 8000
EBOK_DATA ?= var
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
UV ?= uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
# The tools read the settings; nothing they do with these secrets leaves the machine.
TOOLS := EBOK_DEMO=1 EBOK_SECRET_KEY=tools EBOK_HMAC_KEY=tools EBOK_CONFIG=/dev/null

export EBOK_DATA

.PHONY: help setup run test check bench bench-quick prove lock
.DEFAULT_GOAL := help

help: ## pokaż tę listę
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22
	@echo '  PORT=8123 i EBOK_DATA=/folder wybierają port i folder wszystkiego, co program zapisuje (make run)'

setup: $(RUNTIME) ## zainstaluj program do .venv

run: $(RUNTIME) ## uruchom wersję pokazową i wypisz adres oraz loginy
	@exec $(BIN)/ebok serve --demo --with-parent --port="$(PORT)"

test: $(DEV) ## wszystkie testy
	@$(BIN)/pytest -q

check: $(DEV) ## format, lint, typy, kontrakty importów, migracje, szablony, zależności
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(TOOLS) tools/check

bench: $(DEV) ## pomiary szybkości na pełnych danych
	@$(BIN)/python -m benchmarks

bench-quick: $(DEV) ## pomiary szybkości na małych danych, do 3 minut
	@$(BIN)/python -m benchmarks --quick

prove: $(DEV) ## każda obietnica: liczba, cel, ok albo short
	@$(BIN)/python -m benchmarks.prove

lock: ## przelicz requirements.lock i requirements-dev.lock (potrzebuje uv)
	$(LOCK) requirements/runtime.in -o requirements.lock
	$(LOCK) requirements/dev.in -c requirements.lock -o requirements-dev.lock

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo 'Nie ma Pythona. Zainstaluj Python 3.11 lub nowszy (apt install python3 python3-venv) i spróbuj ponownie.' >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Ten Python jest za stary. Zainstaluj Python 3.11 lub nowszy i wskaż go: make run PYTHON=python3.11' >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'Pythonowi brakuje modułu venv. Zainstaluj go (apt install python3-venv) i spróbuj ponownie.' >&2; exit 2; }
	@echo 'Instaluję program do .venv (około minuty)…' >&2
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(VENV)/pyvenv.cfg requirements.lock pyproject.toml
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
