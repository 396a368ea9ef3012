# `make demo` and `make test` need nothing but a Swift toolchain on a Debian-like machine; the rest is for developers.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo demo-pipeline test test-long coverage build release hardened bare linkage sanitize fuzz lint format layers structure dependencies bench record reliability clean

help:            ## Show this list.
	@grep -hE '^[a-z-]+: .*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

dependencies:
	@scripts/install-dependencies

demo: dependencies ## Build, start the simulator, apply examples/quickstart, change a topic, show what happened.
	@scripts/demo

demo-pipeline:   ## Two runners and a laptop share a ledger in etcd: one is killed, the etcd is lost, and comes back.
	@scripts/install-dependencies --tests
	@scripts/demo-pipeline

test:            ## Run every test.
	@scripts/install-dependencies --tests
	@scripts/test $(if $(COVERAGE),--coverage)

test-long:       ## Try the properties of plans and moves ten times as long, and every fault of every call (SPILLWAY_TEST_SCALE=10, or another number).
	SPILLWAY_TEST_SCALE=$${SPILLWAY_TEST_SCALE:-10} swift test --parallel --filter "PlanningTests|HistoryTests|KilledRunTests|FaultMatrixTests"

coverage:        ## The same as `make test COVERAGE=1`.
	@$(MAKE) test COVERAGE=1

build: dependencies ## Build for development.
	swift build

release: dependencies ## Build the one static binary: .build/release/spillway.
	swift build -c release --static-swift-stdlib --product spillway

hardened: dependencies ## Build release without the simulator: .build/hardened/release/spillway, which has no HTTP server in it.
	swift build -c release --static-swift-stdlib --product spillway --disable-default-traits --scratch-path .build/hardened
	scripts/check-hardened .build/hardened/release/spillway

bare: dependencies ## Build for development without the simulator, and check that no HTTP server is in it: quicker than hardened.
	swift build --product spillway --disable-default-traits --scratch-path .build/hardened
	scripts/check-hardened .build/hardened/debug/spillway

linkage: release ## Build the release, and check which shared libraries it needs against the list.
	scripts/check-linkage .build/release/spillway

sanitize: dependencies ## Look for data races with the thread sanitizer; takes a build of its own.
	scripts/sanitize

fuzz: dependencies ## Random bytes for what reads text of others: SECONDS=600 for each entry, TARGET=manifests for one.
	scripts/fuzz $(or $(SECONDS),600) $(TARGET)

lint:            ## Check format and style; exits 1 on any finding.
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Fuzz

format:          ## Format all sources in place.
	swift format --in-place --parallel --recursive Package.swift Sources Tests Fuzz

layers:          ## Check every import against the architecture.
	scripts/check-imports

structure:       ## Measure the shape of the code against its limits; and that links between pages lead somewhere.
	scripts/structure --check
	scripts/check-links

bench: dependencies ## Measure; see docs/performance.md.
	scripts/benchmark

record: dependencies ## Record golden files, schemas and reference pages again; look at the difference before committing.
	SPILLWAY_RECORD=1 swift test --filter 'RenderingTests|ManifestTests' || true
	git status --short

reliability: dependencies ## Try every call of a story with every fault, and record docs/reliability.md again; takes half an hour.
	SPILLWAY_RECORD=1 swift test --filter FaultMatrixTests || true
	git status --short

clean:
	rm -rf .build
