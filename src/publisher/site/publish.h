// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "publisher/log/log_writer.h"
#include "publisher/site/places.h"
#include "tuf/date_time.h"
#include "update/release/leaf.h"

namespace vitrine::publisher {

struct PublishOptions {
  tuf::Time now = 0;
  AskWitness ask;
  std::string cosignatures;  // Lines made elsewhere.
  LogWriter::Force force = LogWriter::Force::kNo;
  // Leaves that are no metadata: a ceremony, an incident. FormatLeaf() texts
  // without a predecessor.
  std::vector<update::Leaf> notes;
};

struct Published {
  // Role and index of each staged version.
  std::vector<std::pair<std::string, uint64_t>> leaves;
  Publication publication;
  bool is_done = false;  // The quorum was met, and clients see all of it.
};

// Publishes what is staged and signed, in the order that lets nobody install
// what is not public:
//
//   1. files and metadata, which nothing names yet
//   2. their entries in the log, witnesses, the checkpoint, earlier ones
//   3. snapshot and timestamp, which name them
//   4. the staging folder is emptied
//
// Ended at any point, or without a quorum, the same again goes on. With nothing
// staged it renews cosignatures, snapshot and timestamp. kDenied where a staged
// file lacks signatures.
Result<Published> PublishStaged(const Places& places,
                                const PublishOptions& options,
                                const DurableFiles& files = {});

// The log's key, named as in the policy.
Result<tlog::NoteSigner> ReadLogKey(const Places& places,
                                    const tlog::Policy& policy);
Result<tlog::Policy> ReadPolicy(const std::string& path);

}  // namespace vitrine::publisher
