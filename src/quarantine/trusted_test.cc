// SPDX-License-Identifier: Apache-2.0
#include "quarantine/trusted.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace vitrine::quarantine {
namespace {

TrustedContent Entry(std::string_view content, std::string_view rules) {
  return {crypto::Sha256(AsBytes(content)), content.size(), 7,
          config::Mask::Parse(rules).value()};
}

class TrustedTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "trusted.XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    root_ = folder;
    path_ = root_ / "list";
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  std::filesystem::path root_;
  std::string path_;
};

TEST_F(TrustedTest, CoversContentForTheRulesNamed) {
  ASSERT_TRUE(AddTrusted(path_, Entry("one", "**")).ok());
  ASSERT_TRUE(AddTrusted(path_, Entry("three", "Heuristics.*")).ok());
  const Trusted list = Trusted::Load(path_).value();
  ASSERT_EQ(list.entries().size(), 2u);
  EXPECT_EQ(list.entries()[0].since_ns, 7);
  const auto covers = [&list](std::string_view content,
                              const std::vector<std::string>& rules) {
    return list.Covers(crypto::Sha256(AsBytes(content)), content.size(), rules);
  };
  EXPECT_TRUE(covers("one", {"Win.Test", "a/b"}));
  EXPECT_FALSE(covers("two", {"Win.Test"}));
  EXPECT_TRUE(covers("three", {"Heuristics.A"}));
  EXPECT_FALSE(covers("three", {"Heuristics.A", "Win.Test"}));
  EXPECT_FALSE(covers("one", {}));
  EXPECT_TRUE(list.HasSize(5));
  EXPECT_FALSE(list.HasSize(4));
}

TEST_F(TrustedTest, AMissingFileTrustsNothing) {
  EXPECT_TRUE(Trusted::Load(path_).value().entries().empty());
}

TEST_F(TrustedTest, RefusesAFileThatOthersMayWrite) {
  ASSERT_TRUE(AddTrusted(path_, Entry("one", "**")).ok());
  ASSERT_EQ(chmod(path_.c_str(), 0620), 0);
  EXPECT_EQ(Trusted::Load(path_).error().code, Code::kDenied);
  std::filesystem::rename(path_, root_ / "real");
  std::filesystem::create_symlink(root_ / "real", path_);
  EXPECT_FALSE(Trusted::Load(path_).ok());
}

TEST_F(TrustedTest, NamesTheLineThatIsNoEntry) {
  const std::string good = "sha256 " + std::string(64, 'a') + " 5 7 **\n";
  EXPECT_TRUE(Trusted::Parse("# note\n\n" + good).ok());
  for (const std::string& bad : std::vector<std::string>{
           "sha256 aa 5 7 **\n", "md5 " + std::string(64, 'a') + " 5 7 **\n",
           "sha256 " + std::string(64, 'a') + " -5 7 **\n",
           "sha256 " + std::string(64, 'a') + " 5 7 \n",
           "sha256 " + std::string(64, 'a') + " 5 7\n", "x\n"}) {
    const auto list = Trusted::Parse(good + bad);
    ASSERT_FALSE(list.ok()) << bad;
    EXPECT_NE(list.error().message.find("line 2"), std::string::npos);
  }
}

TEST_F(TrustedTest, ALineThatWasCutByACrashIsNoEntry) {
  const std::string good = "sha256 " + std::string(64, 'a') + " 5 7 **\n";
  const auto list = Trusted::Parse(good + good.substr(0, good.size() - 1));
  EXPECT_EQ(list.value().entries().size(), 1u);
}

}  // namespace
}  // namespace vitrine::quarantine
