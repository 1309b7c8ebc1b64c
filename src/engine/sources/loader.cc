// SPDX-License-Identifier: Apache-2.0
#include "engine/sources/loader.h"

#include <algorithm>
#include <utility>

#include "engine/sources/file_reader.h"
#include "engine/sources/limits.h"
#include "engine/sources/yara_source.h"

namespace vitrine::engine::sources {
namespace {

using clamav::Extension;
using clamav::FileKind;

// What an empty file of this kind is: nothing at all to clamscan, too.
bool MayBeEmpty(const Extension& extension) {
  return extension.kind == FileKind::kIgnores ||
         extension.kind == FileKind::kYara ||
         extension.kind == FileKind::kUnwanted;
}

}  // namespace

bool Loader::Add(const std::string& path) {
  switch (KindOf(path)) {
    case PathKind::kFile:
      AddFile(path, FolderOf(path));
      break;
    case PathKind::kFolder:
      AddFolder(path);
      break;
    case PathKind::kMissing:
      Fail("cannot-open", path, "no such file or folder");
      break;
    case PathKind::kOther:
      Fail("cannot-open", path, "neither a file nor a folder");
      break;
  }
  return !Stopped();
}

void Loader::AddFolder(const std::string& path) {
  // clamscan stays in the folder; whoever names a tree of rules means all.
  Listing listing = ListFolder(path, !options_.strict);
  for (const std::string& skipped : listing.skipped) {
    if (skipped == path) {
      Fail("cannot-open", path, "the folder cannot be read");
      return;
    }
    Report(Severity::kWarning, "folder-skipped", skipped,
           "folder unreadable or too deep");
  }
  // What is to be ignored must be known before it is read.
  std::stable_partition(
      listing.files.begin(), listing.files.end(), [](const std::string& file) {
        const Extension* const extension = clamav::ExtensionOf(BaseName(file));
        return extension != nullptr && extension->kind == FileKind::kIgnores;
      });
  bool any = false;
  for (const std::string& file : listing.files) {
    any = any || clamav::ExtensionOf(BaseName(file)) != nullptr;
    AddFile(file, path);
    if (Stopped()) return;
  }
  if (!any) Fail("no-database", path, "no signature files in the folder");
}

void Loader::AddFile(const std::string& path, const std::string& root) {
  const Extension* const extension = clamav::ExtensionOf(BaseName(path));
  if (extension == nullptr) {
    Report(Severity::kWarning, "unknown-extension", path,
           "unknown extension, file skipped");
    return;
  }
  if (extension->pua && !options_.detect_pua) return;
  if (++files_ > kFilesMax) {
    Fail("too-many-files", path, "too many signature files");
    return;
  }
  const Result<SourceFile> file = SourceFile::Open(path, kFileSizeMax);
  if (!file.ok()) {
    Fail("cannot-open", path, file.error().message);
    return;
  }
  const Bytes bytes = file.value().bytes();
  if (bytes.empty() && !MayBeEmpty(*extension)) {
    Fail("empty-file", path, "empty signature file");
    return;
  }
  if (extension->kind == FileKind::kContainer) {
    AddContainer(path, bytes);
  } else {
    AddText(*extension, path, AsText(bytes), root);
  }
  if (file.value().damaged()) {
    Fail("file-changed", path, "the file was changed while it was read");
  }
}

void Loader::AddText(const Extension& extension, const std::string& path,
                     std::string_view text, const std::string& root) {
  switch (extension.kind) {
    case FileKind::kYara:
      AddYara(path, text, root);
      return;
    case FileKind::kUnwanted:
      if (extension.name == "cbc") {
        Report(Severity::kWarning, "bytecode-not-supported", path,
               "bytecode signatures are not run, file skipped");
      }
      return;
    case FileKind::kContainer:
      return;  // None within another.
    case FileKind::kLines:
    case FileKind::kIgnores:
      break;
  }
  out_.program.files.push_back(path);
  const auto number = static_cast<uint32_t>(out_.program.files.size() - 1);
  const size_t types_before = out_.program.auxiliaries.size();
  const clamav::ReadResult result = clamav::ReadFile(
      extension, path, number, text, options_.strict, state_, out_.program);
  if (result.refused > 0) failed_ = true;
  // A table that replaces the built-in one must not be empty.
  if (extension.name == "ftm" && result.refused == 0 &&
      out_.program.auxiliaries.size() == types_before) {
    Fail("empty-file-type-table", path,
         "no file type in it is meant for this version");
  }
}

void Loader::AddYara(const std::string& path, std::string_view text,
                     const std::string& root) {
  const size_t rules_before = out_.program.rules.size();
  const size_t diagnostics_before = out_.program.diagnostics.size();
  CompileYara(path, text, root, options_, out_.program);
  ir::Program& program = out_.program;
  // clamscan leaves out single rules, but not a file of nothing but rules
  // with strings that it cannot take.
  const bool unusable =
      std::any_of(program.diagnostics.begin() +
                      static_cast<std::ptrdiff_t>(diagnostics_before),
                  program.diagnostics.end(), [](const Diagnostic& diagnostic) {
                    return diagnostic.severity == Severity::kError &&
                           diagnostic.code == "clamav-single-byte";
                  });
  if (program.rules.size() == rules_before && unusable) failed_ = true;
  if (state_.ignored.empty()) return;
  for (size_t i = rules_before; i < program.rules.size(); ++i) {
    std::string_view name = program.rules[i].name;
    if (options_.strict && name.starts_with("YARA.")) name.remove_prefix(5);
    // Other rules may refer to it, so it stays, unseen.
    if (state_.ignored.Contains(name, {})) program.rules[i].is_private = true;
  }
}

void Loader::Report(Severity severity, const char* code,
                    const std::string& path, std::string message) {
  out_.program.diagnostics.push_back(
      {severity, code, path, 0, 0, std::move(message)});
}

size_t Loader::Entries() const {
  return out_.program.rules.size() + out_.program.hashes.size() +
         out_.program.auxiliaries.size();
}

Loaded Loader::Finish() {
  state_.macros.Resolve(out_.program);
  out_.refused = failed_ && (options_.strict || Entries() == 0);
  return std::move(out_);
}

}  // namespace vitrine::engine::sources
