# SPDX-License-Identifier: Apache-2.0
# Beside a guard: a task's opens are not asked about, so that it can look into
# what nobody else may open, and whoever opens a file is not kept waiting.
mkdir m/disk
mount -t tmpfs vitrine-test m/disk || skip "no tmpfs"
for i in $(seq 1500); do head -c 20000 /dev/urandom >"m/disk/$i"; done
cp sample m/disk/bad
config '[guard]' "watch_only = [\"$HERE/m/*\"]" 'deadline_ms = 2000' \
  'on_deadline = "deny"' \
  '[tasks.disk]' 'type = "custom"' "paths = [\"$HERE/m/disk\"]"
vitrine-guard --root "$ROOT" >>tasker.log 2>&1 &
GUARD=$!
watching() {
  vitrine status --root "$ROOT" 2>/dev/null | grep -q "watched.*m/disk.*seen"
}
wait_until watching || fail "the guard does not watch"
counter() {
  vitrine status --root "$ROOT" 2>/dev/null |
    sed -n "s/^Counters.* $1=\([0-9]*\).*/\1/p"
}
tasker
cat m/disk/bad >/dev/null 2>&1 && fail "the guard lets it be opened"
own=$(counter own)
task start disk
slowest=$(guard_probe slowest 2 m/disk/1*) || fail "an open was refused: $slowest"
wait_state disk idle
report disk
grep -q "\"verdict\":\"found\",\"path\":\"$HERE/m/disk/bad\"" report.json ||
  fail "the task was refused what the guard refuses"
[ "$(counter late)" = 0 ] || fail "opens were late"
slowest=${slowest%% *}
[ "$slowest" -lt 2000 ] || fail "an open took $slowest ms"
echo "slowest open while the task ran: $slowest ms"
[ "$(counter own)" -gt $((own + 1000)) ] ||
  fail "the guard asked about the task: $own $(counter own)"
# Nobody else is taken at his word.
printf 'tasker\n' | timeout 5 python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(sys.stdin.buffer.read())
print(s.recv(1000).decode(), end="")' "$ROOT/run/vitrine/guard.sock" >.out
out '^error only vitrine-tasker'
kill "$GUARD"
wait "$GUARD"
