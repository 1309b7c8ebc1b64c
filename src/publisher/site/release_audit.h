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
#include "update/release/release_path.h"

namespace vitrine::publisher {

// The files of an entry, by path.
using FileMap = std::map<std::string, ByteVector>;

// Makes releases again, one after the other, and compares.
class ReleaseAudit {
 public:
  // Whether all releases of the channel before this one were looked at. kNot:
  // this is where an audit goes on, and the release is here to be compared
  // with; what it differs in itself was looked at the last time.
  enum class Before : uint8_t { kLookedAt, kNot };

  // What is not as the entry says: the database that its sources make, the
  // change list against the release before, each delta from it. Empty: all is.
  std::vector<std::string> LookAt(const update::Leaf& leaf,
                                  const FileMap& files,
                                  const std::string& scratch, Before before);

 private:
  struct Seen {
    std::shared_ptr<const engine::vdb::Database> database;
    PublishedSources sources;
  };
  Status Compare(const update::Leaf& leaf, const FileMap& files,
                 const std::string& scratch, Before before,
                 std::vector<std::string>& alarms);
  void CompareChanges(const update::ReleaseName& name, const FileMap& files,
                      const Seen& now, const update::Leaf& leaf, Before before,
                      std::vector<std::string>& alarms) const;
  void CompareDeltas(const FileMap& files, const Seen& now,
                     std::vector<std::string>& alarms) const;

  std::map<std::string, std::map<uint64_t, Seen>> seen_;  // By channel.
};

}  // namespace vitrine::publisher
