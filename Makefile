# SPDX-License-Identifier: Apache-2.0
# `make run` and `make test` are all a newcomer needs on Debian 12; each
# installs what it lacks, which takes root or sudo only when something is
# missing.
JOBS ?= $(shell nproc)
RELEASE := build/release
BIN := $(RELEASE)/bin
SECONDS_A_HARNESS ?= 60

.DEFAULT_GOAL := build
.PHONY: deps deps-test build run deb test bench fuzz clean

deps:
	@tools/install_packages build

deps-test:
	@tools/install_packages build test

# Leaves the programs in build/release/bin/.
build: deps
	@cmake --preset release --log-level=WARNING $(CMAKE_ARGS)
	@cmake --build --preset release -j $(JOBS)

# Scans a small tree of harmless samples with rules of our own, and takes these
# rules as an update.
run: deps
	@cmake --preset release --log-level=WARNING $(CMAKE_ARGS)
	@cmake --build --preset release -j $(JOBS) --target vitrine \
	  vitrine-publish vitrine-scanner vitrine-verifier make_demo
	@tools/demo $(BIN)
	@tools/demo_update $(BIN) build/demo-update

# Leaves Debian packages in build/deb.
deb:
	@tools/install_packages build package
	@cmake --preset release --log-level=WARNING $(CMAKE_ARGS)
	@cmake --build --preset release -j $(JOBS) --target manuals \
	  vitrine-scanner vitrine-verifier vitrine-courier
	@tools/build_deb $(RELEASE) build/deb

test: deps-test
	@cmake --preset release --log-level=WARNING $(CMAKE_ARGS)
	@cmake --build --preset release -j $(JOBS)
	@ctest --preset release --no-tests=error -j $(JOBS) -L fast
	@ctest --preset release --no-tests=error -j $(JOBS) -L slow

bench: build
	@tools/run_benchmarks $(BIN)

# Every harness for SECONDS_A_HARNESS, with ASan and UBSan.
fuzz:
	@tools/install_packages build fuzz
	@cmake --preset fuzz --log-level=WARNING $(CMAKE_ARGS)
	@cmake --build --preset fuzz -j $(JOBS)
	@tools/run_fuzzers build/fuzz/bin $(SECONDS_A_HARNESS)

clean:
	@rm -rf build
