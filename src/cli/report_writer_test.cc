// SPDX-License-Identifier: Apache-2.0
#include "cli/report_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace vitrine::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Outcome Found() {
  Outcome outcome;
  outcome.path = "/s/a b.zip";
  outcome.size = 1000;
  outcome.ms = 1.25;
  outcome.report.verdict = Verdict::kFound;
  outcome.report.bytes = 1500;
  outcome.report.alerts = {
      {"Demo.Shell", "yara", "", {"web", "php"}, {{"$a", 7, 4}}, 0},
      {"Eicar-Test", "clamav", "in/er.com", {}, {{"0", 0, 68}}, 1}};
  return outcome;
}

Outcome Limited() {
  Outcome outcome;
  outcome.path = "c";
  outcome.report.verdict = Verdict::kLimited;
  outcome.report.limits = {{"m.txt", "encrypted", "AES"}};
  return outcome;
}

Outcome Failed(const std::string& path) {
  Outcome outcome;
  outcome.path = path;
  outcome.report.verdict = Verdict::kError;
  outcome.report.errors = {"Permission denied"};
  return outcome;
}

std::string Write(OutputFormat format, const std::vector<Outcome>& outcomes,
                  bool colours = false) {
  char* text = nullptr;
  size_t size = 0;
  FILE* const out = open_memstream(&text, &size);
  WriterContext context;
  context.out = out;
  context.colours = colours;
  context.start_time = "2026-01-02T03:04:05Z";
  const auto writer = MakeWriter(format, context);
  Summary summary;
  writer->Begin();
  for (const Outcome& outcome : outcomes) {
    summary.Add(outcome);
    writer->Add(outcome);
  }
  summary.seconds = 2;
  writer->End(summary);
  std::fclose(out);
  std::string result(text, size);
  std::free(text);
  return result;
}

TEST(Summary, RanksFoundErrorLimitedClean) {
  Summary summary;
  EXPECT_EQ(summary.ExitStatus(), 0);
  summary.Add(Limited());
  EXPECT_EQ(summary.ExitStatus(), 3);
  summary.Add(Failed("x"));
  EXPECT_EQ(summary.ExitStatus(), 2);
  summary.Add(Found());
  EXPECT_EQ(summary.ExitStatus(), 1);
}

TEST(JsonlWriter, KeepsItsFieldsAndTheirOrder) {
  EXPECT_EQ(
      Write(OutputFormat::kJsonl, {Found(), Limited(), Failed("d")}),
      "{\"path\":\"/s/a b.zip\",\"verdict\":\"found\",\"alerts\":["
      "{\"name\":\"Demo.Shell\",\"engine\":\"yara\",\"object\":\"\","
      "\"tags\":[\"web\",\"php\"],"
      "\"strings\":[{\"id\":\"$a\",\"offset\":7,\"length\":4}]},"
      "{\"name\":\"Eicar-Test\",\"engine\":\"clamav\","
      "\"object\":\"in/er.com\",\"tags\":[],"
      "\"strings\":[{\"id\":\"0\",\"offset\":0,\"length\":68}]}],"
      "\"limits\":[],\"errors\":[],\"bytes\":1500,\"ms\":1.250}\n"
      "{\"path\":\"c\",\"verdict\":\"limited\",\"alerts\":[],\"limits\":["
      "{\"object\":\"m.txt\",\"reason\":\"encrypted\",\"detail\":\"AES\"}],"
      "\"errors\":[],\"bytes\":0,\"ms\":0.000}\n"
      "{\"path\":\"d\",\"verdict\":\"error\",\"alerts\":[],\"limits\":[],"
      "\"errors\":[\"Permission denied\"],\"bytes\":0,\"ms\":0.000}\n");
}

TEST(JsonlWriter, NamesPathsThatAreNotUtf8Twice) {
  const std::string text = Write(OutputFormat::kJsonl, {Failed("caf\xe9\n")});
  EXPECT_THAT(text, StartsWith("{\"path\":\"caf\\\\xe9\\n\","
                               "\"path_hex\":\"636166e90a\","));
}

TEST(JsonlWriter, LeavesOutWhatWasNeverOpened) {
  Outcome skipped;
  skipped.path = "pipe";
  skipped.skipped = "a pipe";
  EXPECT_EQ(Write(OutputFormat::kJsonl, {skipped}), "");
}

TEST(TextWriter, GivesFindingsALineEach) {
  const std::string text =
      Write(OutputFormat::kText, {Found(), Limited(), Failed("d\x1b[2J")});
  EXPECT_THAT(
      text, StartsWith("FOUND    /s/a b.zip  Demo.Shell (yara) [web] [php]\n"
                       "FOUND    /s/a b.zip!in/er.com  Eicar-Test (clamav)\n"
                       "LIMITED  c!m.txt  not fully scanned: encrypted (AES)\n"
                       "ERROR    d\\x1b[2J  Permission denied\n"));
  EXPECT_THAT(text, HasSubstr("Alerts   2 in 1 file\n"));
  EXPECT_THAT(text, HasSubstr("Limited  1 not fully scanned"));
  EXPECT_THAT(text, HasSubstr("Errors   1\n"));
  EXPECT_THAT(text, HasSubstr("Time     2.00 s"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(TextWriter, ColoursOnlyLabels) {
  EXPECT_THAT(Write(OutputFormat::kText, {Found()}, true),
              StartsWith("\x1b[31;1mFOUND  \x1b[0m  /s/a b.zip"));
}

TEST(SarifWriter, WritesOneRun) {
  Outcome relative = Found();
  relative.path = "a:b/\xe9";
  const std::string text =
      Write(OutputFormat::kSarif, {Found(), relative, Limited(), Failed("d")});
  EXPECT_THAT(text, StartsWith("{\"$schema\":\"https://docs.oasis-open.org/"));
  EXPECT_THAT(text, HasSubstr("\"version\":\"2.1.0\",\"runs\":[{\"results\":["
                              "{\"ruleId\":\"yara/Demo.Shell\","
                              "\"ruleIndex\":0,\"kind\":\"fail\","
                              "\"level\":\"error\""));
  EXPECT_THAT(text, HasSubstr("\"uri\":\"file:///s/a%20b.zip\""));
  EXPECT_THAT(text, HasSubstr("\"uri\":\"./a:b/%E9\""));
  EXPECT_THAT(text, HasSubstr("\"byteOffset\":7,\"byteLength\":4"));
  // A match inside a member says nothing about the file's own offsets.
  EXPECT_THAT(text, Not(HasSubstr("\"byteLength\":68")));
  EXPECT_THAT(text, HasSubstr("\"fullyQualifiedName\":\"in/er.com\""));
  EXPECT_THAT(text, HasSubstr("\"ruleIndex\":1"));
  EXPECT_THAT(text, Not(HasSubstr("\"ruleIndex\":2")));
  EXPECT_THAT(text, HasSubstr("\"executionSuccessful\":false,\"exitCode\":1"));
  EXPECT_THAT(text, HasSubstr("\"startTimeUtc\":\"2026-01-02T03:04:05Z\""));
  EXPECT_THAT(text, HasSubstr("\"descriptor\":{\"id\":\"encrypted\"}"));
  EXPECT_THAT(text, HasSubstr("\"vitrineFinding/v1\":\""));
}

TEST(SarifWriter, FingerprintsAreStable) {
  const std::string once = Write(OutputFormat::kSarif, {Found()});
  const std::string key = "\"vitrineFinding/v1\":\"";
  const size_t at = once.find(key) + key.size();
  const std::string print = once.substr(at, 64);
  EXPECT_EQ(print.find_first_not_of("0123456789abcdef"), print.npos);
  const std::string twice = Write(OutputFormat::kSarif, {Limited(), Found()});
  EXPECT_THAT(twice, HasSubstr(key + print));
}

TEST(SarifWriter, IsWholeWithoutFindings) {
  const std::string text = Write(OutputFormat::kSarif, {});
  EXPECT_THAT(text, HasSubstr("\"results\":[],\"tool\":"));
  EXPECT_THAT(text, HasSubstr("\"exitCode\":0"));
  EXPECT_THAT(text, HasSubstr("\"toolExecutionNotifications\":[]}]}]}\n"));
}

}  // namespace
}  // namespace vitrine::cli
