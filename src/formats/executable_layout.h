// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace vitrine {

// Where the parts of an executable lie in its file: what ClamAV's offsets
// (EP+n, Sx+n, SEx, SL+n, VI) and target conditions speak of. PE, ELF and
// Mach-O views each make one. All numbers are file offsets and sizes in bytes;
// nothing in it is promised to lie inside the file.
struct ExecutableLayout {
  struct Section {
    uint64_t offset = 0;
    uint64_t size = 0;
    // In memory, relative to the image base (PE) or absolute (ELF, Mach-O).
    uint64_t address = 0;
    uint64_t memory_size = 0;
  };

  // ClamAV could make nothing of the headers. Then it knows no offset but
  // absolute ones, not even those from the end of the file.
  bool is_broken = false;
  std::optional<uint64_t> entry_point;  // As a file offset.
  std::vector<Section> sections;        // ELF: the null section is number 0.
  // PE: file offsets at which a `key\0..value` record of the version
  // information's string tables starts, ascending.
  std::vector<uint64_t> version_strings;

  static ExecutableLayout Broken() {
    ExecutableLayout layout;
    layout.is_broken = true;
    return layout;
  }
};

}  // namespace vitrine
