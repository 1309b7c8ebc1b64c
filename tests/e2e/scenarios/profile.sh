# SPDX-License-Identifier: Apache-2.0
# --profile prints on stderr, so that stdout stays what it is.
echo "a MARKER" >bad
run vitrine scan --rules marker.yar --profile --output jsonl bad
status 1
out_lines 1
err '^Costliest rules$'
err ' Marker$'
err '^Costliest formats$'
