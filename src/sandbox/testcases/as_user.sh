#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# as_user.sh PROGRAM: runs a test program as the user that owns nothing.
set -euo pipefail
if [ "$(id -u)" != 0 ]; then
  echo "skipped: not root, so that sandbox_test itself is this test"
  exit 77
fi
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if ! "${as_nobody[@]}" test -x "$1"; then
  echo "skipped: $1 is in a folder that only root can enter"
  exit 77
fi
exec "${as_nobody[@]}" "$1"
