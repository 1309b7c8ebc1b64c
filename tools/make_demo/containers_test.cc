// SPDX-License-Identifier: Apache-2.0
#include "make_demo/containers.h"

#include <gtest/gtest.h>

#include "make_demo/samples.h"

namespace vitrine::samples {
namespace {

TEST(Samples, EicarHasItsPublishedChecksum) {
  EXPECT_EQ(Eicar().size(), 68u);
  EXPECT_EQ(Crc32(Eicar()), 0x6851cf3cu);
}

TEST(Samples, ElfIsAsLongAsItSays) { EXPECT_EQ(CleanElf().size(), 0x81u); }

TEST(Containers, Crc32IsTheUsualOne) {
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926u);
}

TEST(Containers, HaveTheirMarks) {
  EXPECT_TRUE(Zip({{"a", "b"}}).starts_with("PK\x03\x04"));
  EXPECT_EQ(Zip({{"a", "b"}}).find("PK\x05\x06"), 30u + 2 + 46 + 1);
  EXPECT_EQ(Tar({{"a", "b"}}).size(), 512u + 512 + 1024);
  EXPECT_EQ(Tar({{"a", "b"}}).substr(257, 5), "ustar");
  EXPECT_EQ(Gzip("").size(), 10u + 5 + 8);
}

}  // namespace
}  // namespace vitrine::samples
