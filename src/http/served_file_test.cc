// SPDX-License-Identifier: Apache-2.0
#include "http/served_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace vitrine::http {
namespace {

namespace fs = std::filesystem;

class Served : public ::testing::Test {
 protected:
  Served() {
    char name[] = "/tmp/served.XXXXXX";
    root_ = mkdtemp(name);
    fs::create_directories(root_ / "open/below");
    Write("open/below/a.json", "{}");
    Write("secret", "secret");
    folder_ = UniqueFd(
        open((root_ / "open").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  ~Served() override { fs::remove_all(root_); }

  void Write(const std::string& name, std::string_view text) {
    std::ofstream(root_ / name) << text;
  }
  bool Opens(std::string_view path) {
    return OpenServed(folder_.get(), path).ok();
  }

  fs::path root_;
  UniqueFd folder_;
};

TEST_F(Served, OpensFilesBelowTheFolder) {
  const auto served = OpenServed(folder_.get(), "/below/a.json");
  ASSERT_TRUE(served.ok());
  EXPECT_EQ(served.value().size, 2u);
  EXPECT_TRUE(Opens("/below/%61.json"));
  EXPECT_TRUE(Opens("//below//a.json"));
}

TEST_F(Served, NeverLeavesTheFolder) {
  fs::create_symlink(root_ / "secret", root_ / "open/link");
  fs::create_symlink("../secret", root_ / "open/relative");
  for (const char* path :
       {"/../secret", "/below/../../secret", "/%2e%2e/secret", "/..%2fsecret",
        "/link", "/relative", "/%00", "/below/a.json%00", "/%", "/%zz",
        "//etc/passwd", "", "/", "/below", "/below/",
        "/below/../../../../../../../etc/passwd"}) {
    EXPECT_FALSE(Opens(path)) << path;
  }
}

TEST_F(Served, WaitsForNoPipe) {
  ASSERT_EQ(mkfifo((root_ / "open/pipe").c_str(), 0600), 0);
  EXPECT_FALSE(Opens("/pipe"));
}

TEST_F(Served, AnotherFileHasAnotherTag) {
  const auto before = OpenServed(folder_.get(), "/below/a.json");
  Write("open/new", "[]");
  fs::rename(root_ / "open/new", root_ / "open/below/a.json");
  const auto after = OpenServed(folder_.get(), "/below/a.json");
  EXPECT_NE(before.value().tag, after.value().tag);
}

TEST(Range, IsOneRangeOrTheWholeFile) {
  using Kind = Range::Kind;
  const auto is = [](std::string_view field, Kind kind, uint64_t first,
                     uint64_t count) {
    const Range range = ReadRange(field, 100);
    EXPECT_EQ(range.kind, kind) << field;
    EXPECT_EQ(range.first, first) << field;
    EXPECT_EQ(range.count, count) << field;
  };
  is("bytes=0-9", Kind::kPart, 0, 10);
  is("bytes=90-", Kind::kPart, 90, 10);
  is("bytes=90-1000", Kind::kPart, 90, 10);
  is("bytes=-5", Kind::kPart, 95, 5);
  is("bytes=-500", Kind::kPart, 0, 100);
  is("bytes=99-99", Kind::kPart, 99, 1);
  is("bytes=0-18446744073709551615", Kind::kPart, 0, 100);
  is("bytes=100-", Kind::kUnsatisfiable, 0, 0);
  is("bytes=-0", Kind::kUnsatisfiable, 0, 0);
  for (const char* field : {"", "bytes=", "bytes=-", "bytes=5-4", "lines=1-2",
                            "bytes=0-1,3-4", "bytes=x-", "bytes=1-x"}) {
    is(field, Kind::kWhole, 0, 0);
  }
}

TEST(Tags, AreFoundInALine) {
  EXPECT_TRUE(NamesTag("\"a\", W/\"b\"", "\"b\""));
  EXPECT_TRUE(NamesTag("*", "\"b\""));
  EXPECT_FALSE(NamesTag("\"a\"", "\"b\""));
}

TEST(ContentType, IsThatOfTheLogsFiles) {
  EXPECT_STREQ(ContentTypeOf("/log/checkpoint"), "text/plain; charset=utf-8");
  EXPECT_STREQ(ContentTypeOf("/tuf/1.root.json"), "application/json");
  EXPECT_STREQ(ContentTypeOf("/log/tile/0/000"), "application/octet-stream");
}

}  // namespace
}  // namespace vitrine::http
