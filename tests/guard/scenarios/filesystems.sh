# SPDX-License-Identifier: Apache-2.0
# What a rule describes can be neither opened, executed, mapped nor copied, on
# each file system; its harmless neighbour can.
types=
for type in ext4 xfs btrfs tmpfs overlay; do
  filesystem $type && types="$types $type" || rmdir "m/$type"
done
[ -n "$types" ] || skip "no file system can be mounted"
guard
# A program: it would run but for what it carries.
make_sample elf >program
cat program sample >bad-program
for type in $types; do
  for name in sample bad-program program; do
    cp $name m/$type/$name
    chmod 755 m/$type/$name
  done
  for name in sample bad-program; do
    for way in open map uring; do
      probe $way m/$type/$name
      [ "$ANSWER" = unsupported ] || want denied
    done
    cp m/$type/$name copy 2>/dev/null && fail "$type: $name was copied"
    cat m/$type/$name >/dev/null 2>&1 && fail "$type: $name was read"
  done
  probe execute m/$type/bad-program
  want denied
  probe execute m/$type/program
  want allowed
  probe open m/$type/program
  want allowed
  echo "$type holds"
done
status_has '^Health    good$'
event 'Test_File'
stop
for type in $types; do
  probe open m/$type/sample
  want allowed
done
