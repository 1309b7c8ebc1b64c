// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/compile.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>

#include "base/unique_fd.h"
#include "engine/vdb/database.h"

namespace vitrine::engine::compile {
namespace {

ByteVector Bytes8(std::string_view text) {
  const auto bytes = AsBytes(text);
  return {bytes.begin(), bytes.end()};
}

ir::Rule RuleWith(std::string name, std::vector<std::string> literals) {
  ir::Rule rule;
  rule.name = std::move(name);
  rule.code = {1, 2, 3};
  rule.language = ir::Language::kClamav;
  ir::Gate gate{
      ir::Gate::Kind::kAtLeast, 0, static_cast<uint32_t>(literals.size()), {}};
  for (const std::string& literal : literals) {
    ir::Pattern pattern;
    pattern.id = "$" + literal;
    pattern.code = Bytes8(literal);
    pattern.choices = {{{Bytes8(literal), false, 0}}};
    gate.children.push_back({ir::Gate::Kind::kPattern,
                             static_cast<uint32_t>(rule.patterns.size()),
                             0,
                             {}});
    rule.patterns.push_back(std::move(pattern));
  }
  rule.gate = std::move(gate);
  return rule;
}

ir::Program SampleProgram() {
  ir::Program program;
  program.files = {"a.yar", "b.hdb"};
  program.rules.push_back(RuleWith("one", {"common text", "zq#7!k"}));
  program.rules.push_back(RuleWith("two", {"zq#7!k", "ab"}));
  program.rules[0].tags = {"tag"};
  program.rules[0].metadata = {
      {"author", std::string("us")}, {"score", int64_t{7}}, {"live", true}};
  program.rules[0].source = {0, 12};
  ir::Rule always;
  always.name = "always";
  always.precheck.words = {{0, 2, 0x5a4d}};
  program.rules.push_back(always);
  ir::HashSignature hash;
  hash.digest = ByteVector(16, 7);
  hash.size = 10;
  hash.name = "Bad.File";
  hash.source = {1, 3};
  program.hashes.push_back(hash);
  return program;
}

TEST(Compile, KeepsWhatTheProgramSays) {
  const auto image = Compile(SampleProgram());
  ASSERT_TRUE(image.ok());
  const auto opened = vdb::Database::FromBytes(image.value());
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const vdb::Database& database = *opened.value();
  ASSERT_EQ(database.rules().size(), 3u);
  const vdb::RuleRecord& one = database.rules()[0];
  EXPECT_EQ(database.Text(one.name), "one");
  EXPECT_EQ(one.line, 12u);
  EXPECT_EQ(database.Text(database.TagsOf(one)[0]), "tag");
  EXPECT_EQ(database.MetadataOf(one).size(), 3u);
  EXPECT_EQ(database.PatternsOf(one).size(), 2u);
  // Equal patterns are one.
  EXPECT_EQ(database.patterns().size(), 3u);
  EXPECT_EQ(database.PatternsOf(one)[1].pattern,
            database.PatternsOf(database.rules()[1])[0].pattern);

  const auto& table = database.hash_tables()[0];
  EXPECT_EQ(database.FindDigest(table, ByteVector(16, 7)).size(), 1u);
  EXPECT_TRUE(database.FindDigest(table, ByteVector(16, 8)).empty());
}

TEST(Compile, WakesARuleByItsRarestPatternOnly) {
  const auto image = Compile(SampleProgram());
  const auto database = vdb::Database::FromBytes(image.value()).value();
  const auto patterns = database->PatternsOf(database->rules()[0]);
  const auto& common = database->patterns()[patterns[0].pattern];
  const auto& rare = database->patterns()[patterns[1].pattern];
  // Evidence at most, and where that costs nothing.
  EXPECT_EQ(common.classes >> static_cast<int>(vdb::FilterClass::kPe) & 1, 0);
  EXPECT_TRUE(database->GateOf(common).empty());
  EXPECT_NE(rare.classes, 0);
  EXPECT_EQ(database->GateOf(rare).size(), 2u);
}

TEST(Compile, LooksForRulesOnlyWhereTheirTargetIsSeen) {
  ir::Program program;
  program.files = {"a.ldb"};
  const auto add = [&](const char* literal, ir::TargetMask targets) {
    program.rules.push_back(RuleWith(literal, {literal}));
    program.rules.back().targets = targets;
  };
  add("zq#7!pe", 1u << 1);
  add("zq#7!office", 1u << 2);
  add("zq#7!elf", 1u << 6);
  add("zq#7!text", 1u << 7);
  add("zq#7!any", ir::kTargetAny);
  const auto database =
      vdb::Database::FromBytes(Compile(program).value()).value();
  const auto classes = [&](size_t rule) {
    const auto pattern = database->PatternsOf(database->rules()[rule])[0];
    return database->patterns()[pattern.pattern].classes;
  };
  const auto bit = [](vdb::FilterClass filter_class) {
    return 1 << static_cast<int>(filter_class);
  };
  EXPECT_EQ(classes(0), bit(vdb::FilterClass::kPe));
  EXPECT_EQ(classes(1), bit(vdb::FilterClass::kRaw));
  EXPECT_EQ(classes(2), bit(vdb::FilterClass::kElf));
  EXPECT_EQ(classes(3), bit(vdb::FilterClass::kNormalised));
  EXPECT_EQ(classes(4), (1 << vdb::kFilterClasses) - 1);
}

TEST(Compile, GroupsRulesWithoutGateByTheirFirstWord) {
  const auto image = Compile(SampleProgram());
  const auto database = vdb::Database::FromBytes(image.value()).value();
  ASSERT_EQ(database->always_groups().size(), 1u);
  EXPECT_EQ(database->always_groups()[0].width, 2u);
  EXPECT_EQ(database->always_groups()[0].value, 0x5a4du);
}

TEST(Compile, SweepsAFileOfOneTypeForNoRuleOfAnother) {
  ir::Program program = SampleProgram();
  program.rules.pop_back();
  program.rules[0].targets = ir::kTargetYara;
  program.rules[0].language = ir::Language::kYara;
  program.rules[0].precheck.words = {{0, 2, 0x5a4d}};
  const auto database =
      vdb::Database::FromBytes(Compile(program).value()).value();
  ASSERT_EQ(database->always_groups().size(), 1u);
  const vdb::AlwaysGroup& group = database->always_groups()[0];
  EXPECT_EQ(group.value, 0x5a4du);
  EXPECT_EQ(group.classes >> static_cast<int>(vdb::FilterClass::kPe) & 1, 0u);
  EXPECT_EQ(group.classes >> static_cast<int>(vdb::FilterClass::kElf) & 1, 1u);
  const auto patterns = database->PatternsOf(database->rules()[0]);
  const uint8_t classes = database->patterns()[patterns[0].pattern].classes;
  EXPECT_EQ(classes >> static_cast<int>(vdb::FilterClass::kElf) & 1, 0);
}

TEST(Compile, GivesTheSameBytesForTheSameProgram) {
  EXPECT_EQ(Compile(SampleProgram()).value(), Compile(SampleProgram()).value());
}

TEST(Database, RefusesEveryDamagedByte) {
  const ByteVector image = Compile(SampleProgram()).value();
  for (size_t at = 0; at < image.size(); ++at) {
    ByteVector damaged = image;
    damaged[at] ^= 0x41;
    const auto opened = vdb::Database::FromBytes(damaged);
    // Padding between sections is the one thing no checksum covers.
    if (!opened.ok()) {
      EXPECT_EQ(opened.error().code, Code::kInvalid);
      continue;
    }
    EXPECT_EQ(image[at], 0) << "accepted damage at " << at;
  }
}

UniqueFd InMemory(const ByteVector& image) {
  UniqueFd file(memfd_create("image", MFD_CLOEXEC));
  EXPECT_EQ(write(file.get(), image.data(), image.size()),
            static_cast<ssize_t>(image.size()));
  return file;
}

// Everything that a scan or a reader of the database can ask for.
void AskForAll(const vdb::Database& database) {
  for (const auto& rule : database.rules()) {
    database.Text(rule.name);
    database.Code(rule.code);
    for (const auto& tag : database.TagsOf(rule)) database.Text(tag);
    for (const auto& each : database.MetadataOf(rule)) database.Text(each.key);
    for (const auto& pattern : database.PatternsOf(rule)) {
      database.Code(database.patterns()[pattern.pattern].code);
    }
  }
  for (const auto& table : database.hash_tables()) {
    database.FindDigest(table, ByteVector(table.digest_size, 7));
  }
}

TEST(Database, TellsDamageOfWhatWasAskedFor) {
  const ByteVector image = Compile(SampleProgram()).value();
  int later = 0;
  for (size_t at = 0; at < image.size(); ++at) {
    ByteVector damaged = image;
    damaged[at] ^= 0x41;
    const auto opened = vdb::Database::Map(InMemory(damaged).get());
    if (!opened.ok()) continue;
    EXPECT_TRUE(opened.value()->Damage().ok());
    AskForAll(*opened.value());
    const Status damage = opened.value()->Damage();
    EXPECT_EQ(damage.ok(), opened.value()->CheckAll().ok());
    if (!damage.ok()) {
      ++later;
      EXPECT_EQ(damage.error().code, Code::kInvalid);
    } else {
      EXPECT_EQ(image[at], 0) << "accepted damage at " << at;
    }
  }
  // Code, names, metadata and digests.
  EXPECT_GT(later, 150);
}

TEST(Database, DoesNotLookAtWhatIsNotAskedFor) {
  ir::Program program = SampleProgram();
  program.rules[0].name = std::string(3 * vdb::kPieceSize, 'n');
  ByteVector image = Compile(program).value();
  const auto whole = vdb::Database::FromBytes(image).value();
  const vdb::RuleRecord long_name = whole->rules()[0];
  const std::string_view other = whole->Text(whole->rules()[1].name);
  const auto* const begin =
      reinterpret_cast<const uint8_t*>(whole->Text(long_name.name).data());
  image[static_cast<size_t>(begin - whole->image().data()) + vdb::kPieceSize] ^=
      1;
  const auto database = vdb::Database::Map(InMemory(image).get()).value();
  EXPECT_EQ(database->Text(database->rules()[1].name), other);
  EXPECT_TRUE(database->Damage().ok());
  database->Text(long_name.name);
  EXPECT_EQ(database->Damage().error().message,
            "not a usable database: section 22 is damaged");
}

TEST(Database, RefusesEveryTruncation) {
  const ByteVector image = Compile(SampleProgram()).value();
  for (size_t size = 0; size < image.size(); size += 7) {
    EXPECT_FALSE(vdb::Database::FromBytes(
                     ByteVector(image.begin(),
                                image.begin() + static_cast<ptrdiff_t>(size)))
                     .ok());
  }
}

}  // namespace
}  // namespace vitrine::engine::compile
