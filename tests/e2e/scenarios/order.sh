# SPDX-License-Identifier: Apache-2.0
# Lines come in the order of inputs, however many workers there are.
mkdir tree
for i in $(seq 1 300); do
  if [ $((i % 7)) -eq 0 ]; then echo MARKER >"tree/$i"; else echo x >"tree/$i"; fi
done
for i in 50 100 150; do head -c 3000000 /dev/urandom >"tree/$i"; done
paths() { sed -E 's/,"ms":[0-9.]+\}$//' .run/out; }
run vitrine scan --rules marker.yar --output jsonl --jobs 1 tree absent tree
status 1
out_lines 601
paths >one
for jobs in 2 8 32; do
  run vitrine scan --rules marker.yar --output jsonl --jobs "$jobs" tree absent tree
  status 1
  paths >many
  same one many
done
