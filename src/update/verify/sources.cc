// SPDX-License-Identifier: Apache-2.0
#include "update/verify/sources.h"

namespace vitrine::update {

Result<std::vector<ArchiveMember>> Sources::Open(Bytes bundle) {
  return ReadArchive(bundle);
}

Result<ByteVector> Sources::Fetch(const std::string& path, uint64_t size_max,
                                  bool lasting) {
  if (!bundle_) {
    return lasting ? office_.WantLasting(path, size_max)
                   : office_.Want(path, size_max);
  }
  const ArchiveMember* const member = FindMember(*bundle_, path);
  if (member == nullptr) {
    return Error{Code::kNotFound, path + ": not in the bundle"};
  }
  if (member->bytes.size() > size_max) {
    return Error{Code::kLimit, path + ": longer than allowed"};
  }
  return ByteVector(member->bytes.begin(), member->bytes.end());
}

Result<ByteVector> Sources::FetchMetadata(const std::string& name,
                                          size_t size_max) {
  return Fetch("metadata/" + name, size_max);
}

Status Sources::FetchTarget(const std::string& name, uint64_t size_max,
                            const Sink& sink) {
  return sink(TRY(Fetch("targets/" + name, size_max, true)));
}

tlog::TileSource Sources::Tiles() {
  return tlog::TilesBy([this](const std::string& path, uint64_t most) {
    return Fetch("log/" + path, most);
  });
}

Result<ByteVector> OfficeStore::Load(const std::string& name, size_t size_max) {
  return office_.Load("metadata/" + name, size_max);
}

Status OfficeStore::Save(const std::string& name, Bytes file) {
  return office_.Save("metadata/" + name, file);
}

Status OfficeStore::Remove(const std::string& name) {
  return office_.Drop("metadata/" + name);
}

}  // namespace vitrine::update
