# Two commands matter: `make course` opens the course, `make test` runs everything CI runs.
PYTHON ?= python3
BIN := .venv/bin
SETUP := $(PYTHON) lib/receivables/course/environment.py

.PHONY: course lab test notebooks bench lock clean

course:
	@$(SETUP) && { $(BIN)/receivables doctor || true; } && $(BIN)/receivables course

lab:
	@$(SETUP) && $(BIN)/receivables lab

test:
	@$(SETUP) && $(BIN)/python -m receivables.course.testing

notebooks:
	@$(SETUP) && $(BIN)/python -m receivables.course.build

bench:
	@$(SETUP) && for script in bench/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# After a change of dependencies; needs uv. The lock carries hashes and no addresses.
lock:
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -q -o requirements.lock

clean:
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis
	find lib tests notebooks casework -name __pycache__ -type d -prune -exec rm -rf {} +
