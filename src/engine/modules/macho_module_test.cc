// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/modules/all_modules.h"
#include "engine/modules/module_tester.h"
#include "formats/macho/macho_builder.h"

namespace vitrine::engine::modules {
namespace {

Value I(int64_t value) { return value; }

macho::Segment Segment() {
  macho::Segment segment;
  segment.name = "__TEXT";
  segment.address = 0x1000;
  segment.memory_size = 0x1000;
  segment.offset = 0x40;
  macho::Section section;
  section.name = "__text";
  section.segment = "__TEXT";
  section.flags = 0x80000400;
  segment.sections = {section};
  return segment;
}

TEST(MachoModule, ShowsThinFiles) {
  const ByteVector bytes =
      macho::Builder(true).Add(Segment()).Main(0x50, 7).Build();
  ModuleTester macho(kMachoModule, bytes);
  EXPECT_EQ(Int(macho.Top("magic").value()),
            Int(macho.Top("MH_CIGAM_64").value()));
  EXPECT_EQ(Int(macho.Top("cputype").value()),
            Int(macho.Top("CPU_TYPE_X86_64").value()));
  EXPECT_EQ(Int(macho.Top("number_of_segments").value()), 1);
  EXPECT_EQ(Text(macho.Item("segments", 0, "segname")), "__TEXT");
  EXPECT_EQ(Int(macho.Item("segments", 0, "nsects")), 1);
  const Node& section = macho.Top("segments")[0][9][0];
  EXPECT_EQ(Text(section[0].value()), "__text");
  EXPECT_EQ(Int(section[8].value()), 0x80000400);
  EXPECT_EQ(Int(macho.Top("entry_point").value()), 0x50);
  EXPECT_EQ(Int(macho.Top("stack_size").value()), 7);
  EXPECT_TRUE(IsUndefined(macho.Top("nfat_arch").value()));
  EXPECT_TRUE(IsUndefined(macho.Call("file_index_for_arch", {I(0x01000007)})));
}

class FatTest : public testing::Test {
 protected:
  static ByteVector Image(bool is_64, uint32_t cpu_type, uint64_t entry) {
    macho::Builder builder(is_64);
    builder.header.cpu_type = cpu_type;
    return builder.Add(Segment()).Main(entry, 0).Build();
  }
  // The second one leaves the file.
  static ByteVector Fat() {
    ByteVector bytes =
        macho::BuildFat({{7, Image(false, 7, 0x11)},
                         {18, Image(false, 18, 0x22)},
                         {0x01000007, Image(true, 0x01000007, 0x33)}});
    bytes[8 + 20 + 8] = 0x7f;
    return bytes;
  }

  const ByteVector bytes_ = Fat();
  ModuleTester macho_{kMachoModule, bytes_};
};

TEST_F(FatTest, FilesStandUnderTheirArchitecturesIndex) {
  EXPECT_EQ(Int(macho_.Top("fat_magic").value()),
            Int(macho_.Top("FAT_MAGIC").value()));
  EXPECT_EQ(Int(macho_.Top("nfat_arch").value()), 3);
  EXPECT_EQ(macho_.Top("file").size(), 3u);
  EXPECT_EQ(Int(macho_.Item("file", 0, "entry_point")), 0x11);
  EXPECT_TRUE(IsUndefined(macho_.Item("file", 1, "magic")));
  EXPECT_EQ(Int(macho_.Item("file", 2, "entry_point")), 0x33);
  EXPECT_TRUE(IsUndefined(macho_.Top("magic").value()));
}

TEST_F(FatTest, FindsArchitectures) {
  const int64_t offset = Int(macho_.Item("fat_arch", 2, "offset"));
  EXPECT_EQ(Int(macho_.Call("file_index_for_arch", {I(0x01000007)})), 2);
  EXPECT_EQ(Int(macho_.Call("file_index_for_arch", {I(0x01000007), I(3)})), 2);
  EXPECT_TRUE(
      IsUndefined(macho_.Call("file_index_for_arch", {I(0x01000007), I(4)})));
  EXPECT_TRUE(IsUndefined(macho_.Call("file_index_for_arch", {I(18)})));
  EXPECT_EQ(Int(macho_.Call("entry_point_for_arch", {I(0x01000007)})),
            offset + 0x33);
  EXPECT_EQ(Int(macho_.Call("entry_point_for_arch", {I(0x01000007), I(3)})),
            offset + 0x33);
  EXPECT_TRUE(IsUndefined(macho_.Call("entry_point_for_arch", {I(18)})));
  EXPECT_TRUE(IsUndefined(macho_.Call("entry_point_for_arch", {I(5)})));
}

}  // namespace
}  // namespace vitrine::engine::modules
