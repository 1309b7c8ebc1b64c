#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# corpus.sh DIR: makes the benchmark corpus in DIR from Debian packages:
# elf pe text small archives, each a folder of files. Of packages that the
# rarity table was trained on (tools/rarity/train.sh) only those files are
# taken that it did not see. Does nothing where DIR is already complete.
set -euo pipefail
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

n=0
sort_into() {  # FOLDER PATH: links under a flat, unique name
  n=$((n + 1))
  ln "$2" "$out/$1/$(printf '%05d' $n)-$(basename "$2")" 2> /dev/null ||
    cp "$2" "$out/$1/$(printf '%05d' $n)-$(basename "$2")"
}
size_of() { du -cb "$out/$1" | tail -n 1 | cut -f 1; }
while read -r path; do
  size=$(stat -c %s "$path")
  case $(head -c 4 "$path" | od -An -tx1 | tr -d ' \n') in
    7f454c46) [ "$size" -ge 16384 ] && sort_into elf "$path" ;;
    4d5a*) [ "$size" -ge 8192 ] && sort_into pe "$path" ;;
    1f8b* | 504b0304 | fd377a58 | 425a68*) sort_into archives "$path" ;;
    *)
      if [ "$size" -le 32768 ] && [ $((n % 4)) -ne 0 ]; then
        sort_into small "$path"
      elif grep -qI . "$path"; then
        [ "$size" -ge 8192 ] && sort_into text "$path" || n=$((n + 1))
      fi
      ;;
  esac || true
done < files
cp debs/git-doc_*.deb debs/libz-mingw-w64_*.deb "$out/archives/" || true

# Bounded sets, so that the slowest peer ends within minutes.
trim() {  # FOLDER BYTES FILES
  find "$out/$1" -type f -printf '%f\t%s\n' | LC_ALL=C sort |
    awk -F '\t' -v most="$2" -v files="$3" \
      '{ sum += $2; if (sum > most || NR > files) print $1 }' |
    while read -r name; do rm "$out/$1/$name"; done
  echo "$1: $(find "$out/$1" -type f | wc -l) files, $(size_of "$1") bytes"
}
trim elf 200000000 400
trim pe 150000000 300
trim text 60000000 2000
trim small 40000000 6000
trim archives 40000000 60
touch "$out/complete"
