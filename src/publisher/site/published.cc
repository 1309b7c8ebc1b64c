// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/published.h"

#include <algorithm>

#include "base/read_file.h"
#include "formats/codec/decode.h"
#include "publisher/site/limits.h"
#include "publisher/sources/source_tree.h"
#include "tuf/content.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "update/release/release_path.h"

namespace vitrine::publisher {

TargetSource TargetsIn(const std::string& folder) {
  return [folder](const std::string& path,
                  const tuf::Target& target) -> Result<ByteVector> {
    const std::string name =
        tuf::TargetName(path, tuf::NamingDigest(target.hashes));
    ByteVector bytes = TRY(ReadFile(folder + "/" + name, tuf::kTargetSizeMax));
    auto check = TRY(tuf::ContentCheck::Of(target.length, target.hashes));
    TRY(check.Update(bytes));
    TRY(check.Finish());
    return bytes;
  };
}

Result<ByteVector> UnpackTarget(const std::string& path, Bytes packed) {
  const codec::Decoded decoded =
      codec::Zstd({packed, kUnpackedMax, 0, Deadline::Never()});
  if (decoded.end != codec::End::kWhole || decoded.consumed != packed.size()) {
    return Error{Code::kInvalid, path + ": " + codec::EndName(decoded.end)};
  }
  const Bytes bytes = decoded.out.bytes();
  return ByteVector(bytes.begin(), bytes.end());
}

namespace {

Result<ByteVector> ReadPacked(const std::string& path,
                              const tuf::Targets& targets,
                              const TargetSource& source) {
  const auto found = targets.targets.find(path);
  if (found == targets.targets.end()) {
    return Error{Code::kNotFound, path + ": is not listed"};
  }
  const ByteVector packed = TRY(source(path, found->second));
  return UnpackTarget(path, packed);
}

}  // namespace

Result<PublishedSources> ReadSources(const std::string& channel,
                                     uint64_t version,
                                     const tuf::Targets& targets,
                                     const TargetSource& source) {
  PublishedSources out;
  out.archive =
      TRY(ReadPacked(update::ReleasePath(channel, version, "sources.tar.zst"),
                     targets, source));
  out.members = TRY(update::ReadArchive(out.archive));
  out.manifest = TRY(ManifestOf(out.members));
  return out;
}

Result<std::shared_ptr<const engine::vdb::Database>> ReadDatabase(
    const std::string& channel, uint64_t version, const tuf::Targets& targets,
    const TargetSource& source) {
  return engine::vdb::Database::FromBytes(TRY(ReadPacked(
      update::ReleasePath(channel, version, "vdb.zst"), targets, source)));
}

std::vector<uint64_t> VersionsOf(const std::string& channel,
                                 const tuf::Targets& targets) {
  std::vector<uint64_t> out;
  for (const auto& [path, target] : targets.targets) {
    const auto name = update::ParseReleasePath(path);
    if (name && name->channel == channel && name->kind == "vdb.zst") {
      out.push_back(name->version);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace vitrine::publisher
