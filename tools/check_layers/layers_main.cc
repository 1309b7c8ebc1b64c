// SPDX-License-Identifier: Apache-2.0
// usage: check_layers ROOT
#include <cstdio>

#include "check_layers/layers.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.

std::string TextOf(const house::Tree& tree, std::string_view path) {
  for (const auto& file : tree) {
    if (file.path == path) return file.text;
  }
  return "";
}

Result<house::Complaints> Check(const house::Tree& tree) {
  const auto layers =
      TRY(house::LayerTable::Parse(TextOf(tree, "tools/layers.txt")));
  const auto third_party =
      TRY(house::ThirdPartyTable::Parse(TextOf(tree, "tools/third_party.txt")));
  return house::CheckLayers(tree, layers, third_party);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto complaints = Check(house::ReadTree(argv[1]));
  if (!complaints.ok()) {
    std::printf("%s\n", complaints.error().message.c_str());
    return 2;
  }
  return house::Report("layers", complaints.value());
}
