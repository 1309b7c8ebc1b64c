// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "engine/vdb/checksum.h"
#include "engine/vdb/database.h"

namespace vitrine::engine::vdb {
namespace {

uint64_t Align(uint64_t offset) {
  return (offset + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

void ImageWriter::Add(SectionId id, Bytes bytes) {
  sections_[static_cast<size_t>(id)].assign(bytes.begin(), bytes.end());
}

ByteVector ImageWriter::Finish() {
  constexpr auto kCount = static_cast<uint32_t>(SectionId::kCount);
  SectionRecord table[kCount] = {};
  uint64_t end = sizeof(Header) + sizeof table;
  for (uint32_t i = 0; i < kCount; ++i) {
    const ByteVector& section = sections_[i + 1];
    const uint64_t offset = Align(end);
    table[i] = {i + 1, 0, offset, section.size(), Checksum(section)};
    end = offset + section.size();
  }

  ByteVector image(end);
  for (uint32_t i = 0; i < kCount; ++i) {
    const ByteVector& section = sections_[i + 1];
    if (section.empty()) continue;
    std::memcpy(image.data() + table[i].offset, section.data(), section.size());
  }
  std::memcpy(image.data() + sizeof(Header), table, sizeof table);

  Header header = {};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kVersion;
  header.section_count = kCount;
  header.size = end;
  std::memcpy(image.data(), &header, sizeof header);
  header.checksum = Checksum(Bytes(image).first(sizeof header + sizeof table));
  std::memcpy(image.data(), &header, sizeof header);
  return image;
}

}  // namespace vitrine::engine::vdb
