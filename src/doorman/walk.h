// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "doorman/path_opener.h"
#include "doorman/peer.h"

namespace vitrine::doorman {

struct WalkOptions {
  bool follow_links = false;  // Those found on the way.
  uint32_t max_depth = 15;    // Folders below the one that was named.
  bool printable = false;     // A newline in a found name becomes '?', so that
                              // it cannot pass for the end of a reply.
};

// The files that a scan command named: one, or those below a folder, in clamd's
// order (files first, by inode, then folders). Kernel file systems below (proc,
// sysfs and their like) are left out, as are links, pipes, devices, sockets.
// Next() blocks; one thread at a time.
class Walk {
 public:
  Walk(std::string path, Peer peer, WalkOptions options);

  struct Item {
    enum class Kind : uint8_t { kFile, kProblem, kEnd };
    Kind kind = Kind::kEnd;
    std::string path;     // For the reply.
    UniqueFd file;        // Of kFile: regular, for reading.
    std::string problem;  // Of kProblem, in clamd's words.
  };
  // The next file or complaint; kEnd for good after the last.
  Item Next();

  const std::string& path() const { return path_; }

 private:
  struct Name {
    uint64_t inode;
    std::string text;
  };
  struct Folder {
    UniqueFd open;
    std::string path;
    uint64_t device = 0;
    std::vector<Name> names;    // Files and what may be one; the next one last.
    std::vector<Name> folders;  // Visited after them.
  };

  Item Begin();
  // What the next name of the innermost folder is; kEnd: nothing to tell.
  Item Visit();
  Item Take(Opened opened, std::string path, uint64_t parent_device);
  Item Enter(Opened opened, std::string path, uint64_t parent_device);
  std::string Shown(const std::string& path) const;

  std::string path_;
  Peer peer_;
  WalkOptions options_;
  bool begun_ = false;
  std::vector<Folder> stack_;
  // Folders been to, kept where links could lead back.
  std::set<std::pair<uint64_t, uint64_t>> been_;
};

}  // namespace vitrine::doorman
