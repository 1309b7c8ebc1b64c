#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one scenario against the real guard, in mount and process namespaces of
# its own: whatever happens, mounts and processes go with them, and the guard
# marks nothing but the scenario's own mounts (watch_only).
# usage: lib.sh SCENARIO FOLDER-OF-PROGRAMS SOURCE-TREE
#
# The words of a scenario:
#   filesystem TYPE       mounts one at m/TYPE; 1 if it cannot be had here
#   guard [LINE...]       starts the guard, with lines for [guard]
#   stop                  ends it
#   probe WORDS...        guard_probe, its answer in $ANSWER
#   want WORD             the last answer was that
#   wait_until COMMAND...      waits for it, ten seconds at most
#   status_has REGEX      some line of `vitrine status` matches
#   event REGEX           some event of the guard's spool matches (by strings)
#   skip REASON
set -u
if [ -z "${VITRINE_GUARD_INSIDE:-}" ]; then
  [ "$(id -u)" = 0 ] || { echo "SKIPPED: needs root"; exit 77; }
  # The child is killed with us, and everything in the namespaces with it.
  VITRINE_GUARD_INSIDE=1 exec unshare --mount --propagation private --pid \
    --fork --kill-child --mount-proc bash "$0" "$@"
fi

SOURCE=$3
PATH="$2:$PATH"
export LC_ALL=C.UTF-8 SOURCE PATH
HERE=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-guard.XXXXXX")
ROOT=$HERE/root
GUARD=
cleanup() {
  [ -z "$GUARD" ] || { kill -9 "$GUARD"; wait "$GUARD"; } 2>/dev/null
  cd /
  umount -l "$ROOT"/var/lib/vitrine/* "$HERE"/m/* "$HERE/images/layers" "$HERE"/box/* 2>/dev/null
  rm -rf --one-file-system "$HERE"
}
trap cleanup EXIT
cd "$HERE" || exit 1
mkdir -p m "$ROOT/etc/vitrine" "$ROOT/var/lib/vitrine/database" images

fail() {
  echo "FAILED at line ${BASH_LINENO[1]}: $*"
  echo "--- guard"; cat "$HERE/guard.log" 2>/dev/null
  timeout 5 vitrine status --root "$ROOT" 2>&1 | grep -v '  not ' | head -60
  exit 1
}
skip() {
  echo "SKIPPED: $*"
  exit 77
}
filesystem() {
  local size=96M
  [ "$1" = xfs ] && size=320M
  [ "$1" = btrfs ] && size=160M
  mkdir -p "m/$1"
  case $1 in
    tmpfs) mount -t tmpfs vitrine-test m/tmpfs ;;
    overlay)
      mkdir -p images/layers
      mount -t tmpfs vitrine-layers images/layers &&
        mkdir images/layers/lower images/layers/upper images/layers/work &&
        mount -t overlay vitrine-overlay m/overlay \
          -o "lowerdir=$HERE/images/layers/lower,upperdir=$HERE/images/layers/upper,workdir=$HERE/images/layers/work" ;;
    *)
      command -v "mkfs.$1" >/dev/null || { echo "no mkfs.$1"; return 1; }
      truncate -s $size "images/$1" && "mkfs.$1" -q "images/$1" >/dev/null &&
        mount -o loop "images/$1" "m/$1" ;;
  esac || { echo "no $1 here"; return 1; }
}
# The contents to be kept out, and the rule that knows them.
make_sample eicar >sample
cat >rules.yar <<'END'
rule Test_File { strings: $a = "$EICAR-STANDARD" condition: $a }
END
vitrine compile --rules rules.yar -o "$ROOT/var/lib/vitrine/database/active.vdb" \
  2>/dev/null || { echo "no database"; exit 1; }

guard() {
  {
    echo "[guard]"
    printf 'watch_only = ["%s/m/*", "/vitrine-test-box/*"]\n' "$HERE"
    printf '%s\n' "$@"
    echo "[quarantine]"
    echo "actions = ${ACTIONS:-[\"block\"]}"
    echo "[scanner]"
    echo "count = ${SCANNERS:-2}"
  } >"$ROOT/etc/vitrine/vitrine.toml"
  vitrine-guard --root "$ROOT" >>guard.log 2>&1 &
  GUARD=$!
  wait_until watching || fail "the guard does not watch"
}
watching() {
  kill -0 "$GUARD" 2>/dev/null || fail "the guard has ended"
  vitrine status --root "$ROOT" >status.txt 2>/dev/null || return 1
  for mount in m/*; do
    grep -Eq "^  watched .* $HERE/$mount  .*seen" status.txt || return 1
  done
}
stop() {
  kill "$GUARD"
  wait "$GUARD"
  GUARD=
}
wait_until() {
  local i
  for i in $(seq 100); do
    "$@" && return 0
    sleep 0.1
  done
  return 1
}
probe() { ANSWER=$(timeout 20 guard_probe "$@") || fail "probe $*: $ANSWER"; }
want() { [ "$ANSWER" = "$1" ] || fail "$ANSWER, want $1"; }
status_has() {
  vitrine status --root "$ROOT" >status.txt 2>&1
  grep -aEq -- "$1" status.txt || fail "the status lacks $1"
}
counter() {
  vitrine status --root "$ROOT" 2>/dev/null |
    sed -n "s/^Counters.* $1=\([0-9]*\).*/\1/p"
}
event() {
  cat "$ROOT"/var/lib/vitrine/spool/guard/* | grep -aEq -- "$1" ||
    fail "no event has $1"
}

# shellcheck source=/dev/null
. "$1"
