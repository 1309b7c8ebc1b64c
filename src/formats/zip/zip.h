// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "formats/member.h"

namespace vitrine::zip {

struct Options {
  std::span<const std::string> passwords;
  Deadline deadline;
  // Members by local headers alone, methods lzma, xz and zstd, and members
  // that say they are encrypted and are not.
  bool beyond_clamav = true;
};

// Hands the members of a ZIP archive, whatever its sort (jar, apk, OOXML,
// self-extracting), to `sink`. Where the directory and a local header disagree
// about a member's data, it is unpacked both ways: readers differ in which one
// they believe, and an attacker needs only one that does.
//
// Members that cannot be read are reported as "encrypted", "truncated",
// "damaged", "checksum", "unsupported-method" or "overlapping"; an archive
// without its directory as "truncated" under the empty name.
Status Unpack(Bytes archive, const Options& options, MemberSink& sink);

}  // namespace vitrine::zip
