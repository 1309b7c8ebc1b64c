# SPDX-License-Identifier: Apache-2.0
# Words that the tests of packages share; sourced first. CMakeLists.txt sets
# BIN, BUILD, SOURCE and PACKAGES.
set -euo pipefail
export LC_ALL=C.UTF-8

skip() {
  echo "SKIPPED: $*"
  exit 77
}
fail() {
  echo "FAILED at line ${BASH_LINENO[0]}: $*"
  exit 1
}
needs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || skip "there is no $program here"
  done
}
needs_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }

# The packages without their debug symbols.
debs() {
  local deb
  for deb in "$PACKAGES"/*.deb; do
    case $deb in
      *-dbgsym_*) ;;
      *) echo "$deb" ;;
    esac
  done
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-packaging.XXXXXX")
trap 'rm -rf --one-file-system "$scratch"' EXIT

# A Debian 12 of its own, in $root.
unpack_system() {
  root=$scratch/root
  mkdir "$root"
  [ -e "$PACKAGES/system.tar" ] || skip "packaging_system made no system"
  tar -C "$root" -xpf "$PACKAGES/system.tar"
}

# Runs commands in it. No mount or process of theirs outlives them.
inside() {
  unshare --mount --propagation private bash -c '
    mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
      exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash -c "$1"' \
    "$root" "set -eu; $1"
}
