# SPDX-License-Identifier: Apache-2.0
# A file of 10 GB costs bounded memory, and its end is looked at.
truncate -s 10G huge 2>/dev/null || skip "no sparse files here"
printf 'MARKER' | dd of=huge bs=1 seek=10737418234 conv=notrunc status=none
run peak_memory vitrine scan --rules marker.yar --opt max-filesize=0 \
  --opt max-scansize=0 --opt max-scantime=0 --output jsonl huge
status 1
out '"verdict":"found".*"offset":10737418234,"length":6'
peak=$(tail -n 1 .run/err)
echo "peak memory: $peak KiB"
[ "$peak" -lt 1048576 ] || fail "more than 1 GiB"

# By default its size is over a limit, which is said.
run vitrine scan --rules marker.yar --output jsonl huge
case $STATUS in
  1 | 3) ;;
  *) fail "status $STATUS: neither found nor limited" ;;
esac
