// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "cli/walk_options.h"

namespace vitrine::cli {

// One thing that a walk came upon.
struct WalkItem {
  enum class Kind : uint8_t {
    kFile,     // To be opened with OpenItem().
    kInput,    // "-": standard input.
    kError,    // Could not be looked at; `why` says it.
    kLimited,  // A folder not gone into; `why` is the limit's word.
    kSkipped,  // Nothing that holds a sample: a device, a pipe; `why`.
  };
  Kind kind = Kind::kFile;
  std::string path;  // As a person would write it.
  std::string why;

  // Where to open it: `name` in the open folder, or `path` where the user
  // named it. Keeping the folder open closes the race with whoever swaps a
  // folder for a link meanwhile.
  std::shared_ptr<const UniqueFd> folder;
  std::string name;
};

// Opens a kFile for reading: never through a link that the walk found, and
// without waiting for a pipe that took a file's place.
Result<UniqueFd> OpenItem(const WalkItem& item);

// Goes through files and folders in the order they were named, folders by
// rising name. Links that are named are followed; links that are found are
// not. Devices, pipes and sockets are never opened. File systems that hold no
// samples (proc, sysfs, ...) are not gone into unless they are named.
//
// Thread-compatible. Holds a descriptor for each folder that it is inside of.
class Walker {
 public:
  // kInvalid: a pattern in the options is no regular expression.
  static Result<std::unique_ptr<Walker>> Create(std::vector<std::string> paths,
                                                const WalkOptions& options);
  ~Walker();

  // The next thing; nullopt when all is done.
  std::optional<WalkItem> Next();

  // Links that were found and left alone, so far.
  uint64_t links() const { return links_; }

 private:
  class Filter;
  struct Entry {
    std::string name;
    unsigned char type = 0;  // DT_*
  };
  struct Folder {
    std::shared_ptr<const UniqueFd> descriptor;
    std::string path;
    std::vector<Entry> entries;
    size_t next = 0;
    uint64_t device = 0;
  };

  Walker(std::vector<std::string> paths, const WalkOptions& options,
         std::unique_ptr<Filter> filter);

  std::optional<WalkItem> StartNamed(const std::string& path);
  std::optional<WalkItem> StepInto(const Folder& parent, const Entry& entry);
  std::optional<WalkItem> Enter(UniqueFd descriptor, const std::string& path,
                                bool named);

  std::deque<std::string> named_;
  const WalkOptions options_;
  std::unique_ptr<Filter> filter_;
  std::vector<Folder> inside_;
  uint64_t links_ = 0;
};

}  // namespace vitrine::cli
