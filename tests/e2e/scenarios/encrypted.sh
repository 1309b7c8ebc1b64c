# SPDX-License-Identifier: Apache-2.0
# An encrypted member is not looked at, which is said; or alerted, if asked for.
echo secret >inner.txt
make_sample encrypted-zip inner.txt >a.zip
run vitrine scan --rules marker.yar --output jsonl a.zip
status 3
out '"verdict":"limited","alerts":\[\],"limits":\[\{"object":"inner\.txt","reason":"encrypted"'

run vitrine scan --rules marker.ndb --opt alert-encrypted=yes --output jsonl a.zip
status 1
out '"name":"Heuristics\.Encrypted\.Zip"'
