// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "engine/vdb/checksum.h"
#include "engine/vdb/database.h"
#include "engine/vdb/piecewise.h"

namespace vitrine::engine::vdb {
namespace {

uint64_t Align(uint64_t offset) {
  return (offset + kAlignment - 1) / kAlignment * kAlignment;
}

std::vector<uint64_t> SumsOf(Bytes section) {
  std::vector<uint64_t> sums;
  for (uint64_t i = 0; i < PiecesOf(section.size()); ++i) {
    sums.push_back(Checksum(Clip(section, i * kPieceSize, kPieceSize)));
  }
  return sums;
}

template <typename T>
Bytes AsBytes(const std::vector<T>& records) {
  return {reinterpret_cast<const uint8_t*>(records.data()),
          records.size() * sizeof(T)};
}

}  // namespace

void ImageWriter::Add(SectionId id, Bytes bytes) {
  sections_[static_cast<size_t>(id)].assign(bytes.begin(), bytes.end());
}

ByteVector ImageWriter::Finish() {
  constexpr auto kCount = static_cast<uint32_t>(SectionId::kCount);
  SectionRecord table[kCount] = {};
  std::vector<uint64_t> all_sums;
  for (uint32_t i = 0; i < kCount; ++i) {
    const ByteVector& section = sections_[i + 1];
    if (i + 1 < kFirstInPieces) {
      table[i].checksum = Checksum(section);
      continue;
    }
    const std::vector<uint64_t> sums = SumsOf(section);
    table[i].checksum = Checksum(AsBytes(sums));
    all_sums.insert(all_sums.end(), sums.begin(), sums.end());
  }
  Add(SectionId::kPieceSums, all_sums);
  table[static_cast<uint32_t>(SectionId::kPieceSums) - 1].checksum =
      Checksum(AsBytes(all_sums));
  uint64_t end = sizeof(Header) + sizeof table;
  for (uint32_t i = 0; i < kCount; ++i) {
    const ByteVector& section = sections_[i + 1];
    const uint64_t offset = Align(end);
    table[i].id = i + 1;
    table[i].offset = offset;
    table[i].size = section.size();
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
