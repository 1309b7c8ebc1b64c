// SPDX-License-Identifier: Apache-2.0
#include "tasks/process_map.h"

#include <gtest/gtest.h>

namespace vitrine::tasks {
namespace {

Region Only(const char* line) {
  const auto regions = ParseMaps(line);
  EXPECT_EQ(regions.size(), 1u) << line;
  return regions.empty() ? Region() : regions[0];
}

TEST(ProcessMap, ReadsALine) {
  EXPECT_EQ(
      Only("7f00-8000 r-xp 00001000 fe:00 77      /usr/lib/a b (deleted)\n"),
      (Region{0x7f00, 0x8000, true, false, true, "/usr/lib/a b (deleted)"}));
  EXPECT_EQ(Only("1000-2000 rw-s 00000000 00:00 0"),
            (Region{0x1000, 0x2000, false, true, false, ""}));
}

TEST(ProcessMap, LeavesOutWhatIsNoRegion) {
  for (const char* line :
       {"", "\n\n", "2000-1000 rwxp 0 0:0 0", "1000 rwxp 0 0:0 0",
        "1000-2000 rwx 0 0:0 0", "x-2000 rwxp 0 0:0 0", "1000-2000 rwxp 0 0:0",
        "1000-2000 rwxp 0 0:0 x", "11111111111111111-2 rwxp 0 0:0 0"}) {
    EXPECT_TRUE(ParseMaps(line).empty()) << line;
  }
}

TEST(ProcessMap, TakesWhatNoFileShows) {
  const auto content = [](const char* line) { return ContentOf(Only(line)); };
  EXPECT_EQ(content("1000-2000 rw-p 0 00:00 0 [heap]"), Content::kAll);
  EXPECT_EQ(content("1000-2000 rwxp 0 00:00 0"), Content::kAll);
  EXPECT_EQ(content("1000-2000 r-xp 0 08:01 5 /bin/x"), Content::kPrivate);
  EXPECT_EQ(content("1000-2000 rw-s 0 08:01 5 /srv/x"), Content::kNone);
  EXPECT_EQ(content("1000-2000 rw-s 0 00:01 5 /memfd:x (deleted)"),
            Content::kAll);
  EXPECT_EQ(content("1000-2000 rw-s 0 00:0e 5 /secretmem (deleted)"),
            Content::kAll);
  EXPECT_EQ(content("1000-2000 rw-s 0 00:05 5 /dev/dri/card0"), Content::kNone);
  EXPECT_EQ(content("1000-2000 r--p 0 00:00 0 [vvar]"), Content::kNone);
}

}  // namespace
}  // namespace vitrine::tasks
