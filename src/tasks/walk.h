// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "tasks/fingerprint.h"
#include "tasks/item.h"
#include "tasks/mounts_by_id.h"
#include "tasks/scope.h"
#include "tasks/target.h"

namespace vitrine::tasks {

// Goes through one target by descriptors: folders by rising name, each entry
// opened by its open folder. No link is ever followed, on the way to the target
// or below it, whoever swaps one in meanwhile; nothing but regular files is
// opened for reading, and no open waits. What is known to be clean is not
// opened at all.
//
// A position is the path below the target of the last item; a walk that is
// created with it goes on behind it, also if that does not exist any more.
// Holds a descriptor a level.
class Walk : public Source {
 public:
  struct Options {
    Target target;
    std::vector<config::Mask> only;
    std::vector<config::Mask> exclude;
    std::string position;  // Empty: from the beginning.
    // Whether a file with this fingerprint is known to be clean.
    std::function<bool(const Fingerprint&)> is_clean;
  };
  static Result<std::unique_ptr<Walk>> Create(Options options);

  std::optional<Item> Next() override;

  // Links that were come upon and left alone.
  uint64_t links() const { return links_; }

 private:
  struct Entry {
    std::string name;
    unsigned char type = 0;  // DT_*
  };
  struct Folder {
    UniqueFd descriptor;
    std::string path;
    std::vector<Entry> entries;
    size_t next = 0;
    uint64_t mount = 0;
    bool inside = false;  // All below belongs to the target.
    bool cut = false;     // It had more entries than are gone through.
    // The next of the position's parts, or past them all.
    size_t part = 0;
  };

  Walk(Options options, Scope scope);

  std::optional<Item> Start();
  std::optional<Item> Step(Folder& parent, const Entry& entry);
  std::optional<Item> StepFile(int folder, const std::string& name,
                               const std::string& path,
                               const struct statx& status);
  std::optional<Item> StepFolder(int folder, const std::string& name,
                                 const std::string& path, bool inside,
                                 const struct statx& status);
  std::optional<Item> Enter(UniqueFd descriptor, const std::string& path,
                            bool inside, uint64_t mount);
  Item OpenFile(int folder, const std::string& name, Item item);
  std::optional<Item> EndOf(const Folder& folder);
  const char* WhyNotInto(uint64_t mount);
  void Resume(Folder& folder);
  Item Make(Item::Kind kind, const std::string& path, std::string why) const;
  std::string PositionOf(const std::string& path) const;

  const Options options_;
  const Scope scope_;
  std::vector<std::string> parts_;  // Of the position to go on from.
  bool resuming_ = false;
  bool started_ = false;
  std::vector<Folder> inside_;
  MountsById mounts_;
  uint64_t links_ = 0;
};

}  // namespace vitrine::tasks
