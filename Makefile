# The commands of this house. `make help` lists them.

PYTHON ?= $(if $(wildcard .venv/bin/python),.venv/bin/python,python3)

.DEFAULT_GOAL := help
.PHONY: help contracts

help: ## list the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

contracts: ## release what grew in shared/contracts, refuse what breaks, add missing examples
	$(PYTHON) -m shared.contracts.release
	$(PYTHON) -m shared.contracts.golden write
