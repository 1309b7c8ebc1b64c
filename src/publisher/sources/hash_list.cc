// SPDX-License-Identifier: Apache-2.0
#include "publisher/sources/hash_list.h"

#include <algorithm>

#include "base/text.h"

namespace vitrine::publisher {
namespace {

constexpr size_t kMd5Digits = 32;
constexpr size_t kSha1Digits = 40;
constexpr size_t kSha256Digits = 64;
constexpr size_t kNameSizeMax = 200;

}  // namespace

bool IsDigest(std::string_view text) {
  return (text.size() == kMd5Digits || text.size() == kSha1Digits ||
          text.size() == kSha256Digits) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return HexDigit(static_cast<uint8_t>(c)) >= 0;
         });
}

std::string SignatureName(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kNameSizeMax)) {
    const bool plain =
        IsAlnum(static_cast<uint8_t>(c)) || c == '.' || c == '_' || c == '-';
    // One "_" for a run of others.
    if (plain || !out.ends_with('_')) out += plain ? c : '_';
  }
  return out.empty() || out == "_" ? "unnamed" : out;
}

std::string StemOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  std::string name = slash == path.npos ? path : path.substr(slash + 1);
  const size_t dot = name.rfind('.');
  if (dot != name.npos && dot > 0) name.resize(dot);
  return SignatureName(name);
}

bool HashList::Add(std::string_view digest, std::optional<uint64_t> size,
                   std::string_view name) {
  if (!IsDigest(digest)) return false;
  const std::string key = ToLowerText(digest) + ":" +
                          (size && *size > 0 ? std::to_string(*size) : "*");
  if (!digests_.insert(key).second) return true;
  // A size that is not known takes the level that first had such lines.
  lines_.insert(key + ":" + SignatureName(name) +
                (key.ends_with('*') ? ":73" : ""));
  return true;
}

std::vector<SourceTree::File> HashList::Files(const std::string& name) const {
  std::string md5;
  std::string sha;
  for (const std::string& line : lines_) {
    (line.find(':') == kMd5Digits ? md5 : sha) += line + "\n";
  }
  std::vector<SourceTree::File> files;
  if (!md5.empty()) files.push_back({name + ".hdb", md5});
  if (!sha.empty()) files.push_back({name + ".hsb", sha});
  return files;
}

}  // namespace vitrine::publisher
