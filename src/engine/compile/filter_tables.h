// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/result.h"
#include "engine/compile/atoms.h"
#include "engine/vdb/format.h"

namespace vitrine::engine::compile {

// Collects the atoms of all filter classes and lays out their tables: a bitmap
// that says "no" for most positions, then buckets of atoms by the same hash.
class FilterTables {
 public:
  void Add(vdb::FilterClass filter_class, uint32_t pattern,
           const AtomSet& atoms);

  // Fills the vectors below. Call once. kLimit: more atoms than a gram can
  // name.
  Status Finish();

  std::vector<vdb::FilterRecord> filters;
  std::vector<uint32_t> bits;
  std::vector<uint32_t> buckets;
  std::vector<vdb::GramRecord> grams;
  std::vector<vdb::AtomRecord> atoms;
  ByteVector literals;

 private:
  struct Table {
    std::vector<vdb::AtomRecord> atoms;
    std::vector<vdb::GramRecord> quads;
    std::vector<vdb::GramRecord> shorts;
  };

  uint32_t Literal(Bytes bytes);
  vdb::Slice Lay(std::vector<vdb::GramRecord>& entries, uint32_t buckets_log2,
                 bool is_short);
  uint64_t LayQuadBits(std::span<const vdb::GramRecord> entries,
                       uint32_t bits_log2);
  uint64_t LayTripleBits(std::span<const vdb::GramRecord> entries);
  uint64_t LayPairBits(std::span<const vdb::GramRecord> entries);

  Table tables_[vdb::kFilterClasses];
  std::map<ByteVector, uint32_t> literal_offsets_;
};

}  // namespace vitrine::engine::compile
