// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/ir/program.h"
#include "engine/vdb/format.h"
#include "engine/vdb/piecewise.h"

namespace vitrine::engine::vdb {

// A compiled database, read-only: a mapped file or bytes in memory. Opening
// checks the checksum, every reference and every bound of what each scan needs;
// names, metadata, code and lists of digests are checked when they are asked
// for, so that a scan of one file reads little more of the database than it
// uses. No accessor can leave the image, whoever made the file; code blobs are
// checked by their evaluators as they run. Immutable, so thread-safe; shared
// between threads by shared_ptr and between processes by the mapping.
class Database {
 public:
  // kInvalid names the section that is wrong; kUnavailable, the file.
  static Result<std::shared_ptr<const Database>> Open(const std::string& path);
  // Maps a descriptor; it may be closed afterwards.
  static Result<std::shared_ptr<const Database>> Map(int descriptor);
  // Reads all of it at once.
  static Result<std::shared_ptr<const Database>> FromBytes(ByteVector bytes);

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  uint64_t size() const { return image_.size(); }
  Bytes image() const { return image_; }

  // kInvalid if something that was asked for is not as it was written; it names
  // the section. No answer that rests on this database holds then.
  Status Damage() const;
  // The same, of everything.
  Status CheckAll() const;

  std::span<const StringRef> files() const { return files_; }
  std::span<const RuleRecord> rules() const { return rules_; }
  std::span<const PatternRecord> patterns() const { return patterns_; }
  std::span<const AlwaysGroup> always_groups() const { return always_groups_; }
  std::span<const NameSpaceRecord> name_spaces() const { return name_spaces_; }
  std::span<const FilterRecord> filters() const { return filters_; }
  std::span<const HashTableRecord> hash_tables() const { return hash_tables_; }
  std::span<const AuxiliaryRecord> auxiliaries() const { return auxiliaries_; }
  std::span<const AtomRecord> atoms() const { return atoms_; }
  std::span<const GramRecord> grams() const { return grams_; }
  std::span<const uint32_t> filter_bits() const { return filter_bits_; }
  std::span<const uint32_t> buckets() const { return buckets_; }
  Bytes literals() const { return literals_; }

  std::string_view Text(StringRef ref) const;
  Bytes Code(CodeRef ref) const {
    return In(SectionId::kCode).Read(ref.offset, ref.size);
  }
  std::span<const RulePattern> PatternsOf(const RuleRecord& rule) const {
    return Of(rule_patterns_, rule.patterns);
  }
  std::span<const uint32_t> GateOf(const PatternRecord& pattern) const {
    return Of(gate_rules_, pattern.gate);
  }
  std::span<const WordRecord> WordsOf(const RuleRecord& rule) const {
    return Of(words_, rule.words);
  }
  std::span<const StringRef> TagsOf(const RuleRecord& rule) const {
    return Of(tags_, rule.tags);
  }
  std::span<const MetadataRecord> MetadataOf(const RuleRecord& rule) const;
  std::span<const uint32_t> RulesOf(const AlwaysGroup& group) const {
    return Of(always_, group.rules);
  }
  std::span<const uint32_t> GlobalsOf(const NameSpaceRecord& space) const {
    return Of(globals_, space.globals);
  }
  std::span<const uint64_t> SizesOf(const HashTableRecord& table) const {
    return Of(hash_sizes_, table.sizes);
  }

  // Entries of `table` with this digest, any size; empty if there is none.
  std::span<const HashEntry> FindDigest(const HashTableRecord& table,
                                        Bytes digest) const;
  // The digest of the table's entry `index`.
  Bytes DigestOf(const HashTableRecord& table, uint32_t index) const {
    return In(SectionId::kHashDigests)
        .Read(table.digests + uint64_t{index} * table.digest_size,
              table.digest_size);
  }
  std::span<const HashEntry> EntriesOf(const HashTableRecord& table) const {
    return Entries(table.entries);
  }

 private:
  Database() = default;

  template <typename T>
  static std::span<const T> Of(std::span<const T> all, Slice slice) {
    return all.subspan(slice.begin, slice.count);
  }

  // One of those from kFirstInPieces on.
  const Piecewise& In(SectionId id) const {
    return pieces_[static_cast<uint32_t>(id) - kFirstInPieces];
  }
  static Result<std::shared_ptr<const Database>> Checked(
      std::shared_ptr<Database> database);
  Status ReadSections();
  Status ReadPieces(const Bytes* sections, const SectionRecord* table);
  std::span<const HashEntry> Entries(Slice slice) const;
  Status CheckRules() const;
  Status CheckPatterns() const;
  Status CheckFilters() const;
  Status CheckHashes() const;
  Status CheckRest() const;

  Bytes image_;
  ByteVector owned_;
  void* mapping_ = nullptr;

  Piecewise pieces_[kSectionsInPieces];
  Bytes literals_;
  std::span<const StringRef> files_;
  std::span<const RuleRecord> rules_;
  std::span<const RulePattern> rule_patterns_;
  std::span<const PatternRecord> patterns_;
  std::span<const uint32_t> gate_rules_;
  std::span<const WordRecord> words_;
  std::span<const StringRef> tags_;
  std::span<const uint32_t> always_;
  std::span<const AlwaysGroup> always_groups_;
  std::span<const NameSpaceRecord> name_spaces_;
  std::span<const uint32_t> globals_;
  std::span<const FilterRecord> filters_;
  std::span<const uint32_t> filter_bits_;
  std::span<const uint32_t> buckets_;
  std::span<const GramRecord> grams_;
  std::span<const AtomRecord> atoms_;
  std::span<const HashTableRecord> hash_tables_;
  std::span<const uint64_t> hash_sizes_;
  std::span<const AuxiliaryRecord> auxiliaries_;
};

// Puts sections together into an image: the inverse of Database. The order of
// Add() does not matter; equal sections give equal bytes.
class ImageWriter {
 public:
  void Add(SectionId id, Bytes bytes);
  template <typename T>
  void Add(SectionId id, const std::vector<T>& records) {
    Add(id, Bytes(reinterpret_cast<const uint8_t*>(records.data()),
                  records.size() * sizeof(T)));
  }
  ByteVector Finish();

 private:
  ByteVector sections_[static_cast<size_t>(SectionId::kCount) + 1];
};

}  // namespace vitrine::engine::vdb
