# SPDX-License-Identifier: Apache-2.0
# Another mount namespace, with a root of its own and a mount that nobody else
# can see.
filesystem tmpfs || skip "no tmpfs"
# It leaves the container, found by its path there.
ACTIONS='["quarantine", "block"]'
guard
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
  [ -e only-here/sample ] || { echo gone; exit; }
  sleep 0.1
done
echo there
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
gone'
wait $PROOF
[ -e proven ] || fail "the status does not prove the container's mount"
vitrine quarantine list --root "$ROOT" >items
grep -q 'container:/vitrine-test-box/only-here/sample' items || fail "$(cat items)"
event '/only-here/sample'
