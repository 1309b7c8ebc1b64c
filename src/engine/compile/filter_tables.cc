// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/filter_tables.h"

#include <algorithm>
#include <bit>

#include "engine/compile/limits.h"
#include "engine/match/gram.h"
#include "engine/vdb/limits.h"

namespace vitrine::engine::compile {
namespace {

// Pairs index their tables directly.
constexpr uint32_t kPairLog2 = 16;

uint32_t Index(uint32_t gram, uint32_t log2, bool is_short) {
  return is_short ? gram : match::HashGram(gram, log2);
}

uint32_t CeilLog2(size_t value) {
  return value <= 1 ? 0 : static_cast<uint32_t>(std::bit_width(value - 1));
}

uint32_t BitsLog2(uint32_t grams_log2) {
  const uint32_t of_few =
      std::min(grams_log2 + kBitsPerGramOfFewLog2, kBitsOfFewLog2Most);
  return std::clamp(std::max(of_few, grams_log2 + kBitsPerGramLog2),
                    kBitsLog2Least, kBitsLog2Most);
}

// The gram of `atom` at a window of it.
uint32_t GramAt(const Atom& atom, int window) {
  const uint8_t* const bytes = atom.bytes.data();
  if (atom.bytes.size() < 4) return match::FoldedGram(bytes + window, 2);
  if (window >= 0) return match::FoldedQuad(bytes + window);
  return match::AnyFirst(match::FoldedGram(bytes, 3) << 8);
}

}  // namespace

uint32_t FilterTables::Literal(Bytes bytes) {
  const ByteVector key(bytes.begin(), bytes.end());
  const auto [found, is_new] =
      literal_offsets_.try_emplace(key, static_cast<uint32_t>(literals.size()));
  if (is_new) literals.insert(literals.end(), key.begin(), key.end());
  return found->second;
}

void FilterTables::Add(vdb::FilterClass filter_class, uint32_t pattern,
                       const AtomSet& set) {
  Table& table = tables_[static_cast<size_t>(filter_class)];
  for (const Atom& atom : set.atoms) {
    const bool is_short = atom.bytes.size() < 4;
    for (const Atom::Gram& gram : atom.grams) {
      vdb::GramRecord record = {};
      record.gram = GramAt(atom, gram.window);
      if (!is_short) {
        record.check =
            match::CheckOf(atom.bytes.data() + gram.check,
                           static_cast<int8_t>(gram.check - gram.window));
      }
      record.atom =
          vdb::PackAtom(static_cast<uint32_t>(table.atoms.size()), gram.window);
      (is_short ? table.shorts : table.quads).push_back(record);
    }
    vdb::AtomRecord record = {};
    record.literal = Literal(atom.bytes);
    record.pattern = pattern;
    record.offset = atom.offset;
    record.size = static_cast<uint16_t>(atom.bytes.size());
    record.flags = atom.nocase ? 1 : 0;
    table.atoms.push_back(record);
  }
}

// Sorts `entries` into buckets.
vdb::Slice FilterTables::Lay(std::vector<vdb::GramRecord>& entries,
                             uint32_t buckets_log2, bool is_short) {
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const auto& a, const auto& b) {
                     const uint32_t x = Index(a.gram, buckets_log2, is_short);
                     const uint32_t y = Index(b.gram, buckets_log2, is_short);
                     return x != y ? x < y : a.gram < b.gram;
                   });
  const uint32_t count = 1u << buckets_log2;
  size_t next = 0;
  for (uint32_t bucket = 0; bucket < count; ++bucket) {
    buckets.push_back(static_cast<uint32_t>(next));
    while (next < entries.size() &&
           Index(entries[next].gram, buckets_log2, is_short) == bucket) {
      ++next;
    }
  }
  CHECK(next == entries.size());
  buckets.push_back(static_cast<uint32_t>(next));
  const vdb::Slice slice = {static_cast<uint32_t>(grams.size()),
                            static_cast<uint32_t>(entries.size())};
  grams.insert(grams.end(), entries.begin(), entries.end());
  return slice;
}

uint64_t FilterTables::LayQuadBits(std::span<const vdb::GramRecord> entries,
                                   uint32_t bits_log2) {
  const uint64_t begin = bits.size();
  bits.resize(begin + (uint64_t{1} << (bits_log2 - 5)));
  const auto set = [&](uint32_t quad) {
    const uint32_t index = match::IndexOfQuad(quad, bits_log2);
    bits[begin + index / 32] |= match::BitInWord(index);
  };
  for (const vdb::GramRecord& entry : entries) {
    if (vdb::WindowOf(entry) >= 0) {
      set(entry.gram);
      continue;
    }
    for (uint8_t first = 0; first < 128; ++first) {
      if (ToLower(first) == first) set((entry.gram & 0xffffff00u) | first);
    }
  }
  return begin;
}

uint64_t FilterTables::LayTripleBits(std::span<const vdb::GramRecord> entries) {
  const uint64_t begin = bits.size();
  bits.resize(begin + (uint64_t{1} << (vdb::kTripleLog2 - 5)));
  for (const vdb::GramRecord& entry : entries) {
    if (vdb::WindowOf(entry) >= 0) continue;
    const uint32_t index = match::IndexOfTriple(entry.gram);
    bits[begin + index / 32] |= match::BitInWord(index);
  }
  return begin;
}

uint64_t FilterTables::LayPairBits(std::span<const vdb::GramRecord> entries) {
  const uint64_t begin = bits.size();
  bits.resize(begin + (uint64_t{1} << (kPairLog2 - 5)));
  for (const vdb::GramRecord& entry : entries) {
    bits[begin + entry.gram / 32] |= 1u << (entry.gram % 32);
  }
  return begin;
}

Status FilterTables::Finish() {
  for (Table& table : tables_) {
    if (table.atoms.size() >> vdb::kAtomBits != 0) {
      return Error{Code::kLimit, "too many literals to look for"};
    }
    vdb::FilterRecord filter = {};
    filter.atoms = {static_cast<uint32_t>(atoms.size()),
                    static_cast<uint32_t>(table.atoms.size())};
    atoms.insert(atoms.end(), table.atoms.begin(), table.atoms.end());

    const uint32_t grams_log2 = CeilLog2(table.quads.size());
    filter.buckets_log2 = grams_log2;
    filter.buckets = static_cast<uint32_t>(buckets.size());
    filter.grams = Lay(table.quads, filter.buckets_log2, false);
    if (!table.quads.empty()) {
      filter.bits_log2 = BitsLog2(grams_log2);
      filter.bits = LayQuadBits(table.quads, filter.bits_log2);
      filter.triple_bits = LayTripleBits(table.quads);
    }

    filter.short_buckets_log2 = table.shorts.empty() ? 0 : kPairLog2;
    filter.short_buckets = static_cast<uint32_t>(buckets.size());
    filter.short_grams = Lay(table.shorts, filter.short_buckets_log2, true);
    if (!table.shorts.empty()) {
      filter.short_bits_log2 = kPairLog2;
      filter.short_bits = LayPairBits(table.shorts);
    }
    filters.push_back(filter);
  }
  return Ok();
}

}  // namespace vitrine::engine::compile
