// SPDX-License-Identifier: Apache-2.0
// Objects inside objects that no archive's directory lists, as clamscan 1.4
// sees them: which containers they lie in and who looks at them.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "engine/clamav/reader.h"
#include "engine/compile/compile.h"
#include "engine/scan/scanner.h"
#include "formats/pe/image_builder.h"
#include "formats/zip/zip_builder.h"

namespace vitrine::engine::scan {
namespace {

using Names = std::set<std::string>;

// Lines of an .ldb, each found alone.
Names Alerts(std::string_view lines, const ByteVector& input) {
  ir::Program program;
  clamav::ReadState state;
  program.files = {"t.ldb"};
  clamav::ReadFile(*clamav::ExtensionOf("t.ldb"), "t.ldb", 0, lines, true,
                   state, program);
  EXPECT_TRUE(program.diagnostics.empty());
  auto image = compile::Compile(program);
  CHECK(image.ok());
  auto database = vdb::Database::FromBytes(std::move(image).value());
  CHECK(database.ok());
  ScanOptions options;
  options.all_match = true;
  Scanner scanner(std::move(database).value(), options, {});
  Names names;
  for (const Alert& alert : scanner.Scan(input).alerts)
    names.insert(alert.name);
  return names;
}

ByteVector Join(std::string_view head, const ByteVector& tail) {
  ByteVector out(head.begin(), head.end());
  out.insert(out.end(), tail.begin(), tail.end());
  return out;
}

// Neither text nor anything that is known.
constexpr std::string_view kJunk = "\x01\x02\xfe\xff\x80 some bytes \x90\x91";

TEST(EmbeddedTest, AnObjectWithAProgramInsideIsAProgram) {
  const ByteVector input = Join(kJunk, pe::ImageBuilder().Build());
  const char* const lines =
      "Here;Engine:51-255,Target:1;0;736f6d65206279746573\n"
      "Ends;Engine:51-255,Target:1;0;EOF-2:9091\n"
      "Child;Engine:51-255,Target:1,Container:CL_TYPE_MSEXE;0;0:4d5a\n"
      "Chain;Engine:81-255,Target:1,"
      "Intermediates:CL_TYPE_MSEXE>CL_TYPE_MSEXE;0;0:4d5a\n"
      "Data;Engine:81-255,Target:1,Container:CL_TYPE_BINARY_DATA;0;4d5a\n";
  EXPECT_EQ(Alerts(lines, input), (Names{"Here", "Child", "Chain"}));
  // Without one it is none.
  EXPECT_EQ(Alerts(lines, Join(kJunk, {})), Names());
}

TEST(EmbeddedTest, AnArchiveInsideIsAContainerOfItsOwn) {
  zip::Builder builder;
  builder.Add(zip::Stored("m", "\x01\xfe the marker \x02"));
  const std::string archive = builder.Finish();
  const ByteVector input = Join(kJunk, {archive.begin(), archive.end()});
  EXPECT_EQ(
      Alerts("Zip;Engine:51-255,Target:0,Container:CL_TYPE_ZIP;0;"
             "6d61726b6572\n"
             "Sfx;Engine:51-255,Target:0,Container:CL_TYPE_ZIPSFX;0;"
             "6d61726b6572\n"
             "Chain;Engine:81-255,Target:0,"
             "Intermediates:CL_TYPE_BINARY_DATA>CL_TYPE_ZIP;0;6d61726b6572\n",
             input),
      (Names{"Zip", "Chain"}));
}

TEST(EmbeddedTest, DataUrlsAreMembersOfTheirPage) {
  const ByteVector input = Join(
      "<html><body><img src=\"data:;base64,AQL+IHRoZSBtYXJrZXIg\"></body>"
      "</html>",
      {});
  EXPECT_EQ(Alerts("T;Engine:51-255,Target:0,Container:CL_TYPE_HTML;0;"
                   "0102fe20746865206d61726b6572\n",
                   input),
            Names{"T"});
}

TEST(EmbeddedTest, OnlyTheRawBytesAreScannedAsAnotherType) {
  const char* const lines =
      "Any;Engine:51-255,Target:0,HandlerType:CL_TYPE_PDF;0;6d61726b6572\n"
      "Pdf;Target:10;0;6d61726b6572\n";
  EXPECT_EQ(Alerts(lines, Join("a text with a marker", {})),
            (Names{"Any", "Pdf"}));
  EXPECT_EQ(Alerts(lines, Join("<html>a marker</html>", {})), Names{"Any"});
}

TEST(EmbeddedTest, NothingIsAnywhereInABrokenProgram) {
  pe::ImageBuilder builder;
  const char* const lines =
      "End;Engine:51-255,Target:0;0;EOF-4:00000000\n"
      "Start;Engine:51-255,Target:0;0;0:4d5a\n"
      "None;Engine:51-255,Target:1,NumberOfSections:0-0;0;4d5a\n";
  EXPECT_EQ(Alerts(lines, builder.Build()), (Names{"End", "Start"}));
  builder.numbers.entry_point = 0x9000;
  EXPECT_EQ(Alerts(lines, builder.Build()), Names{"Start"});
}

}  // namespace
}  // namespace vitrine::engine::scan
