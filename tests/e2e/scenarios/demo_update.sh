# SPDX-License-Identifier: Apache-2.0
# The second half of what `make run` shows: an update taken, and one refused.
make_demo demo
run "$SOURCE/tools/demo_update" "$(dirname "$(command -v vitrine)")" here
status 0
no_err .
out '^log of 5 entries, cosigned by witness1 witness2 mirror$'
out '^main-1 is in use: entry 3 of the log, '
out '^  witness   mirror at '
out '^FOUND    \.\./demo/parcel\.tar\.gz!.*eicar\.com  Demo\.Test\.Eicar '
out '^vitrine: refused by rule 3 \(witnesses\): quorum Q is not met'
[ -n "$(ls here/machine/var/lib/vitrine/update/evidence)" ] ||
  fail "no evidence is kept"
run vitrine update --from absent.tar --root here/machine; status 2
err '^vitrine: absent\.tar: No such file or directory$'
# Neither is the refused one taken a second time.
run vitrine update --from here/aimed.tar --root here/machine; status 2
run vitrine scan --database here/machine/var/lib/vitrine/database/active.vdb demo
status 1; out '^Alerts   3 in 3 files$'
