# SPDX-License-Identifier: Apache-2.0
# What becomes of runs whose task is taken away or changed meanwhile.
mkdir data/a data/b
for i in $(seq 1500); do echo "file $i" >"data/a/$i"; done
cp sample data/b/bad
slow() {
  printf '%s\n' '[tasks.slow]' 'type = "custom"' "paths = [\"$HERE/data/$1\"]" \
    'cpu_percent = 2'
}
OTHER='[tasks.other]
type = "custom"
paths = ["/etc/hostname"]'
begun() { [ "$(count slow scanned)" -gt "$1" ]; }
config "$(slow a)" "$OTHER"
tasker
task start slow
status 0
wait_until begun 20 || fail "it does not begin"

# Who waits for a run that is given up before it began does not wait for ever.
timeout 20 vitrine task start other --wait --root "$ROOT" >.waited 2>&1 &
WAITER=$!
wait_state other queued
task stop other
status 0
wait "$WAITER"
STATUS=$?
status 2

# A run that waits and is to look at other places now begins anew.
task pause slow
wait_state slow paused
config "$(slow b)"
task reload
status 0
is_state slow idle || fail "it keeps its old places"
task start slow --wait
status 1
[ "$(count slow found)" = 1 ] || fail "it looked elsewhere"

# So does one that is at work, if it ends before it has come to its end.
config "$(slow a)"
task reload
task start slow
wait_until begun 20 || fail "it does not begin again"
config "$(slow b)"
task reload
config
task reload
config "$(slow b)"
task reload
wait_state slow idle
[ "$(count slow found)" = 1 ] || fail "it did not begin anew"

# What was taken away and put back while it ran goes on.
config "$(slow a)"
task reload
task start slow
wait_until begun 20 || fail "it does not begin the third time"
before=$(count slow scanned)
config
task reload
config "$(slow a)"
task reload
wait_until begun $((before + 10)) || fail "it does not go on"
