# SPDX-License-Identifier: Apache-2.0
# What cannot be read is an error line, and the scan goes on.
mkdir -p tree/locked
echo "a MARKER" >tree/a
echo "a MARKER" >tree/secret
echo x >tree/locked/inner
echo "a MARKER" >tree/z
chmod 0 tree/secret tree/locked
chmod 755 . tree
as_user=()
if [ "$(id -u)" -eq 0 ]; then
  command -v setpriv >/dev/null || skip "root reads everything, and there is no setpriv"
  as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  cp "$(command -v vitrine)" ./vitrine-copy
  cp "$(command -v vitrine-scanner)" .
  "${as_user[@]}" ./vitrine-copy version >/dev/null 2>&1 || skip "no other user can run the program here"
else
  ln -s "$(command -v vitrine)" ./vitrine-copy
fi
run "${as_user[@]}" ./vitrine-copy scan --rules marker.yar --output jsonl tree
status 1
out_lines 4
out '^\{"path":"tree/a","verdict":"found"'
out '^\{"path":"tree/locked","verdict":"error".*"errors":\["Permission denied"\]'
out '^\{"path":"tree/secret","verdict":"error".*"errors":\["Permission denied"\]'
out '^\{"path":"tree/z","verdict":"found"'
run "${as_user[@]}" ./vitrine-copy scan --rules marker.yar tree/secret
status 2
