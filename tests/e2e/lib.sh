#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one scenario in an empty folder, with the programs on PATH.
# usage: lib.sh SCENARIO FOLDER-OF-PROGRAMS SOURCE-TREE
#
# The words of a scenario:
#   run COMMAND...        runs it; keeps stdout, stderr and status
#   status N              the last one's exit status was N
#   out REGEX, err REGEX  some line of its stdout / stderr matches (grep -E)
#   no_out REGEX, no_err REGEX
#   out_lines N           stdout has N lines
#   same A B              two files are equal
#   skip REASON           ends the scenario as skipped
# A failed word ends the scenario and shows what the last command said.
set -u

SOURCE=$3
PATH="$2:$PATH"
export LC_ALL=C.UTF-8 SOURCE PATH
HERE=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-e2e.XXXXXX")
trap 'chmod -R u+rwx "$HERE" 2>/dev/null; rm -rf "$HERE"' EXIT
cd "$HERE" || exit 1
for program in vitrine make_sample make_demo peak_memory; do
  command -v "$program" >/dev/null || { echo "no $program in $2"; exit 1; }
done
mkdir -p .run

fail() {
  echo "FAILED at line ${BASH_LINENO[1]}: $*"
  echo "command: ${LAST:-none}"
  echo "status: ${STATUS:-none}"
  echo "--- stdout"; head -c 4000 .run/out 2>/dev/null
  echo "--- stderr"; head -c 4000 .run/err 2>/dev/null
  exit 1
}
skip() {
  echo "SKIPPED: $*"
  exit 77
}
run() {
  LAST="$*"
  STATUS=0
  "$@" >.run/out 2>.run/err </dev/null || STATUS=$?
}
# As run, with the file FIRST as standard input.
run_with() {
  local input=$1
  shift
  LAST="$*"
  STATUS=0
  "$@" >.run/out 2>.run/err <"$input" || STATUS=$?
}
status() { [ "$STATUS" -eq "$1" ] || fail "status $STATUS, want $1"; }
out() { grep -aEq -- "$1" .run/out || fail "stdout lacks $1"; }
err() { grep -aEq -- "$1" .run/err || fail "stderr lacks $1"; }
no_out() { ! grep -aEq -- "$1" .run/out || fail "stdout has $1"; }
no_err() { ! grep -aEq -- "$1" .run/err || fail "stderr has $1"; }
out_lines() {
  local lines
  lines=$(wc -l <.run/out)
  [ "$lines" -eq "$1" ] || fail "$lines lines, want $1"
}
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ"; }

# A rule that finds the word MARKER, in both languages.
cat >marker.yar <<'END'
rule Marker : word { strings: $a = "MARKER" condition: $a }
END
printf 'Marker:0:*:4d41524b4552\n' >marker.ndb

# shellcheck source=/dev/null
. "$1"
