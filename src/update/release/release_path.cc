// SPDX-License-Identifier: Apache-2.0
#include "update/release/release_path.h"

#include "base/text.h"
#include "update/release/leaf.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kDelta = "delta";

std::string Folder(std::string_view channel) {
  const std::string name(channel);
  return std::string(kDatabaseRole) + "/" + name + "/" + name + "-";
}

}  // namespace

std::string ReleasePath(std::string_view channel, uint64_t version,
                        std::string_view kind) {
  return Folder(channel) + std::to_string(version) + "." + std::string(kind);
}

std::string DeltaPath(std::string_view channel, uint64_t from, uint64_t to) {
  return Folder(channel) + std::to_string(from) + "-" + std::to_string(to) +
         "." + std::string(kDelta);
}

std::optional<ReleaseName> ParseReleasePath(std::string_view path) {
  const auto parts = Split(path, '/');
  if (parts.size() != 3 || parts[0] != kDatabaseRole || !IsRoleName(parts[1])) {
    return std::nullopt;
  }
  ReleaseName out;
  out.channel = parts[1];
  std::string_view rest = parts[2];
  if (!rest.starts_with(out.channel + "-")) return std::nullopt;
  rest.remove_prefix(out.channel.size() + 1);
  const size_t dot = rest.find('.');
  if (dot == rest.npos) return std::nullopt;
  out.kind = rest.substr(dot + 1);
  rest = rest.substr(0, dot);
  const size_t dash = rest.find('-');
  if ((dash != rest.npos) != (out.kind == kDelta)) return std::nullopt;
  if (dash != rest.npos) {
    out.from = CanonicalNumber(rest.substr(0, dash), kNumberMax);
    if (!out.from) return std::nullopt;
    rest.remove_prefix(dash + 1);
  }
  const auto version = CanonicalNumber(rest, kNumberMax);
  if (!version) return std::nullopt;
  out.version = *version;
  return out;
}

}  // namespace vitrine::update
