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
