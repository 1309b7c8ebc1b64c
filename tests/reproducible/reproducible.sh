#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the sources again, in a folder of another name and depth, under another
# umask, time zone, locale, home and user name, without ccache, and compares.
# That is the command-line program; with VITRINE_REBUILD=all it is every packaged
# program and the packages, which takes long.
# usage: reproducible.sh SOURCE-TREE BUILD CMAKE-OPTION...
set -euo pipefail
source_tree=$1
build=$2
shift 2

there=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-again.XXXXXX")
trap 'rm -rf "$there"' EXIT
copy=$there/a/rather/longer/path/to/the-sources
umask 077
mkdir -p "$copy"
tar -C "$source_tree" --exclude=./build --exclude=./.git -cf - . |
  tar -C "$copy" -xf -

export TZ=Pacific/Chatham LC_ALL=POSIX HOME=$there USER=somebody LOGNAME=somebody
unset SOURCE_DATE_EPOCH
jobs=$(nproc)
cmake -S "$copy" -B "$copy/out/of/tree" -G Ninja --log-level=WARNING \
  -DVITRINE_CCACHE=OFF "$@"
programs=vitrine
if [ "${VITRINE_REBUILD:-}" = all ]; then
  programs="vitrine vitrine-publish vitrine-scanner vitrine-guard
    vitrine-doorman vitrine-recorder"
fi
# shellcheck disable=SC2086  # A word a program.
nice cmake --build "$copy/out/of/tree" -j "$jobs" --target $programs |
  tail -n 1

for program in $programs; do
  again=$copy/out/of/tree/bin/$program
  sha256sum "$build/bin/$program" "$again"
  cmp "$build/bin/$program" "$again" && continue
  # A path that found its way in is the commonest reason.
  strings -a "$again" | grep -F "$there" | sort -u | head -n 20 || true
  echo "The two builds differ."
  exit 1
done

[ "${VITRINE_REBUILD:-}" = all ] || exit 0
if ! command -v dh >/dev/null || ! command -v python3 >/dev/null; then
  echo "Packages were not compared: there is no debhelper or python3 here."
  exit 0
fi
umask 022
for folder in "$build" "$copy/out/of/tree"; do
  cmake --build "$folder" --target manuals >/dev/null
done
"$source_tree/tools/build_deb" "$build" "$there/one"
umask 077
"$copy/tools/build_deb" "$copy/out/of/tree" "$there/two"
for deb in "$there"/one/*.deb; do
  sha256sum "$deb" "$there/two/$(basename "$deb")"
  cmp "$deb" "$there/two/$(basename "$deb")" || {
    echo "The two packages differ."
    exit 1
  }
done
