// SPDX-License-Identifier: Apache-2.0
#include "check_layers/tree.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vitrine::house {
namespace {

namespace fs = std::filesystem;

bool IsOurs(const fs::path& folder) {
  const std::string name = folder.filename();
  return name != ".git" && name != "build" && name != "__pycache__";
}

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Tree ReadTree(const std::string& root) {
  Tree tree;
  std::error_code error;
  fs::recursive_directory_iterator it(root, error);
  for (; !error && it != fs::recursive_directory_iterator();
       it.increment(error)) {
    if (it->is_directory() && !it->is_symlink() && !IsOurs(it->path())) {
      it.disable_recursion_pending();
    }
    if (!it->is_regular_file() || it->is_symlink()) continue;
    tree.push_back(
        {it->path().lexically_relative(root).string(), ReadAll(it->path())});
  }
  std::sort(tree.begin(), tree.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return tree;
}

int Report(const char* what, const Complaints& complaints) {
  for (const Complaint& complaint : complaints) {
    std::printf("%s:%d: %s\n", complaint.path.c_str(), complaint.line,
                complaint.message.c_str());
  }
  std::printf("%s: %zu broken\n", what, complaints.size());
  return complaints.empty() ? 0 : 1;
}

}  // namespace vitrine::house
