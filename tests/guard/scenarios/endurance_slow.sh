# SPDX-License-Identifier: Apache-2.0
# All of it under load while things go wrong, for VITRINE_FAULT_SECONDS (60):
# every process killed at random, the disk full, the cgroup full, a scanner that
# never answers, 64 processes that open VITRINE_FAULT_FILES (20000) files. Each
# promise is counted and printed; docs/guard.md says what the policy is.
seconds=${VITRINE_FAULT_SECONDS:-60}
files=${VITRINE_FAULT_FILES:-20000}
deadline=2000
filesystem tmpfs || skip "no tmpfs"
folder() { dirname "$(command -v "$1")"; }
[ -x "$(folder vitrine)/vitrine-scanner-faulty" ] || skip "no faulty scanner"
command -v python3 >/dev/null || skip "no python3"

# The real programs, with a scanner that fails where a sample says so.
mkdir bin
cp "$(command -v vitrine-guard)" "$(command -v vitrine-doorman)" bin/
cp "$(folder vitrine)/vitrine-scanner-faulty" bin/vitrine-scanner
PATH="$HERE/bin:$PATH"
cat >>rules.yar <<'END'
rule Take_It { strings: $a = "QUARANTINE-ME" condition: $a }
END
vitrine compile --rules rules.yar -o "$ROOT/var/lib/vitrine/database/active.vdb" \
  2>/dev/null || fail "no database"
# Disks of their own, to be filled.
state=$ROOT/var/lib/vitrine
mkdir -p "$state/spool" "$state/quarantine"
mount -t tmpfs -o size=48M none "$state/spool"
mount -t tmpfs -o size=48M,mode=700 none "$state/quarantine"
guard "deadline_ms = $deadline" 'on_error = "deny"' 'on_deadline = "deny"' \
  'on_limited = "deny"'
stop
cat >>"$ROOT/etc/vitrine/vitrine.toml" <<'END'
memory_mb = 256
[[quarantine.ladder]]
rules = ["Take_It"]
actions = ["quarantine", "block"]
END

# A service manager's part: what died is started again.
keep() { # NAME COMMAND...
  local name=$1
  shift
  while [ ! -e over ]; do
    { "$@" >>"$name.log" 2>&1; } 2>/dev/null
    sleep 0.1
  done
}
supervisor_pid() { pgrep -x -f "vitrine-guard(: supervisor --stand-in|  *--root) $ROOT"; }
guard_pid() { pgrep -x -f "vitrine-guard: guard --guard $ROOT"; }
door_pid() { pgrep -f '^vitrine-doorman: door'; }
doorman_pid() { pgrep -f '^vitrine-doorman --root'; }
recorder_pid() { pgrep -f '^vitrine-recorder'; }
vitrine-guard --root "$ROOT" >>guard.log 2>&1 &
GUARD=$!
wait_until watching || fail "the guard does not watch"
keep recorder vitrine-recorder --root "$ROOT" &
keep doorman vitrine-doorman --root "$ROOT" --socket "$HERE/door" --spool "$HERE" &

mkdir m/tmpfs/faulty m/tmpfs/storm m/tmpfs/taken
for i in $(seq 40); do head -c 20000 /dev/urandom >m/tmpfs/clean$i; done
for i in $(seq 4); do { cat sample; echo "$i"; } >m/tmpfs/bad$i; done

# The load.
guard_probe steady "$seconds" m/tmpfs/clean* >clean & jobs="$!"
guard_probe steady "$seconds" m/tmpfs/bad* >bad & jobs="$jobs $!"
guard_probe faulty "$seconds" m/tmpfs/faulty >faulty & jobs="$jobs $!"
end=$((SECONDS + seconds))
(while [ $SECONDS -lt $end ]; do
  guard_probe storm $((end - SECONDS)) "$files" 64 m/tmpfs/storm
done >storm) & jobs="$jobs $!"
(while [ $SECONDS -lt $end ]; do
  touch m/tmpfs/clean$((RANDOM % 40 + 1)); sleep 0.05
done) & jobs="$jobs $!"
(for ((i = 0; SECONDS < end; ++i)); do
  # Making it may be refused, and leaves an empty file then.
  { echo "QUARANTINE-ME $i" >m/tmpfs/taken/$i; } 2>>taken.err || continue
  echo "$i" >>taken.made
  [ -z "$(cat m/tmpfs/taken/$i 2>>taken.err)" ] || echo "$i"
  sleep 0.2
done >taken.read) & jobs="$jobs $!"
cat >client.py <<'END'
import collections, socket, struct, sys, time
end, seen = time.monotonic() + float(sys.argv[2]), collections.Counter()
def ask(text):
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(20)
            client.connect(sys.argv[1])
            client.sendall(b"zINSTREAM\0" + struct.pack(">I", len(text)) + text
                           + bytes(4))
            return client.recv(1000)
    except OSError:
        return b""
number = 0
while time.monotonic() < end:
    number += 1
    bad = ask(b"QUARANTINE-ME %d" % number)
    seen["found" if b"FOUND" in bad else "OK for bad" if b"OK" in bad
         else "error" if b"ERROR" in bad else "nothing"] += 1
    time.sleep(0.02)
print(seen["found"], seen["error"], seen["nothing"], seen["OK for bad"])
END
python3 client.py "$HERE/door" "$seconds" >door.said & jobs="$jobs $!"

# What goes wrong, by turns.
declare -A killed
kill_one() {
  local name=$1 pid
  case $name in
    supervisor | guard)
      # One of the two at a time; the other one is there by then.
      [ -n "$(supervisor_pid)" ] && [ -n "$(guard_pid)" ] || return
      pid=$("${name}_pid") ;;
    scanner) pid=$(pgrep -x vitrine-scanner | shuf -n 1) ;;
    *) pid=$("${name}_pid" | head -1) ;;
  esac
  [ -n "$pid" ] && kill -9 $pid 2>/dev/null &&
    killed[$name]=$((${killed[$name]:-0} + 1))
}
names=(supervisor guard scanner scanner recorder doorman door)
group=$(find /sys/fs/cgroup -type d -name "vitrine-guard*$(basename "$HERE")*" \
  -path '*memory*' 2>/dev/null | head -1)
full_disks=0 full_groups=0
while [ $SECONDS -lt $end ]; do
  until=$((SECONDS + 12))
  while [ $SECONDS -lt $end ] && [ $SECONDS -lt $until ]; do
    kill_one "${names[RANDOM % ${#names[@]}]}"
    sleep 0.$((RANDOM % 8 + 2))
  done
  for disk in spool quarantine; do
    cat /dev/zero >"$state/$disk/filler" 2>/dev/null
    full_disks=$((full_disks + 1))
    sleep 1
    rm "$state/$disk/filler"
  done
  if [ -n "$group" ] && echo 64M >"$group/memory.limit_in_bytes"; then
    full_groups=$((full_groups + 1))
    sleep 3
    echo 1G >"$group/memory.limit_in_bytes"
  fi 2>/dev/null
done
# shellcheck disable=SC2086
wait $jobs

# What became of it.
back() { watching; }
GUARD=$(supervisor_pid)
wait_until back || fail "not watching any more"
probe open m/tmpfs/bad1; want denied
opens_clean() { probe open m/tmpfs/clean1; [ "$ANSWER" = allowed ]; }
wait_until opens_clean || fail "what is clean cannot be opened any more"
by_supervisor=$(counter answered_by_supervisor)
restarts=$(counter restarts)
touch over
kill $(supervisor_pid)
for i in $(seq 50); do [ -z "$(guard_pid)" ] && break; sleep 0.1; done
kill $(doorman_pid) $(recorder_pid) 2>/dev/null
for i in $(seq 50); do [ -z "$(recorder_pid)" ] && break; sleep 0.1; done
vitrine-recorder --root "$ROOT" --once || fail "the recorder fails"

good=1
check() { # NAME NUMBER MOST
  printf '%-58s %8d (at most %d)\n' "$1" "$2" "$3"
  [ "$2" -le "$3" ] || good=0
}
most() { awk '$1 > most { most = $1 } END { print most + 0 }' "$@"; }
sum() { awk -v column="$1" '{ all += $column } END { print all + 0 }' "${@:2}"; }
reasons() { vitrine events --root "$ROOT" --limit 0 --json |
  grep -o "\"reason\":\"$1\".*" | grep -o '"count":[0-9]*' | cut -d: -f2 |
  awk '{ all += $1 } END { print all + 0 }'; }

echo "$seconds s; killed:$(for name in "${!killed[@]}"; do
  printf ' %s %d' "$name" "${killed[$name]}"; done); disks filled $full_disks," \
  "cgroups filled $full_groups; guards started again $restarts"
echo "opens: $(sum 2 clean) clean, $(sum 2 bad) bad, $(sum 2 faulty) faulty," \
  "$(sum 2 storm) by 64 processes"
for load in clean bad faulty storm; do
  check "slowest open, ms: $load" "$(most $load)" $((deadline + 1000))
done
check "bad files opened" $(($(sum 2 bad) - $(sum 3 bad))) 0
check "files opened over which the scanner failed" \
  $(($(sum 2 faulty) - $(sum 3 faulty))) 0
check "files read that were to be taken" "$(wc -l <taken.read)" 0
# Each is where it was or in quarantine, whole.
lost=0 quarantined=0
vitrine quarantine list --root "$ROOT" --json >items
mkdir back
while read -r id; do
  vitrine quarantine restore "$id" --to "$HERE/back/$id" --root "$ROOT" \
    >/dev/null 2>>restore.err && quarantined=$((quarantined + 1))
done < <(grep -o '"id":"[0-9a-f]*"' items | cut -d'"' -f4)
cat back/* m/tmpfs/taken/* 2>/dev/null | sort -u >contents
while read -r i; do
  grep -qx "QUARANTINE-ME $i" contents && continue
  lost=$((lost + 1))
  echo "lost: $i, $(stat -c '%s bytes' "m/tmpfs/taken/$i" 2>&1)"
done <taken.made
[ $lost -eq 0 ] || tail -n 5 restore.err
echo "quarantine: $(wc -l <taken.made) files made, $quarantined taken"
check "quarantined files lost" $lost 0
# Whoever was refused bad contents was told of, by the guard or as one of those
# whom the supervisor answered; what a full disk did not take is counted.
findings=$(vitrine events --root "$ROOT" --limit 0 --json |
  grep -c '"class_uid":2004')
confessed=$(reasons events-lost)
echo "events: $findings findings, $confessed told of as not written," \
  "$by_supervisor opens answered by a supervisor"
missed=$(($(sum 3 bad) - findings - confessed - by_supervisor))
check "refusals without an event" $((missed > 0 ? missed : 0)) 0
check "events that the spools had and the store has not" \
  "$(reasons events-missing)" 0
read -r found errors nothing wrong <door.said
echo "doorman: $found found, $errors errors, $nothing without a reply"
check "OK from the doorman for what is bad" "$wrong" 0
[ "$found" -gt 0 ] || fail "the doorman answered nothing"
[ $good = 1 ] || fail "a promise was not kept"
