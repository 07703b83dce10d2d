# Needs python3 (3.11 or later) and make, nothing else; the tests also Chromium and Node with npm.
#
#   make run      the service, with the case loaded, at http://127.0.0.1:8000
#   make test     all tests, on SQLite and on PostgreSQL
#   make check    format, lint, imports, types, migrations, the OpenAPI documents, deployment
#   make format   put the code in order
#   make bench    the service beside its peers, both databases; SIZE=100000 is quick, OUT=… writes there
#   make bench-growth   how times grow from ten thousand events up to SIZE
#   make fuzz     ask the service everything that its schema allows and forbids, for long
#   make clients  generate, compile and run further clients of the API; wants Java
#   make openapi  write the OpenAPI documents anew
#   make examples write the examples of answers in them anew
#   make released at a release, keep the OpenAPI document as what clients may rely on
#   make lock     write the locked requirements anew; UPGRADE=--upgrade takes newer releases
#   make clean    remove what was built, but not the data in var/

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STATE ?= $(if $(STATE_DIR),$(STATE_DIR),var)
JOBS ?= 2

BENCH := .venv-bench
SIZE ?= 1000000
OUT ?= build/bench

# One stamp for each lock: a second `make` installs nothing, a changed lock does.
RUN_READY := $(VENV)/base.stamp
DEV_READY := $(VENV)/dev.stamp
# The peers stand in an environment of their own.
BENCH_READY := $(BENCH)/bench.stamp
# Generated clients, and what makes them, too.
CLIENTS := .venv-clients
CLIENTS_READY := $(CLIENTS)/clients.stamp
NODE := tests/generated/typescript
NODE_READY := $(NODE)/node_modules/.package-lock.json
MORE_NODE := tests/generated/on_demand
MORE_NODE_READY := $(MORE_NODE)/node_modules/.package-lock.json

# Checks leave the data in var/ alone.
CHECK_ENV := env -u DATABASE_URL -u SECRET_KEY STATE_DIR=build/check
DEPLOYED := $(CHECK_ENV) BEHIND_TLS=True

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run bench bench-growth test check fuzz clients node examples released lint format migrations-check openapi openapi-check deploy-check lock clean

help:
	@sed -n 's/^#   //p' Makefile

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit("Timeline needs Python 3.11 or later." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements/base.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DEV_READY): requirements/dev.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $(RUN_READY) $@

# npm writes its own stamp, but only when something changed.
$(NODE_READY) $(MORE_NODE_READY): %/node_modules/.package-lock.json: %/package-lock.json
	npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@

node: $(NODE_READY)

run: $(RUN_READY)
	@test -n "$$SECRET_KEY" || $(PY) -m config.secret "$(STATE)/secret_key"
	@$(PY) manage.py prepare
	@exec $(BIN)/gunicorn --config config/gunicorn.py config.wsgi

# What asks for no database runs once. The clients that want Java are asked for by themselves.
TEST := $(PY) -m pytest -n $(JOBS) --dist worksteal --ignore $(MORE_NODE)
test: $(DEV_READY) $(NODE_READY)
	$(TEST) --database sqlite
	$(TEST) --database postgresql -m database

# The seed is fixed; each operation gets as many examples as this says. With none it is short, as it is
# among all tests.
EXAMPLES ?= 50
fuzz: $(DEV_READY)
	FUZZ_EXAMPLES=$(EXAMPLES) $(PY) -m pytest --database sqlite tests/fuzzing
	FUZZ_EXAMPLES=$(EXAMPLES) $(PY) -m pytest --database postgresql tests/fuzzing

$(CLIENTS_READY): requirements/clients.txt
	test -e $(CLIENTS)/bin/python || $(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

clients: $(CLIENTS_READY) $(MORE_NODE_READY)
	$(CLIENTS)/bin/python -m pytest --database sqlite $(MORE_NODE)

check: lint migrations-check openapi-check deploy-check

lint: $(DEV_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(CHECK_ENV) $(BIN)/mypy

format: $(DEV_READY)
	git ls-files -z '*.py' | xargs -0 $(BIN)/django-upgrade --target-version 5.2 --exit-zero-even-if-changed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migrations-check: $(DEV_READY)
	$(CHECK_ENV) $(PY) manage.py makemigrations --check --dry-run

# $(1): the folder to write to
define write_openapi
	@mkdir -p $(1)
	$(CHECK_ENV) $(PY) manage.py spectacular --validate --fail-on-warn --format openapi-json --file $(1)/openapi.json
	$(CHECK_ENV) $(PY) manage.py spectacular --validate --fail-on-warn --file $(1)/openapi.yaml
	$(CHECK_ENV) $(PY) manage.py spectacular --validate --fail-on-warn \
		--custom-settings config.openapi.DOCUMENT_3_0 --file $(1)/openapi-3.0.yaml
endef

openapi: $(DEV_READY)
	$(call write_openapi,openapi)

# What the case answers today is what the document shows.
examples: $(DEV_READY)
	WRITE_EXAMPLES=yes $(PY) -m pytest --database sqlite --quiet tests/contract/test_examples.py -k case
	$(call write_openapi,openapi)

# At a release: what clients may rely on from now on.
released: openapi
	cp openapi/openapi.json openapi/released.json

openapi-check: $(DEV_READY)
	$(call write_openapi,build/openapi)
	@diff -ru --exclude released.json openapi build/openapi || \
		{ echo 'The committed OpenAPI documents are not what the code says: make openapi'; exit 1; }

deploy-check: $(DEV_READY)
	$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING

$(BENCH_READY): requirements/bench.txt
	test -e $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

bench: $(BENCH_READY)
	$(BENCH)/bin/python -m benchmarks --size $(SIZE) --out $(OUT)

bench-growth: $(BENCH_READY)
	$(BENCH)/bin/python -m benchmarks --growth --size $(SIZE) --out $(OUT)

LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-strip-extras --no-emit-index-url $(UPGRADE)

lock: $(DEV_READY)
	$(LOCK) --output-file requirements/base.txt requirements/base.in
	$(LOCK) --output-file requirements/dev.txt requirements/dev.in
	$(LOCK) --output-file requirements/bench.txt requirements/bench.in
	$(LOCK) --output-file requirements/clients.txt requirements/clients.in

clean:
	rm -rf $(VENV) $(BENCH) $(CLIENTS) build htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
