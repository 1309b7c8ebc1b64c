// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "crypto/digest.h"
#include "response/identity.h"
#include "tasks/fingerprint.h"
#include "tasks/limits.h"

namespace vitrine::tasks {

// A clean file, and the day (since 1970) on which it was last come upon.
struct CleanFile {
  Fingerprint print;
  uint32_t used = 0;
  bool operator==(const CleanFile&) const = default;
};

// Files that were found clean, on disk: whoever comes upon one again need not
// open it. Holds for one `rules` alone, a digest of all that a verdict depends
// on (database, scanner, options): with other rules it is empty. Nothing but
// clean is remembered.
//
// A file of batches that are only ever appended. A batch that a crash cut off
// is dropped; a file that is damaged otherwise is, whole. At most `most`
// entries, 52 bytes each on disk: of more, those that were not come upon for
// the longest time go. Thread-compatible; one program has it open at one time.
class CleanCache {
 public:
  using Rules = crypto::Sha256Digest;

  // Opens or makes it. An error is about the disk: damage is none.
  static Result<CleanCache> Open(const std::string& path, const Rules& rules,
                                 uint32_t today, size_t most = kCleanMax);

  // Whether the file is clean, by what is remembered.
  bool Knows(const Fingerprint& file);
  void Add(const Fingerprint& file);
  // Appends what was added: a kill does not take it from here on.
  Status Flush();
  // Writes the file anew, without what is superseded or too much. For the end
  // of a run.
  Status Compact();

  size_t size() const { return entries_.size(); }

 private:
  CleanCache(std::string path, const Rules& rules, uint32_t today, size_t most)
      : path_(std::move(path)), rules_(rules), today_(today), most_(most) {}

  Status Begin();

  std::string path_;
  Rules rules_;
  uint32_t today_;
  size_t most_;
  UniqueFd file_;  // For appending; none after a failure.
  std::unordered_map<response::FileKey, CleanFile, response::FileKeyHash>
      entries_;
  std::vector<CleanFile> added_;
};

// The file's format, apart from the disk: a head of 44 bytes, then batches.
struct CacheContents {
  std::vector<CleanFile> files;  // Later ones supersede earlier ones.
  uint64_t sound = 0;            // Bytes up to the end of the last whole batch.
  bool usable = false;           // Undamaged, and of these rules.
};
CacheContents ReadCache(Bytes bytes, const CleanCache::Rules& rules);
ByteVector CacheHead(const CleanCache::Rules& rules);
ByteVector CacheBatch(const std::vector<CleanFile>& files);

}  // namespace vitrine::tasks
