# Everything a person or a pipeline does with this repository, one word each. `make help` lists them.

PYTHON ?= python3
VENV := .venv/bin
BOOTSTRAP := $(PYTHON) -m deploy.local.bootstrap
PROFILE ?= compact
ADAPTERS := $(wildcard adapters/*/pyproject.toml)
null :=
PLUGINS := $(subst $(null) $(null),:,$(patsubst %/,%,$(dir $(ADAPTERS))))
SOURCES := services shared deploy tests $(wildcard adapters bench)

.DEFAULT_GOAL := help
.PHONY: help up down status logs doctor demo test check format requirements faults fuzz bench privacy adapter conformance \
	department-live asyncapi openapi contracts k8s-check compose-env lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## start the suite; Ctrl-C stops it and keeps the data (PROFILE=apart, REPLICAS="routing=3 grid=2")
	@$(BOOTSTRAP) --for demo
	@exec $(VENV)/yizhan up --profile $(PROFILE) $(foreach count,$(REPLICAS),--replicas $(count))

down: ## stop the suite from another terminal
	@$(VENV)/yizhan down

status: ## what runs, since when, restarted how often
	@$(VENV)/yizhan status

logs: ## follow all logs
	@exec $(VENV)/yizhan logs --follow

doctor: ## examine servers, disk, secrets, queues and services
	@$(VENV)/yizhan doctor

demo: ## a county's days in minutes, end to end (DATA=file SABOTAGE=drop|twice KILL=broker,mongod,worker)
	@$(BOOTSTRAP) --for demo
	@exec $(VENV)/python -m deploy.local.demo \
		$(if $(DATA),--data "$(DATA)") $(if $(SABOTAGE),--sabotage "$(SABOTAGE)") $(if $(KILL),--kill "$(KILL)") \
		$(if $(filter apart,$(PROFILE)),--profile apart)

test: ## all tests but the nightly ones of make faults (TESTS=path or -k expression to run some)
	@$(BOOTSTRAP) --for test
	@$(VENV)/python -m pytest $(TESTS)

check: ## format, lint, types, import rules
	@$(BOOTSTRAP) --for demo
	@$(VENV)/ruff format --check .
	@$(VENV)/ruff check .
	@MYPYPATH=$(PLUGINS) $(VENV)/mypy $(SOURCES)
	@$(VENV)/lint-imports --no-logo

format: ## put the source in the house's form
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .

requirements: ## which requirements the last test run proved
	@$(VENV)/python -m tests.requirements

faults: ## kill, cut, fill and repeat; nothing may be lost or done twice
	@$(BOOTSTRAP) --for test
	@exec $(VENV)/python -m tests.faults

adapter: ## write a department's plug-in that passes its tests at once (NAME=forestry TITLE=林业局)
	@$(BOOTSTRAP) --for demo
	@$(VENV)/python -m yizhan_adapter new "$(NAME)" --into adapters --title "$(TITLE)"
	@$(BOOTSTRAP) --for demo

conformance: ## fourteen cases for every adapter on a broker of its own (NAME=court for one)
	@$(BOOTSTRAP) --for demo
	@exec $(VENV)/python -m deploy.local.conformance $(NAME)

duplicates-scale: ## find an earlier matter among 1,000,000 in at most 50 ms (about a quarter of an hour; MATTERS=50000)
	@$(BOOTSTRAP) --for demo
	@exec $(VENV)/python -m bench.duplicates $(if $(MATTERS),--matters $(MATTERS))

department-live: ## time it: a written plug-in, the department onboarded, its first case concluded
	@$(BOOTSTRAP) --for demo
	@exec $(VENV)/python -m deploy.local.department_live

fuzz: ## call every address with what it describes and what it does not (EXAMPLES=300 of each, SERVICE=intake)
	@$(BOOTSTRAP) --for test
	@exec $(VENV)/python -m tests.fuzz $(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(SERVICE),--service $(SERVICE))

privacy: ## search all that a demo leaves behind for what its people gave (FRESH=1 for a new demo, DATA=file)
	@$(BOOTSTRAP) --for demo
	@exec $(VENV)/python -m deploy.local.privacy $(if $(FRESH),--fresh) $(if $(DATA),--data "$(DATA)")

bench: ## measure against the limit of this machine
	@$(BOOTSTRAP) --for demo
	@exec $(VENV)/python -m bench

contracts: ## release what grew in shared/contracts, refuse what breaks, add missing examples
	@$(BOOTSTRAP) --for demo
	@$(VENV)/python -m shared.contracts.release
	@$(VENV)/python -m shared.contracts.golden write

asyncapi: ## write docs/asyncapi.json from the contracts and the listeners, and have it read
	@$(BOOTSTRAP) --for demo
	@$(VENV)/python -m shared.contracts.asyncapi

openapi: ## write docs/openapi/*.json from the services
	@$(BOOTSTRAP) --for demo
	@$(VENV)/python -m shared.web.openapi

k8s-check: ## the manifests against their schemas and against the launcher's plan
	@$(BOOTSTRAP) --for demo
	@$(VENV)/python -m pytest tests/unit -k "manifests or compose or k8s"

compose-env: ## write .env with fresh passwords for docker compose (needs no Docker)
	@$(PYTHON) -m deploy.container.env

lock: ## renew requirements.lock and, for the image, requirements-run.lock (needs uv)
	@uv pip compile -q --generate-hashes --no-emit-index-url --no-header \
		--extra local --extra dev --extra s3 --extra triage pyproject.toml -o requirements.lock
	@uv pip compile -q --generate-hashes --no-emit-index-url --no-header \
		--constraint requirements.lock --extra image pyproject.toml -o requirements-run.lock
