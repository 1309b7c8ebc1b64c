// SPDX-License-Identifier: Apache-2.0
// usage: check_tidy ROOT
#include "check_layers/tidy.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  using vitrine::house::CheckTidy;
  using vitrine::house::ReadTree;
  return vitrine::house::Report("tidy", CheckTidy(ReadTree(argv[1])));
}
