# SPDX-License-Identifier: Apache-2.0
# The variables that Loki and THOR set exist in every rule set, and hold what
# belongs to the file.
cat >e.yar <<'END'
rule Name { condition: filename == "shell.PHP" }
rule Path { condition: filepath matches /tree$/ }
rule Extension { condition: extension == ".php" }
rule Type { condition: filetype == "EXE" }
rule Owner { condition: owner == "nobody-at-all" }
END
mkdir tree
echo MZ >tree/shell.PHP
run vitrine scan --allmatch --rules e.yar --output jsonl tree
status 1
out '"name":"Name".*"name":"Path".*"name":"Extension".*"name":"Type"'
no_out '"name":"Owner"'
# What the user defines stands.
run vitrine scan --allmatch --rules e.yar --define owner=nobody-at-all --output jsonl tree
out '"name":"Owner"'
# In a compiled database too.
run vitrine compile --rules e.yar -o e.vdb; status 0
run vitrine scan --allmatch --database e.vdb --output jsonl tree
out '"name":"Name".*"name":"Path".*"name":"Extension".*"name":"Type"'
