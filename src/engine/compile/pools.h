// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <unordered_map>

#include "base/bytes.h"
#include "engine/vdb/format.h"

namespace vitrine::engine::compile {

// Bytes stored once each, in the order of their first use.
template <typename Ref>
class Pool {
 public:
  Ref Add(std::string_view text) {
    const auto [found, is_new] = refs_.try_emplace(
        std::string(text), Ref{static_cast<uint32_t>(bytes_.size()),
                               static_cast<uint32_t>(text.size())});
    if (is_new) bytes_.insert(bytes_.end(), text.begin(), text.end());
    return found->second;
  }
  Ref Add(Bytes bytes) { return Add(AsText(bytes)); }

  const ByteVector& bytes() const { return bytes_; }

 private:
  ByteVector bytes_;
  std::unordered_map<std::string, Ref> refs_;  // Looked up only, never walked.
};

using StringPool = Pool<vdb::StringRef>;
using CodePool = Pool<vdb::CodeRef>;

}  // namespace vitrine::engine::compile
