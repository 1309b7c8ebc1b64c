# SPDX-License-Identifier: Apache-2.0
# However the contents came into the file, the next open knows them: no verdict
# outlives a change.
types=
for type in ext4 xfs btrfs tmpfs overlay; do
  filesystem $type && types="$types $type" || rmdir "m/$type"
done
[ -n "$types" ] || skip "no file system can be mounted"
guard "lasting_mounts = [\"$HERE/m/*\"]"
methods="plain rename link tmpfile mmap splice copy_file_range sendfile truncate io_uring"
size=$(stat -c %s sample)
for type in $types; do
  for method in $methods; do
    probe write $method sample m/$type/new-$method
    [ "$ANSWER" = unsupported ] && { echo "$type: no $method"; continue; }
    chmod 755 m/$type/new-$method
    for way in open map execute uring; do
      probe $way m/$type/new-$method
      [ "$ANSWER" = unsupported ] || want denied
    done
    cp m/$type/new-$method copy 2>/dev/null && fail "$type: $method was copied"
  done
  # The same over files that are known to be clean, and that the kernel lets be
  # opened without asking.
  for method in plain rename mmap splice copy_file_range sendfile io_uring; do
    file=m/$type/known-$method
    head -c "$size" /dev/zero >$file
    sleep 0.2
    for i in 1 2 3; do
      probe open $file
      want allowed
    done
    probe write $method sample $file
    [ "$ANSWER" = unsupported ] && continue
    probe open $file
    want denied
  done
  # While the mapping lives, and its descriptor is long closed.
  head -c "$size" /dev/zero >m/$type/mapped
  sleep 0.2
  for i in 1 2 3; do probe open m/$type/mapped; want allowed; done
  kept=$(counter kept)
  [ "$kept" -gt 0 ] || fail "$type: the kernel answers for no file"
  probe mapped sample m/$type/mapped
  want 'denied
denied'
  echo "$type holds"
done
[ "$(counter lease_breaks)" -gt 0 ] || fail "no lease was broken"
