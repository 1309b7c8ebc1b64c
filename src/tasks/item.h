// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "response/identity.h"
#include "tasks/fingerprint.h"

namespace vitrine::tasks {

// One thing that a run comes upon.
struct Item {
  enum class Kind : uint8_t {
    kFile,     // To be scanned: `file`, `facts`.
    kMemory,   // The same, and `file` holds what was read from a process.
    kClean,    // Known to be clean, not opened.
    kLimited,  // Not, or not fully, looked at; `why`.
    kError,    // Could not be looked at; `why`.
    kSkipped,  // Holds no sample, or belongs to another target; `why`.
  };
  Kind kind = Kind::kFile;
  std::string path;      // As a person would name it.
  std::string position;  // Where in its source; for the cursor.
  std::string why;
  std::string area;  // Of its target.

  UniqueFd file;  // For reading.
  response::FileFacts facts;
  // Where the file may be remembered once it is found clean: it was not being
  // written when it was opened, and its file system keeps times that nobody
  // can set.
  std::optional<Fingerprint> remember;

  // Of kMemory.
  uint32_t pid = 0;
  std::string program;
  std::string range;  // "0x7f0000000000-0x7f0000010000"
};

// Where the items of a run come from, in an order that does not depend on
// chance. Thread-compatible.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::optional<Item> Next() = 0;
};

}  // namespace vitrine::tasks
