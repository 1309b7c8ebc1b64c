# SPDX-License-Identifier: Apache-2.0
# Sourced. get_kernel FOLDER sets `kernel` to Debian 12's for clouds, and
# `modules` to a folder with those that a disk needs; both are kept in FOLDER.
# Ends with 77 and the reason where QEMU or the kernel cannot be had.
disk_modules="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev
  virtio_pci virtio_blk"

skip() {
  echo "skipped: $*"
  exit 77
}

get_kernel() {
  local program package download module
  for program in qemu-system-x86_64 busybox cpio dpkg-deb apt-get; do
    command -v "$program" >/dev/null || skip "there is no $program here"
  done
  if ldd "$(command -v busybox)" >/dev/null 2>&1; then
    skip "busybox is not busybox-static"
  fi
  mkdir -p "$1"
  package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null |
    sed -n 's/.*Depends: \(linux-image-6\.1\.[^ ]*\)$/\1/p' | head -n 1)
  [ -n "$package" ] || skip "apt knows no linux-image-6.1 for clouds"
  kernel=$(cd "$1" && pwd)/$package
  modules=$kernel.modules
  if [ -e "$kernel" ] && [ -e "$modules" ]; then return; fi
  download=$(mktemp -d "$1/download.XXXXXX")
  (cd "$download" && apt-get download -qq "$package" 2>&1) ||
    skip "cannot download $package"
  dpkg-deb --fsys-tarfile "$download"/*.deb | tar -x -C "$download" \
    --wildcards './boot/vmlinuz-*' './lib/modules/*/virtio*.ko'
  mkdir -p "$download/modules"
  for module in $disk_modules; do
    find "$download/lib" -name "$module.ko" -exec mv {} "$download/modules/" \;
  done
  rm -rf "$modules"
  mv "$download/modules" "$modules"
  mv "$download"/boot/vmlinuz-* "$kernel"
  rm -rf "$download"
}

# qemu SECONDS ARGUMENT... : runs a machine, shows what it says, and returns the
# status that it gives in "vm: status N"; 124 where it gives none in time.
qemu() {
  local seconds=$1 output status
  shift
  output=$(mktemp)
  timeout "$seconds" qemu-system-x86_64 -smp 2 -nodefaults -display none \
    -serial stdio -kernel "$kernel" "$@" </dev/null |
    stdbuf -oL tr -d '\r' | tee "$output" || true
  status=$(sed -n 's/^vm: status \([0-9]*\)$/\1/p' "$output" | tail -n 1)
  rm -f "$output"
  return "${status:-124}"
}
