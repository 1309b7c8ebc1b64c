// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/mask.h"
#include "crypto/digest.h"

namespace vitrine::quarantine {

// Content that a person has looked at and wants left alone, for some rules or
// for all. Bytes are trusted, not paths: a path can come to hold anything.
struct TrustedContent {
  crypto::Sha256Digest sha256{};
  uint64_t size = 0;
  int64_t since_ns = 0;
  config::Mask rules;  // "**": whatever finds it.
};

// The list of it, from a file of lines. Immutable after loading.
class Trusted {
 public:
  // Empty where there is no file. kDenied where the file is not ours or others
  // may write it; kInvalid with the line's number for what is no entry.
  static Result<Trusted> Load(const std::string& path);
  static Result<Trusted> Parse(std::string_view text);

  // Whether it is worth while to hash a file of this size.
  bool HasSize(uint64_t size) const;
  // Whether each of `rules` is one that this content is trusted against.
  bool Covers(const crypto::Sha256Digest& sha256, uint64_t size,
              const std::vector<std::string>& rules) const;

  const std::vector<TrustedContent>& entries() const { return entries_; }

 private:
  std::vector<TrustedContent> entries_;
};

// Puts an entry behind the others, by one write(2) and synced: lists of two
// programs cannot mix.
Status AddTrusted(const std::string& path, const TrustedContent& entry);

}  // namespace vitrine::quarantine
