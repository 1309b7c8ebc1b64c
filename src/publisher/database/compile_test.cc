// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "publisher/database/compare.h"
#include "publisher/database/compile_sources.h"
#include "publisher/sources/source_tree.h"

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;
using update::Change;

const std::string kDigestA(32, 'a');
const std::string kDigestB(32, 'b');

class CompileTest : public testing::Test {
 protected:
  CompileTest()
      : folder_(fs::path(testing::TempDir()) /
                ("compile" + std::to_string(getpid()))) {}
  ~CompileTest() override { fs::remove_all(folder_); }

  struct Release {
    ByteVector archive;
    Compiled compiled;
    Manifest manifest;
    std::vector<update::ArchiveMember> members;
    std::vector<Entry> entries;
  };

  std::string At(const std::string& name) const { return folder_ / name; }

  Release Make(const std::string& where,
               const std::vector<SourceTree::File>& files) const {
    fs::remove_all(At(where));
    SourceTree tree = SourceTree::Create(At(where), "main").value();
    EXPECT_TRUE(
        tree.Replace("signatures/", files, {"Jane", "MIT", "Because"}).ok());
    Release out;
    out.archive = tree.Pack().value();
    // As one that was killed leaves it.
    fs::create_directories(At(where) + "/scratch/signatures");
    std::ofstream(At(where) + "/scratch/signatures/left.yar") << "rule left {";
    out.compiled = CompileSources(out.archive, At(where) + "/scratch").value();
    EXPECT_FALSE(fs::exists(At(where) + "/scratch"));
    out.members = update::ReadArchive(out.archive).value();
    out.manifest = tree.manifest();
    out.entries = EntriesOf(*out.compiled.database, out.members);
    return out;
  }

  fs::path folder_;
};

const std::vector<SourceTree::File> kFiles = {
    {"a.hdb", kDigestA + ":12:Win.A\n" + kDigestB + ":13:Win.B\n"},
    {"b.ndb", "Body.One:0:*:deadbeef01\nBody.Two:0:*:deadbeef02\n"},
    {"c.yar",
     "rule one { strings: $a = \"first\" condition: $a }\n"
     "rule two { strings: $a = \"second\"\n condition: $a }\n"},
    {"d.fp", std::string(32, 'c') + ":99:good.exe\n"}};

TEST_F(CompileTest, GivesTheSameBytesInEveryFolder) {
  const Release one = Make("one", kFiles);
  const Release two = Make("another/much deeper/folder", kFiles);
  EXPECT_EQ(one.archive, two.archive);
  const Bytes a = one.compiled.database->image();
  const Bytes b = two.compiled.database->image();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  EXPECT_EQ(one.compiled.database->Text(one.compiled.database->files()[0]),
            "signatures/a.hdb");
}

TEST_F(CompileTest, SaysWhichLineIsWrong) {
  auto files = kFiles;
  files[1].content += "broken line\n";
  const Release release = Make("t", files);
  ASSERT_EQ(release.compiled.diagnostics.size(), 1u);
  EXPECT_EQ(release.compiled.diagnostics[0].file, "signatures/b.ndb");
  EXPECT_EQ(release.compiled.diagnostics[0].line, 3u);
}

TEST_F(CompileTest, RefusesSourcesOfWhichNothingIsLeft) {
  SourceTree tree = SourceTree::Create(At("t"), "main").value();
  ASSERT_TRUE(
      tree.Replace("signatures/", {{"a.ndb", "broken\n"}}, {"a", "b", "c"})
          .ok());
  EXPECT_FALSE(CompileSources(tree.Pack().value(), At("scratch")).ok());
}

TEST_F(CompileTest, ListsAFirstReleaseByFile) {
  const Release release = Make("t", kFiles);
  update::ChangeList list = ListFirst(release.entries, release.manifest);
  list.version = 1;
  EXPECT_EQ(update::FormatChanges(list).value(),
            "vitrine/changes/v1\nchannel main\nversion 1\nfrom -\n"
            "summary +7 -0 ~0 allow+1\n\n"
            "author Jane\nlicence MIT\nreason Because\n"
            "+ file signatures/a.hdb 2\n"
            "+ file signatures/b.ndb 2\n"
            "+ file signatures/c.yar 2\n"
            "+ allow signatures/d.fp good.exe\n");
}

TEST_F(CompileTest, ListsWhatChanged) {
  const Release before = Make("t", kFiles);
  auto files = kFiles;
  files[0].content =
      kDigestB + ":13:Win.B2\n" + std::string(32, 'e') + ":7:Win.New\n";
  // Lines move; only texts count.
  files[1].content =
      "# a comment\nBody.Two:0:*:deadbeef02\n"
      "Body.One:0:*:deadbeef99\n";
  files[2].content =
      "rule zero { condition: false }\n"
      "rule one { strings: $a = \"first\" condition: $a }\n"
      "rule two { strings: $a = \"second!\"\n condition: $a }\n";
  files.push_back({"x.ign2", "Body.One\n"});
  Release after = Make("t2", files);
  after.manifest.Set({"", "Win.New", {"John", "CC0-1.0", "Seen today"}});
  update::ChangeList list = CompareEntries(before.entries, before.manifest,
                                           after.entries, after.manifest);
  list.version = 2;
  list.from = 1;
  EXPECT_EQ(update::FormatChanges(list).value(),
            "vitrine/changes/v1\nchannel main\nversion 2\nfrom 1\n"
            "summary +3 -2 ~2 allow+1\n\n"
            "author Jane\nlicence MIT\nreason Because\n"
            "- hash signatures/a.hdb Win.A\n"
            "~ hash signatures/a.hdb Win.B2\n"
            "- rule signatures/b.ndb Body.One\n"
            "+ rule signatures/c.yar zero\n"
            "~ rule signatures/c.yar two\n"
            "+ allow signatures/x.ign2 Body.One\n\n"
            "author John\nlicence CC0-1.0\nreason Seen today\n"
            "+ hash signatures/a.hdb Win.New\n");
}

TEST_F(CompileTest, ListsNothingWhereNothingChanged) {
  const Release release = Make("t", kFiles);
  EXPECT_TRUE(CompareEntries(release.entries, release.manifest, release.entries,
                             release.manifest)
                  .groups.empty());
}

TEST_F(CompileTest, PairsEntriesOfOneNameInTheirOrder) {
  const Release before =
      Make("t", {{"b.ndb", "Same:0:*:deadbeef01\nSame:0:*:deadbeef02\n"}});
  const Release after =
      Make("t2", {{"b.ndb",
                   "Same:0:*:deadbeef01\nSame:0:*:deadbeef03\n"
                   "Same:0:*:deadbeef04\n"}});
  const auto list = CompareEntries(before.entries, before.manifest,
                                   after.entries, after.manifest);
  const auto summary = update::Summarise(list);
  EXPECT_EQ(summary.added, 1u);
  EXPECT_EQ(summary.changed, 1u);
  EXPECT_EQ(summary.removed, 0u);
}

}  // namespace
}  // namespace vitrine::publisher
