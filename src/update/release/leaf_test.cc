// SPDX-License-Identifier: Apache-2.0
#include "update/release/leaf.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "update/release/limits.h"

namespace vitrine::update {
namespace {

Leaf Release() {
  Leaf leaf;
  leaf.role = "db";
  leaf.metadata = {4711, 1234, crypto::Sha256(AsBytes("{}"))};
  leaf.targets = {DescribeFile("db/main/main-7.changes", AsBytes("a")),
                  DescribeFile("db/main/main-7.vdb.zst", AsBytes("b"))};
  leaf.contents = {DescribeFile("db/main/main-7.vdb", AsBytes("bbb"))};
  leaf.source = {crypto::Sha256(AsBytes("tar")),
                 "db/main/main-7.sources.tar.zst"};
  leaf.recipe = {crypto::Sha256(AsBytes("recipe")), "0.1.0"};
  leaf.summary = {214, 3, 9, 0};
  leaf.previous = 41;
  return leaf;
}

std::string Text(const Leaf& leaf) { return FormatLeaf(leaf).value(); }

std::string Replaced(std::string text, const std::string& from,
                     const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Leaf, ReadsWhatItWrote) {
  const Leaf leaf = Release();
  EXPECT_EQ(ParseLeaf(Text(leaf)).value(), leaf);

  Leaf ceremony;
  ceremony.type = LeafType::kKeyCeremony;
  ceremony.role = "root";
  ceremony.notes = {"Six keys were made in the presence of", "A and B"};
  EXPECT_EQ(ParseLeaf(Text(ceremony)).value(), ceremony);
}

TEST(Leaf, IsSpelledAsTheSpecificationSays) {
  Leaf leaf;
  leaf.role = "root";
  leaf.metadata = {1, 2, crypto::Sha256(AsBytes("{}"))};
  EXPECT_EQ(Text(leaf),
            "vitrine/leaf/v1\n"
            "type tuf\n"
            "role root\n"
            "tuf-version 1\n"
            "metadata 2 sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e83"
            "10c060f61caaff8a\n"
            "prev -\n");
}

TEST(Leaf, RefusesEverySecondSpelling) {
  const std::string good = Text(Release());
  for (const auto& [from, to] :
       std::initializer_list<std::pair<std::string, std::string>>{
           {"v1\n", "v2\n"},
           {"type tuf\n", "type  tuf\n"},
           {"type tuf\n", "type TUF\n"},
           {"role db\n", "role db \n"},
           {"role db\n", "role DB\n"},
           {"role db\n", "role 1b\n"},
           {"role db\n", ""},
           {"tuf-version 4711", "tuf-version 04711"},
           {"tuf-version 4711", "tuf-version 0"},
           {"tuf-version 4711", "tuf-version 9007199254740993"},
           {"metadata 1234", "metadata +1234"},
           {"sha256:4", "sha256:0x4"},
           {"sha256:44136fa", "sha256:44136FA"},
           {"db/main/main-7.changes", "db/main/../main-7.changes"},
           {"db/main/main-7.changes", "/db/main/main-7.changes"},
           {"db/main/main-7.changes", "db//main-7.changes"},
           {"db/main/main-7.changes", "db/main/main-7 .changes"},
           {"db/main/main-7.changes", "db/main/main-8.changes.zzz"},
           {"summary +214", "summary 214"},
           {"~9 allow", "~9  allow"},
           {" compiler 0.1.0", ""},
           {"prev 41\n", "prev 041\n"},
           {"prev 41\n", "prev 41"},
           {"prev 41\n", ""},
           {"prev 41\n", "prev 41\nprev 41\n"},
           {"prev 41\n", "note hello\nprev 41\n"},
           {"prev 41\n", "prev 41\r\n"},
           {"prev 41\n", "prev 41\n\n"},
       }) {
    EXPECT_FALSE(ParseLeaf(Replaced(good, from, to)).ok()) << from << to;
  }
  EXPECT_FALSE(ParseLeaf("").ok());
  EXPECT_FALSE(ParseLeaf("\xef\xbb\xbf" + good).ok());
}

TEST(Leaf, RefusesEveryTruncation) {
  const std::string good = Text(Release());
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseLeaf(good.substr(0, size)).ok()) << size;
  }
}

TEST(Leaf, DoesNotWriteWhatItWouldNotRead) {
  Leaf leaf = Release();
  leaf.role = "db\nprev -";
  EXPECT_FALSE(FormatLeaf(leaf).ok());
  leaf = Release();
  std::swap(leaf.targets[0], leaf.targets[1]);
  EXPECT_FALSE(FormatLeaf(leaf).ok());
  leaf = Release();
  leaf.notes = {"a release has none"};
  EXPECT_FALSE(FormatLeaf(leaf).ok());
  leaf = Release();
  leaf.metadata.reset();
  EXPECT_FALSE(FormatLeaf(leaf).ok());
}

TEST(Leaf, OfTheSpecificationIsOne) {
  std::ifstream in(VITRINE_SOURCE_DIR "/docs/spec/leaf.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const size_t at = page.find("```\nvitrine/leaf/v1\n") + 4;
  const std::string example = page.substr(at, page.find("```", at) - at);
  const auto leaf = ParseLeaf(example);
  ASSERT_TRUE(leaf.ok()) << leaf.error().message;
  EXPECT_EQ(leaf.value().metadata->sha256, crypto::Sha256(AsBytes("{}")));
  EXPECT_EQ(leaf.value().contents[0],
            DescribeFile("db/main/main-1.vdb", AsBytes("a")));
}

TEST(Leaf, HasBounds) {
  Leaf leaf = Release();
  leaf.targets.clear();
  for (size_t i = 0; i <= kLeafLinesMax; ++i) {
    leaf.targets.push_back(
        DescribeFile("db/main/main-" + std::to_string(1000 + i), AsBytes("x")));
  }
  EXPECT_FALSE(FormatLeaf(leaf).ok());
  leaf.targets.pop_back();
  EXPECT_TRUE(FormatLeaf(leaf).ok());

  Leaf incident;
  incident.type = LeafType::kIncident;
  incident.role = "log";
  incident.notes = {std::string(kNoteMax, 'x')};
  EXPECT_TRUE(FormatLeaf(incident).ok());
  incident.notes[0] += 'x';
  EXPECT_FALSE(FormatLeaf(incident).ok());
  incident.notes.assign(kLeafLinesMax, std::string(kNoteMax, 'x'));
  EXPECT_EQ(FormatLeaf(incident).error().code, Code::kLimit);
}

}  // namespace
}  // namespace vitrine::update
