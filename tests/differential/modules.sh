#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Finds a Python that has yara-python, and compares the modules' fields.
# usage: modules.sh SCRIPT FOLDER-OF-PROGRAMS SOURCE-TREE
set -euo pipefail
script=$1
bin=$2
source_tree=$3
python=${VITRINE_PEERS:-$source_tree/build/peers/bin/python}
command -v "$python" >/dev/null || python=python3
if ! "$python" -c 'import yara' 2>/dev/null; then
  echo "SKIPPED: no yara-python; .ci/run puts it into build/peers"
  exit 77
fi
exec "$python" "$script" "$bin/vitrine" "$source_tree"
