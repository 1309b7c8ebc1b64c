// SPDX-License-Identifier: Apache-2.0
// The part of the official set that lies beside this tree, if any: all of it
// must load.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/sources/sources.h"

namespace vitrine::engine::sources {
namespace {

TEST(OfficialSetTest, LoadsWithoutOneRefusedLine) {
  const std::filesystem::path shared =
      std::filesystem::path(VITRINE_SOURCE_DIR) / "../shared/signatures/clamav";
  if (!std::filesystem::exists(shared)) {
    GTEST_SKIP() << "no official signatures beside this tree";
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      ("vitrine-official-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::string unpack = "cd '" + std::string(shared) +
                             "' && for f in *.gz; do gunzip -c $f > '" +
                             std::string(folder) + "'/${f%.gz}; done";
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  size_t lines = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with('#')) ++lines;
    }
  }
  LoadOptions options;
  options.strict = true;
  const Loaded loaded = Load({std::string(folder)}, options);
  std::filesystem::remove_all(folder);
  for (const Diagnostic& diagnostic : loaded.program.diagnostics) {
    ADD_FAILURE() << diagnostic.file << ":" << diagnostic.line << ": "
                  << diagnostic.message;
  }
  EXPECT_FALSE(loaded.refused);
  EXPECT_EQ(loaded.program.rules.size() + loaded.program.hashes.size(), lines);
}

}  // namespace
}  // namespace vitrine::engine::sources
