# SPDX-License-Identifier: Apache-2.0
# Lintian has nothing to say, not even pedantically.
. "$(dirname "$0")/lib.sh"
needs lintian
lintian --allow-root --display-experimental --pedantic --fail-on \
  error,warning,info,pedantic "$PACKAGES"/*.deb
