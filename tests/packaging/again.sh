# SPDX-License-Identifier: Apache-2.0
# Packs the same programs again under another umask, time zone, locale, user
# name, temporary folder and number of processors: the same bytes. The test
# `reproducible` compiles again as well.
. "$(dirname "$0")/lib.sh"
needs dpkg-buildpackage dh
mkdir "$scratch/another-tmp"
(
  umask 077
  export TMPDIR=$scratch/another-tmp TZ=Pacific/Chatham LC_ALL=POSIX
  export HOME=$scratch USER=somebody LOGNAME=somebody
  export DEB_BUILD_OPTIONS=parallel=1
  taskset 1 "$SOURCE/tools/build_deb" "$BUILD" "$scratch/again"
)
count=0
for deb in "$PACKAGES"/*.deb; do
  cmp "$deb" "$scratch/again/$(basename "$deb")" || fail "$deb differs"
  count=$((count + 1))
done
[ $count -ge 12 ] || fail "only $count packages"
echo "$count packages are the same"
