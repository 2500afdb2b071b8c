# make serve [PORT=8000]   serve the graph on http://127.0.0.1:8000
# make test [TESTS=…] [JOBS=…]   run every check, or a part, in so many processes (default 2;
#                          JOBS=0: in one)
# make check               style, types, layers and the rules on data: seconds
# make help                this list
# make conformance         the W3C suites over HTTP against the running service; a table and EARL
# make dist                a release in dist/: wheel, source distribution and SBOM
# make soak                two minutes of load, hostile queries and killed workers; then what is
#                          timed, and what honest clients wait while others attack (six minutes)
# make fuzz MINUTES=5 [SEED=…]   requests by grammar and mutation, and what becomes of the server
# make bench-closure       compare the closure engine with its peers (ten minutes)
# make bench-endpoint      compare the endpoint with its peers (six minutes; needs wrk)
# make bench-validate      compare samsyn validate with pySHACL (an hour and a half, mostly pySHACL's)
# make bench-conformance   the conformance kit against the peers (a minute)
#
# Both make their environment first. A stamp named by the content of the lock files tells a later
# run that nothing has to be installed. PYTHON names the interpreter (3.11 or newer).

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Four are no faster on two cores, and tests with limits of processor time fail there.
JOBS ?= 2
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check --quiet

serve_id := $(shell cat requirements.txt requirements-build.txt | cksum | cut -d' ' -f1)
test_id := $(shell cksum < requirements-test.txt | cut -d' ' -f1)
suites_id := $(shell cksum < requirements-suites.txt | cut -d' ' -f1)
SERVE := $(VENV)/serve-$(serve_id).stamp
TEST := $(VENV)/test-$(test_id).stamp
SUITES := $(VENV)/suites-$(suites_id).stamp
clients_id := $(shell cat requirements-test.txt tests/live/comunica/package-lock.json | cksum | cut -d' ' -f1)
PEERS := $(VENV)/peers-$(shell cksum < benchmarks/requirements-endpoint.txt | cut -d' ' -f1).stamp
CLIENTS := $(VENV)/clients-$(clients_id).stamp

.PHONY: help serve test check dist conformance fuzz soak bench-closure bench-endpoint bench-validate \
  bench-conformance lock

help:
	@sed -n 's/^# \{0,1\}//p; /^$$/q' Makefile

serve: $(SERVE)
	$(RUN) -m samsyn serve --host $(HOST) --port $(PORT)

test: $(TEST) $(SUITES) $(CLIENTS)
	$(RUN) -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder \
	  $(TESTS)

check: $(TEST)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports
	$(RUN) -m samsyn lint

dist: $(TEST)
	$(RUN) -m build --no-isolation --outdir dist
	$(RUN) -m tests.security.sbom dist/samsyn.cdx.json

conformance: $(TEST) $(SUITES)
	$(RUN) -m tests.w3c --earl $(VENV)/conformance.ttl

MINUTES ?= 5
fuzz: $(TEST)
	$(RUN) -m tests.live.fuzzing --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

soak: $(TEST)
	$(RUN) -m tests.live.soak
	$(RUN) -m pytest -m timed -rP

bench-endpoint: $(TEST) $(PEERS)
	$(RUN) -m benchmarks.endpoint

bench-validate: $(TEST)
	$(RUN) -m benchmarks.validate

bench-conformance: $(TEST) $(PEERS)
	$(RUN) -m benchmarks.conformance

$(PEERS):
	@$(PYTHON) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --disable-pip-version-check --quiet install \
	  --require-hashes -r benchmarks/requirements-endpoint.txt
	@touch $@

bench-closure: $(TEST)
	@$(PIP) install --no-deps --require-hashes -r benchmarks/requirements.txt
	$(RUN) -m benchmarks.closure

# The locks are made again by hand (needs uv). A server installs the first; a checkout, which pip
# builds where it stands, installs the second too; the third holds both and what the tests need.
# Each lets pip install wheels alone: to build anything, it would fetch tools that no lock names.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --only-binary :all: --emit-build-options --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(COMPILE) --upgrade pyproject.toml --output-file requirements.txt
	$(COMPILE) --upgrade --group build --constraint requirements.txt \
	  --output-file requirements-build.txt
	$(COMPILE) --group build --extra test --constraint requirements.txt \
	  --constraint requirements-build.txt pyproject.toml --output-file requirements-test.txt

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "samsyn needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

# The test environment holds all that serving needs, so either stamp may stand for it.
$(SERVE): | $(RUN)
	@test -e $(TEST) || $(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(TEST): | $(RUN)
	@$(PIP) install --require-hashes -r requirements-test.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

# Node comes with the test environment; nothing that a package brings is run while it is installed.
$(CLIENTS): | $(TEST)
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm ci --prefix tests/live/comunica --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# pip asks a source distribution what it needs even if it only fetches it; with the build tools of
# the test environment it need not fetch any of its own.
$(SUITES): | $(TEST)
	@$(PIP) download --require-hashes --no-deps --no-build-isolation --no-binary :all: \
	  --dest $(VENV)/suites -r requirements-suites.txt
	@touch $@
