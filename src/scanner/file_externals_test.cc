// SPDX-License-Identifier: Apache-2.0
#include "scanner/file_externals.h"

#include <gtest/gtest.h>

namespace vitrine::scanner {
namespace {

using engine::yara::External;

TEST(FileExternals, AreEmptyTexts) {
  const auto externals = FileExternals();
  EXPECT_EQ(externals.size(), 5u);
  for (const auto& [name, value] : externals) {
    EXPECT_EQ(value, External{std::string()}) << name;
  }
}

TEST(LokiFileType, GoesByTheFirstBytes) {
  EXPECT_EQ(LokiFileType(AsBytes("MZ\x90")), "EXE");
  EXPECT_EQ(LokiFileType(AsBytes("\x7f"
                                 "ELF")),
            "ELF");
  EXPECT_EQ(LokiFileType(AsBytes("hello")), "UNKNOWN");
  EXPECT_EQ(LokiFileType({}), "UNKNOWN");
}

}  // namespace
}  // namespace vitrine::scanner
