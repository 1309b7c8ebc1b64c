// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What the files of a release are called among TUF's targets. Pure.
namespace vitrine::update {

// The role that signs them, and the folder that they lie in.
inline constexpr char kDatabaseRole[] = "db";

// "db/main/main-7.vdb" and so on. `kind`: "vdb", "vdb.zst", "changes",
// "sources.tar.zst".
std::string ReleasePath(std::string_view channel, uint64_t version,
                        std::string_view kind);
// "db/main/main-5-7.delta"
std::string DeltaPath(std::string_view channel, uint64_t from, uint64_t to);

// What such a path says; nothing for any other spelling.
struct ReleaseName {
  std::string channel;
  std::optional<uint64_t> from;  // Of a delta.
  uint64_t version = 0;          // Of a delta, the one that it leads to.
  std::string kind;
};
std::optional<ReleaseName> ParseReleasePath(std::string_view path);

}  // namespace vitrine::update
