// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/filter_tables.h"

#include <algorithm>
#include <bit>

#include "engine/compile/limits.h"
#include "engine/match/gram.h"

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

uint32_t BitsLog2(uint32_t atoms_log2) {
  const uint32_t of_few =
      std::min(atoms_log2 + kBitsPerAtomOfFewLog2, kBitsOfFewLog2Most);
  return std::clamp(std::max(of_few, atoms_log2 + kBitsPerAtomLog2),
                    kBitsLog2Least, kBitsLog2Most);
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
  const auto index = static_cast<size_t>(filter_class);
  for (const Atom& atom : set.atoms) {
    const bool is_short = atom.bytes.size() < 4;
    Entry entry;
    entry.gram =
        match::FoldedGram(atom.bytes.data() + atom.window, is_short ? 2 : 4);
    if (!is_short) {
      const int distance = atom.check - atom.window;
      entry.check = match::CheckOf(atom.bytes.data() + atom.check,
                                   static_cast<int8_t>(distance));
    }
    entry.atom.literal = Literal(atom.bytes);
    entry.atom.pattern = pattern;
    entry.atom.offset = atom.offset;
    entry.atom.size = static_cast<uint16_t>(atom.bytes.size());
    entry.atom.window = atom.window;
    entry.atom.flags = atom.nocase ? 1 : 0;
    (is_short ? shorts_ : quads_)[index].push_back(entry);
  }
}

vdb::Slice FilterTables::Lay(std::span<const Entry> entries,
                             uint32_t buckets_log2, bool is_short) {
  const vdb::Slice slice = {static_cast<uint32_t>(atoms.size()),
                            static_cast<uint32_t>(entries.size())};
  const uint32_t count = 1u << buckets_log2;
  size_t next = 0;
  for (uint32_t bucket = 0; bucket < count; ++bucket) {
    buckets.push_back(static_cast<uint32_t>(next));
    for (; next < entries.size() &&
           Index(entries[next].gram, buckets_log2, is_short) == bucket;
         ++next) {
      grams.push_back({entries[next].gram, entries[next].check});
      atoms.push_back(entries[next].atom);
    }
  }
  CHECK(next == entries.size());
  buckets.push_back(static_cast<uint32_t>(next));
  return slice;
}

uint64_t FilterTables::LayBits(std::span<const Entry> entries,
                               uint32_t bits_log2, bool is_short) {
  const uint64_t begin = bits.size();
  bits.resize(begin + (uint64_t{1} << (bits_log2 - 5)));
  for (const Entry& entry : entries) {
    const uint32_t bit = Index(entry.gram, bits_log2, is_short);
    bits[begin + bit / 32] |= 1u << (bit % 32);
  }
  return begin;
}

void FilterTables::Finish() {
  for (uint32_t i = 0; i < vdb::kFilterClasses; ++i) {
    vdb::FilterRecord filter = {};
    const auto sort = [](std::vector<Entry>& entries, uint32_t log2,
                         bool is_short) {
      std::stable_sort(entries.begin(), entries.end(),
                       [&](const Entry& a, const Entry& b) {
                         const uint32_t x = Index(a.gram, log2, is_short);
                         const uint32_t y = Index(b.gram, log2, is_short);
                         return x != y ? x < y : a.gram < b.gram;
                       });
    };
    filter.buckets_log2 = CeilLog2(quads_[i].size());
    sort(quads_[i], filter.buckets_log2, false);
    filter.buckets = static_cast<uint32_t>(buckets.size());
    filter.atoms = Lay(quads_[i], filter.buckets_log2, false);
    if (!quads_[i].empty()) {
      filter.bits_log2 = BitsLog2(CeilLog2(quads_[i].size()));
      filter.bits = LayBits(quads_[i], filter.bits_log2, false);
    }

    filter.short_buckets_log2 = shorts_[i].empty() ? 0 : kPairLog2;
    sort(shorts_[i], filter.short_buckets_log2, true);
    filter.short_buckets = static_cast<uint32_t>(buckets.size());
    filter.short_atoms = Lay(shorts_[i], filter.short_buckets_log2, true);
    if (!shorts_[i].empty()) {
      filter.short_bits_log2 = kPairLog2;
      filter.short_bits = LayBits(shorts_[i], kPairLog2, true);
    }
    filters.push_back(filter);
  }
}

}  // namespace vitrine::engine::compile
