# SPDX-License-Identifier: Apache-2.0
# What `make run` shows.
make_demo demo
run vitrine scan --rules "$SOURCE/rules/demo" demo
status 1
no_err .
out '^FOUND    demo/invoice\.ps1  Demo\.Script\.Downloader \(clamav\)$'
out '^FOUND    demo/parcel\.tar\.gz!.*eicar\.com  Demo\.Test\.Eicar \(clamav\)$'
out '^FOUND    demo/pictures\.php  Demo_WebShell \(yara\) \[webshell\] \[php\]$'
out '^Files    5 '
out '^Alerts   3 in 3 files$'
out '^Errors   0$'
no_out 'hello\.elf|letter\.txt$'
