// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "engine/clamav/refusal.h"

namespace vitrine::engine::clamav {

// Signatures that are to be left out (.ign, .ign2): by name, or by name and
// the MD5 of their line. Applies to what is read after it.
class IgnoreList {
 public:
  bool empty() const { return names_.empty() && lines_.empty(); }
  bool Contains(std::string_view name, std::string_view line) const;

  // Name | Name:md5 | database:line:Name
  LineResult Read(std::string_view text);

 private:
  std::set<std::string, std::less<>> names_;
  std::multimap<std::string, ByteVector, std::less<>> lines_;
};

}  // namespace vitrine::engine::clamav
