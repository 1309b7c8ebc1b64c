// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "tuf/metadata.h"

namespace vitrine::tuf {

// Compares bytes that come in pieces with a length and hashes that were signed.
// All hashes must be of algorithms that we know (sha256, sha512), and all must
// agree. Not thread-safe.
class ContentCheck {
 public:
  // kDenied for no hash at all, or one that we do not know.
  static Result<ContentCheck> Of(int64_t length, const Hashes& hashes);

  ContentCheck(ContentCheck&&) noexcept;
  ContentCheck& operator=(ContentCheck&&) noexcept;
  ~ContentCheck();

  // kDenied as soon as there is more than the length.
  Status Update(Bytes bytes);
  // kDenied unless that was all of it. Ends the check.
  Status Finish();

 private:
  struct State;
  explicit ContentCheck(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Metadata against what another document says of it; what it does not say is
// not compared.
Status CheckMetaFile(Bytes file, const MetaFile& meta, const std::string& what);

// The hashes that we know of `bytes`: sha256 and sha512.
Hashes HashesOf(Bytes bytes);

// The digest by which a file with these hashes is named; empty when there is
// none that we know.
std::string NamingDigest(const Hashes& hashes);

}  // namespace vitrine::tuf
