# Everything a person or a machine does here has one word. `make run` and `make test` are the README's two commands.
SHELL := /bin/bash
PY := .venv/bin/python
MANAGE := $(PY) manage.py
PORT ?= 8000

# Links in the demo's mails lead to the port that was asked for.
run: export PUBLIC_ADDRESS ?= http://localhost:$(PORT)

.PHONY: run test test-services test-deep check bench format lock seed clean

run:
	@scripts/setup.sh run
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_standards --verbosity 0
	@$(MANAGE) seed_demo --once
	@$(MANAGE) supervise --port $(PORT)

test:
	@scripts/setup.sh test
	@$(PY) -m pytest -n 2 --dist loadscope -m "not faults and not browser and not measured and not deep" --cov --cov-report=term:skip-covered --cov-fail-under=90
	@$(PY) -m pytest -n 2 --dist loadscope -m "browser and not deep"
	@$(PY) -m pytest -m "(faults or measured) and not browser and not deep"

test-services:
	@scripts/setup.sh test
	@scripts/services.sh $(PY) -m pytest -n 2 --dist loadscope -m "database and not browser and not faults and not measured and not deep"
	@scripts/services.sh $(PY) -m pytest -m "faults and not deep"

test-deep:
	@scripts/setup.sh test
	@HYPOTHESIS_PROFILE=deep $(PY) -m pytest

check:
	@scripts/setup.sh test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy .
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(PY) -m djlint templates --lint --quiet
	@$(MANAGE) makemigrations --check --dry-run --verbosity 1
	@scripts/check_deploy.sh

bench:
	@scripts/setup.sh test
	@scripts/services.sh $(PY) scripts/bench.py

format:
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

lock:
	@.venv/bin/uv pip compile pyproject.toml --python-version 3.11 --no-header --no-annotate -q -o requirements.txt
	@.venv/bin/uv pip compile pyproject.toml --group dev --python-version 3.11 --no-header --no-annotate -q -o requirements-dev.txt

seed:
	@$(MANAGE) seed_demo

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
