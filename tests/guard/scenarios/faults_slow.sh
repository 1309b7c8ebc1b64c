# SPDX-License-Identifier: Apache-2.0
# Processes die and hang under load: nobody waits longer than the deadline and a
# second, and nothing bad is let through but by policy, here: deny.
filesystem tmpfs || skip "no tmpfs"
deadline=1000
guard "deadline_ms = $deadline" 'on_error = "deny"' 'on_deadline = "deny"'
for i in $(seq 40); do head -c 20000 /dev/urandom >m/tmpfs/clean$i; done
cp sample m/tmpfs/bad
descendants() { pgrep -P "$GUARD"; }
guard_pid() { pgrep -P "$GUARD" | head -1; }

load() {
  timeout 60 guard_probe slowest "$1" m/tmpfs/clean* >load1 &
  L1=$!
  timeout 60 guard_probe slowest "$1" m/tmpfs/bad >load2 &
  L2=$!
  # Writers keep the verdicts from being known.
  (for i in $(seq $(($1 * 20))); do
    touch -d "@$i" m/tmpfs/clean$((i % 40 + 1)); sleep 0.05
  done) &
  L3=$!
}
loaded() {
  wait $L1 $L2 $L3
  read -r slowest opens denied <load1
  echo "$1: clean: slowest ${slowest} ms of $opens opens, $denied denied"
  [ "$slowest" -le $((deadline + 1000)) ] || fail "$1: waited $slowest ms"
  read -r slowest opens denied <load2
  echo "$1: bad: slowest ${slowest} ms of $opens opens, $denied denied"
  [ "$slowest" -le $((deadline + 1000)) ] || fail "$1: waited $slowest ms"
  [ "$opens" -eq "$denied" ] || fail "$1: $((opens - denied)) let through"
}

load 8
for i in $(seq 10); do sleep 0.6; kill -9 "$(guard_pid)" 2>/dev/null; done
loaded "guard killed"
[ "$(counter restarts)" -gt 2 ] || fail "the guard was not restarted"
event 'guard-died'
wait_until watching || fail "not watching any more"

load 6
for i in $(seq 20); do
  sleep 0.25
  scanner=$(pgrep -P "$(guard_pid)" | shuf -n 1)
  [ -z "$scanner" ] || kill -9 "$scanner" 2>/dev/null
done
loaded "scanners killed"
wait_until watching || fail "not watching any more"

# Scanners that never answer.
load 5
sleep 0.5
for i in $(seq 15); do pkill -STOP -P "$(guard_pid)"; sleep 0.3; done
pkill -CONT -P "$(guard_pid)"
loaded "scanners stopped"
pkill -9 -P "$(guard_pid)" 2>/dev/null
wait_until watching || fail "not watching any more"

# A guard that never answers.
load 8
sleep 1
kill -STOP "$(guard_pid)"
loaded "guard stopped"
event 'guard-hung'
wait_until watching || fail "not watching any more"
probe open m/tmpfs/clean1; want allowed
probe open m/tmpfs/bad; want denied
