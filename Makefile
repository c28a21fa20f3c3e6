# The commands of a clone. `make` alone lists them.
PYTHON ?= python3
DEV = $(PYTHON) bootstrap.py dev
.DEFAULT_GOAL := help
.PHONY: help run test check bench lock messages docs format

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do \
	  printf '%-16s %s\n' "$$name" "$$what"; done

run: ## Set up, load a demo organisation and serve http://127.0.0.1:8000 (DERMAN_PROFILE=gas)
	@$(PYTHON) bootstrap.py run

test: ## Lint, types, contracts and all tests; LANE=sqlite|postgresql|browser|services runs one lane
	@$(DEV) python tests/run.py $(LANE)

check: ## Lint, types and contracts without the tests
	@$(DEV) python tests/check.py

bench: ## Measure on PostgreSQL; SIZE=100000 cases
	@$(DEV) derman bench $(if $(SIZE),--size $(SIZE))

format: ## Bring code and templates into shape
	@$(DEV) ruff format .
	@$(DEV) ruff check --fix .
	@$(DEV) djade --target-version 5.2 $$(find src -path '*/templates/*' -name '*.html') || true

docs: ## Write the generated documents anew
	@$(DEV) python tests/check.py --write-docs

messages: ## Collect the words to translate and compile the translations (needs gettext)
	@$(DEV) python tests/messages.py

lock: ## Maintainers: pin the dependencies of pyproject.toml with hashes (needs uv)
	uv export --quiet --no-emit-project --no-dev --no-annotate --no-header -o requirements.lock
	uv export --quiet --no-emit-project --no-annotate --no-header -o requirements-dev.lock
