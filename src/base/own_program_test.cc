// SPDX-License-Identifier: Apache-2.0
#include "base/own_program.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace vitrine {
namespace {

TEST(OwnProgram, IsAFileInItsFolder) {
  const std::string program = OwnProgram();
  EXPECT_EQ(access(program.c_str(), X_OK), 0) << program;
  EXPECT_EQ(program, OwnFolder() + "/base_test");
}

}  // namespace
}  // namespace vitrine
