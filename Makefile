# Everything starts from here. `make` alone says what there is.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done)
PORT ?= 8000
RESET ?=
BIN := .venv/bin

export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo test quick check fix bench evaluate build lock schema screenshot screens clean install dev

help:
	@echo "make demo        a served site with a made-up clinic (PORT=8000, RESET=1 begins anew)"
	@echo "make test        every test this machine can run"
	@echo "make quick       the tests that need neither a browser nor PostgreSQL"
	@echo "make check       lint, format, types, import walls, migrations, schema, locks"
	@echo "make fix         what the tools can mend by themselves"
	@echo "make bench       measurements, as ratios in one run"
	@echo "make evaluate    how good the forecasts are, in made-up clinics (QUICK=1: a taste)"
	@echo "make build       the phone app, and the static files of a real installation"
	@echo "make lock        lock the dependencies again"
	@echo "make schema      write the OpenAPI document again"
	@echo "make screenshot  the README's picture, from the running product"
	@echo "make screens     every screen of phone app and dashboard, light and dark"
	@echo "make clean       remove what was built (never the data)"

install:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@$(PYTHON) .ci/bootstrap.py demo

dev:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@$(PYTHON) .ci/bootstrap.py dev

demo: install
	@$(BIN)/python .ci/build_pwa.py
	@mkdir -p .data/demo
	@export RESPITE_DATA_DIR=.data/demo RESPITE_MAIL_TO_FOLDER=1; \
	$(BIN)/python manage.py demo_server --port $(PORT) --check && \
	{ [ -z "$(RESET)" ] || find .data/demo -mindepth 1 -delete; } && \
	$(BIN)/python manage.py migrate --verbosity 0 && \
	$(BIN)/python manage.py createcachetable && \
	$(BIN)/python manage.py demo_clinic && \
	exec $(BIN)/python manage.py demo_server --port $(PORT)

test: dev
	@$(BIN)/python .ci/build_pwa.py
	@$(BIN)/python .ci/tests.py

quick: dev
	@$(BIN)/python .ci/tests.py quick

check: dev
	@$(BIN)/python .ci/build_pwa.py
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python .ci/check_project.py
	$(BIN)/npm run --silent check --prefix pwa

fix: dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	@$(BIN)/python .ci/build_pwa.py
	$(BIN)/npm run --silent fix --prefix pwa

bench: dev
	@$(BIN)/python benchmarks/run.py

evaluate: dev
	@OPENBLAS_NUM_THREADS=1 PYTHONPATH=.:benchmarks $(BIN)/python -u -m evaluate.run \
		$(if $(QUICK),--quick)

build: install
	@$(BIN)/python .ci/build_pwa.py
	$(BIN)/python manage.py collectstatic --no-input --verbosity 0

schema: dev
	$(BIN)/python manage.py spectacular --file api/openapi.yaml --validate --fail-on-warn

lock: dev
	@for set in "runtime:" "demo:--group build" "dev:--group dev"; do \
		$(BIN)/uv pip compile pyproject.toml $${set#*:} --universal --generate-hashes \
			--no-emit-index-url --no-header --python-version 3.11 --quiet --system-certs \
			--output-file requirements/$${set%%:*}.txt || exit 1; \
	done

screenshot: dev
	@$(BIN)/python .ci/build_pwa.py
	@$(BIN)/python -m docs.screenshot

screens: dev
	@$(BIN)/python .ci/build_pwa.py
	@$(BIN)/python -m docs.screens
	@$(BIN)/python -m docs.dashboard_screens

clean:
	rm -rf .venv pwa/node_modules pwa/dist pwa/dist-dashboard .mypy_cache .ruff_cache .pytest_cache
