// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/vdb/database.h"
#include "publisher/site/published.h"
#include "update/release/leaf.h"

namespace vitrine::publisher {

// The files of an entry, by path.
using FileMap = std::map<std::string, ByteVector>;

// Makes releases again, one after the other, and compares.
class ReleaseAudit {
 public:
  // What is not as the entry says: the database that its sources make, the
  // change list against the release before (if that one was looked at), each
  // delta from it. Empty: all is.
  std::vector<std::string> LookAt(const update::Leaf& leaf,
                                  const FileMap& files,
                                  const std::string& scratch);

 private:
  struct Seen {
    std::shared_ptr<const engine::vdb::Database> database;
    PublishedSources sources;
  };
  Status Compare(const update::Leaf& leaf, const FileMap& files,
                 const std::string& scratch, std::vector<std::string>& alarms);
  void CompareChanges(const std::string& path, const FileMap& files,
                      const Seen& now, const update::Leaf& leaf,
                      std::vector<std::string>& alarms) const;
  void CompareDeltas(const FileMap& files, const Seen& now,
                     std::vector<std::string>& alarms) const;

  std::map<std::string, std::map<uint64_t, Seen>> seen_;  // By channel.
};

}  // namespace vitrine::publisher
