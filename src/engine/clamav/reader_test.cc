// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vitrine::engine::clamav {
namespace {

constexpr char kMd5[] = "1eca89eeb06fffbdbf93daf2bd9ec8a7";

struct Read {
  ir::Program program;
  ReadResult result;

  size_t entries() const {
    return program.rules.size() + program.hashes.size() +
           program.auxiliaries.size();
  }
  // "" where nothing was refused.
  std::string code() const {
    return program.diagnostics.empty() ? "" : program.diagnostics[0].code;
  }
};

Read ReadText(const std::string& extension, const std::string& text,
              ReadState state = {}) {
  Read out;
  const Extension* const found = ExtensionOf("t." + extension);
  EXPECT_NE(found, nullptr) << extension;
  if (found != nullptr) {
    out.result =
        ReadFile(*found, "t." + extension, 0, text, true, state, out.program);
  }
  return out;
}

struct Case {
  std::string line;
  // 1 taken, 0 skipped, else the diagnostic's code.
  std::string outcome;
};

void Check(const std::string& extension, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Read read = ReadText(extension, c.line + "\n");
    const std::string got =
        read.code().empty() ? std::to_string(read.entries()) : read.code();
    EXPECT_EQ(got, c.outcome) << extension << " " << c.line;
  }
}

// Every outcome here is clamscan 1.4.6's.
TEST(ReaderTest, HashLines) {
  const std::string md5 = kMd5;
  Check("hdb", {{md5 + ":20:T", "1"},
                {md5 + ":20:T:", "1"},
                {md5 + ":20:T:51:255", "1"},
                {md5 + ":20:T:abc", "1"},
                {md5 + ":+20:T", "1"},
                {md5 + ": 20:T", "1"},
                {md5 + ":020:T ", "1"},
                {md5 + ":*:T:73", "1"},
                {md5 + ":4294967294:T", "1"},
                {"1ECA89EEB06FFFBDBF93DAF2BD9EC8A7:20:T", "1"},
                {md5 + "00000000:20:T", "1"},
                {md5 + md5 + ":20:T", "1"},
                {md5 + ":20:T:51:", "0"},
                {md5 + ":20:T:51:60", "0"},
                {md5 + ":20:T:300", "0"},
                {md5 + ":20:T:-1", "0"},
                {md5 + ":*:T:300", "0"},
                {"#c", "0"},
                {md5 + ":*:T:72", "bad-level"},
                {md5 + ":*:T", "bad-level"},
                {md5 + ":0:T", "bad-size"},
                {md5 + ":-1:T", "bad-size"},
                {md5 + ":20 :T", "bad-size"},
                {md5 + ":abc:T", "bad-size"},
                {md5 + "::T", "bad-size"},
                {md5 + ":4294967295:T", "bad-size"},
                {"1eca:20:T", "bad-digest"},
                {md5 + "zz:20:T", "bad-digest"},
                {":20:T", "bad-digest"},
                {" " + md5 + ":20:T", "bad-digest"},
                {md5 + ":20:", "bad-name"},
                {md5 + ":20", "bad-field-count"},
                {md5 + ":20:T:51:255:x", "bad-field-count"},
                {" #c", "bad-field-count"},
                {"", "blank-line"}});
  Check("mdb", {{"20:" + md5 + ":T", "1"},
                {"*:" + md5 + ":T:73", "1"},
                {"*:" + md5 + ":T", "bad-level"},
                {md5 + ":20:T", "bad-size"}});
  Check("imp", {{md5 + ":20:T", "1"}, {md5 + ":*:T", "1"}});
  Check("fp", {{md5 + ":20:T", "1"}, {md5 + ":20:", "bad-name"}});
}

TEST(ReaderTest, BodyLines) {
  Check("ndb", {{"T:0:*:616161", "1"},
                {"T:0:*:616161:", "1"},
                {"T:0:*:616161:51:255", "1"},
                {"T::*:616161", "1"},
                {"T:00:*:616161", "1"},
                {"T:14:*:616161", "1"},
                {"T:0::616161", "1"},
                {"T:0:*:616161::255", "1"},
                {"T:0:*:616161:4294967297", "1"},
                {"T x:0:*:616161\r", "1"},
                {"T:0:*:616161:51:", "0"},
                {"T:0:*:616161:0:60", "0"},
                {"T:15:bogus:zz", "0"},
                {"T:0:bogus:zz:999", "0"},
                {"T:0:*:616161:999:zz", "0"},
                {"T:0:*:616161:51:abc", "bad-level"},
                {"T:0:*:616161:+51", "bad-level"},
                {"T:a:*:616161", "bad-target"},
                {"T: 0:*:616161", "bad-target"},
                {":0:*:616161", "bad-name"},
                {"T:0:*", "bad-field-count"},
                {"T:0:*:616161:51:255:", "bad-field-count"},
                {"T:0:*:616161 ", "bad-pattern"},
                {"T:0:*:", "bad-pattern"},
                {"T:0:*:6161616", "bad-pattern"},
                {"T:0:EP+0:616161", "bad-pattern"},
                {" ", "bad-field-count"}});
  Check("db", {{"T=616161", "1"},
               {"T (x)=616161", "1"},
               {"T = 616161", "bad-pattern"},
               {"T=616161=6", "bad-pattern"},
               {"=616161", "bad-name"},
               {"T 616161", "bad-field-count"}});
}

TEST(ReaderTest, LogicalLines) {
  Check(
      "ldb",
      {{"T;Target:0;0;616161", "1"},
       {"T x;Target:0;0;6161", "1"},
       {"T/x/y;Target:0;0;616161", "1"},
       {"T;Target:0;1;61616161;62626262", "1"},
       {"T;Target:0;0;616161::", "1"},
       {"T;Target:0;0;616161::i::w", "1"},
       {"T;Target:0;0;4:616161::i", "1"},
       {"T;Target:0;0&1;616161;0/a;b/", "1"},
       {"T;Target:0;0&1&2;616161;0/a\\/b/;62626262", "1"},
       {"T;Target:0;0&1;616161;0/a/b/", "1"},
       {"T;Target:0;0&1;616161;4,:0/a/i::i", "1"},
       {"T;Target:0;0;fuzzy_img#0123456789abcdef#0", "1"},
       {"T;Target:0;0&1;616161;${6-7}12$", "1"},
       {"T;Target:0,Unknown:1;0;zz", "0"},
       {"T;Engine:51-60,Target:0;0;zz", "0"},
       {"T;Target:99;0;zz", "0"},
       {"T;Target:0;0", "bad-field-count"},
       {";Target:0;0;616161", "bad-name"},
       {"T;Target:0;0;", "bad-subsignature"},
       {"T;Target:0;0;616161;", "wrong-subsignature-count"},
       {"T;Target:0;0|2;616161;616161", "wrong-subsignature-count"},
       {"T;Engine:51-60,Target:0;0;zz;zz", "wrong-subsignature-count"},
       {"T;Target:99;zz;zz", "bad-expression"},
       {"T;Target:0,Unknown;0;zz", "bad-target-block"},
       {"T;Target:0;0;616161::q", "bad-subsignature"},
       {"T;Target:0;0;616161::i*62", "bad-subsignature"},
       {"T;Target:0;0;4:616161::i::i", "bad-subsignature"},
       {"T;Target:0;0;::616161", "bad-subsignature"},
       {"T;Target:0;0&1;616161;0//", "bad-subsignature"},
       {"T;Target:0;0&1;616161;0/a/q", "bad-subsignature"},
       {"T;Target:0;0&1;616161;1/a/", "bad-subsignature"},
       {"T;Target:0;0&1;616161;2/a/", "bad-subsignature"},
       {"T;Target:0;0&1;616161;/a/", "bad-subsignature"},
       {"T;Target:0;0&1;616161;0/(/", "bad-subsignature"},
       {"T;Target:0;0&1;616161;0/a", "bad-subsignature"},
       {"T;Target:0;0&1;616161;EP+0:0/a/", "bad-subsignature"},
       {"T;Target:0;0&1&2;616161;0/a/b/;62626262", "wrong-subsignature-count"},
       {"T;Target:0;0;fuzzy_img#0123456789abcdef#1", "bad-subsignature"},
       {"T;Target:0;0;fuzzy_img#0123", "bad-subsignature"},
       {"T;Target:0;0&1;616161;${6-7}32$", "bad-subsignature"}});
}

TEST(ReaderTest, TargetBlocks) {
  const auto with = [](const std::string& block) {
    return "T;" + block + ";0;616161";
  };
  std::vector<Case> cases;
  for (const char* taken :
       {"Target:0", "Target:", "Target:13", "Target:1,Target:0",
        "Engine:51-255,Target:0", "Engine:-255,Target:0",
        "Engine:51-255,Target:0,FileSize:20-20",
        "Engine:51-255,Target:0,FileSize:30-10",
        "Engine:51-255,Target:0,FileSize:-",
        "Engine:51-255,Target:6,NumberOfSections:1-2",
        "Engine:51-255,Target:0,HandlerType:CL_TYPE_PDF",
        "Engine:51-255,Target:0,Container:CL_TYPE_MHTML",
        "Engine:51-255,Target:0,Intermediates:CL_TYPE_ANY>CL_TYPE_ZIP",
        "Engine:51-255,Target:1,IconGroup1:X"}) {
    cases.push_back({with(taken), "1"});
  }
  for (const char* skipped :
       {"Target:15", "Target:0,Target:99", "Unknown:1", " Target:0",
        "Engine:300-400", "Engine:51-,Target:0", "Engine:60-51,Target:0",
        "Engine:51-255,Target:0,Container:CL_TYPE_FOO",
        "Engine:51-255,Target:0,Intermediates:CL_TYPE_ZIP>",
        "Unknown:bogus,Target:abc"}) {
    cases.push_back({with(skipped), "0"});
  }
  for (const char* refused :
       {"", "Target", "Target:abc", "Target:-1", "Target:0 ", "Target:0:1",
        "Target:0,", ",Target:0", "Engine:51,Target:0",
        "Engine:51-255-3,Target:0", "Engine:51-255", "Target:0,Engine:51-255",
        "Target:0,FileSize:1-2", "Engine:50-255,Target:0,FileSize:1-2",
        "Engine:51-255,Target:0,FileSize:20",
        "Engine:51-255,Target:0,FileSize:+1-30",
        "Engine:51-255,Target:0,EntryPoint:1-2",
        "Engine:51-255,Target:0,IconGroup1:X", "Engine:300-400,Bad"}) {
    cases.push_back({with(refused), "bad-target-block"});
  }
  Check("ldb", cases);
}

TEST(ReaderTest, ContainerAndTypeLines) {
  Check("cdb", {{"T:CL_TYPE_ZIP:*:evil:*:*:*:*:*:*", "1"},
                {"T:*:200-300:*:*:24:0:1-2:zz:foo:51", "1"},
                {"T:CL_TYPE_ZIP:*:evil:*:*:*:*:*:*:300", "0"},
                {"T:CL_TYPE_FOO:*:evil:*:*:*:*:*:*", "unknown-type"},
                {"T:*:1-9x:a:+1- 9:1-2-3:*:*:*:*", "1"},
                {"T:*:1x-9:evil:*:*:*:*:*:*", "bad-size"},
                {"T:CL_TYPE_ZIP:1-:evil:*:*:*:*:*:*", "bad-size"},
                {"T:CL_TYPE_ZIP:+2:evil:*:*:*:*:*:*", "bad-size"},
                {"T:CL_TYPE_ZIP:*:evil:*:*:2:*:*:*", "bad-flag"},
                {"T:CL_TYPE_ZIP:*:(:*:*:*:*:*:*", "bad-regular-expression"},
                {"T:CL_TYPE_ZIP:*::*:*:*:*:*:*", "bad-regular-expression"},
                {":CL_TYPE_ZIP:*:evil:*:*:*:*:*:*", "bad-name"},
                {"T:CL_TYPE_ZIP:*:evil:*:*:*:*:*", "bad-field-count"},
                {"T:CL_TYPE_ZIP:*:evil:*:*:*:*:*:*:abc", "bad-level"}});
  Check("ftm", {{"0:0:01020304:X:CL_TYPE_ANY:CL_TYPE_PDF", "1"},
                {"0:0::X:CL_TYPE_ANY:CL_TYPE_PDF:51", "1"},
                {"1:*:01020304:X:CL_TYPE_ANY:CL_TYPE_PDF", "1"},
                {"1:EOF-4:04030201:X:CL_TYPE_ANY:CL_TYPE_PDF", "1"},
                {"4:0:01020304:X:CL_TYPE_ANY:CL_TYPE_PDF", "1"},
                {"0:0:01020304:X:CL_TYPE_ANY:CL_TYPE_PDF:999", "0"},
                {"0:0:01020304:X:CL_TYPE_ANY:CL_TYPE_FOO", "0"},
                {"2:0:01020304:X:CL_TYPE_ANY:CL_TYPE_PDF", "bad-kind"},
                {"0:*:01020304:X:CL_TYPE_ANY:CL_TYPE_PDF", "bad-offset"},
                {"0:0:01??:X:CL_TYPE_ANY:CL_TYPE_PDF", "bad-pattern"},
                {"1:*:61*616161:X:CL_TYPE_ANY:CL_TYPE_PDF", "bad-pattern"},
                {"0:0:0102:X:CL_TYPE_ANY", "bad-field-count"}});
}

TEST(ReaderTest, SmallFormats) {
  Check("pdb", {{"H:paypal.com", "1"},
                {"H:paypal.com:51-255", "1"},
                {"R1:.+:x", "1"},
                {"", "0"},
                {"H:paypal.com:300-", "0"},
                {"R:.+", "bad-regular-expression"},
                {"R:(:x", "bad-regular-expression"},
                {"H:", "bad-kind"},
                {"X:a:b", "bad-kind"},
                {" ", "bad-kind"}});
  Check("wdb", {{"M:a.com:b.com", "1"},
                {"X:a\\.com:b", "1"},
                {"X:.+:.+", "bad-regular-expression"},
                {"H:a.com", "bad-kind"}});
  Check("gdb", {{"S:P:01020304", "1"},
                {"S:P:zz", "bad-digest"},
                {"S:X:01020304", "bad-kind"},
                {"Q:P:0102", "bad-kind"}});
  Check("pwdb", {{"N;Engine:81-255;0;pass", "1"},
                 {"N;Engine:81-255,Container:CL_TYPE_ZIP;1;7061", "1"},
                 {"N;Target:0;0;", "1"},
                 {"N;Engine:81-255;1;zz", "bad-password"},
                 {"N;Engine:81-255;2;x", "bad-kind"},
                 {"N;Engine:300-400;0;a", "bad-target-block"},
                 {"N;;0;x", "bad-target-block"},
                 {"N;0;x", "bad-field-count"}});
  Check("cfg", {{"DOCUMENT:0x5:51:255", "1"},
                {"FOO:0x5", "1"},
                {"DOCUMENT:5:51:255", "bad-flag"},
                {"DOCUMENT:zz", "bad-flag"}});
  Check("idb", {{"N:G1:G2:20" + std::string(122, '0'), "1"},
                {"N:G1:G2:30" + std::string(122, '0'), "bad-size"},
                {"N:G1:G2:zz", "bad-digest"},
                {"N:G1:G2", "bad-field-count"}});
  const std::string sha1(40, '0');
  Check("crb", {{"N;1;" + sha1 + ";;0101;010001;1;1;1;0;c", "1"},
                {"N;1;;;0101;010001;1;1;1;0;c", "bad-digest"},
                {"N;1;" + sha1 + ";;zz;010001;1;1;1;0;c", "bad-key"},
                {"N;2;" + sha1 + ";;0101;010001;1;1;1;0;c", "bad-flag"},
                {"N;0", "bad-field-count"}});
  Check("ign2", {{"TestSig", "0"},
                 {std::string("TestSig:") + kMd5, "0"},
                 {"t.ndb:1:TestSig", "0"},
                 {"TestSig:zz", "bad-digest"},
                 {std::string("ab:") + kMd5, "bad-name"},
                 {"a:b:c:d", "bad-field-count"},
                 {"", "blank-line"}});
  Check("zmd", {{"T:0:*:616161", "obsolete-format"}});
}

TEST(ReaderTest, IgnoresByNameOrByLine) {
  const auto ignoring = [](const std::string& text) {
    ReadState state;
    EXPECT_FALSE(state.ignored.Read(text).has_value());
    return state;
  };
  const std::string line = "TestSig:0:*:616161";
  EXPECT_EQ(ReadText("ndb", line, ignoring("TestSig")).entries(), 0u);
  EXPECT_EQ(ReadText("ndb", line, ignoring("x:1:TestSig")).entries(), 0u);
  EXPECT_EQ(ReadText("ndb", line, ignoring("testsig")).entries(), 1u);
  const std::string md5 = "fc972f9df147aa66fadd8f35865d37dc";
  EXPECT_EQ(
      ReadText("ndb", line + "\r\n", ignoring("TestSig:" + md5)).entries(), 0u);
  EXPECT_EQ(ReadText("ndb", line, ignoring("TestSig:" + std::string(32, '0')))
                .entries(),
            1u);
  // Ignored before it is looked at closely, but not before its fields.
  EXPECT_EQ(ReadText("ndb", "TestSig:0:*:zz", ignoring("TestSig")).code(), "");
  EXPECT_EQ(ReadText("ndb", "TestSig:0:zz", ignoring("TestSig")).code(),
            "bad-field-count");
}

TEST(ReaderTest, DiagnosticsSayWhere) {
  const Read read =
      ReadText("ldb", "#c\nA;Target:0;0;616161\nB;Target:0;0&1;616161;zz\nC\n");
  ASSERT_EQ(read.program.diagnostics.size(), 1u);
  const Diagnostic& diagnostic = read.program.diagnostics[0];
  EXPECT_EQ(diagnostic.file, "t.ldb");
  EXPECT_EQ(diagnostic.line, 3u);
  EXPECT_EQ(diagnostic.column, 23u);
  EXPECT_EQ(diagnostic.message.substr(0, 16), "subsignature 1: ");
  EXPECT_EQ(read.program.rules.size(), 1u);
  EXPECT_EQ(read.program.rules[0].source.line, 2u);
}

TEST(ReaderTest, GoesOnAfterABadLineUnlessToldNotTo) {
  const Extension* const extension = ExtensionOf("x/T.NDB");
  ASSERT_NE(extension, nullptr);
  const std::string text = "A:0:*:616161\nzz\nB:0:*:616161";
  ReadState ignored;
  ir::Program all;
  EXPECT_EQ(ReadFile(*extension, "t", 0, text, false, ignored, all).taken, 2u);
  EXPECT_EQ(all.diagnostics.size(), 1u);
  ir::Program strict;
  EXPECT_EQ(ReadFile(*extension, "t", 0, text, true, ignored, strict).taken,
            1u);
}

TEST(ReaderTest, RulesCarryTargetGateAndPrecheck) {
  const Read read =
      ReadText("ldb",
               "T;Engine:81-255,FileSize:10-20,Target:6;(0|1)&2;616161;626262;"
               "0/x/\n");
  ASSERT_EQ(read.program.rules.size(), 1u);
  const ir::Rule& rule = read.program.rules[0];
  EXPECT_EQ(rule.targets, 1u << 6);
  EXPECT_EQ(rule.precheck.size_min, 10u);
  EXPECT_EQ(rule.precheck.size_max, 20u);
  ASSERT_EQ(rule.patterns.size(), 2u);
  EXPECT_EQ(rule.patterns[1].id, "1");
  // (0 or 1) and, for the expression, 0.
  ASSERT_EQ(rule.gate.kind, ir::Gate::Kind::kAtLeast);
  EXPECT_EQ(rule.gate.at_least, 2u);
}

TEST(ReaderTest, UnusedSubsignaturesMakeNoPatterns) {
  const Read read = ReadText(
      "ldb", "T;Target:0;2;616161;626262;1/x/\nU;Target:0;1;61;6262\n");
  ASSERT_EQ(read.program.rules.size(), 1u);
  ASSERT_EQ(read.program.rules[0].patterns.size(), 1u);
  EXPECT_EQ(read.program.rules[0].patterns[0].id, "1");
  EXPECT_EQ(read.code(), "bad-subsignature");  // Though not used.
}

TEST(ReaderTest, TriggersOfTriggersDoNotBlowUp) {
  std::string line = "T;Target:0;63;616161";
  for (int i = 1; i < 64; ++i) {
    const std::string before = std::to_string(i - 1);
    line += ";" + before + "|" + before + "/x/";
  }
  const Read read = ReadText("ldb", line);
  ASSERT_EQ(read.program.rules.size(), 1u) << read.code();
  EXPECT_LT(read.program.rules[0].code.size(), 10'000u);
}

}  // namespace
}  // namespace vitrine::engine::clamav
