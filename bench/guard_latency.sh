#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What an open costs: without a watcher, under vitrine-guard and under clamonacc
# (Debian's clamav-daemon), one after the other on the same test mounts. First
# opens of small files, then the same files again. Needs root.
# usage: guard_latency.sh FOLDER-OF-PROGRAMS [FILES]
set -u
if [ -z "${VITRINE_GUARD_INSIDE:-}" ]; then
  [ "$(id -u)" = 0 ] || { echo "needs root"; exit 77; }
  VITRINE_GUARD_INSIDE=1 exec unshare --mount --propagation private --pid \
    --fork --kill-child --mount-proc bash "$0" "$@"
fi
PATH="$1:$PATH"
COUNT=${2:-1000}
HERE=$(mktemp -d /tmp/vitrine-bench.XXXXXX)
ROOT=$HERE/root
trap 'cd /; kill $(jobs -p) 2>/dev/null; umount -l "$HERE"/m 2>/dev/null; rm -rf --one-file-system "$HERE"' EXIT
cd "$HERE" || exit 1
chmod 755 .
mkdir -p m "$ROOT/etc/vitrine" "$ROOT/var/lib/vitrine/database" clam
truncate -s 128M image && mkfs.ext4 -q image && mount -o loop image m || exit 1

fresh() {
  rm -rf m/*
  for i in $(seq "$COUNT"); do head -c 4000 /dev/urandom >"m/$1$i"; done
  sync
  sleep 2
}
measure() {
  local first second
  first=$(guard_probe each m/"$1"*) || exit 1
  sleep 1
  guard_probe each m/"$1"* >/dev/null
  second=$(guard_probe each m/"$1"*)
  printf '%-14s first open p50 %s p99 %s ns; again p50 %s p99 %s ns\n' \
    "$1" $first $second
}

fresh none
measure none

make_sample eicar >sample
echo 'rule Test_File { strings: $a = "$EICAR-STANDARD" condition: $a }' >r.yar
vitrine compile --rules r.yar -o "$ROOT/var/lib/vitrine/database/active.vdb"
cat >"$ROOT/etc/vitrine/vitrine.toml" <<END
[guard]
watch_only = ["$HERE/m"]
lasting_mounts = ["$HERE/m"]
[quarantine]
actions = ["block"]
END
vitrine-guard --root "$ROOT" &
GUARD=$!
for i in $(seq 100); do
  vitrine status --root "$ROOT" 2>/dev/null | grep -q "watched.*$HERE/m" && break
  sleep 0.1
done
fresh vitrine
measure vitrine
cp sample m/bad
cat m/bad >/dev/null 2>&1 && echo "vitrine: does not protect"
kill $GUARD
wait $GUARD

command -v clamonacc >/dev/null || { echo "no clamonacc"; exit 0; }
echo "$(md5sum <sample | cut -d' ' -f1):$(stat -c %s sample):Test-File" >clam/test.hdb
chown -R clamav clam
cat >clam.conf <<END
LocalSocket $HERE/clam/socket
DatabaseDirectory $HERE/clam
User clamav
Foreground yes
SelfCheck 0
OnAccessIncludePath $HERE/m
OnAccessPrevention yes
OnAccessExcludeUname clamav
LogFile $HERE/clam/log
END
fresh clamonacc
clamd --config-file=clam.conf >clam.out 2>&1 &
for i in $(seq 100); do [ -S clam/socket ] && break; sleep 0.1; done
clamonacc --foreground --fdpass --config-file="$HERE/clam.conf" --log="$HERE/clam/onacc" >>clam.out 2>&1 &
sleep 4
cp sample m/bad
sleep 1
cat m/bad >/dev/null 2>&1 && { echo "clamonacc: does not protect"; tail -5 clam.out clam/*; }
rm -f m/bad
measure clamonacc
