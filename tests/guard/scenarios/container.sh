# SPDX-License-Identifier: Apache-2.0
# Another mount namespace, with a root of its own and mounts that nobody else can
# see: what a rule describes can be neither opened, mapped, executed nor copied
# there, however it came.
filesystem tmpfs || skip "no tmpfs"
# It leaves the container, found by its path there.
ACTIONS='["quarantine", "block"]'
guard
cp "$(command -v guard_probe)" .
cat >inside.sh <<END
set -e
mount --make-rprivate /
mkdir -p $HERE/box/layers
mount -t tmpfs none $HERE/box/layers
mkdir $HERE/box/layers/upper $HERE/box/layers/work $HERE/box/whole
mount -t overlay none $HERE/box/whole -o lowerdir=/,upperdir=$HERE/box/layers/upper,workdir=$HERE/box/layers/work
cd $HERE/box/whole
mkdir -p vitrine-test-box/only-here old
mount --rbind /proc proc
pivot_root . old
umount -l /old
mount -t tmpfs none /vitrine-test-box/only-here
mkdir /vitrine-test-box/layers /vitrine-test-box/also-here
mount -t tmpfs none /vitrine-test-box/layers
mkdir /vitrine-test-box/layers/lower /vitrine-test-box/layers/upper /vitrine-test-box/layers/work
mount -t overlay none /vitrine-test-box/also-here -o lowerdir=/vitrine-test-box/layers/lower,upperdir=/vitrine-test-box/layers/upper,workdir=/vitrine-test-box/layers/work
touch /vitrine-test-box/ready
cd /vitrine-test-box
for i in \$(seq 50); do [ -e $HERE/proven ] || sleep 0.1; done
for i in \$(seq 100); do
  cp $HERE/sample only-here/sample
  cat only-here/sample >/dev/null 2>&1 || { echo denied; break; }
  rm only-here/sample
  sleep 0.1
done
for i in \$(seq 100); do
  [ -e only-here/sample ] || break
  sleep 0.1
done
[ -e only-here/sample ] && echo there || echo gone
for folder in only-here also-here; do
  for method in plain rename link tmpfile mmap splice copy_file_range sendfile truncate io_uring; do
    for way in open map execute uring; do
      file=\$folder/\$method-\$way
      said=\$($HERE/guard_probe write \$method $HERE/sample \$file)
      [ "\$said" = unsupported ] && continue
      chmod 755 \$file 2>/dev/null || true
      said=\$($HERE/guard_probe \$way \$file)
      [ "\$said" = unsupported ] && continue
      # Taken away already, by the scan after the writing.
      [ "\$said" = denied ] || [ ! -e \$file ] || echo "\$file: \$said"
      tried=\$((tried + 1))
    done
  done
  cp $HERE/sample \$folder/copied
  cp \$folder/copied \$folder/copy 2>/dev/null && echo "\$folder: copied"
done
echo "tried \$tried"
END
mkdir -p box
# While it lives, the status proves that its mount is watched.
proven() {
  vitrine status --root "$ROOT" 2>/dev/null |
    grep -Eq "^  watched .* /vitrine-test-box/only-here  in namespace [0-9]+  \(seen\)"
}
(wait_until proven && touch proven) &
PROOF=$!
ANSWER=$(unshare --mount bash inside.sh 2>inside.log)
[ -n "$ANSWER" ] || skip "no such namespace here: $(tail -1 inside.log)"
want 'denied
gone
tried 80'
wait $PROOF
[ -e proven ] || fail "the status does not prove the container's mount"
vitrine quarantine list --root "$ROOT" >items
grep -q 'container:/vitrine-test-box/only-here/sample' items || fail "$(cat items)"
event '/only-here/sample'
