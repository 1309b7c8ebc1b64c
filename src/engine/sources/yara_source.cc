// SPDX-License-Identifier: Apache-2.0
#include "engine/sources/yara_source.h"

#include <optional>
#include <vector>

#include "base/text.h"
#include "engine/sources/file_reader.h"
#include "engine/sources/limits.h"

namespace vitrine::engine::sources {
namespace {

bool LiesIn(const std::string& path, const std::string& root) {
  if (root == ".") return !path.starts_with("/") && !path.starts_with("..");
  if (root == "/") return path.starts_with("/");
  return path.starts_with(root + "/");
}

}  // namespace

std::string Normal(const std::string& path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  for (const std::string_view part : Split(path, '/')) {
    if (part.empty() || part == ".") continue;
    const bool up = part == "..";
    if (up && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!up || !absolute) {
      parts.push_back(part);
    }
  }
  std::string out;
  for (const std::string_view part : parts) {
    if (absolute || !out.empty()) out += '/';
    out += part;
  }
  if (out.empty()) out = absolute ? "/" : ".";
  return out;
}

void CompileYara(const std::string& path, std::string_view text,
                 const std::string& root, const LoadOptions& options,
                 ir::Program& program) {
  yara::CompileOptions compile;
  compile.dialect =
      options.strict ? yara::Dialect::kClamav : yara::Dialect::kYara;
  compile.externals = options.externals;
  if (root.empty()) {
    yara::Compile(path, text, compile, program);
    return;
  }
  const std::string home = Normal(root);
  compile.include = [home](
                        std::string_view name,
                        std::string_view from) -> std::optional<std::string> {
    const std::string full =
        name.starts_with('/')
            ? Normal(std::string(name))
            : Normal(FolderOf(std::string(from)) + "/" + std::string(name));
    if (!LiesIn(full, home)) return std::nullopt;
    const Result<SourceFile> file = SourceFile::Open(full, kIncludeSizeMax);
    if (!file.ok()) return std::nullopt;
    return std::string(AsText(file.value().bytes()));
  };
  yara::Compile(path, text, compile, program);
}

}  // namespace vitrine::engine::sources
