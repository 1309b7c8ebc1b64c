# SPDX-License-Identifier: Apache-2.0
# `check` compiles only, and lists what is wrong as JSON lines.
run vitrine check --rules marker.yar; status 0; out_lines 0
cat >broken.yar <<'END'
rule Good { condition: true }
rule Bad { strings: $a = "x" condition: $b }
END
run vitrine check --rules broken.yar
status 2
out '^\{"severity":"error","code":"[a-z-]+","file":"broken\.yar","line":2,"column":[0-9]+,"message":".+"\}$'

# One bad rule does not take the good ones with it, unless --strict.
echo text >any
run vitrine scan --rules broken.yar --output jsonl any
status 1
out '"name":"Good"'
err '^vitrine: broken\.yar:2:.*error: '

printf 'Good:0:*:4d41524b4552\nBad line\n' >broken.ndb
echo MARKER >bad
run vitrine check --rules broken.ndb; status 2; out '"file":"broken\.ndb","line":2'
run vitrine scan --rules broken.ndb bad; status 1
run vitrine scan --strict --rules broken.ndb bad; status 2; out_lines 0

# An undefined variable is an error until it is defined.
echo 'rule V { condition: level > 3 }' >v.yar
run vitrine check --rules v.yar; status 2
run vitrine check --rules v.yar --define level=4; status 0
run vitrine scan --rules v.yar --define level=4 any; status 1
run vitrine scan --rules v.yar --define level=3 any; status 0
