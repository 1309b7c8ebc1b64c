# SPDX-License-Identifier: Apache-2.0
# The packages in a whole Debian 12, with its systemd and its kernel, in an
# emulator: do the services do their work within the walls of their units?
. "$(dirname "$0")/lib.sh"
if [ -z "${VITRINE_BOOT_TEST:-}" ]; then
  echo "skipped: an emulated boot takes 10 to 25 minutes;" \
    "VITRINE_BOOT_TEST=1 asks for it"
  exit 77
fi
needs_root
needs mkfs.ext4 unshare
unpack_system
mkdir -p "$root/test/debs"
cp $(debs) "$root/test/debs/"
here=$(dirname "$0")
cp "$BIN/make_sample" "$here/boot_inside.sh" "$here/make_publisher" "$root/test/"
mkdir "$root/test/rules"
# By its size it does not hold in its own database; LIMITATIONS.md.
cat >"$root/test/rules/rules.yar" <<'RULE'
rule Test_File {
  strings: $a = "$EICAR-STANDARD"
  condition: $a and filesize < 100
}
RULE
cat >"$root/etc/systemd/system/inside.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=idle
ExecStart=/bin/sh -c "bash /test/boot_inside.sh; echo vm: status $$?; poweroff -f"
StandardOutput=file:/dev/ttyS0
StandardError=file:/dev/ttyS0
[Install]
WantedBy=multi-user.target
UNIT
# Enabled by installing; started by the boot.
inside '
  dpkg -i /test/debs/*.deb
  useradd -m -G adm person
  systemctl enable inside.service
  systemctl mask systemd-timesyncd.service getty@tty1.service
  sh /test/make_publisher /test/rules /test/publisher
  vitrine compile --rules /test/rules \
    -o /var/lib/vitrine/database/active.vdb' >"$scratch/log" 2>&1 || {
  cat "$scratch/log"
  fail "the image cannot be made"
}
truncate -s 1G "$scratch/disk"
mkfs.ext4 -q -d "$root" "$scratch/disk"
rm -rf --one-file-system "$root"
"$SOURCE/tests/qemu/boot_system" "$BUILD/qemu" 1500 "$scratch/disk"
