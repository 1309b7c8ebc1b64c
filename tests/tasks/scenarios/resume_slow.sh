# SPDX-License-Identifier: Apache-2.0
# Paused, killed and gone on with again and again, a task looks at each file and
# counts each once.
FILES=1500
for i in $(seq 1 50); do mkdir "data/$i"; done
for i in $(seq "$FILES"); do echo "file $i" >"data/$((i % 50 + 1))/$i"; done
for i in 3 17 44; do cp sample "data/$i/bad"; done
config '[tasks.slow]' 'type = "custom"' "paths = [\"$HERE/data\"]" \
  'cpu_percent = 2'
tasker
task start slow
status 0
begun() { [ "$(count slow scanned)" -gt "$1" ]; }
wait_until begun 20 || fail "it does not begin"
task start slow
status 2
out 'runs already'
task pause slow
status 0
wait_state slow paused
before=$(count slow scanned)
kill_tasker
tasker
is_state slow paused || fail "it did not stay paused"
[ "$(count slow scanned)" = "$before" ] || fail "it forgot its place"
sleep 1
[ "$(count slow scanned)" = "$before" ] || fail "it went on by itself"
task resume slow
status 0
for i in 1 2 3; do
  at=$(count slow scanned)
  wait_until begun $((at + 10)) || fail "it does not go on"
  # How far it has come is written down once a second.
  sleep 2
  kill_tasker
  tasker
  [ "$(count slow scanned)" -gt "$at" ] || fail "it lost its place"
done
# Faster, without beginning anew: how is not what.
sed -i 's/cpu_percent = 2/cpu_percent = 0/' "$ROOT/etc/vitrine/vitrine.toml"
kill_tasker
tasker
wait_state slow idle
task status slow
total=$(($(count slow scanned) + $(count slow known_clean)))
[ "$total" = $((FILES + 3)) ] || fail "$total files, want $((FILES + 3))"
[ "$(count slow found)" = 3 ] || fail "$(count slow found) found"
report slow
[ "$(grep -o '"verdict":"found","path"' report.json | wc -l)" = 3 ] ||
  fail "the report does not have all three"
event 'A task goes on'
event 'A task was paused'

# Another place to look at is another run.
task start slow
task pause slow
wait_state slow paused 2>/dev/null || wait_state slow idle
task stop slow
wait_state slow idle
