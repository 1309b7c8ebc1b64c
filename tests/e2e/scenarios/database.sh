# SPDX-License-Identifier: Apache-2.0
# compile, info, explain, and scanning with what was compiled.
echo "a MARKER" >bad
mkdir rules
cp marker.yar marker.ndb rules
run vitrine compile --rules rules -o a.vdb; status 0; out '^a\.vdb: 2 rules, 0 hashes, '
run vitrine compile --rules rules -o b.vdb; status 0
same a.vdb b.vdb
run vitrine scan --database a.vdb --allmatch --output jsonl bad
status 1
out '"name":"Marker","engine":"clamav"'
out '"name":"Marker","engine":"yara"'

run vitrine info a.vdb; status 0
out '^Rules     1 ClamAV, 1 YARA'
out '^  rules/marker\.yar$'
run vitrine info --output json a.vdb; status 0; out_lines 1
out '^\{"version":[0-9]+,"size":'

run vitrine explain Marker --database a.vdb; status 0
out '^Marker: yara rule$'
out '^  from      rules/marker\.yar:1$'
out '^  source    rule Marker : word '
out '^Marker: clamav signature$'
out '^    atom    "MARKER'
run vitrine explain Marker --rules rules --output json; status 0; out_lines 2
run vitrine explain marke --database a.vdb; status 2; err 'there is Marker'

# Damage anywhere is refused; so is what is no database at all. What only some
# scans ask for is looked at then, and gives no verdict; info looks at all.
size=$(stat -c %s a.vdb)
damage() {
  cp a.vdb damaged.vdb
  printf '\xa5' | dd of=damaged.vdb bs=1 seek="$1" conv=notrunc status=none
  ! cmp -s a.vdb damaged.vdb
}
for at in 0 9 70 500 1000 $((size / 2)); do
  damage "$at" || continue
  run vitrine scan --database damaged.vdb bad; status 2; out_lines 0
  run vitrine info damaged.vdb; status 2; err 'not a usable database'
done
# Of the last bytes, code and names, only those between sections are no part.
seen=0
for at in $(seq $((size - 256)) 8 $((size - 1))); do
  damage "$at" || continue
  run vitrine info damaged.vdb
  if [ "$STATUS" -eq 0 ]; then
    [ "$(od -An -tu1 -j "$at" -N1 a.vdb)" -eq 0 ] || fail "accepted at $at"
    continue
  fi
  status 2; err 'section [0-9]* is damaged'
  run vitrine explain Marker --database damaged.vdb; status 2
  run vitrine scan --database damaged.vdb --allmatch --output jsonl bad
  if ! grep -q 'is damaged' .run/out .run/err; then
    # Not asked for: the same verdict as ever.
    status 1
    continue
  fi
  status 2
  seen=$((seen + 1))
  no_out '"name"'
done
[ "$seen" -gt 3 ] || fail "only $seen damaged places were asked for"
head -c $((size - 1)) a.vdb >short.vdb
run vitrine scan --database short.vdb bad; status 2
run vitrine scan --database bad bad; status 2
run vitrine info absent.vdb; status 2; err absent

# A failed compilation leaves the old file, and nothing beside it.
echo 'Bad line' >broken.ndb
run vitrine compile --strict --rules broken.ndb -o a.vdb; status 2
same a.vdb b.vdb
run vitrine compile --rules rules -o absent/a.vdb; status 2; err absent
[ -z "$(find . -name 'a.vdb.*')" ] || fail "temporary files are left"
