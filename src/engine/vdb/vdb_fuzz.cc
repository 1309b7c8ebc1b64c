// SPDX-License-Identifier: Apache-2.0
// Opens hostile databases with right checksums (else nothing behind them would
// ever be reached) and walks every accessor.
#include <cstdint>
#include <cstring>

#include "engine/vdb/checksum.h"
#include "engine/vdb/database.h"

namespace {

using vitrine::Bytes;
using vitrine::ByteVector;
namespace vdb = vitrine::engine::vdb;

void MendChecksums(ByteVector& image) {
  constexpr auto kCount = static_cast<uint32_t>(vdb::SectionId::kCount);
  constexpr size_t kHead =
      sizeof(vdb::Header) + kCount * sizeof(vdb::SectionRecord);
  if (image.size() < kHead) return;
  for (uint32_t i = 0; i < kCount; ++i) {
    vdb::SectionRecord record;
    uint8_t* const at = image.data() + sizeof(vdb::Header) + i * sizeof record;
    std::memcpy(&record, at, sizeof record);
    if (record.offset > image.size() ||
        record.size > image.size() - record.offset) {
      continue;
    }
    record.checksum =
        vdb::Checksum(Bytes(image).subspan(record.offset, record.size));
    std::memcpy(at, &record, sizeof record);
  }
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
  }
  for (const auto& pattern : database.patterns()) {
    for (const uint32_t rule : database.GateOf(pattern)) {
      sum += database.rules()[rule].line;
    }
  }
  for (const auto& table : database.hash_tables()) {
    sum += database.FindDigest(table, ByteVector(table.digest_size)).size();
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteVector image(data, data + size);
  MendChecksums(image);
  const auto database = vdb::Database::FromBytes(std::move(image));
  if (database.ok() && Walk(*database.value()) == UINT64_MAX) __builtin_trap();
  return 0;
}
