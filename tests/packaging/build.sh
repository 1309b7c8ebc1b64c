# SPDX-License-Identifier: Apache-2.0
# Makes the packages of this build for the other tests.
. "$(dirname "$0")/lib.sh"
needs dpkg-buildpackage dh python3
cmake --build "$BUILD" --target manuals >/dev/null
"$SOURCE/tools/build_deb" "$BUILD" "$PACKAGES"
ls -l "$PACKAGES"
version=$(dpkg-deb -f "$PACKAGES"/vitrine_*.deb Version)
said=$("$BIN/vitrine" version | head -n 1)
case $said in
  *"$version"*) ;;
  *) fail "the changelog says $version, the program $said" ;;
esac
