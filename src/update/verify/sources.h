// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tlog/tile.h"
#include "tuf/client.h"
#include "update/archive/archive.h"
#include "update/verify/office.h"

// Where a verifier's files come from: through its parent from mirrors, or out
// of a bundle. What either gives is believed in nothing.
namespace vitrine::update {

class Sources : public tuf::Fetcher {
 public:
  // `office` outlives this. Files are asked for there.
  explicit Sources(Office& office) : office_(office) {}
  // Files of an archive instead; kInvalid where it is none.
  static Result<std::vector<ArchiveMember>> Open(Bytes bundle);
  void Use(std::vector<ArchiveMember> bundle) { bundle_ = std::move(bundle); }

  // Any file below the repository's base.
  Result<ByteVector> Fetch(const std::string& path, uint64_t size_max,
                           bool lasting = false);

  Result<ByteVector> FetchMetadata(const std::string& name,
                                   size_t size_max) override;
  Status FetchTarget(const std::string& name, uint64_t size_max,
                     const Sink& sink) override;

  // Of the log; a partial tile that is gone is cut out of its full one.
  tlog::TileSource Tiles();

 private:
  Office& office_;
  std::optional<std::vector<ArchiveMember>> bundle_;
};

// Metadata that was proven, kept by the parent.
class OfficeStore : public tuf::Store {
 public:
  explicit OfficeStore(Office& office) : office_(office) {}

  Result<ByteVector> Load(const std::string& name, size_t size_max) override;
  Status Save(const std::string& name, Bytes file) override;
  Status Remove(const std::string& name) override;

 private:
  Office& office_;
};

}  // namespace vitrine::update
