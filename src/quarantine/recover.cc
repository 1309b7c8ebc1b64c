// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include "quarantine/names.h"
#include "quarantine/removal.h"
#include "quarantine/store.h"

namespace vitrine::quarantine {
namespace {

// Whether the file is still where it was, untouched. Every doubt counts as no:
// then the item stays, and at worst there are two of it.
bool IsStillThere(const Place& place, const FileIdentity& identity) {
  const auto seen = IdentityAt(place.folder.get(), place.name);
  return seen.ok() && seen.value() == identity;
}

}  // namespace

Result<Recovery> Store::Recover() {
  Recovery recovery;
  const auto parts = TRY(Names(kPartSuffix));
  for (const std::string& name : parts) {
    if (!OpenLocked(name, Lock::kAloneOrNot).ok())
      continue;  // Somebody is writing it.
    Discard(IdOf(name), kPartSuffix);
    ++recovery.dropped;
  }
  const auto pending = TRY(Names(kPendingSuffix));
  for (const std::string& name : pending) {
    const Status done = RecoverPending(name, recovery);
    if (!done.ok()) {
      recovery.problems.push_back(name + ": " + done.error().message);
    }
  }
  TRY(SyncFolder());
  return recovery;
}

Status Store::RecoverPending(const std::string& name,
                             Recovery& recovery) const {
  auto file = OpenLocked(name, Lock::kAloneOrNot);
  if (!file.ok()) {
    // In use, or just finished.
    const Code code = file.error().code;
    const bool fine = code == Code::kUnavailable || code == Code::kNotFound;
    return fine ? Ok() : Status(std::move(file).error());
  }
  const ItemReader reader =
      TRY(ItemReader::Open(std::move(file).value(), key_));
  const Item& item = reader.item();
  const ItemId id = IdOf(name);
  if (item.id != id) return Error{Code::kInvalid, "holds another item"};

  const auto place = OpenPlace(-1, item.metadata.path);
  bool is_there = false;
  if (place.ok()) {
    // A private folder that cannot be emptied is a problem to tell of, and no
    // reason to lose the item.
    const auto leftover =
        FinishRemoval(place.value(), item.metadata.identity, id);
    if (!leftover.ok()) {
      recovery.problems.push_back(name + ": " + leftover.error().message);
    }
    is_there = IsStillThere(place.value(), item.metadata.identity);
    fsync(place.value().folder.get());
  }
  if (is_there || item.seal.empty) {
    Discard(id, kPendingSuffix);
    ++(is_there ? recovery.undone : recovery.finished);
    return Ok();
  }
  TRY(Rename(id, kPendingSuffix, kItemSuffix));
  ++recovery.finished;
  return Ok();
}

}  // namespace vitrine::quarantine
