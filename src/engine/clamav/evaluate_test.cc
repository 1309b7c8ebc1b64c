// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "engine/body/body.h"
#include "engine/clamav/clamav.h"
#include "engine/clamav/reader.h"

namespace vitrine::engine::clamav {
namespace {

class PlainMatches final : public MatchSource {
 public:
  PlainMatches(const ir::Rule& rule, Bytes bytes)
      : rule_(rule), bytes_(bytes) {}
  bool Exists(uint32_t pattern) override {
    return !All(pattern).matches.empty();
  }
  const MatchList& All(uint32_t pattern) override {
    asked.push_back(pattern);
    const auto [at, fresh] = found_.try_emplace(pattern);
    if (fresh && pattern < rule_.patterns.size()) {
      struct Sink final : MatchSink {
        MatchList* list = nullptr;
        bool Add(const Match& match) override {
          list->matches.push_back(match);
          return true;
        }
      } sink;
      sink.list = &at->second;
      EXPECT_TRUE(body::FindAll(rule_.patterns[pattern].code, {bytes_, nullptr},
                                0, sink, Deadline::Never())
                      .ok());
    }
    return at->second;
  }

  std::vector<uint32_t> asked;

 private:
  const ir::Rule& rule_;
  Bytes bytes_;
  std::map<uint32_t, MatchList> found_;
};

class PlainEnvironment final : public Environment {
 public:
  explicit PlainEnvironment(Object& object) : object_(object) {}
  Object& object() override { return object_; }
  Bytes view() override { return object_.bytes(); }
  const ScanOptions& options() override { return scan_options; }
  Deadline deadline() override { return Deadline::Never(); }
  std::vector<Bytes> Icons() override { return {}; }
  std::optional<uint64_t> ImageHash() override { return image_hash; }
  void Rescan(FileType type) override { rescans.push_back(type); }

  ScanOptions scan_options;
  std::optional<uint64_t> image_hash;
  std::vector<FileType> rescans;

 private:
  Object& object_;
};

ir::Rule Rule(const std::string& line) {
  ReadState ignored;
  ir::Program program;
  ReadFile(*ExtensionOf("t.ldb"), "t.ldb", 0, line, true, ignored, program);
  EXPECT_TRUE(program.diagnostics.empty())
      << line << ": " << program.diagnostics[0].message;
  EXPECT_EQ(program.rules.size(), 1u) << line;
  return program.rules.empty() ? ir::Rule{} : std::move(program.rules[0]);
}

bool RunLine(const std::string& line, std::string_view input) {
  const ir::Rule rule = Rule(line);
  Object object(AsBytes(input), FileType::kBINARY_DATA);
  PlainEnvironment environment(object);
  PlainMatches matches(rule, AsBytes(input));
  const Result<bool> holds = Evaluate(rule.code, matches, environment);
  EXPECT_TRUE(holds.ok()) << holds.error().message;
  return holds.ok() && holds.value();
}

// `world` at 4 and 16, `hello` at 10, 25 bytes: as clamscan 1.4.6 found them.
constexpr std::string_view kWorlds =
    "\x01\x02\x03\x04world hello world\x04\x03\x02\x01";

bool Finds(const std::string& offset, const std::string& expression,
           const std::string& flags, const std::string& expect = "0&1") {
  return RunLine("T;Engine:81-255,Target:0;" + expect + ";68656c6c6f;" +
                     offset + "0/" + expression + "/" + flags,
                 kWorlds);
}

TEST(EvaluateTest, RegularExpressionsStartWhereTheirOffsetSays) {
  struct Case {
    const char* offset;
    const char* flags;
    bool found;
  };
  for (const Case& c : std::vector<Case>{
           {"", "", true},          {"*:", "e", true},
           {"0:", "", false},       {"0:", "r", true},
           {"0:", "ge", false},     {"0:", "gre", true},
           {"4:", "", true},        {"4:", "e", true},
           {"4,:", "", true},       {"5:", "", false},
           {"5:", "re", true},      {"17:", "r", false},
           {"0,3:", "", false},     {"0,4:", "", true},
           {"0,4:", "e", false},    {"0,8:", "e", false},
           {"0,9:", "e", true},     {"5,10:", "r", false},
           {"5,11:", "", true},     {"5,15:", "re", false},
           {"5,16:", "e", true},    {"EOF-9:", "", true},
           {"EOF-10:", "", false},  {"EOF-10:", "r", true},
           {"EOF-12,3:", "", true}, {"EOF-12,3:", "e", false},
           {"EOF-30:", "r", false}, {"100:", "r", false},
       }) {
    EXPECT_EQ(Finds(c.offset, "world", c.flags), c.found)
        << c.offset << " " << c.flags;
  }
}

TEST(EvaluateTest, RegularExpressionsSeeNothingBeforeTheirOffset) {
  EXPECT_TRUE(Finds("10:", "(?<=hello )world", "r"));
  EXPECT_FALSE(Finds("16:", "(?<=hello )world", ""));
  EXPECT_TRUE(Finds("4:", "^world", ""));
  EXPECT_FALSE(Finds("", "^world", ""));
  EXPECT_TRUE(Finds("16,5:", "world$", "e"));
  EXPECT_FALSE(Finds("16,4:", "world$", "e"));
}

TEST(EvaluateTest, RegularExpressionsCountWithG) {
  const auto count = [](const std::string& offset, const std::string& flags) {
    for (int n = 0; n < 4; ++n) {
      if (Finds(offset, "world", flags, "0&1=" + std::to_string(n))) return n;
    }
    return -1;
  };
  EXPECT_EQ(count("", ""), 1);
  EXPECT_EQ(count("", "g"), 2);
  EXPECT_EQ(count("4:", "g"), 1);
  EXPECT_EQ(count("4:", "gr"), 2);
  EXPECT_EQ(count("0,100:", "g"), 2);
  EXPECT_EQ(count("5,11:", "g"), 1);
  EXPECT_EQ(count("5:", "g"), 0);
  // Where clamscan never comes back.
  EXPECT_TRUE(Finds("", "x*", "g", "0&1>1"));
}

TEST(EvaluateTest, RegularExpressionsWaitForTheirTrigger) {
  const std::string head = "T;Engine:81-255,Target:0;";
  EXPECT_FALSE(RunLine(head + "1;68656c6c6f;0>1/world/", kWorlds));
  EXPECT_TRUE(RunLine(head + "1;68656c6c78;0=0/world/", kWorlds));
  EXPECT_TRUE(RunLine(head + "2;68656c6c6f;0/world/;1/hello/", kWorlds));
  EXPECT_FALSE(RunLine(head + "2;68656c6c6f;0/worxd/;1/hello/", kWorlds));
  EXPECT_TRUE(RunLine(head + "0&1=0;68656c6c6f;0/worxd/", kWorlds));
}

TEST(EvaluateTest, AHopelessRegularExpressionIsALimitNotANo) {
  const ir::Rule rule = Rule(
      "T;Engine:81-255,Target:0;0&1;61616161;"
      "0/(a+)+[bc]/");
  const std::string input(64, 'a');
  Object object(AsBytes(input), FileType::kBINARY_DATA);
  PlainEnvironment environment(object);
  PlainMatches matches(rule, AsBytes(input));
  const Result<bool> holds = Evaluate(rule.code, matches, environment);
  ASSERT_FALSE(holds.ok());
  EXPECT_EQ(holds.error().code, Code::kLimit);
  environment.scan_options.pcre_max_filesize = 10;
  EXPECT_EQ(Evaluate(rule.code, matches, environment).error().code,
            Code::kLimit);
}

TEST(EvaluateTest, AsksForPositionsOnlyWhereTheyMatter) {
  const ir::Rule rule = Rule("T;Target:0;0=1&1;68656c6c6f;6e6f7468657265");
  Object object(AsBytes(kWorlds), FileType::kBINARY_DATA);
  PlainEnvironment environment(object);
  PlainMatches matches(rule, AsBytes(kWorlds));
  EXPECT_FALSE(Evaluate(rule.code, matches, environment).value());
  // 1 is absent, which is cheaper to find out than how often 0 is there.
  EXPECT_EQ(matches.asked, std::vector<uint32_t>{1});
}

TEST(EvaluateTest, ContainersAreMatchedFromTheInside) {
  const auto in = [](const std::string& condition,
                     std::vector<FileType> containers) {
    const ir::Rule rule =
        Rule("T;Engine:81-255,Target:0," + condition + ";0;68656c6c6f");
    Object object(AsBytes(kWorlds), FileType::kBINARY_DATA);
    object.containers = std::move(containers);
    PlainEnvironment environment(object);
    PlainMatches matches(rule, AsBytes(kWorlds));
    return Evaluate(rule.code, matches, environment).value();
  };
  constexpr FileType kZip = FileType::kZIP;
  constexpr FileType kTar = FileType::kPOSIX_TAR;
  EXPECT_TRUE(in("Container:CL_TYPE_ZIP", {kTar, kZip}));
  EXPECT_FALSE(in("Container:CL_TYPE_ZIP", {kZip, kTar}));
  EXPECT_FALSE(in("Container:CL_TYPE_ZIP", {}));
  EXPECT_TRUE(in("Container:CL_TYPE_ANY", {}));
  EXPECT_FALSE(in("Container:CL_TYPE_ANY", {kZip}));
  EXPECT_TRUE(in("Intermediates:CL_TYPE_ANY>CL_TYPE_POSIX_TAR", {kZip, kTar}));
  EXPECT_FALSE(in("Intermediates:CL_TYPE_ANY>CL_TYPE_POSIX_TAR", {kTar}));
  EXPECT_TRUE(in("Intermediates:CL_TYPE_ZIP", {kTar, kZip}));
  EXPECT_FALSE(in("Intermediates:CL_TYPE_ZIP>CL_TYPE_ANY", {kTar, kTar}));
  // ANY asks for one container more, but stands for none.
  EXPECT_TRUE(in("Intermediates:CL_TYPE_ZIP>CL_TYPE_ANY", {kTar, kZip}));
  EXPECT_FALSE(in("Intermediates:CL_TYPE_ZIP>CL_TYPE_ANY", {kZip, kTar}));
  EXPECT_FALSE(in("Intermediates:CL_TYPE_ZIP>CL_TYPE_ANY", {kZip}));
}

TEST(EvaluateTest, HandlerTypeAlertsAndRescans) {
  const ir::Rule rule =
      Rule("T;Engine:51-255,Target:0,HandlerType:CL_TYPE_PDF;0;68656c6c6f");
  Object object(AsBytes(kWorlds), FileType::kBINARY_DATA);
  PlainEnvironment environment(object);
  PlainMatches matches(rule, AsBytes(kWorlds));
  EXPECT_TRUE(Evaluate(rule.code, matches, environment).value());
  EXPECT_EQ(environment.rescans, std::vector<FileType>{FileType::kPDF});
}

TEST(EvaluateTest, PicturesMatchByTheirHash) {
  const ir::Rule rule =
      Rule("T;Engine:150-255,Target:0;0;fuzzy_img#0123456789abcdef#0");
  Object object(AsBytes(kWorlds), FileType::kPNG);
  PlainEnvironment environment(object);
  PlainMatches matches(rule, AsBytes(kWorlds));
  EXPECT_FALSE(Evaluate(rule.code, matches, environment).value());
  environment.image_hash = 0x0123456789abcdef;
  EXPECT_TRUE(Evaluate(rule.code, matches, environment).value());
}

// As clamscan 1.4.6 answered, its documentation's example included.
TEST(EvaluateTest, MacrosLookBackFromTheNextAnchor) {
  ReadState state;
  ir::Program program;
  ReadFile(*ExtensionOf("t.ldb"), "t.ldb", 0,
           "T;Engine:51-255,Target:0;0&1;616161;${6-7}12$", true, state,
           program);
  ReadFile(*ExtensionOf("t.ndb"), "t.ndb", 1,
           "A:0:$12:626262\nB:0:$12:636363\nC:0:$30:626264\nD:1:$12:626264",
           true, state, program);
  state.macros.Resolve(program);
  ASSERT_EQ(program.rules.size(), 1u);
  ASSERT_EQ(program.rules[0].patterns.size(), 3u);
  const auto holds = [&](const std::string& text) {
    Object object(AsBytes(text), FileType::kBINARY_DATA);
    PlainEnvironment environment(object);
    PlainMatches matches(program.rules[0], AsBytes(text));
    return Evaluate(program.rules[0].code, matches, environment).value();
  };
  EXPECT_TRUE(holds("1234aaaXXXbbbaaa"));
  EXPECT_TRUE(holds("1234aaaXXXXccc_aaa"));
  EXPECT_TRUE(holds("1234aaaXXXccc_aaa_aaa"));
  EXPECT_FALSE(holds("1234aaaXXXbbb"));
  EXPECT_FALSE(holds("1234aaa__aaaXXXbbb"));
  EXPECT_FALSE(holds("1234aaaXXXbbdaaa"));
  EXPECT_FALSE(holds("1234aaa_cccaaa"));
}

// Every prefix and every changed byte of good code: an answer or an error.
TEST(EvaluateTest, BrokenCodeIsNoHarm) {
  const ir::Rule rule = Rule(
      "T;Engine:81-255,Target:0,FileSize:1-99,Intermediates:CL_TYPE_ANY;"
      "(0|1)>1,1&2&3;68656c6c6f;776f726c64;0/w.r/g;0(>>1#ib1#=101)");
  Object object(AsBytes(kWorlds), FileType::kBINARY_DATA);
  object.containers = {FileType::kZIP};
  PlainEnvironment environment(object);
  PlainMatches matches(rule, AsBytes(kWorlds));
  ASSERT_TRUE(Evaluate(rule.code, matches, environment).value());
  for (size_t size = 0; size < rule.code.size(); ++size) {
    EXPECT_FALSE(
        Evaluate(Bytes(rule.code).first(size), matches, environment).ok())
        << size;
  }
  for (size_t at = 0; at < rule.code.size(); ++at) {
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      ByteVector code = rule.code;
      code[at] = static_cast<uint8_t>(code[at] ^ flip);
      (void)Evaluate(code, matches, environment).ok();
    }
  }
}

}  // namespace
}  // namespace vitrine::engine::clamav
