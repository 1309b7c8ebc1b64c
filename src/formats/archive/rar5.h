// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/bytes.h"

namespace vitrine::archive {

// What libarchive 3.6 does not say of a RAR 5 archive, but hands over the
// cipher text instead.
struct Rar5Encryption {
  bool headers = false;     // Nothing but the first header can be read.
  std::vector<bool> files;  // By number, for as many as could be read.
};

// Empty for anything that is no RAR 5 archive.
Rar5Encryption FindRar5Encryption(Bytes archive);

}  // namespace vitrine::archive
