// SPDX-License-Identifier: Apache-2.0
#include "publisher/sources/source_tree.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;

const Attribution kJane = {"Jane", "CC0-1.0", "Because"};

class SourceTreeTest : public testing::Test {
 protected:
  SourceTreeTest()
      : folder_(fs::path(testing::TempDir()) /
                ("tree" + std::to_string(getpid()))) {}
  ~SourceTreeTest() override { fs::remove_all(folder_); }

  std::string At(const std::string& name) const { return folder_ / name; }

  fs::path folder_;
};

TEST_F(SourceTreeTest, OfEqualFilesPacksToEqualBytes) {
  for (const char* name : {"one", "another/deeper"}) {
    SourceTree tree = SourceTree::Create(At(name), "main").value();
    std::vector<SourceTree::File> files = {{"b/x.yar", "1"}, {"a.hdb", "2"}};
    if (name[0] == 'a') std::swap(files[0], files[1]);
    ASSERT_TRUE(tree.Replace("signatures/s/", files, kJane).ok());
  }
  const ByteVector one = SourceTree::Open(At("one")).value().Pack().value();
  EXPECT_EQ(one, SourceTree::Open(At("another/deeper")).value().Pack().value());
  ASSERT_TRUE(Unpack(one, At("unpacked")).ok());
  EXPECT_EQ(SourceTree::Open(At("unpacked")).value().Pack().value(), one);
  EXPECT_FALSE(Unpack(one, At("unpacked")).ok());
}

TEST_F(SourceTreeTest, ReplacesFilesThatAreNoLongerThere) {
  SourceTree tree = SourceTree::Create(At("t"), "main").value();
  ASSERT_TRUE(
      tree.Replace("signatures/s/", {{"a", "1"}, {"b", "2"}}, kJane).ok());
  ASSERT_TRUE(tree.Replace("signatures/s/", {{"b", "3"}}, kJane).ok());
  EXPECT_FALSE(fs::exists(At("t/signatures/s/a")));
  EXPECT_EQ(tree.manifest().blocks.size(), 1u);
}

TEST_F(SourceTreeTest, RefusesWhatNobodyAnswersFor) {
  SourceTree tree = SourceTree::Create(At("t"), "main").value();
  ASSERT_TRUE(tree.Replace("signatures/s/", {{"a", "1"}}, kJane).ok());
  std::ofstream(At("t/signatures/stray.hdb")) << "x";
  const auto packed = tree.Pack();
  ASSERT_FALSE(packed.ok());
  EXPECT_NE(packed.error().message.find("signatures/stray.hdb"),
            std::string::npos);
}

TEST_F(SourceTreeTest, RefusesLinks) {
  SourceTree tree = SourceTree::Create(At("t"), "main").value();
  ASSERT_TRUE(tree.Replace("signatures/s/", {{"a", "1"}}, kJane).ok());
  fs::create_symlink("/etc/passwd", At("t/signatures/s/link"));
  EXPECT_FALSE(tree.Pack().ok());
}

TEST_F(SourceTreeTest, IsNotCreatedTwice) {
  ASSERT_TRUE(SourceTree::Create(At("t"), "main").ok());
  EXPECT_FALSE(SourceTree::Create(At("t"), "main").ok());
  EXPECT_FALSE(SourceTree::Open(At("absent")).ok());
}

TEST(Manifest, ReadsWhatItWrote) {
  Manifest manifest;
  manifest.channel = "main";
  manifest.Set({"signatures/a/", "", kJane});
  manifest.Set({"", "Win.X", {"John", "MIT", "A false alarm"}});
  EXPECT_EQ(ParseManifest(FormatManifest(manifest)).value(), manifest);
}

TEST(Manifest, FindsTheRuleThenTheLongestPath) {
  Manifest manifest;
  manifest.Set({"signatures/", "", {"1", "", ""}});
  manifest.Set({"signatures/a/b", "", {"2", "", ""}});
  manifest.Set({"", "r", {"3", "", ""}});
  EXPECT_EQ(manifest.Find("signatures/a/c", "x")->author, "1");
  EXPECT_EQ(manifest.Find("signatures/a/b", "x")->author, "2");
  EXPECT_EQ(manifest.Find("signatures/a/bc", "x")->author, "1");
  EXPECT_EQ(manifest.Find("elsewhere", "r")->author, "3");
  EXPECT_EQ(manifest.Find("elsewhere", "x"), nullptr);
}

TEST(Manifest, NamesTheLineThatIsWrong) {
  const std::string good =
      "vitrine/sources/v1\nchannel main\n\npath a/\nauthor b\nlicence c\n"
      "reason d\n";
  ASSERT_TRUE(ParseManifest(good).ok());
  const auto error = [&](size_t from, size_t size, const std::string& by) {
    std::string text = good;
    return ParseManifest(text.replace(from, size, by)).error().message;
  };
  EXPECT_EQ(error(good.find("author b\n"), 9, ""), "manifest:5: no author");
  EXPECT_EQ(error(good.find("licence c"), 9, "licence "),
            "manifest:6: no licence");
  // Such as no client takes.
  EXPECT_EQ(error(good.find("main"), 4, "Main.x"),
            "manifest:2: not a channel's name");
  EXPECT_EQ(error(0, 7, "x"),
            "manifest:1: the first line is not vitrine/sources/v1");
  EXPECT_EQ(error(good.size(), 0, "\npath a/\nauthor b\nlicence c\nreason d\n"),
            "manifest:12: there is such a block already");
}

}  // namespace
}  // namespace vitrine::publisher
