// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The compiled database on disk: docs/spec/vdb.md. Little-endian, every
// reference an index or an offset within a section, so that a file can be
// mapped anywhere and shared. All records are plain and without padding.
namespace vitrine::engine::vdb {

inline constexpr char kMagic[8] = {'V', 'I', 'T', 'R', 'I', 'N', 'E', 'D'};
// Readers refuse every other version: a database is remade, not migrated.
inline constexpr uint32_t kVersion = 6;
// Sections start on cache lines.
inline constexpr uint64_t kAlignment = 64;

enum class SectionId : uint32_t {
  // Read as a whole when a database is opened.
  kFiles = 1,      // StringRef: names of the sources.
  kRules,          // RuleRecord
  kRulePatterns,   // RulePattern
  kPatterns,       // PatternRecord
  kGateRules,      // uint32_t rule numbers, by pattern.
  kWords,          // WordRecord
  kTags,           // StringRef
  kAlways,         // uint32_t rule numbers, by AlwaysGroup.
  kAlwaysGroups,   // AlwaysGroup
  kNameSpaces,     // NameSpaceRecord
  kGlobals,        // uint32_t rule numbers, by name space.
  kLiterals,       // Bytes that atoms point into.
  kFilters,        // FilterRecord, one a FilterClass.
  kFilterBits,     // uint32_t words of all bitmaps.
  kFilterBuckets,  // uint32_t
  kFilterGrams,    // GramRecord
  kAtoms,          // AtomRecord
  kHashTables,     // HashTableRecord
  kHashSizes,      // uint64_t, rising, by table.
  kAuxiliaries,    // AuxiliaryRecord
  kPieceSums,      // uint64_t: XXH3-64 of each piece of the sections below.
  // Read a piece at a time, when something in it is first asked for.
  kStrings,      // Bytes that StringRefs point into.
  kMetadata,     // MetadataRecord
  kCode,         // Bytes that CodeRefs point into.
  kHashDigests,  // Bytes
  kHashEntries,  // HashEntry
  kCount = kHashEntries,
};
inline constexpr auto kFirstInPieces =
    static_cast<uint32_t>(SectionId::kStrings);
inline constexpr uint32_t kSectionsInPieces =
    static_cast<uint32_t>(SectionId::kCount) - kFirstInPieces + 1;
// What a page fault brings in; the last piece of a section may be shorter.
inline constexpr uint64_t kPieceSize = 64 << 10;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t section_count;
  uint64_t size;      // Of the whole file.
  uint64_t checksum;  // XXH3-64 of this header with zero here, then the table.
  uint8_t reserved[32];
};
static_assert(sizeof(Header) == 64);

struct SectionRecord {
  uint32_t id;
  uint32_t reserved;
  uint64_t offset;    // From the start of the file.
  uint64_t size;      // In bytes.
  uint64_t checksum;  // XXH3-64 of its bytes, or of its pieces' sums.
};
static_assert(sizeof(SectionRecord) == 32);

struct StringRef {
  uint32_t offset;
  uint32_t size;
};

struct CodeRef {
  uint32_t offset;
  uint32_t size;
};

struct Slice {
  uint32_t begin;
  uint32_t count;
};

struct RuleRecord {
  StringRef name;
  CodeRef code;
  Slice patterns;  // Of kRulePatterns.
  Slice words;
  Slice tags;
  Slice metadata;
  uint64_t size_min;
  uint64_t size_max;
  uint32_t file;
  uint32_t line;
  uint32_t name_space;
  uint32_t targets;  // ir::TargetMask
  uint8_t language;  // ir::Language
  uint8_t flags;     // RuleFlag
  uint8_t reserved[6];
};
static_assert(sizeof(RuleRecord) == 88);

enum RuleFlag : uint8_t {
  kRuleGlobal = 1,
  kRulePrivate = 2,
  // The rule cannot hold unless the filter touched it, or its first word is
  // foreign to what the view is.
  kRuleGated = 4,
};

struct RulePattern {
  StringRef id;
  uint32_t pattern;
  uint32_t flags;  // 1: private.
};

struct PatternRecord {
  CodeRef code;
  Slice gate;       // Of kGateRules: rules to evaluate when it matched.
  uint8_t kind;     // ir::PatternKind
  uint8_t classes;  // Bit a FilterClass: its filter finds every match.
  uint8_t reserved[2];
  uint32_t reserved2;
};
static_assert(sizeof(PatternRecord) == 24);

struct WordRecord {
  uint32_t offset;
  uint32_t width;
  uint32_t value;
};

struct MetadataRecord {
  StringRef key;
  StringRef text;
  int64_t number;
  uint32_t type;  // 0 number, 1 bool, 2 text.
  uint32_t reserved;
};

// Rules that the filters of some classes do not gate, by a word that they all
// demand at offset 0.
struct AlwaysGroup {
  uint32_t width;  // 0: none demanded; else 1, 2 or 4.
  uint32_t value;
  Slice rules;
  uint32_t classes;  // Bit a FilterClass.
};

struct NameSpaceRecord {
  Slice globals;
};

// Which atoms are looked for depends on what is scanned, so that nobody pays
// for signatures of types that an object is not.
enum class FilterClass : uint32_t {
  kPe,          // Raw bytes of a PE file.
  kElf,         // Raw bytes of an ELF file.
  kText,        // Raw bytes of text, and of HTML that is normalised as well.
  kRaw,         // Raw bytes of anything else.
  kNormalised,  // Text and HTML after normalisation.
};
inline constexpr uint32_t kFilterClasses = 5;
inline constexpr uint32_t kAllClasses = (1u << kFilterClasses) - 1;

struct FilterRecord {
  uint32_t bits_log2;     // Of the four-byte grams' bitmap; 0: no such atoms.
  uint32_t buckets_log2;  // 2^n + 1 bucket starts.
  uint64_t bits;          // First word, in kFilterBits.
  uint64_t triple_bits;   // 2^kTripleLog2 bits; where bits_log2 is not 0.
  uint32_t buckets;       // First, in kFilterBuckets.
  Slice grams;            // In kFilterGrams.
  uint32_t short_bits_log2;  // Of the pairs' bitmap: 0 or 16.
  uint64_t short_bits;
  uint32_t short_buckets_log2;
  uint32_t short_buckets;
  Slice short_grams;
  Slice atoms;  // In kAtoms: of both.
};
static_assert(sizeof(FilterRecord) == 72);

// By what an atom is first noticed: a pair, or two quads, one of which lies at
// an even place wherever the literal does. The quad before a literal of four
// bytes holds three of them: match::AnyFirst().
struct GramRecord {
  uint32_t gram;
  uint32_t check;  // match::CheckOf(); 0 for pairs.
  uint32_t atom;   // AtomOf() of the filter's atoms; above it WindowOf().
};
static_assert(sizeof(GramRecord) == 12);

inline constexpr uint32_t kAtomBits = 24;

inline uint32_t AtomOf(const GramRecord& gram) {
  return gram.atom & ((1u << kAtomBits) - 1);
}
// Of the gram in the literal: from -1.
inline int WindowOf(const GramRecord& gram) {
  return static_cast<int8_t>(gram.atom >> kAtomBits);
}
inline uint32_t PackAtom(uint32_t atom, int window) {
  return atom | static_cast<uint32_t>(static_cast<uint8_t>(window))
                    << kAtomBits;
}

struct AtomRecord {
  uint32_t literal;  // Offset in kLiterals.
  uint32_t pattern;
  int32_t offset;  // Of the literal in the pattern, or ir::kVaries.
  uint16_t size;   // Of the literal.
  uint8_t reserved;
  uint8_t flags;  // 1: case does not matter.
};
static_assert(sizeof(AtomRecord) == 16);

struct HashTableRecord {
  uint8_t scope;        // ir::HashSignature::Scope
  uint8_t digest_size;  // 16, 20 or 32.
  uint8_t any_size;     // Some entry has no size.
  uint8_t reserved[5];
  uint64_t digests;  // Offset in kHashDigests; count * digest_size bytes,
                     // rising.
  Slice entries;     // Of kHashEntries, in the digests' order.
  Slice sizes;       // Of kHashSizes.
};
static_assert(sizeof(HashTableRecord) == 32);

struct HashEntry {
  uint64_t size;  // ir::HashSignature::kAnySize: any.
  StringRef name;
  uint32_t file;
  uint32_t line;
};

struct AuxiliaryRecord {
  StringRef name;
  CodeRef code;
  uint32_t file;
  uint32_t line;
  uint32_t kind;  // ir::Auxiliary::Kind
  uint32_t reserved;
};

}  // namespace vitrine::engine::vdb
