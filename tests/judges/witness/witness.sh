#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A log in Go, by x/mod and torchwood, has itself cosigned by our witness,
# tries each answer of tlog-witness, and kills it between two histories.
# usage: witness.sh PROGRAM FOLDER-OF-THE-JUDGE
set -uo pipefail
program=$1
source=$2
skip() {
  echo "SKIPPED: $*"
  exit 77
}
command -v go >/dev/null || skip "Go is not installed"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOTOOLCHAIN=local GOFLAGS=-mod=readonly
cd "$source" || exit 1
timeout 240 go build -o "$work/judge" . >"$work/log" 2>&1 ||
  skip "the modules of the judge are out of reach: $(tail -n 1 "$work/log")"
mkdir "$work/witness"
"$work/judge" "$program" "$work/witness"
