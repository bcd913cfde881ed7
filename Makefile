# All of it works with GNU make 3.81, which macOS has, and later.
SHELL := bash

VERSION := $(shell test -e .git && git describe --tags --always --dirty 2>/dev/null || echo devel)
TARGETS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
SCRIPTS := .ci/run $(filter-out %.sha512,$(wildcard scripts/*))

# Photofit is built without cgo, for every target from any of them.
GO_BUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION)"

.PHONY: help build demo test test-short bench picture lint cross dist clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

build: ## bin/photofit, the libvips that it loads, and the zips for Lambda
	@scripts/libvips
	$(GO_BUILD) -o bin/photofit ./cmd/photofit
	@for arch in arm64 amd64; do \
		if command -v npm >/dev/null || test -e bin/lib/function-$$arch.zip; then \
			bin/photofit package --fresh --arch $$arch -o bin/lib/function-$$arch.zip || exit; \
		else echo "npm is missing: no bin/lib/function-$$arch.zip for Lambda is made"; fi; \
	done

demo: build ## your photos as phones and desktops get them (PHOTOS=folder, ONCE=1: the table only)
	@scripts/demo

test: ## all tests, with the race detector if there is a C compiler
	@scripts/tools test
	scripts/test ./...

test-short: ## the quick tests only
	scripts/test -short ./...

bench: build ## measure; bin/bench.svg is a picture of it
	@scripts/tools bench
	go run -buildvcs=false ./bench --svg bin/bench.svg

picture: build ## docs/contact-sheet.jpg, anew
	@scripts/picture

lint: ## gofmt, go vet, staticcheck, shellcheck
	@scripts/tools lint
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then printf 'not as gofmt has it:\n%s\n' "$$unformatted"; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...
	@if command -v shellcheck >/dev/null; then echo shellcheck $(SCRIPTS); shellcheck $(SCRIPTS); fi

# Vet sees the files that only other systems build; -trimpath shares the cache with the build.
cross: ## builds and vets for Linux and macOS on amd64 and arm64, into bin/cross/
	@set -e; for target in $(TARGETS); do \
		export GOOS=$${target%/*} GOARCH=$${target#*/}; \
		echo "$$target"; \
		$(GO_BUILD) -o bin/cross/photofit-$$GOOS-$$GOARCH ./cmd/photofit; \
		CGO_ENABLED=0 go vet -trimpath ./...; \
	done

dist: build cross ## a tarball for each of these, into bin/dist/: program, libvips, zips for Lambda
	scripts/dist $(VERSION) $(TARGETS)

clean: ## removes what make made
	rm -rf bin demo-photos demo-photos.*
