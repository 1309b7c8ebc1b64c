# SPDX-License-Identifier: Apache-2.0
# Two processes hold the kernel's questions: whichever is killed, the other one
# starts it again, and nothing bad is let through meanwhile.
filesystem tmpfs || skip "no tmpfs"
guard 'on_error = "deny"' 'on_deadline = "deny"' 'deadline_ms = 2000'
cp sample m/tmpfs/bad
echo clean >m/tmpfs/clean

# By name, since a stand-in is no child of ours.
supervisor_pid() { pgrep -x -f "vitrine-guard(: supervisor --stand-in|  *--root) $ROOT"; }
guard_pid() { pgrep -x -f "vitrine-guard: guard --guard $ROOT"; }
new_supervisor() { [ -n "$(supervisor_pid)" ] && [ "$(supervisor_pid)" != "$1" ]; }
new_guard() { [ -n "$(guard_pid)" ] && [ "$(guard_pid)" != "$1" ]; }

watched() {
  vitrine status --root "$ROOT" >status.txt 2>/dev/null || return 1
  grep -Eq "^  watched .* $HERE/m/tmpfs  .*seen" status.txt
}
opened_all_the_time() {
  timeout 120 guard_probe slowest "$1" m/tmpfs/bad >load &
  LOAD=$!
}
none_let_through() {
  wait $LOAD
  read -r slowest opens denied <load
  echo "$1: slowest $slowest ms of $opens opens, $denied denied"
  [ "$slowest" -le 3000 ] || fail "$1: waited $slowest ms"
  [ "$opens" -gt 100 ] || fail "$1: only $opens opens"
  [ "$opens" -eq "$denied" ] || fail "$1: $((opens - denied)) let through"
}

opened_all_the_time 4
first=$(supervisor_pid)
kill -9 "$first"
wait_until new_supervisor "$first" || fail "no stand-in"
event 'supervisor-died'
none_let_through "supervisor killed"
probe open m/tmpfs/clean; want allowed

opened_all_the_time 4
old=$(guard_pid)
kill -9 "$old"
wait_until new_guard "$old" || fail "the stand-in starts no guard"
none_let_through "guard killed under the stand-in"
wait_until watched || fail "not watching any more"

# One after the other, as fast as each is there again.
opened_all_the_time 20
for i in $(seq 12); do
  if [ $((i % 2)) = 0 ]; then
    old=$(supervisor_pid); kill -9 "$old"
    wait_until new_supervisor "$old" || fail "turn $i: no supervisor"
  else
    old=$(guard_pid); kill -9 "$old"
    wait_until new_guard "$old" || fail "turn $i: no guard"
    wait_until watched || fail "turn $i: not watching"
  fi
  sleep 0.3
done
none_let_through "killed by turns"

# Whoever is started anew, by a service manager, takes over from the stand-in;
# and nobody from him.
opened_all_the_time 4
stand_in=$(supervisor_pid)
vitrine-guard --root "$ROOT" >>guard.log 2>&1 &
GUARD=$!
taken_over() { [ "$(supervisor_pid)" = "$GUARD" ]; }
wait_until taken_over || fail "the stand-in stays: $(supervisor_pid), $stand_in"
none_let_through "taken over"
vitrine-guard --root "$ROOT" 2>second && fail "two of them"
grep -q 'runs already' second || fail "$(cat second)"
status_has '^Health    good$'

# Told to stop, both end, and nobody starts them again.
stop
sleep 1
[ -z "$(supervisor_pid)$(guard_pid)" ] || fail "something goes on"
probe open m/tmpfs/bad; want allowed
