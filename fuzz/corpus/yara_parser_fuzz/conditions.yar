import "tests" import "math"
private rule r1 { condition: filesize > 1KB and uint16be(0) == 0x4d5a }
global rule r2 { condition: not defined entrypoint or 0o17 + 1.5 * 2 < -i }
rule t {
  strings: $a1 = "ssi" $a2 = "issi"
  condition:
    #a1 > 1 and @a1[2] + !a2 > 3 and $a1 at 1 + 2 and $a2 in (0..filesize) and
    #a1 in (1..2) == 1 and any of them and 2 of ($a*) in (0..9) and
    none of ($a1) at 3 and 50% of them and any of (r*) and r1 and
    for any of them : ($ at 3 or # > 1 or @ == ! or @[1] == ![2]) and
    for all i in (1..#a1) : (for 2 s in ("a", s) : (s icontains "A")) and
    for any k, v in tests.struct_dict : (v.i == tests.isum(1, 2)) and
    tests.string_dict["foo"] matches /fo+/i and tests.match(/a/s, "b") != ~1 |
    2 ^ 3 & 4 << 1 >> 2
}
