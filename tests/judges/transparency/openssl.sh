#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A verifier of a page of bash, with xxd and openssl only, verifies proof files
# that we write, and refuses them changed.
# usage: openssl.sh PEER VERIFIER
set -uo pipefail
peer=$1
verifier=$2
skip() {
  echo "SKIPPED: $*"
  exit 77
}
fail() {
  echo "FAILED: $*"
  exit 1
}
[ -f "$verifier" ] || skip "no verifier at $verifier"
for program in openssl xxd awk; do
  command -v $program >/dev/null || skip "$program is not installed"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work
"$peer" make "$work/log" 300 || fail "no log"
log_key=$(awk '$1 == "log" { print $2 }' "$work/log/policy")
mapfile -t witnesses < <(awk '$1 == "witness" { print $3 }' "$work/log/policy")

# verify ENTRY PROOF: by the log's key and all its witnesses.
verify() {
  bash "$verifier" "$1" "$2" "$log_key" "${witnesses[@]}" >"$work/said" 2>&1
}

proofs=0
for proof in "$work"/log/proof/*.tlog-proof; do
  index=$(basename "$proof" .tlog-proof)
  verify "$work/log/entry/$index" "$proof" || {
    cat "$work/said"
    fail "proof $index is refused"
  }
  proofs=$((proofs + 1))
done

# Another entry, index, hash, root, log's signature, witness's time.
proof=$work/log/proof/61.tlog-proof
entry=$work/log/entry/61
verify "$work/log/entry/0" "$proof" && fail "another entry is taken"
refuses() {
  sed "$1" "$proof" >"$work/changed"
  cmp -s "$proof" "$work/changed" && fail "$1 changes nothing"
  verify "$entry" "$work/changed" && fail "$1 is taken"
  return 0
}
refuses 's/^index 61$/index 60/'
refuses '3s/^./x/'
refuses 's/^300$/301/'
refuses '/vitrine.example.org.log /s/A/B/'
refuses '/w2.example.net/s/A/B/'
echo "openssl: $proofs proofs hold"
[ "$proofs" -ge 16 ] || fail "too few proofs"
