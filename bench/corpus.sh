#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# corpus.sh DIR: makes the benchmark corpus in DIR from Debian packages:
# elf pe text small archives, each a folder of files. Of packages that the
# rarity table was trained on (tools/rarity/train.sh) only those files are
# taken that it did not see. Does nothing where DIR is already complete.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
out=$(realpath -m "$1")
[ -e "$out/complete" ] && exit 0
rm -rf "$out"
mkdir -p "$out"/{elf,pe,text,small,archives}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trained="libwine nsis python3-distlib libboost1.81-dev perl-doc vim-runtime"
fresh="libreoffice-core gdb r-base-core libqt5gui5 libqt5core5a libgs10
  libgcc-12-dev imagemagick-6-common libmagickcore-6.q16-6 postgresql-15
  php8.2-cli samba-libs qemu-utils ruby3.1-doc libruby3.1 python3-numpy
  libmono-system-web4.0-cil gcc-12-base manpages-dev libz-mingw-w64
  python3-sympy libjs-mathjax doxygen-latex git-doc"
cd "$work"
mkdir trained fresh debs
fetch() {  # FOLDER PACKAGE...
  local folder=$1 package
  shift
  for package in "$@"; do
    if ! (cd debs && apt-get download -qq "$package" 2> /dev/null); then
      echo "not to be had here: $package" >&2
      continue
    fi
    dpkg -x debs/"${package}"_*.deb "$folder"
  done
}
# shellcheck disable=SC2086
fetch trained $trained
# shellcheck disable=SC2086
fetch fresh $fresh

# Every second file of the trained packages: the even lines.
{
  find trained -type f | LC_ALL=C sort | awk 'NR % 2 == 0'
  find fresh -type f | LC_ALL=C sort
} > files

"$here/sort_corpus.py" "$out" < files
cp debs/git-doc_*.deb debs/libz-mingw-w64_*.deb "$out/archives/" || true

size_of() { du -cb "$out/$1" | tail -n 1 | cut -f 1; }
# Bounded sets, so that the slowest peer ends within minutes.
trim() {  # FOLDER BYTES FILES
  find "$out/$1" -type f -printf '%f\t%s\n' | LC_ALL=C sort |
    awk -F '\t' -v most="$2" -v files="$3" \
      '{ sum += $2; if (sum > most || NR > files) print $1 }' |
    (cd "$out/$1" && xargs -r -d '\n' rm --)
  echo "$1: $(find "$out/$1" -type f | wc -l) files, $(size_of "$1") bytes"
}
trim elf 200000000 400
trim pe 150000000 300
trim text 60000000 2000
trim small 40000000 6000
trim archives 40000000 60
touch "$out/complete"
