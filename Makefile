# Xunwen. `make` alone tells what there is.
PYTHON ?= python3
BIN := .venv/bin

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

run: .venv/run ## set up, import the sample if the archive is empty, serve on http://127.0.0.1:8000, fetch and index
	$(BIN)/xunwen import --if-empty index_data/sample
	$(BIN)/xunwen index
	$(BIN)/xunwen run

index: .venv/run ## bring the index up to date; FROM=path imports that path first
	$(if $(FROM),$(BIN)/xunwen import $(FROM))
	$(BIN)/xunwen index

rebuild: .venv/run ## build a new generation of the index beside the live one, then swap
	$(BIN)/xunwen rebuild

test: check ## everything: style, types, all tests
	$(BIN)/pytest -n 3 --max-worker-restart=0 $(TESTS)

coverage: .venv/dev ## all tests once more, and which branches of the product none of them takes
	$(BIN)/pytest -n 3 --max-worker-restart=0 --cov --cov-report=term $(TESTS)

compat: ## the tests without servers and a browser, under another Python: PYTHON=python3.13
	$(PYTHON) -m venv .venv-compat
	.venv-compat/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	XUNWEN_WITHOUT=browser,postgresql,opensearch,faults .venv-compat/bin/pytest -n 2 -m "not hostile" $(TESTS)
	rm -rf .venv-compat

hostile: .venv/dev ## what those who mean harm would send, a part of the tests
	$(BIN)/pytest -m hostile

soak: .venv/dev ## feeds, kills, damage and many readers at once: [MINUTES=2]
	$(BIN)/python -m benchmarks.soak $(if $(MINUTES),--minutes $(MINUTES))

check: .venv/dev ## style and types alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/bench ## speed and size against other engines: DATA=path [SIZES=2000,20000,60000]
	$(BIN)/python -m benchmarks $(if $(SIZES),--sizes $(SIZES)) $(DATA)

eval: .venv/eval ## ranking on a folder in BEIR layout: DATA=folder [ENGINE=whoosh]
	$(BIN)/python -m benchmarks.relevance $(if $(ENGINE),--engine $(ENGINE)) $(DATA)

screenshots: .venv/dev ## pictures of every page, both themes, phone and desktop, into screenshots/
	$(BIN)/python -m tests.browser.screenshots

clean: ## remove what make built; the data folder stays
	rm -rf .venv .venv-compat .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage build dist *.egg-info

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/%: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$*]'
	@touch $@

.PHONY: help run index rebuild test coverage compat hostile soak check bench eval screenshots clean
