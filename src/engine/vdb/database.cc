// SPDX-License-Identifier: Apache-2.0
#include "engine/vdb/database.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/file_status.h"
#include "engine/vdb/checksum.h"
#include "engine/vdb/limits.h"

namespace vitrine::engine::vdb {
namespace {

static_assert(std::endian::native == std::endian::little,
              "records are used as they lie in the file");

Error Unavailable(const std::string& what) {
  return Error{Code::kUnavailable, what + ": " + std::strerror(errno)};
}

Error Invalid(const std::string& what) {
  return Error{Code::kInvalid, "not a usable database: " + what};
}

}  // namespace

Result<std::shared_ptr<const Database>> Database::Open(
    const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Unavailable(path);
  auto result = Map(descriptor);
  close(descriptor);
  if (!result.ok()) return WithContext(std::move(result).error(), path);
  return result;
}

Result<std::shared_ptr<const Database>> Database::Map(int descriptor) {
  struct stat status;
  if (FileStatus(descriptor, status) != 0) return Unavailable("fstat");
  if (!S_ISREG(status.st_mode)) return Invalid("not a regular file");
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size < sizeof(Header)) return Invalid("shorter than its header");
  if (size > kImageSizeMax) return Invalid("larger than 4 GiB");
  // Populated at once: every page is read for its checksum anyway.
  void* const mapping =
      mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0);
  if (mapping == MAP_FAILED) return Unavailable("mmap");
  std::shared_ptr<Database> database(new Database);
  database->mapping_ = mapping;
  database->image_ = Bytes(static_cast<const uint8_t*>(mapping), size);
  return Checked(std::move(database));
}

Result<std::shared_ptr<const Database>> Database::FromBytes(ByteVector bytes) {
  if (bytes.size() < sizeof(Header)) return Invalid("shorter than its header");
  std::shared_ptr<Database> database(new Database);
  database->owned_ = std::move(bytes);
  database->image_ = database->owned_;
  return Checked(std::move(database));
}

Database::~Database() {
  if (mapping_ != nullptr) munmap(mapping_, image_.size());
}

Result<std::shared_ptr<const Database>> Database::Checked(
    std::shared_ptr<Database> database) {
  TRY(database->ReadSections());
  TRY(database->CheckRules());
  TRY(database->CheckPatterns());
  TRY(database->CheckFilters());
  TRY(database->CheckHashes());
  TRY(database->CheckRest());
  return std::shared_ptr<const Database>(std::move(database));
}

namespace {

// Points `records` at a section's bytes; false if they are no whole records.
template <typename T>
bool Assign(Bytes section, std::span<const T>& records) {
  if (section.size() % sizeof(T) != 0) return false;
  records = {reinterpret_cast<const T*>(section.data()),
             section.size() / sizeof(T)};
  return true;
}

}  // namespace

Status Database::ReadSections() {
  constexpr auto kCount = static_cast<uint32_t>(SectionId::kCount);
  constexpr size_t kTable = sizeof(Header) + kCount * sizeof(SectionRecord);
  Header header;
  std::memcpy(&header, image_.data(), sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) {
    return Invalid("wrong magic");
  }
  if (header.version != kVersion) {
    return Invalid("format version " + std::to_string(header.version) +
                   ", this program reads " + std::to_string(kVersion));
  }
  if (header.section_count != kCount || image_.size() < kTable) {
    return Invalid("wrong section table");
  }
  if (header.size != image_.size()) return Invalid("wrong size: truncated?");
  ByteVector head(image_.begin(), image_.begin() + kTable);
  const uint64_t checksum = std::exchange(header.checksum, 0);
  std::memcpy(head.data(), &header, sizeof header);
  if (Checksum(head) != checksum) return Invalid("damaged section table");

  SectionRecord table[kCount];
  std::memcpy(table, image_.data() + sizeof(Header), sizeof table);
  Bytes sections[kCount + 1];
  for (uint32_t i = 0; i < kCount; ++i) {
    const SectionRecord& record = table[i];
    const std::string name = "section " + std::to_string(i + 1);
    if (record.id != i + 1 || record.offset % kAlignment != 0 ||
        record.offset > image_.size() ||
        record.size > image_.size() - record.offset) {
      return Invalid(name + " is out of place");
    }
    sections[i + 1] = image_.subspan(record.offset, record.size);
    if (Checksum(sections[i + 1]) != record.checksum) {
      return Invalid(name + " is damaged");
    }
  }

  const auto section = [&](SectionId id) {
    return sections[static_cast<size_t>(id)];
  };
  strings_ = section(SectionId::kStrings);
  code_ = section(SectionId::kCode);
  literals_ = section(SectionId::kLiterals);
  hash_digests_ = section(SectionId::kHashDigests);
  const bool whole =
      Assign(section(SectionId::kFiles), files_) &&
      Assign(section(SectionId::kRules), rules_) &&
      Assign(section(SectionId::kRulePatterns), rule_patterns_) &&
      Assign(section(SectionId::kPatterns), patterns_) &&
      Assign(section(SectionId::kGateRules), gate_rules_) &&
      Assign(section(SectionId::kWords), words_) &&
      Assign(section(SectionId::kTags), tags_) &&
      Assign(section(SectionId::kMetadata), metadata_) &&
      Assign(section(SectionId::kAlways), always_) &&
      Assign(section(SectionId::kAlwaysGroups), always_groups_) &&
      Assign(section(SectionId::kNameSpaces), name_spaces_) &&
      Assign(section(SectionId::kGlobals), globals_) &&
      Assign(section(SectionId::kFilters), filters_) &&
      Assign(section(SectionId::kFilterBits), filter_bits_) &&
      Assign(section(SectionId::kFilterBuckets), buckets_) &&
      Assign(section(SectionId::kFilterGrams), grams_) &&
      Assign(section(SectionId::kAtoms), atoms_) &&
      Assign(section(SectionId::kHashTables), hash_tables_) &&
      Assign(section(SectionId::kHashEntries), hash_entries_) &&
      Assign(section(SectionId::kHashSizes), hash_sizes_) &&
      Assign(section(SectionId::kAuxiliaries), auxiliaries_);
  if (!whole) return Invalid("a section ends within a record");
  return Ok();
}

namespace {

bool Fits(uint64_t begin, uint64_t count, uint64_t size) {
  return begin <= size && count <= size - begin;
}
bool Fits(Slice slice, size_t size) {
  return Fits(slice.begin, slice.count, size);
}
bool Fits(StringRef ref, Bytes pool) {
  return Fits(ref.offset, ref.size, pool.size());
}
bool Fits(CodeRef ref, Bytes pool) {
  return Fits(ref.offset, ref.size, pool.size());
}

bool AllBelow(std::span<const uint32_t> numbers, size_t size) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [&](uint32_t number) { return number < size; });
}

}  // namespace

Status Database::CheckRules() const {
  for (const RuleRecord& rule : rules_) {
    if (!Fits(rule.name, strings_) || !Fits(rule.code, code_) ||
        !Fits(rule.patterns, rule_patterns_.size()) ||
        !Fits(rule.words, words_.size()) || !Fits(rule.tags, tags_.size()) ||
        !Fits(rule.metadata, metadata_.size()) || rule.file >= files_.size() ||
        rule.name_space >= name_spaces_.size() || rule.language > 1) {
      return Invalid("a rule refers to what is not there");
    }
  }
  for (const RulePattern& pattern : rule_patterns_) {
    if (!Fits(pattern.id, strings_) || pattern.pattern >= patterns_.size()) {
      return Invalid("a rule's pattern is not there");
    }
  }
  for (const WordRecord& word : words_) {
    if (word.width != 1 && word.width != 2 && word.width != 4) {
      return Invalid("a word's width is wrong");
    }
  }
  return Ok();
}

Status Database::CheckPatterns() const {
  for (const PatternRecord& pattern : patterns_) {
    if (!Fits(pattern.code, code_) || !Fits(pattern.gate, gate_rules_.size()) ||
        pattern.kind > static_cast<uint8_t>(ir::PatternKind::kBody)) {
      return Invalid("a pattern refers to what is not there");
    }
  }
  if (!AllBelow(gate_rules_, rules_.size()) ||
      !AllBelow(always_, rules_.size()) || !AllBelow(globals_, rules_.size())) {
    return Invalid("a list names a rule that is not there");
  }
  return Ok();
}

namespace {

// The bucket starts of one table: rising, and ending where its grams end.
bool BucketsFit(std::span<const uint32_t> all, uint64_t begin, uint32_t log2,
                uint32_t grams) {
  if (log2 > kBucketsLog2Max) return false;
  const uint64_t count = (uint64_t{1} << log2) + 1;
  if (!Fits(begin, count, all.size())) return false;
  const auto starts = all.subspan(begin, count);
  return std::is_sorted(starts.begin(), starts.end()) && starts[0] == 0 &&
         starts.back() == grams;
}

bool AtomsFit(std::span<const GramRecord> grams, uint32_t atoms) {
  return std::all_of(grams.begin(), grams.end(), [&](const GramRecord& gram) {
    return AtomOf(gram) < atoms;
  });
}

bool BitsFit(uint64_t words, uint64_t begin, uint32_t log2) {
  if (log2 == 0) return true;
  if (log2 <= 5 || log2 > kBitsLog2Max) return false;
  return Fits(begin, uint64_t{1} << (log2 - 5), words);
}

}  // namespace

Status Database::CheckFilters() const {
  if (filters_.size() != kFilterClasses) {
    return Invalid("wrong filter tables");
  }
  for (const FilterRecord& filter : filters_) {
    // Pairs index their tables by value.
    const bool has_short = filter.short_bits_log2 != 0;
    const bool fits =
        (!has_short ||
         (filter.short_bits_log2 == 16 && filter.short_buckets_log2 == 16)) &&
        BitsFit(filter_bits_.size(), filter.bits, filter.bits_log2) &&
        BitsFit(filter_bits_.size(), filter.triple_bits,
                filter.bits_log2 == 0 ? 0 : kTripleLog2) &&
        BitsFit(filter_bits_.size(), filter.short_bits,
                filter.short_bits_log2) &&
        Fits(filter.atoms, atoms_.size()) &&
        Fits(filter.grams, grams_.size()) &&
        Fits(filter.short_grams, grams_.size()) &&
        BucketsFit(buckets_, filter.buckets, filter.buckets_log2,
                   filter.grams.count) &&
        BucketsFit(buckets_, filter.short_buckets, filter.short_buckets_log2,
                   filter.short_grams.count) &&
        AtomsFit(grams_.subspan(filter.grams.begin, filter.grams.count),
                 filter.atoms.count) &&
        AtomsFit(
            grams_.subspan(filter.short_grams.begin, filter.short_grams.count),
            filter.atoms.count);
    if (!fits) return Invalid("a filter table is out of place");
  }
  for (const AtomRecord& atom : atoms_) {
    if (!Fits(atom.literal, atom.size, literals_.size()) ||
        atom.size > kLiteralSizeMax || atom.size < 2 ||
        atom.pattern >= patterns_.size() || atom.offset < ir::kVaries) {
      return Invalid("an atom refers to what is not there");
    }
  }
  return Ok();
}

Status Database::CheckHashes() const {
  for (const HashTableRecord& table : hash_tables_) {
    const uint8_t size = table.digest_size;
    if ((size != 16 && size != 20 && size != 32) ||
        table.scope > static_cast<uint8_t>(ir::HashSignature::Scope::kAllow) ||
        !Fits(table.entries, hash_entries_.size()) ||
        !Fits(table.sizes, hash_sizes_.size()) ||
        !Fits(table.digests, uint64_t{table.entries.count} * size,
              hash_digests_.size())) {
      return Invalid("a hash table is out of place");
    }
    // Order is not checked: a table out of order only misses what it lists.
  }
  for (const HashEntry& entry : hash_entries_) {
    if (!Fits(entry.name, strings_) || entry.file >= files_.size()) {
      return Invalid("a hash entry refers to what is not there");
    }
  }
  return Ok();
}

Status Database::CheckRest() const {
  for (const StringRef& ref : files_) {
    if (!Fits(ref, strings_)) return Invalid("a file's name is not there");
  }
  for (const StringRef& ref : tags_) {
    if (!Fits(ref, strings_)) return Invalid("a tag is not there");
  }
  for (const MetadataRecord& record : metadata_) {
    if (!Fits(record.key, strings_) || !Fits(record.text, strings_) ||
        record.type > 2) {
      return Invalid("metadata is not there");
    }
  }
  for (const AlwaysGroup& group : always_groups_) {
    if (!Fits(group.rules, always_.size()) ||
        (group.width != 0 && group.width != 1 && group.width != 2 &&
         group.width != 4)) {
      return Invalid("a rule group is out of place");
    }
  }
  for (const NameSpaceRecord& space : name_spaces_) {
    if (!Fits(space.globals, globals_.size())) {
      return Invalid("a name space is out of place");
    }
  }
  for (const AuxiliaryRecord& record : auxiliaries_) {
    if (!Fits(record.name, strings_) || !Fits(record.code, code_) ||
        record.file >= files_.size() ||
        record.kind > static_cast<uint32_t>(ir::Auxiliary::Kind::kExternal)) {
      return Invalid("an auxiliary entry refers to what is not there");
    }
  }
  return Ok();
}

std::string_view Database::Text(StringRef ref) const {
  return AsText(strings_.subspan(ref.offset, ref.size));
}

std::span<const HashEntry> Database::FindDigest(const HashTableRecord& table,
                                                Bytes digest) const {
  const size_t size = table.digest_size;
  if (digest.size() != size) return {};
  const uint8_t* const base = hash_digests_.data() + table.digests;
  const auto compare = [&](size_t index) {
    return std::memcmp(base + index * size, digest.data(), size);
  };
  size_t low = 0;
  size_t high = table.entries.count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (compare(middle) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  size_t end = low;
  while (end < table.entries.count && compare(end) == 0) ++end;
  return EntriesOf(table).subspan(low, end - low);
}

}  // namespace vitrine::engine::vdb
