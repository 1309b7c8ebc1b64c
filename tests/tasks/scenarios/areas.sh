# SPDX-License-Identifier: Apache-2.0
# Full tasks go through every file system once; critical ones through what
# starts by itself, in every home.
mount -t tmpfs vitrine-home /home || skip "no tmpfs"
mkdir -p /home/anna/.config/autostart /home/ben
cp sample /home/anna/.config/autostart/x.desktop
cp sample /home/ben/.bashrc
cp sample /home/ben/letter
mkdir cron && cp sample cron/job
mount --bind cron /etc/cron.d || skip "no bind mounts"
mount -t tmpfs vitrine-test /mnt && mkdir /mnt/ext4 /mnt/again
truncate -s 64M image && mkfs.ext4 -q image && mount -o loop image /mnt/ext4 ||
  skip "no loop devices"
mkdir -p /mnt/ext4/deep/er
cp sample /mnt/one
cp sample /mnt/ext4/deep/er/two
mount --bind /mnt/ext4/deep /mnt/again
# All but these folders: the machine's own are large.
exclude=
for path in /*; do
  case $path in
    /mnt | /home) ;;
    *) exclude+="\"$path\", " ;;
  esac
done
config '[tasks.all]' 'type = "full"' "exclude_paths = [$exclude\"/none\"]" \
  '[tasks.starts]' 'type = "critical"' \
  'exclude_paths = ["/usr", "/lib", "/boot", "/var"]'
tasker
task start all --wait
status 1
report all
for path in /mnt/one /mnt/ext4/deep/er/two /home/ben/letter; do
  grep -q "\"path\":\"$path\"" report.json || fail "$path was not found"
done
[ "$(grep -o '"path":"[^"]*/two"' report.json | wc -l)" = 1 ] ||
  fail "a file system was gone through twice"
task start starts --wait
status 1
report starts
for path in /home/anna/.config/autostart/x.desktop /home/ben/.bashrc \
  /etc/cron.d/job; do
  grep -q "\"path\":\"$path\"" report.json || fail "$path was not found"
done
grep -q '"path":"/home/ben/letter"' report.json && fail "a letter starts nothing"
grep -q '"area":"autostart"' report.json || fail "no reason is given"
# Running programs belong to it.
[ "$(count starts scanned)" -gt 3 ] || fail "only $(count starts scanned) files"
