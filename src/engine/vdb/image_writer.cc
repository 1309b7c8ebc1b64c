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

// The checksum of each piece.
ByteVector SumsOf(Bytes section) {
  ByteVector sums(PiecesOf(section.size()) * sizeof(uint64_t));
  for (uint64_t i = 0; i < PiecesOf(section.size()); ++i) {
    const uint64_t sum = Checksum(Clip(section, i * kPieceSize, kPieceSize));
    std::memcpy(sums.data() + i * sizeof sum, &sum, sizeof sum);
  }
  return sums;
}

}  // namespace

void ImageWriter::Add(SectionId id, Bytes bytes) {
  sections_[static_cast<size_t>(id)].assign(bytes.begin(), bytes.end());
}

ByteVector ImageWriter::Finish() {
  constexpr auto kCount = static_cast<uint32_t>(SectionId::kCount);
  SectionRecord table[kCount] = {};
  ByteVector all_sums;
  for (uint32_t id = kFirstInPieces; id <= kCount; ++id) {
    const ByteVector sums = SumsOf(sections_[id]);
    table[id - 1].checksum = Checksum(sums);
    all_sums.insert(all_sums.end(), sums.begin(), sums.end());
  }
  Add(SectionId::kPieceSums, all_sums);
  uint64_t end = sizeof(Header) + sizeof table;
  for (uint32_t id = 1; id <= kCount; ++id) {
    SectionRecord& record = table[id - 1];
    record.id = id;
    record.offset = Align(end);
    record.size = sections_[id].size();
    if (id < kFirstInPieces) record.checksum = Checksum(sections_[id]);
    end = record.offset + record.size;
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
