# SPDX-License-Identifier: Apache-2.0
# One object a line, its members in a fixed order.
echo nothing >clean
echo "a MARKER" >bad

run vitrine scan --rules marker.yar --output jsonl clean bad absent
status 1
out_lines 3
out '^\{"path":"clean","verdict":"clean","alerts":\[\],"limits":\[\],"errors":\[\],"bytes":8,"ms":[0-9]+\.[0-9]+\}$'
out '^\{"path":"bad","verdict":"found","alerts":\[\{"name":"Marker","engine":"yara","object":"","tags":\["word"\],"strings":\[\{"id":"\$a","offset":2,"length":6\}\]\}\],"limits":\[\],"errors":\[\],"bytes":9,"ms":[0-9]+\.[0-9]+\}$'
out '^\{"path":"absent","verdict":"error","alerts":\[\],"limits":\[\],"errors":\["No such file or directory"\],"bytes":0,"ms":[0-9]+\.[0-9]+\}$'

# A path is always valid UTF-8, and what was not is given in hex as well.
cp bad $'b\xff\n"\\d'
run vitrine scan --rules marker.yar --output jsonl $'b\xff\n"\\d'
status 1
out_lines 1
out '^\{"path":"b\\\\xff\\n\\"\\\\d","path_hex":"62ff0a225c64","verdict":"found"'
iconv -f UTF-8 -t UTF-8 .run/out >/dev/null || fail "not UTF-8"
