# SPDX-License-Identifier: Apache-2.0
# A task keeps to its share of a processor; a second run of what has not
# changed is many times faster. Says what it measured.
mkdir data/many load
python3 - <<'END'
import os
block = os.urandom(1 << 20)
for i in range(8000):
    with open(f"data/many/{i}", "wb") as f:
        f.write(str(i).encode() + block[i : i + 40000])
END
sync
sleep 0.2
config '[tasks.free]' 'type = "custom"' "paths = [\"$HERE/data\"]" \
  '[tasks.bound]' 'type = "custom"' "paths = [\"$HERE/data\", \"$HERE/load\"]" \
  'cpu_percent = 25'
tasker
# Ticks of the tasker and all that it started.
ticks() {
  local pid
  for pid in "$TASKER" $(pgrep -P "$TASKER"); do
    awk '{print $14 + $15}' "/proc/$pid/stat" 2>/dev/null
  done | awk '{sum += $1} END {print sum + 0}'
}
seconds() {
  vitrine task status free --json --root "$ROOT" |
    sed -n 's/.*"last":{[^}]*"active_seconds":\([0-9]*\).*/\1/p'
}
# More to do for a machine that is done with what there is too soon: holes,
# which cost time to scan and no room.
grow() {
  local i
  for i in $(seq 500); do
    echo "$i" >"load/$i"
    truncate -s "$1" "load/$i"
  done
}
for more in 0 1M 4M 16M 64M; do
  [ "$more" = 0 ] || grow "$more"
  rm -f "$ROOT/var/lib/vitrine/tasks/clean"
  task start bound
  status 0
  sleep 2
  first=$(ticks)
  begin=$(date +%s%N)
  sleep 8
  last=$(ticks)
  end=$(date +%s%N)
  if is_state bound running; then
    measured=1
    break
  fi
  wait_state bound idle
done
[ "${measured:-0}" = 1 ] || fail "it was too fast to be measured"
share=$(((last - first) * 1000000000 / $(getconf CLK_TCK) * 100 / (end - begin)))
echo "share of a processor: $share % of 25 % allowed"
[ "$share" -le 32 ] || fail "$share % of a processor"
[ "$(count bound scanned)" -gt 0 ] || fail "it is not at work"
task stop bound
wait_state bound idle
rm -f "$ROOT/var/lib/vitrine/tasks/clean"

now() { date +%s%N; }
# Long enough that what every run costs, however little it does, is no matter.
for more in 0 128K 512K 2M; do
  if [ "$more" != 0 ]; then
    find data/many -type f -exec truncate -s "$more" {} +
    sync
    sleep 0.2
  fi
  rm -f "$ROOT/var/lib/vitrine/tasks/clean"
  t0=$(now)
  task start free --wait
  t1=$(now)
  [ "$(count free scanned)" = 8000 ] || fail "$(count free scanned) scanned"
  first=$(((t1 - t0) / 1000000))
  [ "$first" -lt 3000 ] || break
done
t1=$(now)
task start free --wait
t2=$(now)
second=$(((t2 - t1) / 1000000))
echo "first run $first ms, second run $second ms"
if [ "$(stat -f -c %T data)" = tmpfs ]; then
  skip "on tmpfs nothing is remembered"
fi
[ "$(count free known_clean)" = 8000 ] ||
  fail "only $(count free known_clean) were known"
[ $((second * 3)) -lt "$first" ] || fail "the second run is hardly faster"
# A change is seen, whatever its times say.
touch -r data/many/7 then
cp sample data/many/7
touch -r then data/many/7
task start free --wait
status 1
[ "$(count free scanned)" = 1 ] || fail "$(count free scanned) scanned"
# Another database knows nothing.
echo 'rule Another { condition: false }' >>rules.yar
database
sleep 1
task start free --wait
[ "$(count free known_clean)" = 0 ] || fail "an old verdict was believed"
