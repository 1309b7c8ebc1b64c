# SPDX-License-Identifier: Apache-2.0
# A scanner that crashes, hangs, ends or talks nonsense costs the file at work
# an error line, and no other file anything. The scanner here is one that does
# so where a sample tells it to (tests/faulty_scanner).
command -v vitrine-scanner-faulty >/dev/null || fail "no vitrine-scanner-faulty"
mkdir bin tree
cp "$(command -v vitrine)" bin/vitrine
cp "$(command -v vitrine-scanner-faulty)" bin/vitrine-scanner
for i in $(seq 1000 2199); do
  case $i in
    1234 | 1777) printf 'FAULT:hang\n%d' "$i" ;;
    1555) printf 'FAULT:spin\n%d' "$i" ;;
    *[2]0) printf 'FAULT:crash\n%d' "$i" ;;
    *[4]0) printf 'FAULT:garbage\n%d' "$i" ;;
    *[6]0) printf 'FAULT:exit\n%d' "$i" ;;
    *[13579]) printf 'MARKER %d' "$i" ;;
    *) printf 'nothing %d' "$i" ;;
  esac >"tree/$i"
done
expected() {
  for i in $(seq 1000 2199); do
    case $i in
      1234 | 1777 | 1555 | *[246]0) echo "tree/$i error" ;;
      *[13579]) echo "tree/$i found" ;;
      *) echo "tree/$i clean" ;;
    esac
  done
}
expected >want
run bin/vitrine scan --rules marker.yar --output jsonl --jobs 2 \
  --opt max-scantime=200 tree
status 1
out_lines 1200
sed -E 's/^\{"path":"([^"]*)","verdict":"([a-z]*)".*/\1 \2/' .run/out >got
same want got
out '^\{"path":"tree/1234",.*"errors":\["the scan took too long and was ended"\]'
out '^\{"path":"tree/1020",.*"errors":\["the scanner crashed: killed by SIG(SEGV|BUS)"\]'
out '^\{"path":"tree/1040",.*"errors":\["the scanner gave an answer that is none'
out '^\{"path":"tree/1060",.*"errors":\["the scanner crashed: exited with 0"\]'

# A scanner that cannot start is an error, and no scan without a cage.
cp /bin/true bin/vitrine-scanner
run bin/vitrine scan --rules marker.yar tree/1001
status 2
err 'no scanner starts'
out_lines 0
rm bin/vitrine-scanner
run bin/vitrine scan --rules marker.yar tree/1001
status 2
err 'no vitrine-scanner beside .*--no-cage'
run bin/vitrine scan --no-cage --rules marker.yar tree/1001
status 1
