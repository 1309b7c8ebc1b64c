// SPDX-License-Identifier: Apache-2.0
#include "tasks/process_map.h"

#include <optional>

#include "base/text.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

std::optional<uint64_t> Hex(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    const int digit = HexDigit(static_cast<uint8_t>(c));
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<uint64_t>(digit);
  }
  return value;
}

// The next word and the blanks behind it.
std::string_view Word(std::string_view& line) {
  const size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(line.find_first_not_of(' ', end), line.size()));
  return word;
}

// BEGIN-END rwxp OFFSET DEVICE INODE [PATH]
std::optional<Region> ParseLine(std::string_view line) {
  const std::string_view range = Word(line);
  const std::string_view rights = Word(line);
  (void)Word(line);  // The offset in the file,
  (void)Word(line);  // its device,
  const auto inode = ParseDecimal(Word(line));
  const size_t dash = range.find('-');
  if (dash == range.npos || rights.size() != 4 || !inode) return std::nullopt;
  const auto begin = Hex(range.substr(0, dash));
  const auto end = Hex(range.substr(dash + 1));
  if (!begin || !end || *begin >= *end) return std::nullopt;
  Region region;
  region.begin = *begin;
  region.end = *end;
  region.executable = rights[2] == 'x';
  region.shared = rights[3] == 's';
  region.file = *inode != 0;
  region.path = std::string(line);
  return region;
}

}  // namespace

std::vector<Region> ParseMaps(std::string_view text) {
  std::vector<Region> regions;
  for (const std::string_view line : Split(text, '\n')) {
    if (regions.size() >= kRegionsMax) break;
    auto region = ParseLine(line);
    if (region) regions.push_back(*std::move(region));
  }
  return regions;
}

Content ContentOf(const Region& region) {
  const std::string_view path = region.path;
  // The kernel's own pages; reading them fails or tells nothing.
  if (path.starts_with("[v")) return Content::kNone;
  const bool unnamed =
      path.starts_with("/memfd:") || path.starts_with("/SYSV") ||
      path.starts_with("/dev/zero") || path.starts_with("/secretmem");
  if (unnamed) return Content::kAll;
  if (path.starts_with("/dev/") && !path.starts_with("/dev/shm/")) {
    return Content::kNone;
  }
  if (!region.file) return Content::kAll;
  return region.shared ? Content::kNone : Content::kPrivate;
}

}  // namespace vitrine::tasks
