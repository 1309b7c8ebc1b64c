// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "update/accept/judge.h"
#include "wire/channel.h"

namespace vitrine::update {

// All that a verifier can do: ask its parent, by letters (docs/spec/update.md),
// to fetch, to read what was kept and to keep. The parent understands none of
// the bytes. Not thread-safe; waits.
class Office {
 public:
  // `parent` outlives this.
  explicit Office(const wire::Channel& parent) : parent_(parent) {}

  // A file of the repository. kNotFound; kLimit; kUnavailable.
  Result<ByteVector> Want(const std::string& name, uint64_t size_max);
  // The same, of names that hold their own digest.
  Result<ByteVector> WantLasting(const std::string& name, uint64_t size_max);

  // What was kept: "trust", "held", "log-view", "metadata/root.json".
  Result<ByteVector> Load(const std::string& name, uint64_t size_max);
  // The database in use; kNotFound without one.
  Result<UniqueFd> Base();
  // Memory of a new file of `size` bytes, which becomes the database if this
  // ends well. Lives as long as the process.
  Result<std::span<uint8_t>> Room(uint64_t size);

  // Kept at once, whatever becomes of the update: what was proven.
  Status Save(const std::string& name, Bytes bytes);
  Status Drop(const std::string& name);
  // Kept beside the database: "leaf", "leaf.tlog-proof", "held", "changes".
  Status Keep(const std::string& name, Bytes bytes);

  Status Tell(const Alert& alert);
  // Two signed statements that contradict each other.
  Status Testify(Bytes evidence);

 private:
  Result<UniqueFd> Ask(const std::string& question);
  Result<ByteVector> Read(const std::string& question, const std::string& name,
                          uint64_t size_max);

  const wire::Channel& parent_;
};

}  // namespace vitrine::update
