// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/vdb/database.h"
#include "publisher/sources/manifest.h"
#include "tuf/metadata.h"
#include "update/archive/archive.h"

// What releases consist of, read back from where they are published.
namespace vitrine::publisher {

// Gives the bytes of a target that metadata describes; compared with it.
using TargetSource = std::function<Result<ByteVector>(
    const std::string& path, const tuf::Target& target)>;
TargetSource TargetsIn(const std::string& folder);

// What a compressed target unpacks to: at most kUnpackedMax bytes.
Result<ByteVector> UnpackTarget(const std::string& path, Bytes packed);

// The sources of a release, unpacked.
struct PublishedSources {
  ByteVector archive;
  std::vector<update::ArchiveMember> members;  // Of `archive`.
  Manifest manifest;
};
Result<PublishedSources> ReadSources(const std::string& channel,
                                     uint64_t version,
                                     const tuf::Targets& targets,
                                     const TargetSource& source);

// The database of a release, opened.
Result<std::shared_ptr<const engine::vdb::Database>> ReadDatabase(
    const std::string& channel, uint64_t version, const tuf::Targets& targets,
    const TargetSource& source);

// The releases of a channel whose database is listed, rising.
std::vector<uint64_t> VersionsOf(const std::string& channel,
                                 const tuf::Targets& targets);

}  // namespace vitrine::publisher
