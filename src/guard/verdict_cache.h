// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "model/scan_report.h"
#include "response/identity.h"

namespace vitrine::guard {

using response::FileFacts;
using response::FileKey;
using response::FileKeyHash;

// A verdict worth remembering: clean or found.
struct KnownVerdict {
  Verdict verdict = Verdict::kClean;
  std::string rule;  // Of kFound.
};

// Verdicts of files that this guard has scanned, one an inode. An entry is only
// as good as the rules that made it: Clear() before new rules answer their
// first question. And it says nothing while the file has a writer, whose
// mapping changes contents and no time: ask for files without one alone.
//
// Thread-compatible; at most kVerdictsMax entries, the oldest go first.
class VerdictCache {
 public:
  explicit VerdictCache(size_t entries_max) : entries_max_(entries_max) {}

  std::optional<KnownVerdict> Find(const FileFacts& facts) const;
  void Insert(const FileFacts& facts, KnownVerdict verdict);
  void Forget(const FileKey& key) { entries_.erase(key); }
  void Clear();

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    FileFacts facts;
    KnownVerdict verdict;
  };

  const size_t entries_max_;
  std::unordered_map<FileKey, Entry, FileKeyHash> entries_;
  // In the order they came; may name what is forgotten.
  std::deque<FileKey> order_;
};

}  // namespace vitrine::guard
