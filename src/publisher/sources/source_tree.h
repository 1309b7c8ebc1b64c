// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "publisher/sources/manifest.h"
#include "update/archive/archive.h"

// A folder that releases are made of: `manifest`, and the signature files below
// `signatures/`. Nothing else in it counts.
namespace vitrine::publisher {

inline constexpr char kManifestName[] = "manifest";
inline constexpr char kSignaturesFolder[] = "signatures/";

class SourceTree {
 public:
  // A folder that exists, with a manifest.
  static Result<SourceTree> Open(std::string folder);
  // An empty one. kInvalid where a manifest is already there.
  static Result<SourceTree> Create(std::string folder,
                                   const std::string& channel);

  const std::string& folder() const { return folder_; }
  const Manifest& manifest() const { return manifest_; }

  // Replaces all files below `folder` ("signatures/clamav/main/") by `files`,
  // names without it, and says who answers for them. Each file is replaced
  // whole; run again after a crash.
  struct File {
    std::string name;
    std::string content;
  };
  Status Replace(const std::string& folder, std::vector<File> files,
                 const Attribution& attribution);

  // All of it in one archive (update/archive): equal trees give equal bytes.
  // kInvalid for a file whose name cannot be in one, a link, or a file that
  // nobody answers for.
  Result<ByteVector> Pack() const;

 private:
  SourceTree(std::string folder, Manifest manifest)
      : folder_(std::move(folder)), manifest_(std::move(manifest)) {}

  std::string folder_;
  Manifest manifest_;
};

// Writes the files of an archive that Pack() made below `folder`, which must be
// empty or absent.
Status Unpack(Bytes archive, const std::string& folder);

// The manifest of such an archive.
Result<Manifest> ManifestOf(const std::vector<update::ArchiveMember>& members);

}  // namespace vitrine::publisher
