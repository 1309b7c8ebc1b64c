// SPDX-License-Identifier: Apache-2.0
rule Demo_WebShell : webshell php
{
    meta:
        description = "A page that runs commands from a request"
        author = "Vitrine"
    strings:
        $open = "<?php"
        $run = /(shell_exec|passthru|system|popen)\s*\(\s*\$_(GET|POST|REQUEST|COOKIE)\[/
    condition:
        $open in (0..4096) and $run
}
