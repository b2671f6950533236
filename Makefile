# Everything a newcomer needs: `make run` and `make test`. Both install what they need into .venv/.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint bench screens lock migrations
PORT ?= 8000
export PORT

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv/ with the pinned libraries
	@sh .ci/setup.sh requirements.txt

setup-dev:
	@sh .ci/setup.sh requirements.txt requirements-dev.txt

run: setup ## start Dealwright with a demo workspace: make run [PORT=8001]
	@exec .venv/bin/python manage.py launch

test: setup-dev ## the suite on SQLite, and on PostgreSQL + Redis where they answer
	@.venv/bin/python tests/run.py $(ARGS)

lint: setup-dev ## ruff, mypy, djade, import order, migrations, API schema
	@sh .ci/lint.sh

bench: setup-dev ## figures against a floor and a peer, as JSON lines: make bench [ONLY=import]
	@.venv/bin/python -m tests.benchmarks $(ONLY)

screens: setup-dev ## screenshots of the main pages into screens/
	@.venv/bin/python -m tests.browser.screens screens

lock: setup-dev ## pin again after a change of requirements*.in (needs uv)
	uv pip compile requirements.in --generate-hashes --python-version 3.11.7 --universal -q -o requirements.txt
	uv pip compile requirements-dev.in --generate-hashes --python-version 3.11.7 --universal -q -o requirements-dev.txt
