#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cage.sh BIN FOLDER: the tests of src/sandbox on Debian 12's kernel: as root,
# as an ordinary user, and as root where user namespaces are forbidden.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1 folder=$2
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat >"$script" <<'SCRIPT'
set -e
# Both at a time: the machine has two processors. The filter's own tests ask
# nothing of a kernel.
test='sandbox_test --gtest_color=no --gtest_brief=1'
/test/setpriv --reuid=65534 --regid=65534 --clear-groups \
  $test --gtest_filter='Escape.FailsByE*:*ServiceEscape*' >/tmp/user 2>&1 &
$test --gtest_filter='-*Filter.*:CageReport.*:Escape.FailsWithout*'
echo 'as nobody:'
wait $! || { cat /tmp/user; exit 1; }
cat /tmp/user
echo 'as root, without user namespaces:'
echo 0 >/proc/sys/user/max_user_namespaces
$test --gtest_filter='Launch.Makes*:Launch.Tells*'
SCRIPT
# A minute and a half of processor time; the limit is for a busy machine.
"$here/run_in_vm" "$folder" 600 "$script" "$bin/sandbox_test" \
  "$bin/cage_testcase" "$(command -v setpriv)"
