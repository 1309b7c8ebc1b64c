// SPDX-License-Identifier: Apache-2.0
#include "update/verify/content.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "crypto/digest.h"
#include "formats/codec/zstd_frame.h"
#include "tlog/bundle.h"
#include "tlog/checkpoint.h"
#include "tlog/proof_file.h"
#include "update/delta/delta.h"
#include "update/delta/limits.h"
#include "update/release/changes.h"
#include "update/release/leaf.h"
#include "update/release/release_path.h"
#include "update/verify/limits.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kDatabase = "vdb";
constexpr std::string_view kPacked = "vdb.zst";
constexpr std::string_view kChanges = "changes";

class Content {
 public:
  Content(const ContentSource& source, Verdict& verdict)
      : from_(source), verdict_(verdict) {}

  Status Run(uint64_t index) {
    TRY(FindEntry(index));
    TRY(Describe());
    const std::span<uint8_t> room = TRY(from_.office.Room(file_.size));
    const Status patched = Patch(room);
    if (!patched.ok()) {
      if (patched.error().code != Code::kNotFound) {
        TRY(from_.office.Tell({Rule::kContent, "the delta is not used: " +
                                                   patched.error().message}));
      }
      TRY(Unpack(room));
    }
    verdict_.what = Verdict::What::kTaken;
    verdict_.size = file_.size;
    return Ok();
  }

 private:
  std::string Path(std::string_view kind) const {
    return ReleasePath(from_.order.channel, verdict_.version, kind);
  }

  // The entry that says what the database is: db's last one, or the one before
  // it, where metadata was only signed anew.
  Status FindEntry(uint64_t index) {
    const std::string path = Path(kDatabase);
    tlog::TileNodes nodes(from_.view.frontier.size(), from_.sources.Tiles());
    for (size_t i = 0; i < kEntriesBackMax; ++i) {
      TRY(ReadEntry(index, nodes));
      const Leaf leaf = TRY(ParseLeaf(AsText(entry_)));
      const auto ours = [&](const LeafFile& file) { return file.path == path; };
      const auto at =
          std::find_if(leaf.contents.begin(), leaf.contents.end(), ours);
      if (at != leaf.contents.end()) {
        leaf_ = leaf;
        file_ = *at;
        verdict_.index = index;
        return Ok();
      }
      if (!leaf.previous || *leaf.previous >= index) break;
      index = *leaf.previous;
    }
    return Refused(Rule::kContent,
                   "no entry of the log says what " + path + " is");
  }

  Status ReadEntry(uint64_t index, tlog::TileNodes& nodes) {
    const uint64_t size = from_.view.frontier.size();
    if (index >= size) {
      return Refused(Rule::kExplained, "entry " + std::to_string(index) +
                                           " is not in the tree that was "
                                           "signed");
    }
    const tlog::Tile tile = tlog::BundleOf(index, size);
    const Bytes bundle = TRY(Bundle(tile));
    const auto entries = TRY(tlog::ParseBundle(bundle, tile.width));
    const Bytes entry = entries[index % tlog::kTileWidth];
    proof_.index = index;
    proof_.proof = TRY(tlog::ProveInclusion(
        index, size, [&](const tlog::Node& node) { return nodes(node); }));
    proof_.checkpoint = from_.view.checkpoint;
    const Status included =
        tlog::VerifyInclusion(tlog::LeafHash(entry), index, size, proof_.proof,
                              from_.view.frontier.Root());
    if (!included.ok()) {
      return Refused(Rule::kExplained, "entry " + std::to_string(index) +
                                           " as it is served is not in the "
                                           "tree that was signed");
    }
    entry_.assign(entry.begin(), entry.end());
    return Ok();
  }

  // Entries of one role are often neighbours: the last bundle is kept.
  Result<Bytes> Bundle(const tlog::Tile& tile) {
    if (tile_ != tile) {
      bundle_ = TRY(from_.sources.Tiles()(tile));
      tile_ = tile;
    }
    return Bytes(bundle_);
  }

  Status Describe() {
    if (file_.size == 0 || file_.size > kDatabaseSizeMax) {
      return Error{Code::kLimit, file_.path + ": of a size not taken"};
    }
    TRY(from_.office.Keep("leaf", entry_));
    TRY(from_.office.Keep("leaf.tlog-proof",
                          AsBytes(tlog::FormatProofFile(proof_))));
    const std::string path = Path(kChanges);
    if (!from_.db.targets.contains(path)) return Ok();
    const ByteVector changes = TRY(Target(path, kChangesKeptMax));
    TRY(ParseChanges(AsText(changes)));
    return from_.office.Keep("changes", changes);
  }

  // A target's bytes, as TUF has signed them.
  Result<ByteVector> Target(const std::string& path, uint64_t size_max) {
    const tuf::FoundTarget found = TRY(from_.client.Find(path));
    const auto length = static_cast<uint64_t>(found.target.length);
    if (found.role != kDatabaseRole || length > size_max) {
      return Error{Code::kLimit, path + ": of a role or size not taken"};
    }
    ByteVector bytes;
    bytes.reserve(length);
    const Status done = from_.client.Download(found, [&](Bytes piece) {
      bytes.insert(bytes.end(), piece.begin(), piece.end());
      return Ok();
    });
    if (done.ok()) {
      verdict_.wire += bytes.size();
      return bytes;
    }
    const Error& error = done.error();
    if (error.code == Code::kNotFound) {
      return Refused(Rule::kOffered, path +
                                         " is signed and logged, and nobody "
                                         "has it");
    }
    if (error.code == Code::kUnavailable || error.code == Code::kDeadline) {
      return error;
    }
    return Refused(Rule::kAuthorised, error.message);
  }

  // kNotFound: there is no delta from the database in use.
  Status Patch(std::span<uint8_t> room) {
    const Order& order = from_.order;
    const std::string path =
        DeltaPath(order.channel, order.current, verdict_.version);
    if (order.current == 0 || order.bundle ||
        !from_.db.targets.contains(path)) {
      return Error{Code::kNotFound, "no delta"};
    }
    const UniqueFd base = TRY(from_.office.Base());
    const ByteVector bytes = TRY(Target(path, kPackedSizeMax));
    const Delta delta = TRY(ParseDelta(bytes));
    if (delta.new_size != room.size()) {
      return Refused(Rule::kContent, path +
                                         " makes another file than the log "
                                         "has");
    }
    ByteVector buffer;
    const auto old =
        TRY(MappedFile::Open(base.get(), buffer, MappedFile::Trim::kNever));
    TRY(ApplyDelta(delta, old.bytes(), room));
    TRY(Check(room));
    verdict_.delta = true;
    return Ok();
  }

  Status Unpack(std::span<uint8_t> room) {
    const uint64_t most = std::min(kPackedSizeMax, file_.size + kPackedSlack);
    const std::string path = Path(kPacked);
    const ByteVector packed = TRY(Target(path, most));
    const Status unpacked = codec::UnpackFrame(packed, {}, room);
    if (!unpacked.ok()) {
      return Refused(Rule::kContent, path + ": " + unpacked.error().message);
    }
    return Check(room);
  }

  Status Check(Bytes room) const {
    return CheckContent(leaf_, file_.path, room.size(), crypto::Sha256(room));
  }

  const ContentSource& from_;
  Verdict& verdict_;
  std::optional<tlog::Tile> tile_;  // Of bundle_.
  ByteVector bundle_;
  ByteVector entry_;
  tlog::ProofFile proof_;
  Leaf leaf_;
  LeafFile file_;
};

}  // namespace

Result<uint64_t> ChooseRelease(const tuf::Targets& db, const Order& order) {
  uint64_t newest = 0;
  for (const auto& [path, target] : db.targets) {
    const auto name = ParseReleasePath(path);
    if (!name || name->channel != order.channel || name->kind != kPacked) {
      continue;
    }
    if (order.pin != 0 && name->version != order.pin) continue;
    newest = std::max(newest, name->version);
  }
  if (newest != 0) return newest;
  return Error{Code::kNotFound,
               "no release " +
                   (order.pin == 0 ? "" : std::to_string(order.pin) + ' ') +
                   "of channel " + order.channel + " is offered"};
}

Status TakeContent(const ContentSource& source, uint64_t index,
                   Verdict& verdict) {
  return Content(source, verdict).Run(index);
}

}  // namespace vitrine::update
