#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the conformance vectors and holds the rates against thresholds.txt.
# usage: vectors.sh FOLDER-OF-VECTORS PROGRAM THRESHOLDS
set -uo pipefail
vectors=$1
program=$2
thresholds=$(realpath "$3")
skip() {
  echo "SKIPPED: $*"
  exit 77
}
[ -f "$vectors/run_vectors.py" ] || skip "no vectors at $vectors"
command -v python3 >/dev/null || skip "no python3 to run the vectors with"
cd "$vectors" || exit 1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export PYTHONDONTWRITEBYTECODE=1
jobs=$(nproc)
# The group that a line of thresholds.txt names, then what the runner says.
group() {
  local name=$1
  shift
  python3 run_vectors.py --engine contract --bin "$program" -j "$jobs" \
    --fail 1000 "$@" 2>&1 | sed "s/^/$name /"
}
{
  group yara yara/*.json
  group yara-strings --strings yara/*.json
  group clamav clamav/*.json
} >"$log"
grep -a '|' "$log" || true
echo

# "GROUP FILE {'pass': 1, 'FAIL': 2}" lines against "GROUP FILE PERCENT".
awk -v thresholds="$thresholds" '
  function number(word) {
    if (!match($0, "\x27" word "\x27: [0-9]+")) return 0
    return substr($0, RSTART + length(word) + 4, RLENGTH - length(word) - 4) + 0
  }
  BEGIN {
    while ((getline line < thresholds) > 0) {
      if (line ~ /^#/ || line == "") continue
      split(line, word, " ")
      want[word[1] " " word[2]] = word[3]
    }
  }
  $3 ~ /^\{/ && ($2 ~ /\.json$/ || $2 == "TOTAL") {
    key = $1 " " $2
    if (!(key in want) && $2 != "TOTAL") key = $1 " each"
    if (!(key in want)) next
    passed = number("pass")
    all = passed + number("FAIL")
    rate = all > 0 ? 100 * passed / all : 100
    verdict = rate >= want[key] ? "ok" : "BELOW"
    if (verdict == "BELOW") ++below
    ++seen
    printf "%-6s %-13s %-28s %4d of %4d %6.2f %% (at least %s %%)\n", \
      verdict, $1, $2, passed, all, rate, want[key]
  }
  END { exit seen == 0 || below > 0 }
' "$log" || {
  [ -s "$log" ] && tail -n 3 "$log"
  exit 1
}
