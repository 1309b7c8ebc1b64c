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

std::string NameOf(uint32_t section) {
  return "section " + std::to_string(section);
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
  void* const mapping =
      mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
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
  auto checked = TRY(Checked(std::move(database)));
  TRY(checked->CheckAll());
  return checked;
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

constexpr auto kCount = static_cast<uint32_t>(SectionId::kCount);
constexpr size_t kTable = sizeof(Header) + kCount * sizeof(SectionRecord);

// `image` has a header at least.
Status CheckHeader(Bytes image) {
  Header header;
  std::memcpy(&header, image.data(), sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) {
    return Invalid("wrong magic");
  }
  if (header.version != kVersion) {
    return Invalid("format version " + std::to_string(header.version) +
                   ", this program reads " + std::to_string(kVersion));
  }
  if (header.section_count != kCount || image.size() < kTable) {
    return Invalid("wrong section table");
  }
  if (header.size != image.size()) return Invalid("wrong size: truncated?");
  ByteVector head(image.begin(), image.begin() + kTable);
  const uint64_t checksum = std::exchange(header.checksum, 0);
  std::memcpy(head.data(), &header, sizeof header);
  if (Checksum(head) != checksum) return Invalid("damaged section table");
  return Ok();
}

}  // namespace

Status Database::ReadSections() {
  TRY(CheckHeader(image_));
  SectionRecord table[kCount];
  std::memcpy(table, image_.data() + sizeof(Header), sizeof table);
  Bytes sections[kCount + 1];
  for (uint32_t i = 0; i < kCount; ++i) {
    const SectionRecord& record = table[i];
    if (record.id != i + 1 || record.offset % kAlignment != 0 ||
        record.offset > image_.size() ||
        record.size > image_.size() - record.offset) {
      return Invalid(NameOf(i + 1) + " is out of place");
    }
    sections[i + 1] = image_.subspan(record.offset, record.size);
  }
  for (uint32_t id = 1; id < kFirstInPieces; ++id) {
    if (Checksum(sections[id]) != table[id - 1].checksum) {
      return Invalid(NameOf(id) + " is damaged");
    }
  }

  const auto section = [&](SectionId id) {
    return sections[static_cast<size_t>(id)];
  };
  literals_ = section(SectionId::kLiterals);
  const bool whole =
      Assign(section(SectionId::kFiles), files_) &&
      Assign(section(SectionId::kRules), rules_) &&
      Assign(section(SectionId::kRulePatterns), rule_patterns_) &&
      Assign(section(SectionId::kPatterns), patterns_) &&
      Assign(section(SectionId::kGateRules), gate_rules_) &&
      Assign(section(SectionId::kWords), words_) &&
      Assign(section(SectionId::kTags), tags_) &&
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
      Assign(section(SectionId::kHashSizes), hash_sizes_) &&
      Assign(section(SectionId::kAuxiliaries), auxiliaries_);
  if (!whole) return Invalid("a section ends within a record");
  return ReadPieces(sections, table);
}

Status Database::ReadPieces(const Bytes* sections, const SectionRecord* table) {
  const Bytes all_sums = sections[static_cast<size_t>(SectionId::kPieceSums)];
  uint64_t begin = 0;
  for (uint32_t i = 0; i < kSectionsInPieces; ++i) {
    const uint32_t id = kFirstInPieces + i;
    const uint64_t size = PiecesOf(sections[id].size()) * sizeof(uint64_t);
    const Bytes bytes = Clip(all_sums, begin, size);
    begin += size;
    std::span<const uint64_t> sums;
    if (bytes.size() != size || !Assign(bytes, sums)) {
      return Invalid("sums of pieces are not there");
    }
    if (Checksum(bytes) != table[id - 1].checksum) {
      return Invalid(NameOf(id) + " is damaged");
    }
    pieces_[i].Set(sections[id], sums);
  }
  const bool whole = begin == all_sums.size() &&
                     In(SectionId::kMetadata).Holds<MetadataRecord>() &&
                     In(SectionId::kHashEntries).Holds<HashEntry>();
  if (!whole) return Invalid("a section ends within a record");
  return Ok();
}

Status Database::Damage() const {
  for (uint32_t i = 0; i < kSectionsInPieces; ++i) {
    if (pieces_[i].damaged()) {
      return Invalid(NameOf(kFirstInPieces + i) + " is damaged");
    }
  }
  return Ok();
}

Status Database::CheckAll() const {
  for (const Piecewise& pieces : pieces_) pieces.Read(0, pieces.size());
  for (const RuleRecord& rule : rules_) MetadataOf(rule);
  for (const HashTableRecord& table : hash_tables_) EntriesOf(table);
  return Damage();
}

namespace {

bool Fits(uint64_t begin, uint64_t count, uint64_t size) {
  return begin <= size && count <= size - begin;
}
bool Fits(Slice slice, size_t size) {
  return Fits(slice.begin, slice.count, size);
}
bool Fits(StringRef ref, const Piecewise& pool) {
  return Fits(ref.offset, ref.size, pool.size());
}
bool Fits(CodeRef ref, const Piecewise& pool) {
  return Fits(ref.offset, ref.size, pool.size());
}

bool AllBelow(std::span<const uint32_t> numbers, size_t size) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [&](uint32_t number) { return number < size; });
}

}  // namespace

Status Database::CheckRules() const {
  const Piecewise& strings = In(SectionId::kStrings);
  const Piecewise& code = In(SectionId::kCode);
  const uint64_t metadata =
      In(SectionId::kMetadata).size() / sizeof(MetadataRecord);
  for (const RuleRecord& rule : rules_) {
    if (!Fits(rule.name, strings) || !Fits(rule.code, code) ||
        !Fits(rule.patterns, rule_patterns_.size()) ||
        !Fits(rule.words, words_.size()) || !Fits(rule.tags, tags_.size()) ||
        !Fits(rule.metadata, metadata) || rule.file >= files_.size() ||
        rule.name_space >= name_spaces_.size() || rule.language > 1) {
      return Invalid("a rule refers to what is not there");
    }
  }
  for (const RulePattern& pattern : rule_patterns_) {
    if (!Fits(pattern.id, strings) || pattern.pattern >= patterns_.size()) {
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
  const Piecewise& code = In(SectionId::kCode);
  for (const PatternRecord& pattern : patterns_) {
    if (!Fits(pattern.code, code) || !Fits(pattern.gate, gate_rules_.size()) ||
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
  const uint64_t digests = In(SectionId::kHashDigests).size();
  const uint64_t entries =
      In(SectionId::kHashEntries).size() / sizeof(HashEntry);
  for (const HashTableRecord& table : hash_tables_) {
    const uint8_t size = table.digest_size;
    if ((size != 16 && size != 20 && size != 32) ||
        table.scope > static_cast<uint8_t>(ir::HashSignature::Scope::kAllow) ||
        !Fits(table.entries, entries) ||
        !Fits(table.sizes, hash_sizes_.size()) ||
        !Fits(table.digests, uint64_t{table.entries.count} * size, digests)) {
      return Invalid("a hash table is out of place");
    }
    // Order is not checked: a table out of order only misses what it lists.
  }
  return Ok();
}

Status Database::CheckRest() const {
  const Piecewise& strings = In(SectionId::kStrings);
  for (const StringRef& ref : files_) {
    if (!Fits(ref, strings)) return Invalid("a file's name is not there");
  }
  for (const StringRef& ref : tags_) {
    if (!Fits(ref, strings)) return Invalid("a tag is not there");
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
    if (!Fits(record.name, strings) ||
        !Fits(record.code, In(SectionId::kCode)) ||
        record.file >= files_.size() ||
        record.kind > static_cast<uint32_t>(ir::Auxiliary::Kind::kExternal)) {
      return Invalid("an auxiliary entry refers to what is not there");
    }
  }
  return Ok();
}

std::string_view Database::Text(StringRef ref) const {
  return AsText(In(SectionId::kStrings).Read(ref.offset, ref.size));
}

std::span<const MetadataRecord> Database::MetadataOf(
    const RuleRecord& rule) const {
  const Piecewise& strings = In(SectionId::kStrings);
  return In(SectionId::kMetadata)
      .Records<MetadataRecord>(rule.metadata, [&](const auto& record) {
        return Fits(record.key, strings) && Fits(record.text, strings) &&
               record.type <= 2;
      });
}

std::span<const HashEntry> Database::Entries(Slice slice) const {
  const Piecewise& strings = In(SectionId::kStrings);
  return In(SectionId::kHashEntries)
      .Records<HashEntry>(slice, [&](const auto& entry) {
        return Fits(entry.name, strings) && entry.file < files_.size();
      });
}

std::span<const HashEntry> Database::FindDigest(const HashTableRecord& table,
                                                Bytes digest) const {
  const size_t size = table.digest_size;
  if (digest.size() != size) return {};
  const auto compare = [&](uint32_t index) {
    return std::memcmp(DigestOf(table, index).data(), digest.data(), size);
  };
  uint32_t low = 0;
  uint32_t high = table.entries.count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (compare(middle) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  uint32_t end = low;
  while (end < table.entries.count && compare(end) == 0) ++end;
  return Entries({table.entries.begin + low, end - low});
}

}  // namespace vitrine::engine::vdb
