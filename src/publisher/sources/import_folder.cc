// SPDX-License-Identifier: Apache-2.0
#include "base/read_file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "engine/clamav/reader.h"
#include "engine/sources/container_file.h"
#include "engine/sources/file_reader.h"
#include "publisher/sources/hash_list.h"
#include "publisher/sources/import.h"
#include "publisher/sources/limits.h"
#include "publisher/sources/tree_files.h"

// Folders of ClamAV's databases, and of YARA rules.
namespace vitrine::publisher {

namespace clamav = engine::clamav;
using engine::sources::BaseName;
using engine::sources::ContainerFile;

void Imported::LeaveOut(const std::string& where, const std::string& what) {
  ++left_out;
  if (messages.size() < kImportMessagesMax) {
    messages.push_back(where + ": " + what);
  }
}

namespace {

// Whether ClamAV's reader would look at a file of this name; says why not.
bool IsWanted(const std::string& name, const std::string& where,
              Imported& out) {
  const clamav::Extension* const extension =
      clamav::ExtensionOf(BaseName(name));
  if (extension == nullptr) {
    out.LeaveOut(where, "not a signature file");
  } else if (extension->name == "cbc") {
    out.LeaveOut(where, "bytecode signatures are not run");
  } else if (extension->pua) {
    out.LeaveOut(where, "signatures for unwanted applications");
  } else if (extension->kind == clamav::FileKind::kUnwanted) {
    // Lists and notes within containers say nothing to an engine.
  } else {
    return true;
  }
  return false;
}

Status AddContainer(const std::string& path, const std::string& name,
                    Bytes bytes, Imported& out) {
  ContainerFile::Options options;
  options.check_md5 = !name.ends_with(".cld");
  options.needs_info = false;
  const auto container = ContainerFile::Open(bytes, options);
  if (!container.ok()) return WithContext(container.error(), path);
  const auto& header = container.value().header();
  out.origin += (out.origin.empty() ? "" : ", ") + name + " version " +
                std::to_string(header.version) + " of " +
                Printable(header.build_time) + " by " +
                Printable(header.builder);
  for (const engine::sources::TarMember& member : container.value().members()) {
    const std::string inner(member.name);
    const std::string where = path + "!" + Printable(inner);
    if (!IsWanted(inner, where, out)) continue;
    if (clamav::ExtensionOf(inner)->kind == clamav::FileKind::kContainer) {
      out.LeaveOut(where, "a container within another");
      continue;
    }
    out.files.push_back(
        {StemOf(name) + "/" + inner, std::string(AsText(member.bytes))});
    ++out.entries;
  }
  return Ok();
}

Status NothingTaken(const std::string& folder, const Imported& out) {
  if (!out.files.empty()) return Ok();
  return Error{Code::kInvalid, folder + ": no signature files in it"};
}

}  // namespace

Result<Imported> ImportClamav(const std::string& folder) {
  Imported out;
  for (const std::string& name : TRY(ListTree(folder))) {
    const std::string path = folder + "/" + name;
    if (!IsWanted(name, path, out)) continue;
    const ByteVector bytes = TRY(ReadFile(path, kImportSizeMax));
    if (clamav::ExtensionOf(BaseName(name))->kind ==
        clamav::FileKind::kContainer) {
      TRY(AddContainer(path, name, bytes, out));
      continue;
    }
    out.files.push_back({name, std::string(AsText(bytes))});
    ++out.entries;
  }
  TRY(NothingTaken(folder, out));
  if (out.origin.empty()) out.origin = "signature files of ClamAV's family";
  return out;
}

Result<Imported> ImportYara(const std::string& folder) {
  Imported out;
  for (const std::string& name : TRY(ListTree(folder))) {
    const std::string path = folder + "/" + name;
    const clamav::Extension* const extension =
        clamav::ExtensionOf(BaseName(name));
    if (extension == nullptr || extension->kind != clamav::FileKind::kYara) {
      continue;
    }
    const ByteVector bytes = TRY(ReadFile(path, kImportSizeMax));
    out.files.push_back({name, std::string(AsText(bytes))});
    ++out.entries;
  }
  TRY(NothingTaken(folder, out));
  out.origin = "YARA rules";
  return out;
}

}  // namespace vitrine::publisher
