// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::publisher {

// Where the static files of a repository come from, by their path below its
// base: "metadata/1.root.json". Nothing that it gives is believed.
class SiteSource {
 public:
  virtual ~SiteSource() = default;
  // kNotFound; kLimit beyond `size_max`.
  virtual Result<ByteVector> Fetch(const std::string& path,
                                   uint64_t size_max) = 0;
};

// `place`: a folder, or a URL of http or https.
Result<std::unique_ptr<SiteSource>> OpenSite(const std::string& place);

}  // namespace vitrine::publisher
