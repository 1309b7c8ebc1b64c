// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::publisher {

struct BundleOptions {
  bool sources = false;  // Also what databases were made of.
  bool deltas = false;
};

// All that a client needs that has nothing but an old root, as one archive
// (docs/spec/bundle.md): files of the repository under their own paths. `site`:
// a publisher's or a mirror's folder. The same state gives the same bytes.
Result<ByteVector> MakeBundle(const std::string& site,
                              const BundleOptions& options);

}  // namespace vitrine::publisher
