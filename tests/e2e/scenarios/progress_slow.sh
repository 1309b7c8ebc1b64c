# SPDX-License-Identifier: Apache-2.0
# Progress is drawn on a terminal only.
command -v script >/dev/null || skip "no script(1) to make a terminal with"
mkdir tree
for i in 1 2 3 4 5 6; do truncate -s 600M "tree/$i"; done
run vitrine scan --rules marker.yar --opt max-filesize=0 --opt max-scansize=0 tree
status 0
no_err .
run script -qefc "vitrine scan --rules marker.yar --jobs 1 --opt max-filesize=0 --opt max-scansize=0 tree" /dev/null
status 0
out 'of 6 files, [0-9.]+ MB/s'
