# SPDX-License-Identifier: Apache-2.0
# What is found when it is opened, executed or just written leaves its folder; a
# rule that is only to be told of does not.
filesystem tmpfs || skip "no tmpfs"
ACTIONS='["quarantine", "block"]'
cat >>rules.yar <<'END'
rule PUA_Tool { strings: $a = "TOOL-OF-A-KIND" condition: $a }
END
vitrine compile --rules rules.yar -o "$ROOT/var/lib/vitrine/database/active.vdb" \
  2>/dev/null
guard
cat >>"$ROOT/etc/vitrine/vitrine.toml" <<'END'
[[quarantine.ladder]]
rules = ["PUA_*"]
actions = ["notify"]
END
stop
vitrine-guard --root "$ROOT" >>guard.log 2>&1 &
GUARD=$!
wait_until watching || fail "the guard does not watch"

items() { find "$ROOT/var/lib/vitrine/quarantine" -type f | wc -l; }
gone() { [ ! -e "$1" ]; }
before=$(items)
cp sample m/tmpfs/opened
probe open m/tmpfs/opened
[ "$ANSWER" = denied ] || [ "$ANSWER" = 'No such file or directory' ] ||
  fail "$ANSWER"
wait_until gone m/tmpfs/opened || fail "it still lies there"
[ "$(items)" -gt "$before" ] || fail "the quarantine holds nothing"
grep -raq 'EICAR' "$ROOT/var/lib/vitrine/quarantine" && fail "it lies bare"
event 'oved to quarantine'

cp sample m/tmpfs/written
wait_until gone m/tmpfs/written || fail "what was written still lies there"

echo TOOL-OF-A-KIND >m/tmpfs/tool
probe open m/tmpfs/tool
want allowed
event 'PUA_Tool'
sleep 0.5
[ -e m/tmpfs/tool ] || fail "the tool was taken"
