# SPDX-License-Identifier: Apache-2.0
# --opt speaks clamscan's names, and says what it does not know.
echo x >clean
run vitrine scan --rules marker.yar --opt max-filesize=25M --opt normalize=no clean; status 0; no_err .
run vitrine scan --rules marker.yar --opt detect-pua clean; status 0; no_err .
run vitrine scan --rules marker.yar --opt max-filsize=25M clean; status 2; err 'did you mean max-filesize'
run vitrine scan --rules marker.yar --opt max-filesize=big clean; status 2; err 'takes a size'
run vitrine scan --rules marker.yar --opt remove clean; status 2; err 'not offered'
run vitrine scan --rules marker.yar --opt no-summary clean; status 0; err 'changes nothing'
