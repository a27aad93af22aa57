# What can be done with this project. Python 3.11 or later with pip, and make, are all that is needed:
# each target first makes .venv from the locks in requirements/, once.
# Another Python: make test PYTHON=/path/to/python3.12. Some tests only: make quick ARGS="tests/test_x.py -k name".

PYTHON ?= python3
WORKERS ?= auto
ARGS ?=
UPGRADE ?=
PY := .venv/bin/python
UV := uv==0.13.9

# Whatever environment is active where make is called, it has no part in this.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
unexport COVERAGE_FILE COVERAGE_RCFILE COVERAGE_PROCESS_START

.PHONY: help demo test quick lint format types docs bench wheel lock catalogue clean run-environment dev-environment programs

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

demo: run-environment  ## check the plan that comes along
	@echo '$$ kpi-tracker check goals/pinghu-2021 --as-of 2021-09-30'
	@$(PY) -m kpi_tracker check goals/pinghu-2021 --as-of 2021-09-30; code=$$?; \
	test $$code -ne 1 || { echo '(exit code 1: something lags)'; exit 0; }; exit $$code

test: dev-environment programs  ## run the tests; every line and branch must be covered
	@$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest -n $(WORKERS)
	@$(PY) -m coverage combine --quiet
	$(PY) -m coverage report

quick: dev-environment  ## run the tests named in ARGS, without coverage
	$(PY) -m pytest $(ARGS)

lint: dev-environment  ## look for faults of style and form
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: dev-environment  ## bring the source into its form
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: dev-environment  ## check the types
	$(PY) -m mypy

docs: dev-environment  ## build the documentation into docs/_build/html
	$(PY) -m sphinx -E -W --keep-going -q -b html docs docs/_build/html

bench: dev-environment  ## measure speed and memory
	$(PY) -m bench $(ARGS)

wheel: dev-environment  ## build the wheel into dist/ and try it in an environment with nothing else
	$(PYTHON) -m tools.try_wheel

lock:  ## renew requirements/ from pyproject.toml; UPGRADE=--upgrade takes the newest releases
	$(PYTHON) -m tools.lock $(UV) $(UPGRADE)

catalogue: dev-environment  ## bring the Chinese catalogue in line with the source, compile and check it
	$(PY) -m tools.catalogue --update

clean:  ## remove all that was made
	rm -rf .venv dist build docs/_build .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests bench tools docs -name __pycache__ -prune -exec rm -rf {} +

run-environment:
	@$(PYTHON) -m tools.environment run

dev-environment:
	@$(PYTHON) -m tools.environment dev

programs:  # the browser, LibreOffice and fonts that tests drive; as root on Debian they are installed
	@$(PYTHON) -m tools.programs
