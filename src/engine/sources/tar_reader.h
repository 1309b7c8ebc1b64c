// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::engine::sources {

// A plain file of a tar archive. Both are views of the archive.
struct TarMember {
  std::string_view name;
  Bytes bytes;
};

// The plain files of a ustar archive, in order, up to the first empty block
// or the end. Only what signature containers are made of is understood: files
// with short names; other kinds of entries are passed over. kInvalid on a
// header that is none, kTruncated where a file ends after the archive.
Result<std::vector<TarMember>> ReadTar(Bytes archive);

}  // namespace vitrine::engine::sources
