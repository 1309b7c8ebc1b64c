# SPDX-License-Identifier: Apache-2.0
# The units: systemd understands all of them, and what each service may is no
# more than it was when the bounds below were set.
. "$(dirname "$0")/lib.sh"
needs systemd-analyze
units=$scratch/units
mkdir "$units"
for unit in "$SOURCE"/packaging/systemd/*.{service,socket,timer}; do
  # The programs are not installed here.
  sed "s|=/usr/s\?bin/|=$BIN/|" "$unit" >"$units/$(basename "$unit")"
done
systemd-analyze verify --man=no "$units"/* 2>&1 |
  grep -E "$units|vitrine" && fail "systemd does not understand them"

# systemd's own count of what a service could do, from 0 to 100, nothing being
# best. What the guard and the doorman do without is in their units, and why.
exposure() { # UNIT BOUND
  local said=0
  systemd-analyze security --offline=true --threshold="$2" \
    "$units/$1" >"$scratch/said" 2>&1 || said=$?
  tail -n 1 "$scratch/said"
  [ $said = 0 ] || fail "$1 is beyond $2"
}
exposure vitrine-guard.service 51
exposure vitrine-doorman.service 28
exposure vitrine-recorder.service 11
exposure vitrine-tasker.service 52
exposure vitrine-update.service 41
