#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the sources again, in a folder of another name and depth, under another
# umask, time zone, locale, home and user name, without ccache, and compares.
# usage: reproducible.sh SOURCE-TREE PROGRAM CMAKE-OPTION...
set -euo pipefail
source_tree=$1
program=$2
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
nice cmake --build "$copy/out/of/tree" --target vitrine -j "$jobs" |
  tail -n 1

again=$copy/out/of/tree/bin/vitrine
sha256sum "$program" "$again"
if ! cmp "$program" "$again"; then
  # A path that found its way in is the commonest reason.
  strings -a "$again" | grep -F "$there" | sort -u | head -n 20 || true
  echo "The two builds differ."
  exit 1
fi
