// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tuf/metadata.h"

namespace vitrine::tuf {

// Whether `path` is one that `pattern` means: as many parts between slashes,
// in each `*` standing for any characters and `?` for one. Clients differ on
// what brackets and backslashes mean, so such patterns match nothing.
bool MatchesPattern(std::string_view path, std::string_view pattern);

// Whether the delegation covers `path`.
bool Covers(const Delegation& delegation, std::string_view path);

// kInvalid for a target's path that could leave its folder or mean two things
// to two readers: empty or "." or ".." parts, a slash at an end, backslashes,
// control characters, more than kTargetPathMax bytes.
Status CheckTargetPath(std::string_view path);

// `name` with everything but letters, digits and _.-~ as %HH: safe as one part
// of a URL and as a file name.
std::string Quote(std::string_view name);

// The file of a role in the client's folder: "targets.json", "..%2Fx.json".
std::string LocalName(std::string_view role);
// The file of a role's version at the repository: "7.targets.json", or without
// a version "timestamp.json".
std::string RemoteName(std::string_view role, int64_t version);
// The file of a target below the repository's targets, each part quoted: with
// a digest "a/DIGEST.b", without one "a/b".
std::string TargetName(std::string_view path, std::string_view digest);

}  // namespace vitrine::tuf
