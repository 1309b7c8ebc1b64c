#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# conformance.sh BIN: the public suite theupdateframework/tuf-conformance, of
# which VITRINE_TUF_CONFORMANCE names a checkout, over our client. Its Python
# packages are in the environment of VITRINE_PEERS.
set -euo pipefail
suite=${VITRINE_TUF_CONFORMANCE:-}
python=${VITRINE_PEERS:-}
skip() {
  echo "skipped: $1"
  exit 77
}
[ -n "$suite" ] || skip "VITRINE_TUF_CONFORMANCE names no checkout"
[ -d "$suite/tuf_conformance" ] || skip "$suite is no checkout of the suite"
[ -n "$python" ] || skip "VITRINE_PEERS names no Python"
"$python" -c 'import pytest, pytest_jsonreport, securesystemslib, tuf' \
  2>/dev/null || skip "$python lacks the suite's packages"
command -v faketime >/dev/null || skip "faketime is not installed"
entry=$(dirname "$(readlink -f "$0")")/tuf_client
cd "$suite"
VITRINE_BIN=$1 "$python" -m pytest tuf_conformance -q -p no:cacheprovider \
  --entrypoint "$entry"
