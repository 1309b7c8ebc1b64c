# SPDX-License-Identifier: Apache-2.0
# A medium is scanned when it is mounted, and again when it comes back.
mkdir m/stick
truncate -s 32M image && mkfs.ext4 -q image && mount -o loop image m/stick ||
  skip "no loop devices"
cp sample m/stick/bad
umount m/stick
config '[tasks.media]' 'type = "removable"' "paths = [\"$HERE/m/*\"]" \
  'exclude_paths = ["**/lost+found"]' \
  '[tasks.other]' 'type = "custom"' "paths = [\"$HERE/m/stick/good\"]"
tasker
is_state media idle || fail "it runs without a medium"
mount -o loop image m/stick
ran() { vitrine task status media --json --root "$ROOT" | grep -q "\"runs\":$1"; }
wait_until ran 1 || fail "the medium was not scanned"
report media
grep -q "\"verdict\":\"found\",\"path\":\"$HERE/m/stick/bad\"" report.json ||
  fail "the medium's file was not found"
grep -q '"cause":"medium"' report.json || fail "not because of the medium"
umount m/stick || fail "the medium is still held"
mount -o loop image m/stick
wait_until ran 2 || fail "it was not scanned again"
[ "$(count media scanned)" = 1 ] || fail "a medium is not to be remembered"
task start media --wait
status 1

# What it was clean as on the medium is nothing that another task knows.
echo harmless >m/stick/good
sleep 0.2
task start media --wait
status 1
task start other --wait
status 0
[ "$(count other known_clean)" = 0 ] || fail "remembered of a medium"
[ "$(count other scanned)" = 1 ] || fail "not scanned"
