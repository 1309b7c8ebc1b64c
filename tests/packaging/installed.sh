# SPDX-License-Identifier: Apache-2.0
# A machine with the packages takes updates, from a bundle and from a mirror, and
# runs a task: the programs find each other, their users and their folders where
# the packages put them.
. "$(dirname "$0")/lib.sh"
needs_root
needs unshare python3 setpriv
unpack_system
mkdir "$root/debs"
cp $(debs) "$root/debs/"
inside 'dpkg -i /debs/*.deb </dev/null' >"$scratch/log" 2>&1 || {
  cat "$scratch/log"
  fail "dpkg -i"
}
says() { # STATUS WORDS COMMAND, in the machine
  local status=0
  inside "$3" >"$scratch/said" 2>&1 || status=$?
  [ "$status" = "$1" ] || fail "$3: status $status: $(cat "$scratch/said")"
  grep -qF -- "$2" "$scratch/said" || fail "$3: $(cat "$scratch/said")"
}
cp "$(dirname "$0")/make_publisher" "$root/tmp/"

echo "== a publisher of the installed programs"
mkdir "$root/tmp/rules"
cat >"$root/tmp/rules/rule.yar" <<'RULE'
rule Word { strings: $a = "MARKER" condition: $a }
RULE
says 0 trust "sh /tmp/make_publisher /tmp/rules /tmp/publisher"

echo "== no update without a trust file"
says 2 'vitrine trust init' 'vitrine update --from /tmp/publisher/release.tar'
[ ! -e "$root/var/lib/vitrine/database/active.vdb" ] || fail "it was taken"

echo "== out of a bundle"
says 0 'believed from now on' 'vitrine trust init /tmp/publisher/trust'
# The unit's condition, and where the trust file came to be.
condition=$(sed -n 's/^ConditionPathExists=//p' \
  "$root/lib/systemd/system/vitrine-update.service")
[ -e "$root$condition" ] || fail "the unit waits for $condition"
says 0 'main-1 is in use: entry' \
  'vitrine update --from /tmp/publisher/release.tar'
says 0 'main-1 is proven' 'vitrine update prove'
echo "a MARKER in a file" >"$root/home/sample"
says 1 Word 'vitrine scan --database /var/lib/vitrine/database/active.vdb /home'

echo "== from a mirror, by the courier under its own user"
sed 's/MARKER/ANOTHER/; s/Word/Second/' "$root/tmp/rules/rule.yar" \
  >"$root/tmp/rules/second.yar"
says 0 main-2 'sh /tmp/make_publisher --again /tmp/rules /tmp/publisher'
python3 -u -m http.server --bind 127.0.0.1 --directory \
  "$root/tmp/publisher/site" 0 >"$scratch/server" 2>&1 &
server=$!
trap 'kill $server; rm -rf --one-file-system "$scratch"' EXIT
for _ in $(seq 50); do
  port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$scratch/server")
  [ -z "$port" ] || break
  sleep 0.1
done
sed -i "s|^#mirrors = .*|mirrors = [\"http://127.0.0.1:$port/\"]|" \
  "$root/etc/vitrine/vitrine.toml"
says 0 'main-2 is in use: entry' 'vitrine update'
says 0 'main-2 is proven' 'vitrine update prove'
says 0 'metadata/timestamp.json' 'vitrine ledger'
for place in ledger ledger/* staging; do
  # shellcheck disable=SC2086  # The star.
  for path in "$root"/var/lib/vitrine/$place; do
    owner=$(inside "stat -c %U ${path#"$root"}")
    [ "$owner" = _vitrine-courier ] || fail "$path is of $owner"
  done
done
says 0 'main-2 is in use and the one to use' 'vitrine update'

echo "== a task"
cat >>"$root/etc/vitrine/vitrine.toml" <<'TASK'
[tasks.home]
type = "custom"
paths = ["/home"]
TASK
says 1 '' 'vitrine-tasker & tasker=$!
  for i in $(seq 50); do vitrine task list && break; sleep 0.1; done
  status=0; vitrine task start home --wait || status=$?
  kill $tasker; wait $tasker; exit $status'
[ ! -e "$root/home/sample" ] || fail "it was left where it was"
says 0 /home/sample 'vitrine quarantine list'
says 0 'Word  /home/sample' 'vitrine task report home'
says 0 home 'vitrine-recorder --once && vitrine events --verdict found'
