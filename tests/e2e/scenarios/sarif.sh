# SPDX-License-Identifier: Apache-2.0
# SARIF 2.1.0, held against the parts of the standard that we use.
command -v python3 >/dev/null || skip "no python3 to read JSON with"
echo "a MARKER" >bad
echo "a MARKER" >'a:b c%d'
make_sample zip bad >bad.zip
make_sample encrypted-zip bad >secret.zip
mkfifo pipe
mkdir tree
mv bad 'a:b c%d' bad.zip secret.zip pipe tree
run vitrine scan --rules marker.yar --output sarif tree absent
status 1
cp .run/out found.sarif
run python3 "$SOURCE/tests/e2e/check_sarif.py" found.sarif 3 1; status 0
: >clean
run vitrine scan --rules marker.yar --output sarif clean
status 0
cp .run/out clean.sarif
run python3 "$SOURCE/tests/e2e/check_sarif.py" clean.sarif 0 0; status 0
