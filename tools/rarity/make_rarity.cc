// SPDX-License-Identifier: Apache-2.0
// make_rarity OUT < LIST: counts folded pairs, triples and quads in the files
// that LIST names, one a line, "executable PATH" or "text PATH", and writes
// the table that src/engine/compile/rarity.h describes. tools/rarity/train.sh
// makes the list from Debian packages.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/compile/rarity.h"
#include "engine/match/gram.h"

namespace {

using vitrine::engine::compile::kPairBits;
using vitrine::engine::compile::kQuadBits;
using vitrine::engine::compile::kTripleBits;
using vitrine::engine::match::FoldedGram;
using vitrine::engine::match::HashGram;

struct Counts {
  std::vector<uint64_t> pairs = std::vector<uint64_t>(1u << kPairBits);
  std::vector<uint64_t> triples = std::vector<uint64_t>(1u << kTripleBits);
  std::vector<uint64_t> quads = std::vector<uint64_t>(1u << kQuadBits);
  uint64_t bytes = 0;

  void Add(const std::vector<char>& file) {
    const auto* const data = reinterpret_cast<const uint8_t*>(file.data());
    for (size_t i = 0; i + 4 <= file.size(); ++i) {
      ++pairs[FoldedGram(data + i, 2)];
      ++triples[HashGram(FoldedGram(data + i, 3), kTripleBits)];
      ++quads[HashGram(FoldedGram(data + i, 4), kQuadBits)];
    }
    bytes += file.size();
  }

  void Write(std::ofstream& out) const {
    for (const auto* table : {&pairs, &triples, &quads}) {
      for (const uint64_t count : *table) {
        const double scaled = static_cast<double>(count) * 4294967296.0 /
                              static_cast<double>(bytes + 1);
        const double level = std::round(8 * std::log2(1 + scaled));
        out.put(static_cast<char>(std::min(level, 255.0)));
      }
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_rarity OUT < LIST\n");
    return 2;
  }
  Counts executable;
  Counts text;
  std::string kind;
  std::string path;
  while (std::cin >> kind && std::getline(std::cin >> std::ws, path)) {
    std::ifstream in(path, std::ios::binary);
    const std::vector<char> file((std::istreambuf_iterator<char>(in)), {});
    (kind == "text" ? text : executable).Add(file);
  }
  std::ofstream out(argv[1], std::ios::binary);
  executable.Write(out);
  text.Write(out);
  std::printf("%llu bytes of executables, %llu of text\n",
              static_cast<unsigned long long>(executable.bytes),
              static_cast<unsigned long long>(text.bytes));
  return out.good() && executable.bytes > 0 && text.bytes > 0 ? 0 : 1;
}
