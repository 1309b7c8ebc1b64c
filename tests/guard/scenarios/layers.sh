# SPDX-License-Identifier: Apache-2.0
# An overlay of layers that are watched themselves, as containers have them.
# Newer kernels ask about the layer's file as well, and the reader that takes
# the question about the overlay's must not wait for itself.
mkdir -p m/layers m/overlay
mount -t tmpfs none m/layers || skip "no tmpfs"
mkdir m/layers/lower m/layers/upper m/layers/work
cp sample m/layers/lower/from-below && chmod 755 m/layers/lower/from-below
echo clean >m/layers/lower/clean
mount -t overlay none m/overlay -o \
  "lowerdir=m/layers/lower,upperdir=m/layers/upper,workdir=m/layers/work" ||
  skip "no overlay"
guard
status_has '^Health    good$'
status_has "overlay .*$HERE/m/overlay  .seen"
grep "m/overlay" status.txt
for way in open map execute uring; do
  probe $way m/overlay/from-below
  [ "$ANSWER" = unsupported ] || want denied
done
probe open m/overlay/clean; want allowed
for method in plain rename link tmpfile mmap splice copy_file_range sendfile \
  truncate io_uring; do
  probe write $method sample m/overlay/new-$method
  [ "$ANSWER" = unsupported ] && continue
  chmod 755 m/overlay/new-$method
  for way in open map execute uring; do
    probe $way m/overlay/new-$method
    [ "$ANSWER" = unsupported ] || want denied
  done
done
# Known to be clean, copied up, and written.
for i in 1 2 3; do probe open m/overlay/clean; want allowed; done
probe write plain sample m/overlay/clean
probe open m/overlay/clean; want denied
[ "$(counter restarts)" = 0 ] || fail "the guard was started again"
# A file system that is mounted later, and an overlay over it.
mkdir m/later m/over-later
mount -t tmpfs none m/later
mkdir m/later/lower m/later/upper m/later/work
mount -t overlay none m/over-later -o \
  "lowerdir=m/later/lower,upperdir=m/later/upper,workdir=m/later/work"
wait_until watching || fail "the later ones are not watched"
cp sample m/over-later/bad
probe open m/over-later/bad; want denied
[ "$(counter restarts)" = 0 ] || fail "the guard was started again"
