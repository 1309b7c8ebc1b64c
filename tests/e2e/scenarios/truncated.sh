# SPDX-License-Identifier: Apache-2.0
# An archive that ends early is never clean.
head -c 20000 /dev/zero | tr '\0' x >plain
make_sample zip plain >whole.zip
make_sample tar plain >whole.tar
make_sample gzip plain >whole.gz
head -c 300000 /dev/urandom >random
make_sample zip random >random.zip
for sample in whole.zip whole.tar whole.gz random.zip; do
  run vitrine scan --rules marker.yar "$sample"; status 0
  head -c $(($(stat -c %s "$sample") / 2)) "$sample" >"cut-$sample"
  run vitrine scan --rules marker.yar --output jsonl "cut-$sample"
  status 3
  out '"verdict":"limited"'
  out '"limits":\[\{"object":.*"reason":"[a-z-]+"'
done
