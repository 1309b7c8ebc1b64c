# SPDX-License-Identifier: Apache-2.0
# An event goes from the program that tells it through its spool into the store
# and out again, with names that would deceive a terminal.
ROOT="$HERE/root"
mkdir -p "$ROOT/var/lib/vitrine"
name=$'good\x1b[31m'
printf good >"$name"

run vitrine events --root "$ROOT"
status 2
err 'no event store'

run vitrine quarantine trust "./$name" --rule 'Heuristics.*' --root "$ROOT"
status 0
out '^trusted  '
no_out $'\x1b'
run vitrine quarantine list --root "$ROOT"
status 0
out '^0 items'

# A recorder that is killed at any time loses nothing and repeats nothing.
for pause in 0.001 0.01 0.05; do
  vitrine-recorder --root "$ROOT" &
  recorder=$!
  sleep "$pause"
  kill -9 "$recorder"
  wait "$recorder" 2>/dev/null
done
run vitrine-recorder --root "$ROOT" --once
status 0
run vitrine events --root "$ROOT" --json --limit 0
status 0
out_lines 1
out '"class_uid":6002,"class_name":"Application Lifecycle"'
out '"reason":"trusted"'
out '"log_name":"cli"'
[ -z "$(find "$ROOT/var/lib/vitrine/spool/cli" -name '*.spool')" ] ||
  fail "the finished spool is still there"

run vitrine events --root "$ROOT" --class scan
out_lines 0
run vitrine events --root "$ROOT" --rule 'Heuristics.**' --since 1h
out_lines 1
run vitrine events --root "$ROOT" --since tomorrow
status 2
err 'since: not a time'

# Following shows what comes after.
timeout 10 vitrine events --root "$ROOT" --follow --limit 1 >followed &
follower=$!
sleep 0.5
vitrine quarantine trust "./$name" --root "$ROOT" >/dev/null
vitrine-recorder --root "$ROOT" --once
for _ in $(seq 50); do
  [ "$(wc -l <followed)" -ge 2 ] && break
  sleep 0.1
done
kill "$follower"
[ "$(wc -l <followed)" -eq 2 ] || fail "following showed $(wc -l <followed)"

# The store and the key are nobody else's.
[ "$(stat -c %a "$ROOT/var/lib/vitrine/quarantine")" = 700 ] ||
  fail "others can reach the store"
[ "$(stat -c %a "$ROOT/var/lib/vitrine/quarantine.key")" = 600 ] ||
  fail "others can read the key"
run vitrine quarantine restore abcd --root "$ROOT"
status 2
err 'no item in quarantine'
