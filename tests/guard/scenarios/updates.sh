# SPDX-License-Identifier: Apache-2.0
# A database that holds what its own rules look for is taken while they guard.
filesystem tmpfs || skip "no tmpfs"
mkdir m/tmpfs/state
cp -R "$ROOT/var/lib/vitrine/." m/tmpfs/state
mount --bind m/tmpfs/state "$ROOT/var/lib/vitrine"
# Every byte of it is a finding, however it is packed.
echo 'rule Database { strings: $a = "VITRINED" condition: $a at 0 }' >>rules.yar
echo 'rule Packed { strings: $a = { 28 b5 2f fd } condition: $a at 0 }' >>rules.yar
echo 'rule Sources { strings: $a = "Test_File" condition: $a }' >>rules.yar
mkdir rules
cp rules.yar rules/
vitrine-publish quickstart publisher --yara rules >publisher.log 2>&1 ||
  fail "no publisher: $(tail -n 1 publisher.log)"
vitrine-publish bundle publisher/site -o bundle.tar >/dev/null
vitrine compile --rules rules.yar \
  -o "$ROOT/var/lib/vitrine/database/active.vdb" 2>/dev/null
guard
vitrine trust init publisher/trust --root "$ROOT" >/dev/null || fail "no trust"
cp "$ROOT/var/lib/vitrine/database/active.vdb" m/tmpfs/copy 2>/dev/null
probe open m/tmpfs/copy; want denied
vitrine update --from bundle.tar --root "$ROOT" >update.out 2>&1 ||
  fail "no update: $(cat update.out)"
vitrine update prove --root "$ROOT" >/dev/null || fail "it is not proven"
sleep 1
vitrine update prove --root "$ROOT" >/dev/null || fail "it was taken away"
# The same file by another name is looked at.
kept=$(find m/tmpfs/state/update/databases -name '*.vdb')
ln "$kept" m/tmpfs/link || fail "no link"
probe open m/tmpfs/link; want denied
probe open m/tmpfs/copy; want denied
