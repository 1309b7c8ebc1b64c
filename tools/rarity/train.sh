#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# train.sh MAKE_RARITY OUT: downloads the Debian packages below, takes every
# second of their files, and makes the rarity table from them. The benchmarks
# use other packages, and of shared ones the other half.
set -euo pipefail
tool=$1 out=$(realpath -m "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packages="libwine gcc-mingw-w64-x86-64-win32-runtime nsis python3-distlib
  libgcrypt-mingw-w64-dev coreutils util-linux binutils-x86-64-linux-gnu git
  perl-base libperl5.36 perl-modules-5.36 libpython3.11-stdlib
  libpython3.11-minimal libc6 libstdc++6 libicu72 openssl libssl3 systemd
  libboost1.81-dev perl-doc vim-runtime libllvm14 cmake-data
  libgtk-3-0"
cd "$work"
for package in $packages; do
  apt-get download -qq "$package"
  dpkg -x "${package}"_*.deb x
done
# Sorted by name whatever the locale; odd lines only.
find x -type f -size +64c -size -8192k | LC_ALL=C sort | awk 'NR % 2 == 1' |
while read -r path; do
  case $(head -c 4 "$path" | od -An -tx1 | tr -d ' \n') in
    7f454c46 | 4d5a*) echo "executable $path" ;;
    *) if grep -qI . "$path"; then echo "text $path"; fi ;;
  esac
done > list
"$tool" "$out" < list
