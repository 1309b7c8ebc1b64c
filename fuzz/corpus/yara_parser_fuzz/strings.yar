import "tests"
rule a : t1 t2 {
  meta: x = "y" n = -5 b = true
  strings:
    $a = "abc\x00\n" wide ascii nocase fullword private
    $b = { 01 ?? [2-4] (0A | 0B ?? | ~0C) [-] ?1 } // c
    $c = /ab+[^c-e]{2,3}(x|y)?$/is
    $ = "zzz" xor(1-0x10)
    $d = "qqq" base64("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") base64wide
  condition: all of them
}
