# SPDX-License-Identifier: Apache-2.0
# 0 clean, 1 found, 2 error, 3 limited; found outranks error outranks limited.
echo nothing >clean
echo "a MARKER" >bad
make_sample encrypted-zip clean >limited.zip

run vitrine scan --rules marker.yar clean; status 0
run vitrine scan --rules marker.yar bad; status 1
run vitrine scan --rules marker.yar absent; status 2
run vitrine scan --rules marker.yar limited.zip; status 3

run vitrine scan --rules marker.yar clean bad; status 1
run vitrine scan --rules marker.yar absent bad limited.zip; status 1
run vitrine scan --rules marker.yar absent clean limited.zip; status 2
run vitrine scan --rules marker.yar limited.zip clean; status 3

# What cannot begin is an error, with nothing on stdout.
run vitrine scan --rules absent.yar clean; status 2; out_lines 0; err absent
run vitrine scan clean; status 2; err "give --rules"
run vitrine scan --rules marker.yar --opt nonsense clean; status 2; err nonsense
run vitrine scan --rules marker.yar --define 1x=2 clean; status 2
run vitrine scan --rules marker.yar --output xml clean; status 2
run vitrine bogus; status 2
run vitrine; status 2
run vitrine --help; status 0; out scan
run vitrine version; status 0; out '^vitrine [0-9]'
