// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace vitrine::engine::clamav {

// ClamAV's expressions over names and URLs (.cdb, .pdb, .wdb) are POSIX
// extended ones with `(?i)` in front allowed. The same in Perl's syntax: there
// a backslash before a letter or digit means the character itself.
std::string PosixToPerl(std::string_view expression);

}  // namespace vitrine::engine::clamav
