# Everything runs from a clean clone with Python 3.11+, pip and make; see README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint bench docs dist lock clean

setup:            ## make .venv from requirements.lock; quick when nothing changed
	@$(PYTHON) tools/setup_env.py

demo: setup       ## score the shipped cases and write their reports into build/demo/
	@$(BIN)/assess demo -o build/demo

test: setup       ## run all tests: two processes, one thread each
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile

lint: setup       ## style, types, room contracts, mirror of tests, generated documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tools/check_mirror.py
	@$(BIN)/python tools/make_docs.py --check

bench: setup      ## measure speed as ratios in one run
	@$(BIN)/python -m benchmarks

docs: setup       ## write the generated pages of docs/ anew
	@$(BIN)/python tools/make_docs.py

dist: setup       ## build the wheel into dist/
	@rm -rf dist
	@$(BIN)/hatchling build -t wheel -d dist

lock:             ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --upgrade --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv build dist
