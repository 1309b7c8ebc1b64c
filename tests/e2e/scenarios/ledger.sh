# SPDX-License-Identifier: Apache-2.0
# What was sent out is shown and verified, and a change is missed by nobody.
ROOT="$HERE/root"
FOLDER="$ROOT/var/lib/vitrine/ledger"

run vitrine ledger --root "$ROOT"
status 2
err 'No such file'

mkdir -p "$FOLDER"
cp "$SOURCE/fuzz/corpus/ledger_fuzz/three" "$FOLDER/00000001.ledger"
run vitrine ledger --root "$ROOT"
status 0
out '^1  2026-09-21T.*  GET https://a/  18 bytes  for: update$'
out 'answer to 1: done, status 200, 5 bytes'
out 'repaired: 17 bytes behind the last good line'
run vitrine ledger --root "$ROOT" --json
status 0
out '"bytes":"GET / HTTP/1.1\\r\\n\\r\\n"'
run vitrine ledger --root "$ROOT" --verify
status 0
out '^sound: 3 records from number 1 on, 1 repair$'

# The chain can be computed without us.
before=$(printf '%064d' 0)
while read -r line; do
  before=$(printf '%s %s\n' "$before" "${line% *}" | sha256sum | cut -d' ' -f1)
done < <(tail -n +2 "$FOLDER/00000001.ledger")
out "^chain: $before\$"

sed -i 's/done 200 5/done 200 6/' "$FOLDER/00000001.ledger"
run vitrine ledger --root "$ROOT" --verify
status 2
err '00000001.ledger:3: the chain is broken here'
