# SPDX-License-Identifier: Apache-2.0
# Tasks start with the service, after an update, and for starts that were
# missed; a mistake in a new configuration changes nothing.
cp sample data/bad
one() {
  printf '%s\n' "[tasks.$1]" 'type = "custom"' "paths = [\"$HERE/data\"]" "$2"
}
config "$(one boot 'schedule = "startup"')" \
  "$(one update 'after_update = true')" \
  "$(one daily 'schedule = "daily 00:00"')" \
  "$(one let-go 'schedule = "daily 00:00"
run_missed = false')" \
  "$(one hourly 'schedule = "every 1 hours"')"
runs() {
  vitrine task status "$1" --json --root "$ROOT" |
    sed -n 's/.*"runs":\([0-9]*\).*/\1/p'
}
has_runs() { [ "$(runs "$1")" = "$2" ]; }
tasker
vitrine-tasker --root "$ROOT" >.out 2>&1
STATUS=$?
status 2
out 'another tasker is at work'
listens || fail "the first tasker is out of reach"
wait_until has_runs boot 1 || fail "no start at startup"
for name in update daily let-go hourly; do
  has_runs $name 0 || fail "$name started at once"
done
echo 'rule Another { condition: false }' >>rules.yar
database
wait_until has_runs update 1 || fail "no start after the update"
stop_tasker
# Three days later.
cat >later.py <<'END'
import sys, zlib, struct
# The record's first number is the time up to which starts were considered:
# three days earlier here is three days later for the tasker.
path = sys.argv[1]
data = open(path, "rb").read()
at, shift, value = 12, 0, 0
while True:
    byte = data[at]; at += 1
    value |= (byte & 0x7f) << shift; shift += 7
    if byte < 0x80: break
value -= 3 * 86400
number = b""
while value >= 0x80:
    number += bytes([value & 0x7f | 0x80]); value >>= 7
number += bytes([value])
body = number + data[at:]
open(path, "wb").write(data[:8] + struct.pack("<I", zlib.crc32(body)) + body)
END
for name in daily let-go hourly; do
  python3 later.py "$ROOT/var/lib/vitrine/tasks/$name/record"
done
tasker
wait_until has_runs daily 1 || fail "the missed start was not made up for"
wait_until has_runs hourly 1 || fail "the missed hours were not made up for"
wait_until has_runs boot 2 || fail "no second start at startup"
has_runs let-go 0 || fail "a start was made up for that should not be"
report daily
grep -q '"cause":"missed"' report.json || fail "not because it was missed"
has_runs daily 1 || fail "three missed starts were made up for thrice"
# A reload with a mistake.
sed -i 's/startup/start-up/' "$ROOT/etc/vitrine/vitrine.toml"
task reload
status 2
out 'vitrine.toml:4: tasks.boot.schedule'
task list
out '^PROBLEM'
out '^daily'
