# SPDX-License-Identifier: Apache-2.0
# What is caged and what is not says the same.
make_demo demo 2>/dev/null || mkdir demo
mkdir tree
for i in $(seq 1 60); do
  if [ $((i % 7)) -eq 0 ]; then echo MARKER >"tree/$i"; else echo x >"tree/$i"; fi
done
cp -r demo tree/
{ head -c 70000000 /dev/zero; echo MARKER; } >tree/large
cat >names.yar <<'END'
import "console"
import "magic"
rule Named {
  condition:
    filename == "7" and extension == "" and filepath == "tree" and
    filetype == "UNKNOWN" and owner != "" and given == 5 and
    console.log("seen ", filename) and magic.mime_type() == "text/plain"
}
END
lines() { sed -E 's/,"ms":[0-9.]+\}$//' .run/out; }
for how in "" "--allmatch" "--opt max-filesize=10"; do
  # shellcheck disable=SC2086
  run vitrine scan --rules marker.yar --rules marker.ndb --rules names.yar \
    --define given=5 $how --output jsonl tree absent /dev/null
  caged=$STATUS
  lines >caged.out
  # shellcheck disable=SC2086
  run vitrine scan --no-cage --rules marker.yar --rules marker.ndb \
    --rules names.yar --define given=5 $how --output jsonl tree absent /dev/null
  status "$caged"
  lines >free.out
  same caged.out free.out
done
run vitrine scan --rules names.yar --define given=5 --output jsonl tree/7
status 1
out '"console":\["seen 7"\]'

# A definition that does not fit is said, not cut.
long=$(head -c 70000 /dev/zero | tr '\0' x)
run vitrine scan --rules marker.yar --define "long=$long" tree/7
status 2
err 'too long'
