# SPDX-License-Identifier: Apache-2.0
# A line a finding, a block of sums, nothing that could deceive a terminal.
echo nothing >clean
echo "a MARKER" >$'bad\x1b[31m'

run vitrine scan --rules marker.yar .
status 1
out '^FOUND    \./bad\\x1b\[31m  Marker \(yara\) \[word\]$'
out '^Files    [0-9]+ \('
out '^Alerts   [0-9]+ in [0-9]+ files?$'
out '^Time     [0-9.]+ s \([0-9.]+ MB/s\)$'
no_out $'\x1b'
no_err .
