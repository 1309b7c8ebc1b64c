// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_settings.h"

#include <gtest/gtest.h>

namespace vitrine::cli {
namespace {

ScanSettings Apply(std::initializer_list<const char*> arguments) {
  ScanSettings settings;
  for (const char* argument : arguments) {
    const auto status = ApplyOption(argument, settings);
    EXPECT_TRUE(status.ok()) << argument;
  }
  return settings;
}

std::string Problem(const char* argument) {
  ScanSettings settings;
  const auto status = ApplyOption(argument, settings);
  return status.ok() ? "" : status.error().message;
}

TEST(ApplyOption, SetsSwitches) {
  const auto settings = Apply({"normalize=no", "alert-macros", "scan-pe=0"});
  EXPECT_FALSE(settings.scan.normalize);
  EXPECT_TRUE(settings.scan.alert_macros);
  EXPECT_FALSE(settings.scan.scan_pe);
  EXPECT_TRUE(settings.scan.scan_elf);
}

TEST(ApplyOption, SetsNumbersAndSizes) {
  const auto settings =
      Apply({"max-recursion=3", "max-scansize=2G", "--max-files=7"});
  EXPECT_EQ(settings.scan.max_recursion, 3u);
  EXPECT_EQ(settings.scan.max_scansize, uint64_t{2} << 30);
  EXPECT_EQ(settings.scan.max_files, 7u);
  EXPECT_FALSE(settings.scan.max_filesize_given);
}

TEST(ApplyOption, KnowsThatMaxFilesizeWasGiven) {
  const auto settings = Apply({"max-filesize=600"});
  EXPECT_EQ(settings.scan.max_filesize, 600u);
  EXPECT_TRUE(settings.scan.max_filesize_given);
}

TEST(ApplyOption, SetsTheWalk) {
  const auto settings =
      Apply({"cross-fs=no", "max-dir-recursion=4", "exclude=a=b", "exclude=c"});
  EXPECT_FALSE(settings.walk.cross_file_systems);
  EXPECT_EQ(settings.walk.depth_max, 4u);
  EXPECT_EQ(settings.walk.exclude, (std::vector<std::string>{"a=b", "c"}));
  EXPECT_TRUE(settings.notes.empty());
}

TEST(ApplyOption, NotesWhatChangesNothing) {
  EXPECT_EQ(Apply({"no-summary", "tempdir=/x"}).notes.size(), 2u);
}

TEST(ApplyOption, RefusesWhatItCannotHonour) {
  EXPECT_EQ(Problem("remove"),
            "--opt remove: not offered: a scan changes no "
            "file");
  EXPECT_EQ(Problem("scan-pe=perhaps"), "--opt scan-pe: takes yes or no");
  EXPECT_EQ(Problem("max-files=abc"), "--opt max-files: takes a number");
  EXPECT_EQ(Problem("max-files=4294967296"), "--opt max-files: takes a number");
  EXPECT_EQ(Problem("max-filesize=1.5M"),
            "--opt max-filesize: takes a size such as 600, 64K, 25M or 4G");
  EXPECT_EQ(Problem("exclude="), "--opt exclude: takes a regular expression");
}

TEST(ApplyOption, SuggestsNearNames) {
  EXPECT_EQ(Problem("max-file=1"),
            "--opt max-file: no such option of clamscan; did you mean "
            "max-files, max-filesize or pcre-max-filesize?");
  EXPECT_EQ(Problem("zzzzzzzzzz"),
            "--opt zzzzzzzzzz: no such option of clamscan");
}

}  // namespace
}  // namespace vitrine::cli
