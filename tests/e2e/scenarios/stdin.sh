# SPDX-License-Identifier: Apache-2.0
# "-" is standard input: a pipe, a large pipe, a file.
echo "a MARKER" >bad
run_with bad vitrine scan --rules marker.yar --output jsonl -
status 1
out '^\{"path":"-","verdict":"found"'
{ head -c 9000000 /dev/zero; cat bad; } >large
LAST="cat large | vitrine scan -"
STATUS=0
cat large | vitrine scan --rules marker.yar --output jsonl - >.run/out 2>.run/err || STATUS=$?
status 1
out '"offset":9000002,"length":6'
STATUS=0
cat bad | vitrine scan --rules marker.yar --output jsonl - >.run/out 2>.run/err || STATUS=$?
status 1
run vitrine scan --rules marker.yar --output jsonl -; status 0
