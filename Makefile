# `make check` runs all that CI runs. `make` alone lists the targets.
ADDOPTS = --numprocesses=4 --dist=worksteal --durations=40 --cov --cov-report=

.PHONY: help setup sbom check lint types test docs pictures benchmark

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/ready  ## a virtual environment with all that development needs

.venv/ready: pyproject.toml requirements.lock $(wildcard web/*.json web/src/*.ts web/src/*/*.ts)
	python3 -m venv .venv
	.venv/bin/pip install --quiet --require-hashes --requirement requirements.lock
	.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	.venv/bin/python web/npm.py ci
	@touch $@

sbom: .venv/ready  ## list all that is installed, as CycloneDX, in build/sbom.json
	mkdir -p build && .venv/bin/python docs/build_sbom.py >build/sbom.json

check: lint types test  ## everything that must hold before a change is proposed

lint: .venv/ready  ## style and form of the code
	.venv/bin/ruff check
	.venv/bin/ruff format --check

types: .venv/ready  ## the types of the code
	.venv/bin/mypy
	.venv/bin/python web/npm.py run types

test: .venv/ready  ## all tests, with the coverage that must be reached
	.venv/bin/python web/npm.py test
	PYTEST_ADDOPTS="$(ADDOPTS)" .venv/bin/pytest
	.venv/bin/coverage report --skip-covered --include='graph/*,loaders/*' --fail-under=95

docs: .venv/ready  ## write anew the pages that are made: of the ontology, the model and the licences
	for one in ontology_page model_picture licences; do .venv/bin/python docs/build_$$one.py || exit 1; done

pictures: .venv/ready  ## write anew the README's pictures of the pages, with Chromium
	PYTHONPATH=tests .venv/bin/python docs/build_screenshots.py

benchmark: .venv/ready  ## measure what has a bound
	set -e; for one in ask_cold_start build change endpoint runaways pages exports documents ods ocds faults; do \
		.venv/bin/python benchmarks/$$one.py; done
	.venv/bin/python benchmarks/soak.py --questions 10000 && .venv/bin/python benchmarks/suite.py --sizes 100000
