# SPDX-License-Identifier: Apache-2.0
# Each budget that cuts a scan short is reported by its name, and the finding
# behind it is not called clean; with room enough the finding is made.
echo "a MARKER" >plain
# Compressed, so that the marker does not show in the container's own bytes.
gzip -9n <plain >bad
limited_by() {
  local reason=$1
  shift
  run vitrine scan --rules marker.yar --output jsonl "$@"
  status 3
  out "\"verdict\":\"limited\",\"alerts\":\[\],\"limits\":\[.*\"reason\":\"$reason\""
}

# Depth: five containers around the marker.
make_sample zip bad >1.zip
make_sample zip 1.zip >2.zip
make_sample zip 2.zip >3.zip
make_sample zip 3.zip >4.zip
run vitrine scan --rules marker.yar 4.zip; status 1
limited_by max-recursion --opt max-recursion=3 4.zip

# Members.
for i in 1 2 3 4 5 6; do echo "$i" >"m$i"; done
make_sample zip m1 m2 m3 m4 m5 m6 bad >many.zip
run vitrine scan --rules marker.yar many.zip; status 1
limited_by max-files --opt max-files=3 many.zip

# Size of one member, and of all together.
head -c 200000 /dev/zero >big
cat big plain >big-plain
gzip -9n <big-plain >big.gz
run vitrine scan --rules marker.yar big.gz; status 1
limited_by max-filesize --opt max-filesize=100K big.gz
limited_by max-filesize --opt max-filesize=100K big-plain
make_sample tar big bad big >three.tar
gzip -9n <three.tar >three.tar.gz
run vitrine scan --rules marker.yar three.tar.gz; status 1
limited_by max-scansize --opt max-scansize=300K three.tar.gz

# Ratio: zeros that shrink a thousandfold.
{ head -c 30000000 /dev/zero; cat plain; } | gzip -9n >bomb.gz
limited_by max-ratio --opt max-ratio=10 bomb.gz

# Time.
{ head -c 100000000 /dev/zero; cat plain; } >long
limited_by max-scantime --opt max-scantime=1 long
