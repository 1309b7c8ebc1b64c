// SPDX-License-Identifier: Apache-2.0
#include "wire/courier.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "wire/limits.h"

namespace vitrine::wire {
namespace {

Result<CourierJob> ReadJob(std::string_view text) {
  CourierJobReader reader;
  for (const std::string_view line : Split(text, '\n')) {
    if (TRY(reader.Line(line))) return reader.Take();
  }
  return Error{Code::kTruncated, "no end"};
}

TEST(Courier, JobsComeBackAsTheyWere) {
  const CourierJob job = {{0, 3},
                          {{"tuf/metadata/1.root.json", 512000, false},
                           {"log/tile/0/x001/067", 8192, true}}};
  EXPECT_EQ(FormatJob(job),
            "vitrine-courier 1\navoid 0\navoid 3\n"
            "fetch tuf/metadata/1.root.json 512000 fresh\n"
            "fetch log/tile/0/x001/067 8192 immutable\nend\n");
  EXPECT_EQ(ReadJob(FormatJob(job)).value(), job);
  EXPECT_EQ(ReadJob(FormatJob({})).value(), CourierJob());
}

TEST(Courier, OtherLinesAreNoJob) {
  const std::string start = "vitrine-courier 1\n";
  for (const std::string text :
       {"", "vitrine-courier 2\nend\n", "end\n",
        "vitrine-courier 1\nfetch a\nend\n",
        "vitrine-courier 1\nfetch a 01 fresh\nend\n",
        "vitrine-courier 1\nfetch a 1 stale\nend\n",
        "vitrine-courier 1\nfetch  a 1 fresh\nend\n",
        "vitrine-courier 1\nfetch a 1 fresh\navoid 1\nend\n",
        "vitrine-courier 1\navoid 1024\nend\n",
        "vitrine-courier 1\nfetch ../a 1 fresh\nend\n"}) {
    EXPECT_FALSE(ReadJob(text).ok()) << text;
  }
  std::string many = start;
  for (size_t i = 0; i <= kFetchesMax; ++i) many += "fetch a 1 fresh\n";
  EXPECT_EQ(ReadJob(many + "end\n").error().code, Code::kLimit);
}

TEST(Courier, NamesStayBelowTheirFolder) {
  for (const char* name : {"a", "a/b.c", "1.root.json", "x001/234.p/7", "a%2Fb",
                           "v1.2+3~4@5=6,7"}) {
    EXPECT_TRUE(IsCourierName(name)) << name;
  }
  for (const char* name :
       {"", "/a", "a/", "a//b", ".", "..", "a/../b", ".hidden", "a/.part",
        "a b", "a?b", "a#b", "a%", "a%2", "a%2f", "a\\b", "a:b", "\xc3\xa4",
        "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"}) {
    EXPECT_FALSE(IsCourierName(name)) << name;
  }
  EXPECT_FALSE(IsCourierName(std::string(256, 'a')));
  EXPECT_FALSE(IsCourierName(std::string(kCourierNameMax + 1, 'a')));
}

TEST(Courier, ResultsComeBackAsTheyWere) {
  using Kind = CourierResult::Kind;
  for (const CourierResult& result :
       {CourierResult{Kind::kGot, "a/b", 17, 2, "", ""},
        CourierResult{Kind::kMissing, "a", 0, 0, "", ""},
        CourierResult{Kind::kFailed, "a", 0, 0, "timeout", "after 10 s\n%"}}) {
    const std::string line = FormatResult(result);
    EXPECT_EQ(line.back(), '\n');
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(ParseCourierResult(line.substr(0, line.size() - 1)).value(),
              result);
  }
  EXPECT_FALSE(ParseCourierResult("end").value().has_value());
  for (const char* line : {"", "got a 1", "got a 1 -1", "missing", "missing .",
                           "failed a b", "other a b c", "end "}) {
    EXPECT_FALSE(ParseCourierResult(line).ok()) << line;
  }
}

}  // namespace
}  // namespace vitrine::wire
