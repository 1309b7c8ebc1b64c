# SPDX-License-Identifier: Apache-2.0
# Links that are found are left alone, links that are named are followed, and
# what is no file is never opened.
mkdir -p tree/inner outside
echo MARKER >outside/bad
echo MARKER >tree/inner/bad
ln -s ../outside tree/way-out
ln -s ../outside/bad tree/file-out
ln -s .. tree/inner/up
mkfifo tree/pipe
ln -s /dev/zero tree/zero

run timeout 20 vitrine scan --rules marker.yar --output jsonl tree
status 1
out_lines 1
out '"path":"tree/inner/bad"'
err '^vitrine: skipped tree/pipe: a pipe$'

run vitrine scan --rules marker.yar --output jsonl tree/way-out tree/file-out
status 1
out_lines 2
out '"path":"tree/way-out/bad","verdict":"found"'
out '"path":"tree/file-out","verdict":"found"'

run timeout 20 vitrine scan --rules marker.yar --output jsonl tree/pipe /dev/zero
status 2
out '"path":"tree/pipe","verdict":"error".*"errors":\["a pipe"\]'
out '"path":"/dev/zero","verdict":"error".*"errors":\["a device"\]'

# Patterns, as clamscan's options have them.
run vitrine scan --rules marker.yar --opt exclude-dir=inner --output jsonl tree
status 0; out_lines 0

# Names that begin with a dash, and the empty file.
: >empty
echo MARKER >./-x
run vitrine scan --rules marker.yar --output jsonl empty -- -x
status 1
out '"path":"empty","verdict":"clean"'
out '"path":"-x","verdict":"found"'
