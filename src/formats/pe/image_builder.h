// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/code.h"
#include "formats/pe/pe.h"

// Makes small PE files for tests.
namespace vitrine::pe {

// One section, readable at RVA 0x1000 and file offset 0x200, into which tests
// put what directories point to.
class ImageBuilder {
 public:
  static constexpr uint32_t kHeaderOffset = 0x40;
  static constexpr uint32_t kSectionRva = 0x1000;
  static constexpr uint32_t kSectionOffset = 0x200;

  explicit ImageBuilder(bool is_64 = false) : is_64_(is_64) {}

  struct Numbers {
    uint32_t entry_point = kSectionRva;
    uint32_t section_alignment = 0x1000;
    uint32_t file_alignment = 0x200;
    uint32_t headers_size = 0x200;
    uint16_t subsystem = 3;
    uint16_t characteristics = 0x102;
    uint32_t checksum = 0;
    uint32_t symbols_offset = 0;
  } numbers;

  // After the first section; file offsets as they are given.
  struct ExtraSection {
    std::string_view name;
    uint32_t virtual_size, virtual_address, raw_size, raw_offset;
  };
  std::vector<ExtraSection> extra_sections;

  // Appends to the section, aligned to four bytes; its RVA.
  uint32_t Put(Bytes bytes) {
    data_.resize((data_.size() + 3) & ~size_t{3});
    const size_t at = data_.size();
    data_.insert(data_.end(), bytes.begin(), bytes.end());
    return static_cast<uint32_t>(kSectionRva + at);
  }
  uint32_t Put(CodeWriter&& writer) { return Put(Bytes(writer.Take())); }
  // With a NUL at its end.
  uint32_t PutText(std::string_view text) {
    ByteVector bytes(text.begin(), text.end());
    bytes.push_back(0);
    return Put(Bytes(bytes));
  }
  // What the next Put() returns.
  uint32_t next_rva() const {
    return static_cast<uint32_t>(kSectionRva +
                                 ((data_.size() + 3) & ~size_t{3}));
  }

  void SetDirectory(Directory which, uint32_t address, uint32_t size) {
    directories_[static_cast<size_t>(which)] = {address, size};
  }

  ByteVector Build() {
    data_.resize((data_.size() + 0x1ff) & ~size_t{0x1ff});
    if (data_.empty()) data_.resize(0x200);
    CodeWriter out;
    out.Raw(AsBytes("MZ"));
    Pad(out, 0x3c);
    out.U32(kHeaderOffset);
    WriteHeaders(out);
    WriteSections(out);
    Pad(out, kSectionOffset);
    out.Raw(data_);
    return out.Take();
  }

 private:
  static void Pad(CodeWriter& out, size_t size) {
    while (out.size() < size) out.U8(0);
  }

  void Address(CodeWriter& out, uint64_t value) const {
    if (is_64_) {
      out.U64(value);
    } else {
      out.U32(static_cast<uint32_t>(value));
    }
  }

  void WriteHeaders(CodeWriter& out) const {
    out.Raw(AsBytes(std::string_view("PE\0\0", 4)));
    out.U16(is_64_ ? 0x8664 : 0x14c);
    out.U16(static_cast<uint16_t>(1 + extra_sections.size()));
    out.U32(0x5f000000);  // Timestamp.
    out.U32(numbers.symbols_offset);
    out.U32(0);
    out.U16(is_64_ ? 240 : 224);
    out.U16(numbers.characteristics);
    out.U16(is_64_ ? 0x20b : 0x10b);
    out.U16(0x0201);  // Linker 1.2.
    for (const uint32_t size : {0x200u, 0u, 0u}) out.U32(size);
    out.U32(numbers.entry_point);
    out.U32(kSectionRva);
    if (!is_64_) out.U32(0x2000);
    Address(out, 0x400000);
    out.U32(numbers.section_alignment);
    out.U32(numbers.file_alignment);
    for (const uint32_t version : {4u, 1u, 4u, 0u}) out.U32(version);
    out.U32(0x10000);  // Size of the image.
    out.U32(numbers.headers_size);
    out.U32(numbers.checksum);
    out.U16(numbers.subsystem);
    out.U16(0);
    for (int i = 0; i < 4; ++i) Address(out, 0x1000);
    out.U32(0);
    out.U32(16);
    for (const DataDirectory& directory : directories_) {
      out.U32(directory.address);
      out.U32(directory.size);
    }
  }

  void WriteSections(CodeWriter& out) const {
    const auto size = static_cast<uint32_t>(data_.size());
    WriteSection(out, {".text", (size + 0xfff) & ~uint32_t{0xfff}, kSectionRva,
                       size, kSectionOffset});
    for (const ExtraSection& section : extra_sections) {
      WriteSection(out, section);
    }
  }

  static void WriteSection(CodeWriter& out, const ExtraSection& section) {
    ByteVector name(section.name.begin(), section.name.end());
    name.resize(8);
    out.Raw(name);
    out.U32(section.virtual_size);
    out.U32(section.virtual_address);
    out.U32(section.raw_size);
    out.U32(section.raw_offset);
    out.U32(0);
    out.U32(0);
    out.U32(0);
    out.U32(0x60000020);
  }

  bool is_64_;
  ByteVector data_;
  std::array<DataDirectory, 16> directories_{};
};

}  // namespace vitrine::pe
