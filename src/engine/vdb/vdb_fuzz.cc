// SPDX-License-Identifier: Apache-2.0
// Opens hostile databases with right checksums (else nothing behind them would
// ever be reached) and walks every accessor.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "base/unique_fd.h"
#include "engine/vdb/checksum.h"
#include "engine/vdb/database.h"

namespace {

using vitrine::Bytes;
using vitrine::ByteVector;
namespace vdb = vitrine::engine::vdb;

constexpr auto kCount = static_cast<uint32_t>(vdb::SectionId::kCount);
constexpr size_t kHead =
    sizeof(vdb::Header) + kCount * sizeof(vdb::SectionRecord);

// A section's bytes; none if it is out of place.
Bytes SectionOf(Bytes image, const vdb::SectionRecord& record) {
  if (record.offset > image.size() ||
      record.size > image.size() - record.offset) {
    return {};
  }
  return image.subspan(record.offset, record.size);
}

// Writes the sums of a section's pieces at `sums`, as far as there is room, and
// returns their checksum.
uint64_t MendPieces(Bytes section, std::span<uint8_t> sums) {
  for (uint64_t i = 0; i < vdb::PiecesOf(section.size()); ++i) {
    if (sums.size() < (i + 1) * sizeof(uint64_t)) break;
    const uint64_t sum = vdb::Checksum(
        vitrine::Clip(section, i * vdb::kPieceSize, vdb::kPieceSize));
    std::memcpy(sums.data() + i * sizeof sum, &sum, sizeof sum);
  }
  return vdb::Checksum(
      vitrine::Clip(sums, 0, vdb::PiecesOf(section.size()) * sizeof(uint64_t)));
}

void MendChecksums(ByteVector& image) {
  if (image.size() < kHead) return;
  vdb::SectionRecord table[kCount];
  std::memcpy(table, image.data() + sizeof(vdb::Header), sizeof table);
  auto& sums = table[static_cast<uint32_t>(vdb::SectionId::kPieceSums) - 1];
  const size_t sums_size = SectionOf(image, sums).size();
  const size_t sums_begin = sums_size == 0 ? 0 : sums.offset;
  uint64_t begin = 0;
  for (uint32_t id = vdb::kFirstInPieces; id <= kCount; ++id) {
    if (begin > sums_size) break;
    const Bytes section = SectionOf(image, table[id - 1]);
    table[id - 1].checksum = MendPieces(
        section,
        std::span(image).subspan(sums_begin + begin, sums_size - begin));
    begin += vdb::PiecesOf(section.size()) * sizeof(uint64_t);
  }
  for (uint32_t id = 1; id < vdb::kFirstInPieces; ++id) {
    table[id - 1].checksum = vdb::Checksum(SectionOf(image, table[id - 1]));
  }
  std::memcpy(image.data() + sizeof(vdb::Header), table, sizeof table);
  vdb::Header header;
  std::memcpy(&header, image.data(), sizeof header);
  header.checksum = 0;
  header.size = image.size();
  std::memcpy(image.data(), &header, sizeof header);
  header.checksum = vdb::Checksum(Bytes(image).first(kHead));
  std::memcpy(image.data(), &header, sizeof header);
}

uint64_t Sum(Bytes bytes) {
  uint64_t sum = 0;
  for (const uint8_t byte : bytes) sum += byte;
  return sum;
}

uint64_t Walk(const vdb::Database& database) {
  uint64_t sum = 0;
  for (const auto& rule : database.rules()) {
    sum += database.Text(rule.name).size() + Sum(database.Code(rule.code));
    for (const auto& pattern : database.PatternsOf(rule)) {
      sum += Sum(database.Code(database.patterns()[pattern.pattern].code));
    }
    sum += database.WordsOf(rule).size() + database.TagsOf(rule).size() +
           database.MetadataOf(rule).size();
    for (const auto& metadata : database.MetadataOf(rule)) {
      sum += database.Text(metadata.key).size();
    }
  }
  for (const auto& pattern : database.patterns()) {
    for (const uint32_t rule : database.GateOf(pattern)) {
      sum += database.rules()[rule].line;
    }
  }
  for (const auto& table : database.hash_tables()) {
    sum += database.FindDigest(table, ByteVector(table.digest_size)).size();
    for (const auto& entry : database.EntriesOf(table)) {
      sum += database.Text(entry.name).size();
    }
  }
  for (const auto& filter : database.filters()) {
    for (const vdb::Slice slice : {filter.grams, filter.short_grams}) {
      for (const auto& gram :
           database.grams().subspan(slice.begin, slice.count)) {
        sum += database.atoms()[filter.atoms.begin + vdb::AtomOf(gram)].size;
      }
    }
  }
  for (const auto& atom : database.atoms()) {
    sum += Sum(database.literals().subspan(atom.literal, atom.size));
  }
  return sum;
}

// Bytes that are mapped are checked when they are asked for, which is what has
// to hold against a hostile database.
vitrine::UniqueFd InMemory(Bytes image) {
  vitrine::UniqueFd file(memfd_create("image", MFD_CLOEXEC));
  const auto size = static_cast<ssize_t>(image.size());
  if (!file || write(file.get(), image.data(), image.size()) != size) return {};
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteVector image(data, data + size);
  MendChecksums(image);
  const vitrine::UniqueFd file = InMemory(image);
  if (!file) __builtin_trap();
  const auto database = vdb::Database::Map(file.get());
  if (database.ok() && Walk(*database.value()) == UINT64_MAX) __builtin_trap();
  return 0;
}
