#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one scenario against the real tasker, in mount and process namespaces of
# its own: whatever happens, mounts and processes go with them. Nothing is taken
# away unless a scenario asks for it (ACTIONS).
# usage: lib.sh SCENARIO FOLDER-OF-PROGRAMS SOURCE-TREE
#
# The words of a scenario:
#   config [LINE...]      writes the configuration, [quarantine] included
#   tasker                starts the tasker, and waits until it listens
#   kill_tasker           kill -9
#   stop_tasker           asks it to end
#   task WORDS...         vitrine task; keeps stdout and status
#   status N, out REGEX, no_out REGEX
#   count TASK NAME       a number of the last run's or the running one's counts
#   state TASK            the word of its state
#   wait_state TASK WORD  waits for it, a minute at most
#   report TASK           its last report, as JSON, into report.json
#   wait_until COMMAND...
#   event REGEX           some event of the tasker's spool matches (by strings)
#   skip REASON
set -u
if [ -z "${VITRINE_TASKS_INSIDE:-}" ]; then
  [ "$(id -u)" = 0 ] || { echo "SKIPPED: needs root"; exit 77; }
  VITRINE_TASKS_INSIDE=1 exec unshare --mount --propagation private --pid \
    --fork --kill-child --mount-proc bash "$0" "$@"
fi

SOURCE=$3
PATH="$2:$PATH"
export LC_ALL=C.UTF-8 SOURCE PATH
HERE=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-tasks.XXXXXX")
ROOT=$HERE/root
TASKER=
cleanup() {
  [ -z "$TASKER" ] || { kill -9 "$TASKER"; wait "$TASKER"; } 2>/dev/null
  cd /
  umount -l "$HERE"/m/* 2>/dev/null
  rm -rf --one-file-system "$HERE"
}
trap cleanup EXIT
cd "$HERE" || exit 1
chmod 755 .
mkdir -p m data "$ROOT/etc/vitrine" "$ROOT/var/lib/vitrine/database"

fail() {
  echo "FAILED at line ${BASH_LINENO[1]}: $*"
  echo "--- last output"; head -c 3000 .out 2>/dev/null
  echo "--- tasker"; cat "$HERE/tasker.log" 2>/dev/null
  timeout 5 vitrine task status --root "$ROOT" 2>&1 | head -40
  exit 1
}
skip() {
  echo "SKIPPED: $*"
  exit 77
}
wait_until() {
  local i
  for i in $(seq 600); do
    "$@" && return 0
    sleep 0.1
  done
  return 1
}
config() {
  {
    printf '%s\n' "$@"
    echo "[quarantine]"
    echo "actions = ${ACTIONS:-[\"block\"]}"
    echo "[scanner]"
    echo "count = ${SCANNERS:-2}"
  } >"$ROOT/etc/vitrine/vitrine.toml"
}
listens() { vitrine task status --root "$ROOT" >/dev/null 2>&1; }
tasker() {
  vitrine-tasker --root "$ROOT" >>tasker.log 2>&1 &
  TASKER=$!
  wait_until listens || fail "the tasker does not listen"
}
kill_tasker() {
  kill -9 "$TASKER"
  wait "$TASKER" 2>/dev/null
  TASKER=
}
stop_tasker() {
  kill "$TASKER"
  wait "$TASKER"
  TASKER=
}
task() {
  STATUS=0
  vitrine task "$@" --root "$ROOT" >.out 2>&1 || STATUS=$?
}
status() { [ "$STATUS" -eq "$1" ] || fail "status $STATUS, want $1"; }
out() { grep -aEq -- "$1" .out || fail "the output lacks $1"; }
no_out() { ! grep -aEq -- "$1" .out || fail "the output has $1"; }
# The tasker's own words for the counts come last where a run is under way.
count() {
  vitrine task status "$1" --root "$ROOT" 2>/dev/null |
    grep -aE 'scanned=' | head -1 | sed -n "s/.* $2=\([0-9]*\).*/\1/p"
}
state() {
  vitrine task status "$1" --root "$ROOT" 2>/dev/null |
    awk -v t="$1" '$1 == t {print $3}'
}
is_state() { [ "$(state "$1")" = "$2" ]; }
wait_state() { wait_until is_state "$1" "$2" || fail "$1 is not $2"; }
report() {
  vitrine task report "$1" --json --root "$ROOT" >report.json 2>.out ||
    fail "no report of $1"
}
event() {
  cat "$ROOT"/var/lib/vitrine/spool/tasker/* | grep -aEq -- "$1" ||
    fail "no event has $1"
}

# The contents to be found, and the rule that knows them.
make_sample eicar >sample
cat >rules.yar <<'END'
rule Test_File { strings: $a = "$EICAR-STANDARD" condition: $a }
END
database() {
  vitrine compile --rules rules.yar \
    -o "$ROOT/var/lib/vitrine/database/active.vdb" 2>/dev/null ||
    { echo "no database"; exit 1; }
}
database

# shellcheck source=/dev/null
. "$1"
