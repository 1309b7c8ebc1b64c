// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/ignore_list.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/digest.h"
#include "engine/clamav/fields.h"

namespace vitrine::engine::clamav {

bool IgnoreList::Contains(std::string_view name, std::string_view line) const {
  if (names_.contains(name)) return true;
  const auto [begin, end] = lines_.equal_range(name);
  if (begin == end) return false;
  const crypto::Md5Digest digest = crypto::Md5(AsBytes(line));
  return std::any_of(begin, end, [&](const auto& entry) {
    return std::equal(digest.begin(), digest.end(), entry.second.begin());
  });
}

LineResult IgnoreList::Read(std::string_view text) {
  constexpr size_t kMd5Digits = 32;
  const Fields fields(text, ':');
  switch (fields.size()) {
    case 1:
      names_.emplace(text);
      return kTaken;
    case 2: {
      auto digest = FromHex(fields[1]);
      if (!digest || fields[1].size() != kMd5Digits) {
        return Refuse("bad-digest", "an ignored line is named by its MD5");
      }
      // clamscan 1.4 refuses digests of lines of shorter names.
      if (fields[0].size() < 3) {
        return Refuse("bad-name", "too short a name for an ignored line");
      }
      lines_.emplace(fields[0], std::move(*digest));
      return kTaken;
    }
    case 3:
      names_.emplace(fields[2]);
      return kTaken;
    default:
      return Refuse("bad-field-count",
                    "expected Name, Name:MD5 or database:line:Name");
  }
}

}  // namespace vitrine::engine::clamav
