// SPDX-License-Identifier: Apache-2.0
#include "check_layers/layers.h"

#include <gtest/gtest.h>

namespace vitrine::house {
namespace {

// Complaints about one file that includes one header.
std::vector<std::string> Check(const std::string& path,
                               const std::string& include) {
  const auto layers = LayerTable::Parse(
      "# a comment\nbase\nformats\nformats/pe formats/elf\nengine\napps\n");
  const auto third = ThirdPartyTable::Parse(
      "* unistd.h sys/\nsrc/crypto openssl/\nsrc/base zlib.h\ntests boost/\n");
  const Tree tree = {{path, "\n#include " + include + "\n"}};
  std::vector<std::string> messages;
  for (const auto& complaint :
       CheckLayers(tree, layers.value(), third.value())) {
    messages.push_back(std::to_string(complaint.line) + ": " +
                       complaint.message);
  }
  return messages;
}

using Expected = std::vector<std::string>;

TEST(Layers, MayIncludeTheirOwnFolderAndLowerOnes) {
  EXPECT_EQ(Check("src/engine/a.cc", "\"base/b.h\""), Expected{});
  EXPECT_EQ(Check("src/engine/a.cc", "\"engine/b.h\""), Expected{});
  EXPECT_EQ(Check("src/engine/deep/a.cc", "\"engine/b.h\""), Expected{});
  EXPECT_EQ(Check("src/formats/pe/a.cc", "\"formats/b.h\""), Expected{});
  EXPECT_EQ(Check("apps/vitrine/main.cc", "\"engine/b.h\""), Expected{});
}

TEST(Layers, RefuseUpward) {
  EXPECT_EQ(Check("src/base/a.cc", "\"engine/b.h\""),
            Expected{"2: base may not include engine (above it)"});
  EXPECT_EQ(Check("src/formats/a.cc", "\"formats/pe/b.h\""),
            Expected{"2: formats may not include formats/pe (above it)"});
}

TEST(Layers, LetTestsLookUpward) {
  EXPECT_EQ(Check("src/base/a_test.cc", "\"engine/b.h\""), Expected{});
}

TEST(Layers, RefuseSideways) {
  EXPECT_EQ(Check("src/formats/pe/a.h", "\"formats/elf/b.h\""),
            Expected{"2: formats/pe may not include formats/elf (same layer)"});
}

TEST(Layers, RefuseFoldersWithoutAPlace) {
  EXPECT_EQ(Check("src/base/a.cc", "\"utils/b.h\""),
            Expected{"2: utils/b.h is in no layer; write the path from src/"});
  EXPECT_EQ(Check("src/utils/a.cc", "<vector>"),
            Expected{"0: its folder is in no layer"});
}

TEST(ThirdParty, BelongsToOneFolder) {
  EXPECT_EQ(Check("src/base/a.cc", "<unistd.h>"), Expected{});
  EXPECT_EQ(Check("src/base/a.cc", "<sys/stat.h>"), Expected{});
  EXPECT_EQ(Check("src/base/a.cc", "<zlib.h>"), Expected{});
  EXPECT_EQ(Check("src/base/a.cc", "<openssl/evp.h>"),
            Expected{"2: <openssl/evp.h> belongs to src/crypto"});
  EXPECT_EQ(Check("tests/e2e/a.cc", "<zlib.h>"),
            Expected{"2: <zlib.h> belongs to src/base"});
  EXPECT_EQ(Check("src/base/a.cc", "<curl/curl.h>"),
            Expected{"2: <curl/curl.h> is not in tools/third_party.txt"});
}

TEST(ThirdParty, TheInnermostFolderCounts) {
  const auto table =
      ThirdPartyTable::Parse("tests boost/\nsrc/http boost/asio/\n").value();
  EXPECT_EQ(table.OwnerOf("boost/asio/ip/tcp.hpp"), "src/http");
  EXPECT_EQ(table.OwnerOf("boost/json.hpp"), "tests");
  EXPECT_EQ(table.OwnerOf("other/json.hpp"), "");
}

TEST(ThirdParty, MayBelongToTests) {
  EXPECT_EQ(Check("src/base/a_test.cc", "<boost/json.hpp>"), Expected{});
  EXPECT_EQ(Check("tests/e2e/a.cc", "<boost/json.hpp>"), Expected{});
  EXPECT_EQ(Check("src/base/a.cc", "<boost/json.hpp>"),
            Expected{"2: <boost/json.hpp> belongs to tests"});
}

TEST(Tables, RefuseSecondPlaces) {
  EXPECT_FALSE(LayerTable::Parse("base\nengine base\n").ok());
  EXPECT_FALSE(ThirdPartyTable::Parse("a zlib.h\nb zlib.h\n").ok());
}

}  // namespace
}  // namespace vitrine::house
