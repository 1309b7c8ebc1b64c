# SPDX-License-Identifier: Apache-2.0
# Makes system.tar: a minimal Debian 12 with systemd and what the packages
# depend on, for the other tests. Kept while the packages it holds are wanted.
. "$(dirname "$0")/lib.sh"
needs_root
needs mmdebstrap
wanted=$(debs | while read -r deb; do
  dpkg-deb -f "$deb" Depends | tr ',' '\n'
done | sed 's/ *|.*//; s/ *(.*//; s/^ *//' | grep -v '^vitrine' | sort -u)
wanted="$wanted systemd-sysv"
wanted=$(echo $wanted | tr ' ' ',')
if [ -e "$PACKAGES/system.tar" ] &&
  [ "$wanted" = "$(cat "$PACKAGES/system.packages")" ]; then
  exit 0
fi
mmdebstrap --quiet --format=tar --variant=minbase \
  --include="$wanted" \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-include=/usr/share/doc/vitrine*' \
  --aptopt='Acquire::Languages "none"' \
  bookworm "$PACKAGES/system.tar.new" ||
  skip "mmdebstrap cannot make a system here (no network?)"
mv "$PACKAGES/system.tar.new" "$PACKAGES/system.tar"
echo "$wanted" >"$PACKAGES/system.packages"
