// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/bundle.h"

#include <algorithm>
#include <map>

#include "base/read_file.h"
#include "publisher/log/log_files.h"
#include "publisher/site/leaf_index.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tuf/content.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "tuf/repository.h"
#include "update/archive/archive.h"
#include "update/release/release_path.h"

namespace vitrine::publisher {
namespace {

class Packer {
 public:
  Packer(std::string site, const BundleOptions& options,
         tuf::Repository repository)
      : site_(std::move(site)),
        options_(options),
        repository_(std::move(repository)) {}

  Result<ByteVector> Run() {
    TRY(AddLog());
    TRY(AddEarlier());
    TRY(AddMetadata());
    update::ArchiveWriter out;
    for (const auto& [path, bytes] : files_) TRY(out.Add(path, bytes));
    return out.Finish();
  }

 private:
  Status Add(const std::string& path) {
    files_[path] = TRY(ReadFile(site_ + "/" + path, tuf::kTargetSizeMax));
    return Ok();
  }

  // Earlier checkpoints, and the end of their trees as clients ask for it.
  Status AddEarlier() {
    for (const char* name : kEarlierNames) {
      const std::string path = "log/" + std::string(name);
      const Status added = Add(path);
      if (!added.ok()) {
        if (added.error().code == Code::kNotFound) continue;
        return added;
      }
      const tlog::Note note = TRY(tlog::ParseNote(AsText(files_[path])));
      const uint64_t size = TRY(tlog::ParseCheckpoint(note.text)).size;
      if (size % tlog::kTileWidth == 0) continue;
      const tlog::Tile tile = tlog::BundleOf(size - 1, size);
      files_["log/" + tlog::TilePath(tile)] =
          TRY(TilesIn(site_ + "/log")(tile));
    }
    return Ok();
  }

  Status AddLog() {
    TRY(Add("log/checkpoint"));
    const tlog::Note note =
        TRY(tlog::ParseNote(AsText(files_["log/checkpoint"])));
    size_ = TRY(tlog::ParseCheckpoint(note.text)).size;
    for (const tlog::Growth& growth : tlog::GrowthOf(0, size_)) {
      tlog::Tile tile;
      tile.kind = growth.kind;
      tile.level = growth.level;
      for (tile.index = growth.first; tile.index < growth.full_end;
           ++tile.index) {
        TRY(Add("log/" + tlog::TilePath(tile)));
      }
      if (growth.partial == 0) continue;
      tile.width = growth.partial;
      files_["log/" + tlog::TilePath(tile)] =
          TRY(TilesIn(site_ + "/log")(tile));
    }
    return Ok();
  }

  Status AddMetadata() {
    if (repository_.timestamp() == nullptr) {
      return Error{Code::kNotFound, site_ + ": nothing is published"};
    }
    for (int64_t i = 1; i <= repository_.root()->version; ++i) {
      TRY(Add("metadata/" + tuf::RemoteName("root", i)));
    }
    TRY(Add("metadata/timestamp.json"));
    TRY(Add("metadata/" +
            tuf::RemoteName("snapshot", repository_.snapshot()->version)));
    const LeafIndex index =
        TRY(LeafIndex::Read(size_, TilesIn(site_ + "/log")));
    for (const auto& [name, meta] : repository_.snapshot()->meta) {
      const std::string role = name.substr(0, name.rfind('.'));
      TRY(Add("metadata/" + tuf::RemoteName(role, meta.version)));
      const auto entry = index.Last(update::LeafType::kTuf, role);
      if (entry) TRY(Add("log/" + ProofPath(*entry)));
      if (role != "targets") TRY(AddTargets(role));
    }
    const auto root = index.Last(update::LeafType::kTuf, "root");
    return root ? Add("log/" + ProofPath(*root)) : Ok();
  }

  Status AddTargets(const std::string& role) {
    const tuf::Targets* const targets = repository_.targets(role);
    if (targets == nullptr) return Ok();
    std::map<std::string, uint64_t> newest;
    for (const auto& [path, target] : targets->targets) {
      const auto name = update::ParseReleasePath(path);
      if (!name) continue;
      uint64_t& version = newest[name->channel];
      version = std::max(version, name->version);
    }
    for (const auto& [path, target] : targets->targets) {
      const auto name = update::ParseReleasePath(path);
      if (name && (name->version != newest[name->channel] ||
                   (name->kind == "delta" && !options_.deltas) ||
                   (name->kind == "sources.tar.zst" && !options_.sources))) {
        continue;
      }
      TRY(Add("targets/" +
              tuf::TargetName(path, tuf::NamingDigest(target.hashes))));
    }
    return Ok();
  }

  std::string site_;
  const BundleOptions& options_;
  tuf::Repository repository_;
  uint64_t size_ = 0;
  std::map<std::string, ByteVector> files_;
};

}  // namespace

Result<ByteVector> MakeBundle(const std::string& site,
                              const BundleOptions& options) {
  auto repository = TRY(tuf::Repository::Open(site, {}));
  return Packer(site, options, std::move(repository)).Run();
}

}  // namespace vitrine::publisher
