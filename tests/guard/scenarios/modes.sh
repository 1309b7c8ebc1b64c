# SPDX-License-Identifier: Apache-2.0
# Modes, exclusions, reloads, and who may ask for them.
filesystem tmpfs || skip "no tmpfs"
mkdir m/tmpfs/excluded
guard "exclude_paths = [\"$HERE/m/tmpfs/excluded/**\"]"
cp sample m/tmpfs/bad
cp sample m/tmpfs/excluded/bad
probe open m/tmpfs/bad; want denied
probe open m/tmpfs/excluded/bad; want allowed

vitrine guard --root "$ROOT" mode notify || fail "no notify"
probe open m/tmpfs/bad; want allowed
status_has '^Mode      notify$'
vitrine guard --root "$ROOT" mode off || fail "no off"
probe open m/tmpfs/bad; want allowed
vitrine status --root "$ROOT" >/dev/null
[ $? -eq 1 ] || fail "an idle guard is not degraded"
vitrine guard --root "$ROOT" mode block || fail "no block"
probe open m/tmpfs/bad; want denied
vitrine guard --root "$ROOT" mode fast 2>/dev/null && fail "an odd mode"

# Only root may command; everybody may look.
setpriv --reuid 65534 --regid 65534 --clear-groups \
  vitrine guard --root "$ROOT" mode off 2>/dev/null && fail "nobody may not"
chmod 755 "$HERE"
setpriv --reuid 65534 --regid 65534 --clear-groups \
  vitrine status --root "$ROOT" >/dev/null || fail "nobody cannot look"

# Another database: what it does not know is let through, and back.
cp "$ROOT/var/lib/vitrine/database/active.vdb" good.vdb
echo 'rule Other { strings: $a = "OTHER-THING" condition: $a }' >other.yar
vitrine compile --rules other.yar -o other.vdb 2>/dev/null
mv other.vdb "$ROOT/var/lib/vitrine/database/active.vdb"
vitrine guard --root "$ROOT" reload-database || fail "no reload"
probe open m/tmpfs/bad; want allowed
echo damaged >damaged.vdb
mv damaged.vdb "$ROOT/var/lib/vitrine/database/active.vdb"
vitrine guard --root "$ROOT" reload-database 2>/dev/null && fail "damaged"
echo OTHER-THING >m/tmpfs/other
probe open m/tmpfs/other; want denied
mv good.vdb "$ROOT/var/lib/vitrine/database/active.vdb"
vitrine guard --root "$ROOT" reload-database || fail "no way back"
probe open m/tmpfs/bad; want denied

# A wrong configuration changes nothing; a right one does.
cp "$ROOT/etc/vitrine/vitrine.toml" good.toml
echo 'colour = 1' >>"$ROOT/etc/vitrine/vitrine.toml"
vitrine guard --root "$ROOT" reload-config 2>err && fail "taken"
grep -q 'vitrine.toml:8: scanner.colour is not known' err || fail "$(cat err)"
probe open m/tmpfs/bad; want denied
sed 's|^exclude_paths.*|exclude_rules = ["Test_*"]|' good.toml \
  >"$ROOT/etc/vitrine/vitrine.toml"
vitrine guard --root "$ROOT" reload-config || fail "not taken"
probe open m/tmpfs/bad; want allowed

# A mount that comes is watched at once.
vitrine guard --root "$ROOT" mode block
cp good.toml "$ROOT/etc/vitrine/vitrine.toml"
vitrine guard --root "$ROOT" reload-config
filesystem ext4 || { echo "no ext4 to mount"; exit 0; }
wait_until watching || fail "a new mount is not watched"
cp sample m/ext4/bad
probe open m/ext4/bad; want denied
