# Every target is one or two plain commands: read it as a list of how things are done here.
# `make` alone lists the targets.

CARGO ?= cargo
CONTAINER ?= docker
IMAGE ?= whatsit

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Build and serve on 127.0.0.1:8080
	$(CARGO) run

.PHONY: dev
dev: ## Server and watcher side by side in a window of tmux; without tmux, the two commands
	@if [ -n "$$TMUX" ]; then \
		tmux split-window -h -c "$(CURDIR)" '$(CARGO) run --package cargo-kiln -- kiln dev' && $(CARGO) run; \
	elif command -v tmux >/dev/null && [ -t 0 ]; then \
		tmux new-session '$(CARGO) run' ';' set-option remain-on-exit on ';' \
			split-window -h '$(CARGO) run --package cargo-kiln -- kiln dev'; \
	else \
		printf '%s\n' 'Run each of these in a terminal of its own:' '' '  $(CARGO) run' \
			'  $(CARGO) run --package cargo-kiln -- kiln dev'; \
	fi

.PHONY: watch
watch: ## Rebuild the front end at each change, for a server started by `make run`
	$(CARGO) run --package cargo-kiln -- kiln dev

.PHONY: check
check: fmt clippy features test doc deny ## Everything that a commit has to pass
	@echo 'Passed. Advisories are a matter of the day: where there is a network, `make advisories` looks them up.'

.PHONY: fmt
fmt: ## Check the layout of the sources
	$(CARGO) fmt --all --check

.PHONY: clippy
clippy: ## Lint everything; a warning is an error
	$(CARGO) clippy --workspace --all-targets --locked -- --deny warnings

.PHONY: test
test: ## Run all tests but those of e2e and proof
	$(CARGO) test --workspace

# Choices of an adopter: of `kiln` the smallest, then each feature that compiles without the others; of the pipeline
# the one without its toolchain.
.PHONY: features
features: ## Lint the crates with fewer features or more, and test what depends on one
	@for features in '' metrics migrate otel span-filter tls; do \
		$(MAKE) --no-print-directory lint-features CRATE=kiln FEATURES="$$features" || exit 1; done
	$(MAKE) --no-print-directory lint-features CRATE=kiln-pipeline FEATURES=
	@for features in engine files; do \
		$(MAKE) --no-print-directory lint-features CRATE=kiln-build FEATURES="$$features" || exit 1; done
	$(CARGO) clippy --package kiln --locked --features tls --all-targets -- --deny warnings
	$(CARGO) test --package kiln --locked --features tls --lib --test assets --test lifecycle -- tls:: http2::
	$(CARGO) test --package whatsit --locked --features tls --test it -- secure::
	$(CARGO) test --package kiln-pipeline --locked --no-default-features --test without_toolchain
	$(CARGO) test --package kiln-build --locked --no-default-features --features engine --test engine

.PHONY: lint-features
lint-features:
	$(CARGO) clippy --package $(CRATE) --locked --no-default-features --features '$(FEATURES)' -- --deny warnings

.PHONY: doc
doc: ## Build the documentation; a warning is an error
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --workspace --no-deps --locked

.PHONY: deny
deny: ## Check licences and sources of the dependencies
	$(CARGO) deny --locked check --hide-inclusion-graph bans licenses sources

.PHONY: advisories
advisories: ## Look up advisories about the dependencies; needs a network
	$(CARGO) deny --locked check --hide-inclusion-graph advisories

.PHONY: release
release: ## Build target/release/whatsit, the same bytes in any folder
	CARGO="$(CARGO)" deploy/release

.PHONY: recipes
recipes: ## Run what stands in deploy/ with target/debug/whatsit; needs PostgreSQL and systemd's programs
	$(CARGO) build --locked
	deploy/check target/debug

.PHONY: e2e
e2e: release ## Run the browser tests against the release executable; needs chromium
	cd e2e && npm ci --no-audit --no-fund
	e2e/run target/release/whatsit

.PHONY: proof
proof: release ## Prove what only a finished executable can show; needs strace and python3
	tests/proof/run
	KILLS=20 $(CARGO) test --workspace --test it killed::

.PHONY: image
image: ## Build the container image
	$(CONTAINER) build --file Containerfile --build-arg REVISION="$$(git rev-parse HEAD)" --tag $(IMAGE) .

.PHONY: image-test
image-test: ## Build the image on this machine's own system and use it; needs root, buildah, podman and runc
	tests/image/run
