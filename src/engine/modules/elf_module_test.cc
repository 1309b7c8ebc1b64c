// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "engine/modules/all_modules.h"
#include "engine/modules/module_tester.h"
#include "formats/elf/elf_builder.h"
#include "formats/elf/limits.h"

namespace vitrine::engine::modules {
namespace {

// .dynsym with these names, every third defined, and .dynstr.
ByteVector WithSymbols(std::initializer_list<std::string_view> wanted) {
  elf::Builder builder;
  RecordWriter symbols = builder.Record();
  builder.Symbol(symbols, 0, 0, 0, 0);
  std::string names(1, '\0');
  int i = 0;
  for (const std::string_view name : wanted) {
    builder.Symbol(symbols, static_cast<uint32_t>(names.size()), 0x12,
                   i++ % 3 == 0 ? 1 : 0, 0x1000);
    names.append(name).push_back('\0');
  }
  builder.header.entry = elf::Builder::kBase + 0x100;
  builder.Add(".dynsym", elf::kSectionDynamicSymbols, symbols.bytes(), 2);
  builder.Add(".dynstr", elf::kSectionStrings, {names.begin(), names.end()});
  return builder.Build();
}

ByteVector Sample() {
  return WithSymbols({"socket", "Connect", "recv", "send", "strcmp", "memcpy",
                      "_start", "fopen64", "main", "getpid", "inet_addr",
                      "pthread_create", "execve", "unlink", "sleep", "fork"});
}

TEST(ElfModule, ShowsHeadersSectionsAndSymbols) {
  const ByteVector bytes = Sample();
  ModuleTester elf(kElfModule, bytes);
  EXPECT_EQ(Int(elf.Top("type").value()), Int(elf.Top("ET_EXEC").value()));
  EXPECT_EQ(Int(elf.Top("machine").value()), Int(elf.Top("EM_X86_64").value()));
  EXPECT_EQ(Int(elf.Top("entry_point").value()), 0x100);
  EXPECT_EQ(Int(elf.Top("number_of_sections").value()), 4);
  EXPECT_EQ(Int(elf.Top("number_of_segments").value()), 1);
  EXPECT_EQ(Int(elf.Top("sh_entry_size").value()), 64);
  EXPECT_EQ(Int(elf.Top("ph_offset").value()), 64);
  EXPECT_EQ(elf.Top("sections").size(), 4u);
  EXPECT_EQ(Text(elf.Item("sections", 1, "name")), ".dynsym");
  EXPECT_EQ(Int(elf.Item("sections", 2, "type")), 3);
  EXPECT_EQ(Int(elf.Item("segments", 0, "virtual_address")), 0x400000);
  EXPECT_EQ(Int(elf.Top("dynsym_entries").value()), 17);
  EXPECT_EQ(Text(elf.Item("dynsym", 2, "name")), "Connect");
  EXPECT_EQ(Int(elf.Item("dynsym", 2, "type")),
            Int(elf.Top("STT_FUNC").value()));
  EXPECT_EQ(Int(elf.Item("dynsym", 1, "shndx")), 1);
  EXPECT_TRUE(IsUndefined(elf.Top("symtab_entries").value()));
  EXPECT_TRUE(IsUndefined(elf.Top("dynamic_section_entries").value()));
}

// Computed by YARA 4.5.4 for the same file.
TEST(ElfModule, HashesImports) {
  const ByteVector bytes = Sample();
  ModuleTester elf(kElfModule, bytes);
  EXPECT_EQ(Text(elf.Call("import_md5")), "af2fc5a8d161d5bb37a82ec0a3eb225f");
  EXPECT_EQ(
      Text(elf.Call("telfhash")),
      "T19EA0120050304418CED1043660348A16D043431209C008519B009944C03F15160"
      "0835F");
}

TEST(ElfModule, TooLittleToHash) {
  const ByteVector few = WithSymbols({"socket", "send"});
  ModuleTester elf(kElfModule, few);
  EXPECT_EQ(Text(elf.Call("telfhash")), "");
  const ByteVector common =
      WithSymbols({"main", "_start", "strlen", "lseek64"});
  ModuleTester none(kElfModule, common);
  EXPECT_TRUE(IsUndefined(none.Call("telfhash")));
}

// Dynamic segments are written over each other; the last one's number stands.
TEST(ElfModule, LaterDynamicSegmentsGoOverEarlierOnes) {
  elf::Builder builder;
  RecordWriter entries = builder.Record();
  entries.Word(1).Word(11).Word(2).Word(22).Word(3).Word(33).Word(0).Word(0);
  entries.Word(9).Word(99).Word(0).Word(0);
  builder.Add(".dynamic", 6, entries.bytes());
  elf::Segment segment;
  segment.type = elf::kSegmentDynamic;
  segment.offset = 64 + 3 * 56;
  builder.AddSegment(segment);
  segment.offset += 4 * 16;
  builder.AddSegment(segment);
  const ByteVector bytes = builder.Build();
  ModuleTester elf(kElfModule, bytes);
  EXPECT_EQ(Int(elf.Top("dynamic_section_entries").value()), 2);
  EXPECT_EQ(elf.Top("dynamic").size(), 4u);
  EXPECT_EQ(Int(elf.Item("dynamic", 0, "val")), 99);
  EXPECT_EQ(Int(elf.Item("dynamic", 2, "val")), 33);
}

// Tables over the same bytes would be read once for each section.
TEST(ElfModule, AllSymbolTablesTogetherAreLimited) {
  elf::Builder builder;
  constexpr size_t kCount = 1000;
  builder.Add(".strtab", elf::kSectionStrings, {0});
  for (size_t i = 0; i <= elf::kSymbolsMax / kCount; ++i) {
    builder.Add(".symtab", elf::kSectionSymbols,
                ByteVector(24 * (kCount + (i == 0 ? 0 : 1))), 1);
  }
  builder.Add(".symtab", elf::kSectionSymbols, ByteVector(24 * 7), 1);
  const ByteVector bytes = builder.Build();
  ModuleTester elf(kElfModule, bytes);
  EXPECT_EQ(Int(elf.Top("symtab_entries").value()), kCount + 1);
}

// 2,000 symbols with one name of 10,000 bytes.
TEST(ElfModule, NamesToHashAreLimited) {
  elf::Builder builder;
  RecordWriter symbols = builder.Record();
  for (int i = 0; i < 2000; ++i) builder.Symbol(symbols, 1, 0x12, 0, 0);
  ByteVector names(10'002, 'x');
  names.front() = names.back() = 0;
  builder.Add(".dynsym", elf::kSectionDynamicSymbols, symbols.bytes(), 2);
  builder.Add(".dynstr", elf::kSectionStrings, names);
  const ByteVector bytes = builder.Build();
  ModuleTester elf(kElfModule, bytes);
  EXPECT_TRUE(IsUndefined(elf.Call("import_md5")));
  EXPECT_TRUE(IsUndefined(elf.Call("telfhash")));
}

TEST(ElfModule, SaysNothingOfAHeaderAlone) {
  ByteVector bytes = elf::Builder().Build();
  bytes.resize(65);
  ModuleTester more(kElfModule, bytes);
  EXPECT_EQ(Int(more.Top("machine").value()), 62);
  bytes.resize(64);
  ModuleTester header(kElfModule, bytes);
  EXPECT_TRUE(IsUndefined(header.Top("machine").value()));
  EXPECT_TRUE(IsUndefined(header.Call("import_md5")));
}

}  // namespace
}  // namespace vitrine::engine::modules
