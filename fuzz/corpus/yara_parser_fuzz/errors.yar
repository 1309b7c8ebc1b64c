rule a { condition: true } rule b { condition: bad } rule c { strings: $a = "x condition: $a }
rule d { condition: b }