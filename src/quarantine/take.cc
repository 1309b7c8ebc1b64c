// SPDX-License-Identifier: Apache-2.0
// Taking a file: the order of steps is the promise. A copy that is complete and
// on the disk comes before the removal, and each state in between is one that
// Recover() knows.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/wall_clock.h"
#include "quarantine/attributes.h"
#include "quarantine/content.h"
#include "quarantine/limits.h"
#include "quarantine/names.h"
#include "quarantine/removal.h"
#include "quarantine/store.h"

namespace vitrine::quarantine {
namespace {

constexpr const char* kElsewhere = "container:";

Result<Metadata> Describe(const Subject& subject) {
  Metadata metadata = TRY(DescribeFile(subject.file));
  metadata.path =
      subject.path.empty() ? TRY(PathOf(subject.file)) : subject.path;
  // No path of the machine's own: not to be restored there by mistake.
  if (subject.root >= 0) metadata.path = kElsewhere + metadata.path;
  metadata.rules = subject.rules;
  metadata.database = subject.database;
  metadata.reason = subject.reason;
  metadata.verdict_ns = subject.verdict_ns;
  metadata.taken_ns = UnixNowNs();
  return metadata;
}

}  // namespace

Result<Taken> Store::Take(const Subject& subject) {
  return Act(subject, Keep::kContent);
}

Result<Taken> Store::Delete(const Subject& subject) {
  return Act(subject, Keep::kNothing);
}

Result<Taken> Store::Act(const Subject& subject, Keep keep) {
  Item item;
  crypto::RandomBytes(item.id);
  item.metadata = TRY(Describe(subject));
  struct stat status;
  if (fstat(subject.file, &status) != 0) return FromErrno("looking at a file");
  const auto occupied = static_cast<uint64_t>(status.st_blocks) * 512;
  if (keep == Keep::kContent && options_.size_max > 0 &&
      occupied > options_.size_max) {
    return Error{Code::kLimit, "file is larger than the whole quarantine"};
  }
  // Locked until it has its last name: whoever recovers leaves it alone.
  const UniqueFd part(openat(folder_.get(),
                             NameOf(item.id, kPartSuffix).c_str(),
                             O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!part) return FromErrno("making a quarantine item");
  if (flock(part.get(), LOCK_EX | LOCK_NB) != 0) {
    Discard(item.id, kPartSuffix);
    return FromErrno("locking a quarantine item");
  }
  Reached(options_.hook, Step::kPartMade);
  auto seal = Write(part.get(), subject, keep, item.metadata, item.id);
  if (!seal.ok()) {
    Discard(item.id, kPartSuffix);
    return std::move(seal).error();
  }
  item.seal = seal.value();
  if (fstat(part.get(), &status) == 0) {
    item.stored = static_cast<uint64_t>(status.st_blocks) * 512;
  }
  return Commit(subject, keep, std::move(item));
}

Result<Seal> Store::Write(int part, const Subject& subject, Keep keep,
                          const Metadata& metadata, const ItemId& id) {
  ItemWriter writer = TRY(ItemWriter::Begin(part, key_, id, metadata));
  Seal seal;
  seal.empty = keep == Keep::kNothing;
  if (keep == Keep::kContent) {
    const ContentSink add = [&](uint64_t offset, Bytes content) {
      Status added = writer.AddChunk(offset, content);
      if (added.ok()) Reached(options_.hook, Step::kChunkWritten);
      return added;
    };
    const ContentSummary summary = TRY(ReadContent(subject.file, add));
    seal.size = summary.size;
    seal.sha256 = summary.sha256;
    const FileIdentity now = TRY(IdentityOf(subject.file));
    seal.changed = now.modified_ns != metadata.identity.modified_ns ||
                   now.size != metadata.identity.size;
  }
  TRY(writer.Finish(seal));
  Reached(options_.hook, Step::kCopied);
  if (fsync(part) != 0) return FromErrno("syncing a quarantine item");
  Reached(options_.hook, Step::kSynced);
  return seal;
}

Result<Taken> Store::Commit(const Subject& subject, Keep keep, Item item) {
  const ItemId id = item.id;
  Status done = Rename(id, kPartSuffix, kPendingSuffix);
  if (!done.ok()) {
    Discard(id, kPartSuffix);
    return std::move(done).error();
  }
  Reached(options_.hook, Step::kPending);
  done = SyncFolder();
  if (done.ok()) {
    Reached(options_.hook, Step::kPendingSynced);
    done = RemoveOriginal(subject, item);
  }
  if (!done.ok()) {
    Discard(id, kPendingSuffix);
    return std::move(done).error();
  }
  Reached(options_.hook, Step::kOriginalGone);
  Taken taken;
  taken.removed = item.metadata.links > 0;
  taken.other_names = taken.removed ? item.metadata.links - 1 : 0;
  taken.item = std::move(item);
  if (keep == Keep::kNothing) {
    Discard(id, kPendingSuffix);
    return taken;
  }
  // From here on an error is one of the store's, and the item is not lost: it
  // is pending, and Recover() will count it.
  TRY(Rename(id, kPendingSuffix, kItemSuffix));
  Reached(options_.hook, Step::kTaken);
  TRY(SyncFolder());
  return taken;
}

// The name is looked up anew after a failure: the file may be renamed under our
// hands, or its folder be, and the kernel knows where to.
Status Store::RemoveOriginal(const Subject& subject, const Item& item) {
  if (item.metadata.links == 0) return Ok();
  std::string path = subject.root >= 0 ? subject.path : item.metadata.path;
  Status done = Ok();
  for (int tries = 0; tries < kPathTries; ++tries) {
    auto place = OpenPlace(subject.root, path);
    if (place.ok()) {
      done = RemoveExactly(place.value(), item.metadata.identity, item.id,
                           options_.hook);
      // A sync that fails costs no more than seeing the file again after a
      // power cut; it is in quarantine by then.
      fsync(place.value().folder.get());
    } else {
      done = std::move(place).error();
    }
    if (done.ok()) return done;
    // Somebody else removed its last name: what we hold is all there is of it.
    struct stat status;
    if (fstat(subject.file, &status) == 0 && status.st_nlink == 0) return Ok();
    // A path that was given is seen from a root of its own; what the kernel
    // says is not.
    if (subject.root >= 0) break;
    const auto now = PathOf(subject.file);
    if (!now.ok()) break;
    path = now.value();
  }
  return WithContext(done.error(), "the file stays where it is");
}

}  // namespace vitrine::quarantine
