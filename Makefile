# make demo · make test · make docs · make check · make format · make clean
# Everything is set up inside the project: uv in .uv/ (unless there is one on the PATH), packages in .venv/.

UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test docs check types tests format clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/product ## crawl the bundled sample web into data/demo.db and say what was found
	@$(BIN)/python -m samples.demo

test: check tests ## set everything up, check the code, run the tests

tests: .venv/ready ## run the tests alone
	$(BIN)/pytest --cov --cov-report=term:skip-covered

docs: .venv/ready ## build the manual into site/, in Chinese and English
	$(BIN)/python -m manual.site

check: .venv/ready ## format, lint, types, who-imports-whom, dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: .venv/ready ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove what was set up here (not data/)
	rm -rf site .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage

.venv/product: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --no-dev --inexact
	@touch $@

.venv/ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --all-extras
	@touch .venv/product $@

.uv/bin/uv:
	python3 tools/fetch_uv.py .uv/bin
