// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "crypto/aead.h"
#include "quarantine/item.h"
#include "quarantine/item_file.h"
#include "quarantine/step.h"

namespace vitrine::quarantine {

// A file to be acted on. The descriptor says which file it is; the path only
// where to look for its name.
struct Subject {
  int file = -1;     // Open for reading. Stays the caller's.
  int root = -1;     // Open folder that `path` is seen from (a container's
                     // root; the item says "container:" then); -1: the
                     // machine's.
  std::string path;  // Empty: what the kernel calls `file` now.
  std::vector<std::string> rules;
  std::string database;
  std::string reason;
  int64_t verdict_ns = 0;
};

struct Taken {
  Item item;
  bool removed = false;      // False: it had lost its name before.
  uint64_t other_names = 0;  // Hard links that still stand.
};

struct Listing {
  std::vector<Item> items;            // Oldest first.
  std::vector<std::string> problems;  // Items that cannot be read, and why.
  uint64_t stored = 0;                // Bytes, of the readable items.
};

struct Recovery {
  uint64_t finished = 0;  // Original gone, item counted.
  uint64_t undone = 0;    // Original still there, item dropped.
  uint64_t dropped = 0;   // Halves that were never an item.
  std::vector<std::string> problems;
};

struct RestoreOptions {
  std::string path;  // Empty: where it lay.
  bool overwrite = false;
  bool keep = false;  // The item too.
};

struct Restored {
  std::string path;
  std::vector<std::string> refused;  // Attributes that could not be given back.
};

// The quarantine: a folder that only its owner (root) can enter, of files that
// hold what was taken, encrypted. docs/spec/quarantine.md.
//
// Several programs may use one store at one time: an item's file is locked by
// whoever works on it. A Store is thread-compatible; its operations block on
// the disk, for as long as it takes to copy the file in question.
class Store {
 public:
  struct Options {
    std::string folder;
    std::string key_file;
    // Larger files are refused (kLimit), since retention would drop them at
    // once. 0: no bound.
    uint64_t size_max = 0;
    StepHook hook;
  };
  // Makes folder and key where there are none. kDenied where the folder is
  // somebody else's or open to others.
  static Result<Store> Open(Options options);

  // Takes the file: copied and synced first, only then removed. On an error
  // the file is still where it was, and no item is left.
  Result<Taken> Take(const Subject& subject);
  // Deletes it as exactly, without keeping anything. The bytes are not
  // overwritten: they stay on the disk until the file system uses their place.
  Result<Taken> Delete(const Subject& subject);

  // Ends what a crash interrupted: afterwards each file is where it was or an
  // item, or (after a crash between the two) both; never neither. Leaves alone
  // what another program is working on.
  Result<Recovery> Recover();

  Result<Listing> List() const;
  // By its id or the beginning of one that no other item shares.
  Result<ItemId> Find(const std::string& prefix) const;
  Result<Item> Get(const ItemId& id) const;

  // Puts the file back, with all that it had. kDenied where a link lies on the
  // way or something stands there already. The caller has made it trusted
  // before, if it shall stay.
  Result<Restored> Restore(const ItemId& id, const RestoreOptions& options);
  // Writes the bare content to a descriptor, holes as zeros.
  Status Export(const ItemId& id, int to) const;
  // Drops the item for good.
  Status Drop(const ItemId& id);

  // Drops items older than `age_max_days` at `now_ns`, then the oldest until
  // all take at most `stored_max` bytes. 0: no bound. Says which went.
  Result<std::vector<Item>> Retain(uint64_t age_max_days, uint64_t stored_max,
                                   int64_t now_ns);

 private:
  enum class Keep : uint8_t { kContent, kNothing };
  enum class Lock : uint8_t { kShared, kAlone, kAloneOrNot };

  Store(Options options, UniqueFd folder, const crypto::Key256& key);

  Result<Taken> Act(const Subject& subject, Keep keep);
  Result<Seal> Write(int part, const Subject& subject, Keep keep,
                     const Metadata& metadata, const ItemId& id);
  Result<Taken> Commit(const Subject& subject, Keep keep, Item item);
  Status RemoveOriginal(const Subject& subject, const Item& item);
  void Discard(const ItemId& id, const char* suffix) const;
  Status Rename(const ItemId& id, const char* from, const char* to) const;
  Status SyncFolder() const;
  Result<UniqueFd> OpenLocked(const std::string& name, Lock lock) const;
  Result<ItemReader> Read(const ItemId& id, Lock lock) const;
  Result<std::vector<std::string>> Names(const char* suffix) const;
  Status RecoverPending(const std::string& name, Recovery& recovery) const;

  Options options_;
  UniqueFd folder_;
  crypto::Key256 key_;
};

}  // namespace vitrine::quarantine
