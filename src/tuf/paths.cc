// SPDX-License-Identifier: Apache-2.0
#include "tuf/paths.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/digest.h"
#include "tuf/limits.h"

namespace vitrine::tuf {
namespace {

// One part against one part. Goes back only to the last star, so the time is
// at most the product of the two lengths.
bool MatchesPart(std::string_view text, std::string_view pattern) {
  size_t at = 0;
  size_t in_pattern = 0;
  size_t star = std::string_view::npos;
  size_t after_star = 0;  // In `text`, where the star's match ends.
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      after_star = at;
    } else if (in_pattern < pattern.size() &&
               (pattern[in_pattern] == '?' ||
                pattern[in_pattern] == text[at])) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool IsUnreserved(uint8_t c) {
  return IsAlnum(c) || c == '_' || c == '.' || c == '-' || c == '~';
}

}  // namespace

bool MatchesPattern(std::string_view path, std::string_view pattern) {
  if (pattern.find_first_of("[]\\") != std::string_view::npos) return false;
  const auto parts = Split(path, '/');
  const auto patterns = Split(pattern, '/');
  return parts.size() == patterns.size() &&
         std::equal(parts.begin(), parts.end(), patterns.begin(), MatchesPart);
}

bool Covers(const Delegation& delegation, std::string_view path) {
  if (delegation.paths) {
    return std::any_of(
        delegation.paths->begin(), delegation.paths->end(),
        [path](const std::string& p) { return MatchesPattern(path, p); });
  }
  if (delegation.path_hash_prefixes) {
    const std::string digest = ToHex(crypto::Sha256(AsBytes(path)));
    return std::any_of(delegation.path_hash_prefixes->begin(),
                       delegation.path_hash_prefixes->end(),
                       [&digest](const std::string& prefix) {
                         return digest.starts_with(prefix);
                       });
  }
  return false;
}

Status CheckTargetPath(std::string_view path) {
  if (path.size() > kTargetPathMax) {
    return Error{Code::kInvalid, "a target's path is too long"};
  }
  for (const std::string_view part : Split(path, '/')) {
    if (part.empty() || part == "." || part == "..") {
      return Error{Code::kInvalid,
                   "a target's path has a part that is empty, "
                   "or . or .."};
    }
  }
  for (const uint8_t c : AsBytes(path)) {
    if (c < 0x20 || c == 0x7f || c == '\\') {
      return Error{Code::kInvalid,
                   "a target's path has a control character or backslash"};
    }
  }
  return Ok();
}

std::string Quote(std::string_view name) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string quoted;
  for (const uint8_t c : AsBytes(name)) {
    if (IsUnreserved(c)) {
      quoted += static_cast<char>(c);
    } else {
      quoted += '%';
      quoted += kHex[c >> 4];
      quoted += kHex[c & 15];
    }
  }
  return quoted;
}

std::string LocalName(std::string_view role) { return Quote(role) + ".json"; }

std::string RemoteName(std::string_view role, int64_t version) {
  return std::to_string(version) + "." + LocalName(role);
}

std::string TargetName(std::string_view path, std::string_view digest) {
  std::string name;
  for (const std::string_view part : Split(path, '/')) {
    if (!name.empty()) name += '/';
    name += Quote(part);
  }
  if (digest.empty()) return name;
  const size_t slash = name.rfind('/');
  const size_t file = slash == name.npos ? 0 : slash + 1;
  return name.insert(file, std::string(digest) + ".");
}

}  // namespace vitrine::tuf
