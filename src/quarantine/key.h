// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "crypto/aead.h"
#include "quarantine/item.h"

namespace vitrine::quarantine {

// The store's key: 32 random bytes in a file that only its owner may read.
// Made at first use, by whichever program is first. kDenied where the file is
// not a plain one of this user's with nobody else let in.
Result<crypto::Key256> LoadOrMakeKey(const std::string& path);

// The key of one item.
crypto::Key256 ItemKey(const crypto::Key256& store_key, const Prefix& prefix);

}  // namespace vitrine::quarantine
