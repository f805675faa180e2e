# The commands of README.md for those who like make. bootstrap.py does the work and needs no make.
PYTHON ?= python3
BIN = .venv/bin
.PHONY: run test check fix migrate bench docs

run:      ## serve the demonstration
	$(PYTHON) bootstrap.py run

test:     ## everything that CI checks
	$(PYTHON) bootstrap.py test

check:    ## lint, format, types and import contracts only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix:      ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migrate:  ## bring the database of DATABASE_URL up to date
	$(BIN)/flask --app wsgi db upgrade

bench:    ## the benchmarks at full size
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.ledger
	$(BIN)/python -m benchmarks.pages
	$(BIN)/python -m benchmarks.portal
	$(BIN)/python -m benchmarks.security
	$(BIN)/python -m benchmarks.sweep

docs:     ## write the generated pages of docs/ again
	$(BIN)/flask --app wsgi procedures draw
	$(BIN)/flask --app wsgi permissions draw
