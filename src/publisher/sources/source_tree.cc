// SPDX-License-Identifier: Apache-2.0
#include "publisher/sources/source_tree.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/atomic_file.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "base/utf8.h"
#include "base/write_all.h"
#include "publisher/sources/limits.h"
#include "publisher/sources/tree_files.h"

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;

Status WriteManifest(const std::string& folder, const Manifest& manifest) {
  const std::string text = FormatManifest(manifest);
  TRY(ParseManifest(text));
  return WriteFileAtomically(folder + "/" + kManifestName, AsBytes(text));
}

}  // namespace

Result<SourceTree> SourceTree::Open(std::string folder) {
  const ByteVector text =
      TRY(ReadFile(folder + "/" + kManifestName, kManifestSizeMax));
  auto manifest = ParseManifest(AsText(text));
  if (!manifest.ok()) {
    return Error{manifest.error().code,
                 folder + "/" + manifest.error().message};
  }
  return SourceTree(std::move(folder), std::move(manifest).value());
}

Result<SourceTree> SourceTree::Create(std::string folder,
                                      const std::string& channel) {
  std::error_code error;
  fs::create_directories(folder + "/" + kSignaturesFolder, error);
  if (error) return SystemError(folder, error.value());
  const std::string path = folder + "/" + kManifestName;
  if (fs::exists(path, error)) {
    return Error{Code::kInvalid, path + ": already there"};
  }
  Manifest manifest;
  manifest.channel = channel;
  TRY(WriteManifest(folder, manifest));
  return SourceTree(std::move(folder), std::move(manifest));
}

Status SourceTree::Replace(const std::string& folder, std::vector<File> files,
                           const Attribution& attribution) {
  for (File& file : files) {
    file.name = folder + file.name;
    if (!update::IsArchiveName(file.name)) {
      return Error{Code::kInvalid,
                   Printable(file.name) + ": not a name for a source file"};
    }
  }
  // Who answers comes first: a file that nobody answers for is an error.
  manifest_.Set({folder, "", attribution});
  TRY(WriteManifest(folder_, manifest_));
  for (const File& file : files) {
    const std::string path = folder_ + "/" + file.name;
    TRY(MakeFoldersFor(path));
    TRY(WriteFileAtomically(path, AsBytes(file.content)));
  }
  std::error_code error;
  fs::create_directories(folder_ + "/" + folder, error);
  for (const std::string& old : TRY(ListTree(folder_ + "/" + folder))) {
    const bool stays = std::any_of(
        files.begin(), files.end(),
        [&](const File& file) { return file.name == folder + old; });
    const std::string path = folder_ + "/" + folder + old;
    if (!stays && unlink(path.c_str()) != 0) return SystemError(path, errno);
  }
  return Ok();
}

Result<ByteVector> SourceTree::Pack() const {
  update::ArchiveWriter out;
  const std::string manifest = FormatManifest(manifest_);
  TRY(out.Add(kManifestName, AsBytes(manifest)));
  for (const std::string& name :
       TRY(ListTree(folder_ + "/" + kSignaturesFolder))) {
    const std::string full = kSignaturesFolder + name;
    if (manifest_.Find(full, "") == nullptr) {
      return Error{Code::kInvalid,
                   folder_ + "/" + full +
                       ": no path of the manifest says who answers for it"};
    }
    const ByteVector bytes =
        TRY(ReadFile(folder_ + "/" + full, kSourceSizeMax));
    TRY(out.Add(full, bytes));
  }
  return out.Finish();
}

Status Unpack(Bytes archive, const std::string& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return Error{Code::kInvalid, folder + ": not empty"};
  }
  const auto members = TRY(update::ReadArchive(archive));
  for (const update::ArchiveMember& member : members) {
    const std::string path = folder + "/" + member.name;
    TRY(MakeFoldersFor(path));
    // Not synced: whoever unpacks does it again after a power cut.
    const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666));
    if (!file || !WriteAll(file.get(), member.bytes)) {
      return SystemError(path, errno);
    }
  }
  return Ok();
}

Result<Manifest> ManifestOf(const std::vector<update::ArchiveMember>& members) {
  const update::ArchiveMember* const manifest =
      update::FindMember(members, kManifestName);
  if (manifest == nullptr) {
    return Error{Code::kInvalid, "the sources have no manifest"};
  }
  return ParseManifest(AsText(manifest->bytes));
}

}  // namespace vitrine::publisher
