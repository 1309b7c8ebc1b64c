// SPDX-License-Identifier: Apache-2.0
#include "update/archive/archive.h"

#include <gtest/gtest.h>

namespace vitrine::update {
namespace {

const std::string kLong = std::string(90, 'a') + "/" + std::string(50, 'b') +
                          "/" + std::string(99, 'c');

ByteVector Sample() {
  ArchiveWriter writer;
  EXPECT_TRUE(writer.Add(kLong, AsBytes("long")).ok());
  EXPECT_TRUE(writer.Add("b/empty", {}).ok());
  EXPECT_TRUE(writer.Add("c name", AsBytes(std::string(512, 'x'))).ok());
  return writer.Finish();
}

TEST(Archive, ReadsWhatItWrote) {
  const ByteVector archive = Sample();
  const auto members = ReadArchive(archive).value();
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[0].name, kLong);
  EXPECT_EQ(AsText(members[0].bytes), "long");
  EXPECT_EQ(members[1].name, "b/empty");
  EXPECT_TRUE(members[1].bytes.empty());
  EXPECT_EQ(FindMember(members, "c name")->bytes.size(), 512u);
  EXPECT_EQ(FindMember(members, "c"), nullptr);
  const ByteVector nothing = ArchiveWriter().Finish();
  EXPECT_TRUE(ReadArchive(nothing).value().empty());
}

TEST(Archive, TakesNoNameThatLeadsElsewhere) {
  for (const char* name : {"", "/a", "../a", "a/../b", "a/./b", "a//b", "a/",
                           ".", "a\nb", "a\xff", "a\x1b[2J"}) {
    ArchiveWriter writer;
    EXPECT_FALSE(writer.Add(name, {}).ok()) << name;
  }
  ArchiveWriter writer;
  EXPECT_FALSE(writer.Add(std::string(101, 'a'), {}).ok());
  EXPECT_FALSE(writer.Add("a/" + std::string(101, 'a'), {}).ok());
  EXPECT_FALSE(writer.Add(std::string(156, 'a') + "/b", {}).ok());
  EXPECT_TRUE(
      writer.Add(std::string(155, 'a') + "/" + std::string(99, 'a'), {}).ok());
}

TEST(Archive, TakesNamesInOrderOnly) {
  ArchiveWriter writer;
  EXPECT_TRUE(writer.Add("b", {}).ok());
  EXPECT_FALSE(writer.Add("b", {}).ok());
  EXPECT_FALSE(writer.Add("a", {}).ok());
}

TEST(Archive, RefusesEveryChangedByteThatIsNotContent) {
  const ByteVector good = Sample();
  size_t accepted = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    ByteVector wrong = good;
    wrong[at] ^= 1;
    if (ReadArchive(wrong).ok()) ++accepted;
  }
  EXPECT_EQ(accepted, 4u + 512u);
}

TEST(Archive, RefusesEveryTruncation) {
  const ByteVector good = Sample();
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ReadArchive(Bytes(good).first(size)).ok()) << size;
  }
  ByteVector longer = good;
  longer.resize(good.size() + 512);
  EXPECT_FALSE(ReadArchive(longer).ok());
}

}  // namespace
}  // namespace vitrine::update
