// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "crypto/cms.h"
#include "engine/clamav/clamav.h"
#include "engine/sources/container_file.h"
#include "engine/sources/file_reader.h"
#include "engine/sources/limits.h"
#include "engine/sources/loader.h"

namespace vitrine::engine::sources {
namespace {

using clamav::Extension;
using clamav::FileKind;

// Certificates in PEM: the folder's .crt, .pem and .cer files.
std::vector<std::string> ReadCertificates(const std::string& folder) {
  std::vector<std::string> out;
  if (folder.empty()) return out;
  for (const std::string& path : ListFolder(folder, false).files) {
    if (!path.ends_with(".crt") && !path.ends_with(".pem") &&
        !path.ends_with(".cer")) {
      continue;
    }
    const Result<SourceFile> file = SourceFile::Open(path, kSignatureSizeMax);
    if (file.ok()) out.emplace_back(AsText(file.value().bytes()));
  }
  return out;
}

// daily.cvd.sign, or daily-27811.cvd.sign as the mirrors name it.
std::vector<std::string> SignPaths(const std::string& path, Bytes container) {
  std::vector<std::string> out = {path + ".sign"};
  const Result<ContainerHeader> header = ReadContainerHeader(container);
  const size_t dot = path.rfind('.');
  if (header.ok() && dot != std::string::npos) {
    out.push_back(path.substr(0, dot) + "-" +
                  std::to_string(header.value().version) + path.substr(dot) +
                  ".sign");
  }
  return out;
}

Status VerifySignFile(const SourceFile& file, Bytes container,
                      const std::vector<std::string>& certificates) {
  const std::vector<DetachedSignature> signatures =
      TRY(ReadSignFile(AsText(file.bytes())));
  Error last{Code::kDenied, "no signature is meant for this version"};
  for (const DetachedSignature& signature : signatures) {
    if (clamav::kFunctionalityLevel < signature.level_min ||
        clamav::kFunctionalityLevel > signature.level_max) {
      continue;
    }
    const Status verified =
        crypto::VerifyDetached(signature.pkcs7, container, certificates);
    if (verified.ok()) return Ok();
    last = verified.error();
  }
  return last;
}

}  // namespace

bool Loader::Vouched(const std::string& path, Bytes bytes) {
  const std::vector<std::string> certificates =
      ReadCertificates(options_.certificates_folder);
  for (const std::string& sign : SignPaths(path, bytes)) {
    if (certificates.empty() || KindOf(sign) == PathKind::kMissing) continue;
    const Result<SourceFile> file = SourceFile::Open(sign, kSignatureSizeMax);
    if (!file.ok()) {
      Fail("bad-signature", path, sign + ": " + file.error().message);
      return false;
    }
    const Status verified = VerifySignFile(file.value(), bytes, certificates);
    if (verified.ok()) return true;
    // A signature that does not hold is worse than none.
    Fail("bad-signature", path, sign + ": " + verified.error().message);
    return false;
  }
  const auto& allowed = options_.unverified_allowed;
  if (std::find(allowed.begin(), allowed.end(), path) != allowed.end()) {
    return true;
  }
  Fail("not-verified", path, "nothing vouches for the container");
  return false;
}

void Loader::AddContainer(const std::string& path, Bytes bytes) {
  const bool local = path.ends_with(".cld");
  const auto& allowed = options_.unverified_allowed;
  ContainerFile::Options open;
  open.check_md5 = !local;
  open.needs_info =
      std::find(allowed.begin(), allowed.end(), path) == allowed.end();
  Result<ContainerFile> container = ContainerFile::Open(bytes, open);
  if (!container.ok()) {
    Fail("bad-container", path, container.error().message);
    return;
  }
  if (!Vouched(path, bytes)) return;
  std::vector<TarMember> members = container.value().members();
  const auto kind_of = [](const TarMember& member) {
    const Extension* const extension = clamav::ExtensionOf(member.name);
    return extension == nullptr ? FileKind::kUnwanted : extension->kind;
  };
  std::stable_partition(members.begin(), members.end(),
                        [&](const TarMember& member) {
                          return kind_of(member) == FileKind::kIgnores;
                        });
  size_t bytecodes = 0;
  for (const TarMember& member : members) {
    const Extension* const extension = clamav::ExtensionOf(member.name);
    if (extension == nullptr || (extension->pua && !options_.detect_pua)) {
      continue;
    }
    if (extension->name == "cbc") {
      ++bytecodes;
      continue;
    }
    AddText(*extension, path + "!" + std::string(member.name),
            AsText(member.bytes), "");
    if (Stopped()) return;
  }
  if (bytecodes > 0) {
    Report(Severity::kWarning, "bytecode-not-supported", path,
           std::to_string(bytecodes) + " bytecode signatures are not run");
  }
}

}  // namespace vitrine::engine::sources
