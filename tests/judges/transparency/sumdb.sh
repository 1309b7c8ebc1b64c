#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# golang.org/x/mod/sumdb verifies logs that we write, and we verify logs that it
# writes; each refuses what was changed in one place.
# usage: sumdb.sh PEER FOLDER-OF-THE-JUDGE
set -uo pipefail
peer=$1
source=$2
skip() {
  echo "SKIPPED: $*"
  exit 77
}
fail() {
  echo "FAILED: $*"
  exit 1
}
command -v go >/dev/null || skip "Go is not installed"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOTOOLCHAIN=local GOFLAGS=-mod=readonly
cd "$source" || exit 1
timeout 240 go mod download >"$work/log" 2>&1 ||
  skip "the module golang.org/x/mod is out of reach: $(tail -n 1 "$work/log")"
go build -o "$work/judge" . || fail "the judge does not build"
judge=$work/judge

# damaged FOLDER FILE: a copy of the folder, one bit of the file turned.
damaged() {
  rm -rf "$work/damaged"
  cp -r "$1" "$work/damaged"
  local file=$work/damaged/$2 size byte
  [ -s "$file" ] || fail "no $2 to damage"
  size=$(stat -c %s "$file")
  byte=$(od -An -tu1 -j $((size / 2)) -N 1 "$file")
  printf "\\x$(printf %x $((byte ^ 1)))" |
    dd of="$file" bs=1 seek=$((size / 2)) conv=notrunc status=none
}

# both FOLDER FILE...: both say that all holds; with a bit of any FILE turned,
# both refuse.
both() {
  local folder=$1
  shift
  "$judge" verify "$folder" || fail "x/mod refuses $folder"
  "$peer" verify "$folder" || fail "we refuse $folder"
  for file in "$@"; do
    damaged "$folder" "$file"
    "$judge" verify "$work/damaged" >/dev/null 2>&1 &&
      fail "x/mod takes $file damaged"
    "$peer" verify "$work/damaged" >/dev/null 2>&1 &&
      fail "we take $file damaged"
  done
  return 0
}

for size in 2 255 256 257 700 66000; do
  "$peer" make "$work/ours" $size || fail "ours of $size"
  "$judge" make "$work/theirs" $size || fail "theirs of $size"
  if [ $size != 700 ]; then
    both "$work/ours" && both "$work/theirs"
  else
    both "$work/ours" checkpoint tile/0/000 tile/0/002.p/188 tile/1/000.p/2 \
      tile/entries/001 proof/61.tlog-proof consistency/61 policy
    both "$work/theirs" checkpoint tile/0/001 tile/1/000.p/2 \
      tile/entries/002.p/188 proof/512.tlog-proof consistency/512 policy
  fi
  rm -rf "$work/ours" "$work/theirs"
done

# The vectors in the tree are what it makes.
"$judge" vectors | cmp - ../../vectors/transparency-log.txt ||
  fail "tests/vectors/transparency-log.txt is not the judge's"
