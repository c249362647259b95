# Two commands: `make course` runs the whole course, `make test` proves it.
# Everything is installed into .venv from requirements.txt; nothing else is needed but Python 3.11+.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
WEEKS  ?=

# An inherited PYTHONDONTWRITEBYTECODE would make every import slow.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup course lab test proof bench lint tidy dictionary lock clean

help:            ## list what you can do
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(READY)  ## install everything into .venv (the other targets do this for you)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) -V 2>&1`. Try: make PYTHON=python3.12 setup"; exit 1; }
	@test -x $(BIN)/python || { echo "Setting up .venv (once only; a few minutes)"; $(PYTHON) -m venv $(VENV); }
	@rm -f $(VENV)/.failed
	@{ $(BIN)/python -m pip install --require-hashes -r requirements.txt || touch $(VENV)/.failed; } \
	  | sed -u -n -e 's/^Collecting \([^ ]*\).*/  fetching \1/p' -e 's/^Installing collected packages.*/  installing (about two minutes)/p'
	@test ! -e $(VENV)/.failed || { echo "The install did not finish; the lines above say why. Run 'make setup' again."; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q clear_helpers
	@touch $(READY)

course: $(READY) ## run every weekly notebook and write the pages to build/
	@$(BIN)/workbook data
	@$(BIN)/workbook run $(WEEKS)

lab: $(READY)    ## open JupyterLab on the week you were on
	@$(BIN)/workbook lab $(WEEKS)

test: $(READY) lint ## prove that it works (at most 15 minutes on 2 cores)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not proof" tests

proof: $(READY)  ## the long proofs (at most 40 minutes)
	@$(BIN)/python -m pytest -m proof tests || test $$? -eq 5

bench: $(READY)  ## speed, as ratios measured in one run
	@$(BIN)/python -m pytest tests/benchmarks -q -s

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/mypy

tidy: $(READY)   ## take outputs out of notebooks and put them in standard form
	@$(BIN)/python -m clear_helpers.headless.tidy

dictionary: $(READY) ## write datasets/README.md from the data model
	@$(BIN)/python -m clear_helpers.pcn.dictionary

lock: $(READY)   ## pin every version again, with hashes
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-emit-index-url --no-header --all-extras pyproject.toml -o requirements.txt

clean:           ## remove everything that was generated
	rm -rf build datasets/synthetic $(VENV)
