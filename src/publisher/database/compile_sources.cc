// SPDX-License-Identifier: Apache-2.0
#include "publisher/database/compile_sources.h"

#include <filesystem>

#include "base/system_error.h"
#include "engine/compile/compile.h"
#include "engine/sources/sources.h"
#include "engine/vdb/format.h"
#include "publisher/sources/source_tree.h"
#include "scanner/file_externals.h"

namespace vitrine::publisher {
namespace {

class RemovedAtEnd {
 public:
  explicit RemovedAtEnd(std::string folder) : folder_(std::move(folder)) {}
  RemovedAtEnd(const RemovedAtEnd&) = delete;
  RemovedAtEnd& operator=(const RemovedAtEnd&) = delete;
  ~RemovedAtEnd() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }

 private:
  std::string folder_;
};

// Databases name their sources: not where they happened to lie.
void Strip(const std::string& prefix, std::string& name) {
  if (name.starts_with(prefix)) name.erase(0, prefix.size());
}

}  // namespace

Result<Compiled> CompileSources(Bytes archive, const std::string& scratch) {
  // What one that was killed left there.
  std::error_code error;
  std::filesystem::remove_all(scratch, error);
  if (error) return SystemError(scratch, error.value());
  const RemovedAtEnd remove(scratch);
  TRY(Unpack(archive, scratch));
  const std::string prefix = scratch + "/";
  std::string signatures = prefix + kSignaturesFolder;
  signatures.pop_back();
  engine::sources::LoadOptions options;
  options.externals = scanner::FileExternals();
  engine::sources::Loaded loaded = engine::sources::Load({signatures}, options);
  for (std::string& file : loaded.program.files) Strip(prefix, file);
  for (Diagnostic& diagnostic : loaded.program.diagnostics) {
    Strip(prefix, diagnostic.file);
  }
  if (loaded.refused || engine::ir::IsEmpty(loaded.program)) {
    std::string why = "nothing is left to scan with";
    for (const Diagnostic& diagnostic : loaded.program.diagnostics) {
      if (diagnostic.severity != Severity::kError) continue;
      why += "; " + diagnostic.file + ":" + std::to_string(diagnostic.line) +
             ": " + diagnostic.message;
      break;
    }
    return Error{Code::kInvalid, why};
  }
  Compiled out;
  out.diagnostics = std::move(loaded.program.diagnostics);
  auto image = TRY(engine::compile::Compile(loaded.program));
  out.database = TRY(engine::vdb::Database::FromBytes(std::move(image)));
  return out;
}

std::string RecipeText() {
  return "vitrine-publish compile, database format " +
         std::to_string(engine::vdb::kVersion) + "\n";
}

std::string CompilerVersion() { return VITRINE_VERSION; }

}  // namespace vitrine::publisher
