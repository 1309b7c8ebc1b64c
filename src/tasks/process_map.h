// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::tasks {

// One line of /proc/PID/maps, as far as it is needed; proc(5).
struct Region {
  uint64_t begin = 0;
  uint64_t end = 0;
  bool executable = false;
  bool shared = false;
  bool file = false;  // Backed by a file on a file system.
  std::string path;   // As the kernel shows it; whoever mapped it chose it.
  bool operator==(const Region&) const = default;
};

// All regions of the text, in its order. The kernel writes it, but names are
// anybody's: a line that is not as it should be is left out. At most
// kRegionsMax.
std::vector<Region> ParseMaps(std::string_view text);

enum class Content : uint8_t {
  kNone,     // Devices, the kernel's own pages, files that others share.
  kPrivate,  // Only pages that are the process's own copies.
  kAll,
};
// What of a region is memory that no file shows.
Content ContentOf(const Region& region);

}  // namespace vitrine::tasks
