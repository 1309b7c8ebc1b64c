// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vitrine::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Arguments Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "vitrine");
  return ParseArguments(static_cast<int>(words.size()), words.data());
}

// The complaint about a command line that must be refused with status 2.
std::string Refusal(std::vector<const char*> words) {
  testing::internal::CaptureStderr();
  const auto arguments = Parse(std::move(words));
  const std::string text = testing::internal::GetCapturedStderr();
  const auto* const done = std::get_if<Done>(&arguments);
  EXPECT_TRUE(done != nullptr && done->status == 2);
  return text;
}

TEST(Arguments, ScanTakesAllItsOptions) {
  const auto arguments =
      Parse({"scan",       "--rules",  "a.yar",      "--rules",      "b",
             "--define",   "x=1",      "--opt",      "normalize=no", "--opt",
             "detect-pua", "--strict", "--allmatch", "--output",     "jsonl",
             "--jobs",     "4",        "--profile",  "in",           "-"});
  const auto& scan = std::get<ScanArguments>(arguments);
  EXPECT_THAT(scan.rules.rules, ElementsAre("a.yar", "b"));
  EXPECT_THAT(scan.rules.defines, ElementsAre("x=1"));
  EXPECT_THAT(scan.rules.options, ElementsAre("normalize=no", "detect-pua"));
  EXPECT_TRUE(scan.rules.strict);
  EXPECT_TRUE(scan.all_match);
  EXPECT_TRUE(scan.profile);
  EXPECT_EQ(scan.output, OutputFormat::kJsonl);
  EXPECT_EQ(scan.jobs, 4u);
  EXPECT_THAT(scan.paths, ElementsAre("in", "-"));
}

TEST(Arguments, PathsMayFollowAnyOption) {
  const auto arguments = Parse({"scan", "--define", "x=a b", "--output",
                                "sarif", "--rules", "r", "one", "two"});
  const auto& scan = std::get<ScanArguments>(arguments);
  EXPECT_THAT(scan.paths, ElementsAre("one", "two"));
  EXPECT_THAT(scan.rules.defines, ElementsAre("x=a b"));
  EXPECT_EQ(scan.output, OutputFormat::kSarif);
}

TEST(Arguments, PathsMayLookLikeOptions) {
  EXPECT_THAT(std::get<ScanArguments>(
                  Parse({"scan", "--rules", "r", "--", "-x", "--", "--y"}))
                  .paths,
              ElementsAre("-x", "--", "--y"));
  EXPECT_THAT(
      std::get<ScanArguments>(Parse({"scan", "--rules", "r", "a", "--", "-x"}))
          .paths,
      ElementsAre("a", "-x"));
}

TEST(Arguments, RefuseWhatMakesNoSense) {
  EXPECT_THAT(Refusal({}), HasSubstr("subcommand is required"));
  EXPECT_THAT(Refusal({"scan", "--rules", "r"}), HasSubstr("PATH"));
  EXPECT_THAT(Refusal({"scan", "--rules", "r", "--"}), HasSubstr("PATH"));
  EXPECT_THAT(Refusal({"scan", "--bogus", "x"}), HasSubstr("--bogus"));
  EXPECT_THAT(Refusal({"scan", "--output", "xml", "x"}), HasSubstr("--output"));
  EXPECT_THAT(Refusal({"scan", "--jobs", "0", "x"}), HasSubstr("--jobs"));
  EXPECT_THAT(Refusal({"scan", "--jobs", "257", "x"}), HasSubstr("--jobs"));
  EXPECT_THAT(Refusal({"scan", "--rules", "r", "--database", "d", "x"}),
              HasSubstr("excludes"));
  EXPECT_THAT(Refusal({"check"}), HasSubstr("--rules"));
  EXPECT_THAT(Refusal({"compile", "--rules", "r"}), HasSubstr("--out"));
}

TEST(Arguments, KnowTheOtherCommands) {
  EXPECT_THAT(
      std::get<CheckArguments>(Parse({"check", "--rules", "r"})).rules.rules,
      ElementsAre("r"));
  EXPECT_EQ(std::get<CompileArguments>(
                Parse({"compile", "--rules", "r", "-o", "x.vdb"}))
                .output,
            "x.vdb");
  EXPECT_TRUE(
      std::get<InfoArguments>(Parse({"info", "x.vdb", "--output", "json"}))
          .json);
  EXPECT_EQ(std::get<ExplainArguments>(
                Parse({"explain", "Rule", "--database", "x.vdb"}))
                .rule,
            "Rule");
  EXPECT_TRUE(std::holds_alternative<VersionArguments>(Parse({"version"})));
}

TEST(Arguments, TheGuardIsAskedAndTold) {
  const auto status = Parse({"status", "--root", "/r", "--output", "json"});
  EXPECT_EQ(std::get<StatusArguments>(status).root, "/r");
  EXPECT_TRUE(std::get<StatusArguments>(status).json);
  const auto guard = Parse({"guard", "mode", "notify"});
  EXPECT_THAT(std::get<GuardArguments>(guard).request,
              ElementsAre("mode", "notify"));
  EXPECT_THAT(Refusal({"guard"}), HasSubstr("REQUEST"));
}

TEST(Arguments, HelpIsNoError) {
  testing::internal::CaptureStdout();
  const auto arguments = Parse({"scan", "--help"});
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("--rules"));
  EXPECT_EQ(std::get<Done>(arguments).status, 0);
}

TEST(Arguments, QuarantineTakesAVerbAndItems) {
  const auto arguments = Parse({"quarantine", "restore", "ab12", "--to", "/x",
                                "--overwrite", "--root", "/r", "--json"});
  const auto& restore = std::get<QuarantineArguments>(arguments);
  EXPECT_EQ(restore.verb, QuarantineArguments::Verb::kRestore);
  EXPECT_THAT(restore.items, ElementsAre("ab12"));
  EXPECT_EQ(restore.to, "/x");
  EXPECT_EQ(restore.root, "/r");
  EXPECT_TRUE(restore.overwrite);
  EXPECT_TRUE(restore.json);
  const auto list = Parse({"quarantine", "list"});
  EXPECT_EQ(std::get<QuarantineArguments>(list).verb,
            QuarantineArguments::Verb::kList);
  EXPECT_NE(Refusal({"quarantine"}), "");
  EXPECT_NE(Refusal({"quarantine", "restore"}), "");
}

TEST(Arguments, EventsTakesItsFilters) {
  const auto arguments =
      Parse({"events", "--follow", "--since", "2h", "--class", "detection",
             "--rule", "Win.*", "--limit", "0", "--json"});
  const auto& events = std::get<EventsArguments>(arguments);
  EXPECT_TRUE(events.follow);
  EXPECT_EQ(events.since, "2h");
  EXPECT_EQ(events.event_class, "detection");
  EXPECT_EQ(events.rule, "Win.*");
  EXPECT_EQ(events.limit, 0u);
}

}  // namespace
}  // namespace vitrine::cli
