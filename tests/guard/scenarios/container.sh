# SPDX-License-Identifier: Apache-2.0
# Another mount namespace, with a root of its own and a mount that nobody else
# can see.
filesystem tmpfs || skip "no tmpfs"
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
for i in \$(seq 100); do
  cp $HERE/sample only-here/sample
  cat only-here/sample >/dev/null 2>&1 || { echo denied; exit; }
  rm only-here/sample
  sleep 0.1
done
echo allowed
END
mkdir -p box
ANSWER=$(unshare --mount bash inside.sh 2>inside.log)
[ -n "$ANSWER" ] || skip "no such namespace here: $(tail -1 inside.log)"
want denied
event '/only-here/sample'
