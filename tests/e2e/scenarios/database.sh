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

# Damage anywhere is refused; so is what is no database at all.
size=$(stat -c %s a.vdb)
for at in 0 9 70 500 $((size / 2)) $((size - 70)); do
  cp a.vdb damaged.vdb
  printf '\xa5' | dd of=damaged.vdb bs=1 seek="$at" conv=notrunc status=none
  cmp -s a.vdb damaged.vdb && continue
  run vitrine scan --database damaged.vdb bad; status 2; out_lines 0
done
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
