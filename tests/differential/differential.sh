#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Finds a Python that has yara-python, and the public rule sets where they lie
# beside the checkout, and compares.
# usage: differential.sh SCRIPT FOLDER-OF-PROGRAMS SOURCE-TREE
set -euo pipefail
script=$1
bin=$2
source_tree=$3
skip() {
  echo "SKIPPED: $*"
  exit 77
}
python=${VITRINE_PEERS:-$source_tree/build/peers/bin/python}
command -v "$python" >/dev/null || python=python3
command -v "$python" >/dev/null || skip "no python3"
"$python" -c 'import yara' 2>/dev/null ||
  skip "no yara-python; .ci/run puts it into build/peers"

work=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-differential.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/rules"
cp "$source_tree"/rules/demo/*.yar "$work/rules"
for set in "$source_tree"/../shared/signatures/yara/*.tar.xz; do
  if [ -f "$set" ]; then tar -C "$work/rules" -xf "$set"; fi
done
"$bin/make_demo" "$work/demo"
"$python" "$script" "$bin/vitrine" "$work/rules" "$work" "$work/demo" \
  /usr/bin /usr/lib/x86_64-linux-gnu /usr/share/doc /usr/share/perl
