// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/sources/sources.h"
#include "engine/sources/yara_source.h"

namespace vitrine::engine::sources {
namespace {

class LoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("vitrine-loader-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  Loaded LoadAll(bool strict = true) {
    return LoadPaths({std::string(folder_)}, strict);
  }
  Loaded LoadPaths(const std::vector<std::string>& paths, bool strict = true) {
    LoadOptions options;
    options.strict = strict;
    return Load(paths, options);
  }

  static std::vector<std::string> Names(const Loaded& loaded) {
    std::vector<std::string> out;
    for (const ir::Rule& rule : loaded.program.rules) out.push_back(rule.name);
    return out;
  }
  static std::string Code(const Loaded& loaded) {
    const auto& all = loaded.program.diagnostics;
    return all.empty() ? "" : all[0].code;
  }

  std::filesystem::path folder_;
};

using Strings = std::vector<std::string>;

TEST_F(LoaderTest, ReadsAFolderByName) {
  Write("b.ndb", "B:0:*:616161\n");
  Write("a.ndb", "A:0:*:616161\n");
  Write(".h.ndb", "H:0:*:616161\n");
  Write("README", "x\n");
  Write("sub/c.ndb", "C:0:*:616161\n");
  const Loaded loaded = LoadAll();
  EXPECT_FALSE(loaded.refused);
  EXPECT_EQ(Names(loaded), (Strings{"H", "A", "B"}));
  EXPECT_EQ(loaded.program.files[1], std::string(folder_) + "/a.ndb");
  EXPECT_EQ(loaded.program.rules[1].source.file, 1u);
  // Whoever does not ask for clamscan's ways gets the folders below, too.
  EXPECT_EQ(Names(LoadAll(false)), (Strings{"H", "A", "B", "C"}));
}

TEST_F(LoaderTest, IgnoreListsComeFirstInAFolderOnly) {
  const std::string rules = Write("a.ndb", "A:0:*:616161\nB:0:*:616161\n");
  const std::string list = Write("z.ign2", "A\n");
  EXPECT_EQ(Names(LoadAll()), Strings{"B"});
  EXPECT_EQ(Names(LoadPaths({rules, list})), (Strings{"A", "B"}));
  EXPECT_EQ(Names(LoadPaths({list, rules})), Strings{"B"});
}

TEST_F(LoaderTest, OneBadLineRefusesAStrictLoadOnly) {
  Write("a.ndb", "A:0:*:616161\nzz\nB:0:*:616161\n");
  Write("b.ndb", "C:0:*:616161\n");
  const Loaded strict = LoadAll();
  EXPECT_TRUE(strict.refused);
  EXPECT_EQ(Code(strict), "bad-field-count");
  EXPECT_EQ(strict.program.diagnostics[0].line, 2u);
  const Loaded lenient = LoadAll(false);
  EXPECT_FALSE(lenient.refused);
  EXPECT_EQ(Names(lenient), (Strings{"A", "B", "C"}));
  EXPECT_EQ(lenient.program.diagnostics.size(), 1u);
}

TEST_F(LoaderTest, WhatCannotBeReadIsSaid) {
  EXPECT_EQ(Code(LoadPaths({std::string(folder_) + "/nope"})), "cannot-open");
  EXPECT_TRUE(LoadPaths({std::string(folder_) + "/nope"}, false).refused);
  EXPECT_EQ(Code(LoadAll()), "no-database");
  const std::string odd = Write("x.foo", "a\n");
  EXPECT_FALSE(LoadPaths({odd}).refused);
  EXPECT_EQ(Code(LoadPaths({odd})), "unknown-extension");
  EXPECT_TRUE(LoadAll().refused);
  const std::string empty = Write("e.ndb", "");
  EXPECT_EQ(Code(LoadPaths({empty})), "empty-file");
  EXPECT_TRUE(LoadPaths({empty}).refused);
  EXPECT_FALSE(LoadPaths({Write("e.ign2", "")}).refused);
  EXPECT_FALSE(LoadPaths({Write("c.ndb", "#x\n")}).refused);
}

TEST_F(LoaderTest, UnwantedAndUnaskedForFilesArePassedOver) {
  EXPECT_EQ(Code(LoadPaths({Write("b.cbc", "x\n")})), "bytecode-not-supported");
  const std::string unwanted = Write("a.ndu", "A:0:*:616161\n");
  EXPECT_TRUE(Names(LoadPaths({unwanted})).empty());
  LoadOptions options;
  options.detect_pua = true;
  EXPECT_EQ(Names(Load({unwanted}, options)), Strings{"A"});
}

TEST_F(LoaderTest, AFileTypeTableMustSaySomething) {
  const Loaded loaded =
      LoadPaths({Write("t.ftm", "0:0:4d5a:X:CL_TYPE_ANY:CL_TYPE_MSEXE:999\n")});
  EXPECT_TRUE(loaded.refused);
  EXPECT_EQ(Code(loaded), "empty-file-type-table");
}

TEST_F(LoaderTest, YaraFilesSpeakTheDialectOfTheLoad) {
  const std::string file =
      Write("t.yar", "rule T { strings: $a=\"aaaa\" condition: $a }");
  EXPECT_EQ(Names(LoadPaths({file})), Strings{"YARA.T"});
  EXPECT_EQ(Names(LoadPaths({file}, false)), Strings{"T"});
  Write("z.ign2", "T\n");
  const Loaded ignored = LoadAll();
  ASSERT_EQ(ignored.program.rules.size(), 1u);
  EXPECT_TRUE(ignored.program.rules[0].is_private);
}

TEST_F(LoaderTest, AYaraFileOfUnusableRulesRefusesAStrictLoad) {
  const std::string bad =
      "rule B { strings: $a={6d 61 ?? 6b [0-2] 72} condition: $a }\n";
  const std::string good = "rule G { strings: $a=\"aaaa\" condition: $a }\n";
  const std::string file = Write("t.yar", bad);
  EXPECT_TRUE(LoadPaths({file}).refused);
  EXPECT_FALSE(LoadPaths({Write("u.yar", bad + good)}).refused);
  EXPECT_FALSE(LoadPaths({Write("v.yar", "rule V {\n")}).refused);
}

TEST_F(LoaderTest, YaraIncludesStayBelowWhatWasNamed) {
  Write("in/lib/x.yar", "rule X { condition: true }");
  Write("in/a.yar", "include \"lib/x.yar\" rule A { condition: X }");
  Write("in/deep/b.yar", "include \"../lib/x.yar\" rule B { condition: X }");
  Write("out.yar", "rule O { condition: true }");
  const std::string bad =
      Write("in/c.yar", "include \"../out.yar\" rule C { condition: O }");
  const Loaded one = LoadPaths({std::string(folder_) + "/in/a.yar"}, false);
  EXPECT_EQ(Names(one), (Strings{"X", "A"}));
  const Loaded outside = LoadPaths({bad}, false);
  EXPECT_NE(Code(outside), "");
  const Strings names = Names(outside);
  EXPECT_EQ(std::count(names.begin(), names.end(), "O"), 0);
  const Strings all = Names(LoadPaths({std::string(folder_) + "/in"}, false));
  EXPECT_EQ(std::count(all.begin(), all.end(), "B"), 1);
}

TEST(YaraSourceTest, PathsAreMadeNormal) {
  EXPECT_EQ(Normal("/a/./b//../c"), "/a/c");
  EXPECT_EQ(Normal("/../a"), "/a");
  EXPECT_EQ(Normal("a/../../b"), "../b");
  EXPECT_EQ(Normal("./a"), "a");
  EXPECT_EQ(Normal("a/.."), ".");
}

}  // namespace
}  // namespace vitrine::engine::sources
