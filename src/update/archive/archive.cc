// SPDX-License-Identifier: Apache-2.0
#include "update/archive/archive.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "update/archive/limits.h"

namespace vitrine::update {
namespace {

constexpr size_t kBlock = 512;
constexpr size_t kNameSize = 100;
constexpr size_t kPrefixSize = 155;
constexpr size_t kPrefixAt = 345;
constexpr size_t kSizeAt = 124;
constexpr size_t kChecksumAt = 148;

using Block = std::array<uint8_t, kBlock>;

Error Invalid(const std::string& what) {
  return {Code::kInvalid, "archive: " + what};
}

// Where a long name is split: at the first slash after which it fits.
std::optional<size_t> SplitAt(std::string_view name) {
  if (name.size() <= kNameSize) return 0;
  const size_t at = name.find('/', name.size() - kNameSize - 1);
  if (at == name.npos || at == 0 || at > kPrefixSize) return std::nullopt;
  return at;
}

void Put(Block& block, size_t at, std::string_view text) {
  std::memcpy(block.data() + at, text.data(), text.size());
}

Block HeaderOf(std::string_view name, uint64_t size) {
  Block block = {};
  const size_t split = SplitAt(name).value_or(0);
  Put(block, 0, split == 0 ? name : name.substr(split + 1));
  Put(block, kPrefixAt, name.substr(0, split));
  Put(block, 100, "0000644");  // Mode, owner, group, size, time.
  Put(block, 108, "0000000");
  Put(block, 116, "0000000");
  char digits[16];
  std::snprintf(digits, sizeof digits, "%011llo",
                static_cast<unsigned long long>(size));
  Put(block, kSizeAt, digits);
  Put(block, 136, "00000000000");
  Put(block, kChecksumAt, "        ");
  block[156] = '0';
  Put(block, 257, "ustar");
  Put(block, 263, "00");
  Put(block, 329, "0000000");
  Put(block, 337, "0000000");
  uint32_t sum = 0;
  for (const uint8_t byte : block) sum += byte;
  std::snprintf(digits, sizeof digits, "%06o", sum);
  Put(block, kChecksumAt, digits);
  block[kChecksumAt + 6] = 0;
  return block;
}

std::string_view Field(Bytes block, size_t at, size_t size) {
  const std::string_view text = AsText(block.subspan(at, size));
  return text.substr(0, text.find('\0'));
}

std::optional<uint64_t> Octal(std::string_view text) {
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

bool IsZero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](uint8_t byte) { return byte == 0; });
}

size_t Padded(uint64_t size) { return (size + kBlock - 1) / kBlock * kBlock; }

}  // namespace

bool IsArchiveName(std::string_view name) {
  if (name.size() > kArchiveNameMax || Printable(name) != name) return false;
  for (const std::string_view part : Split(name, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return SplitAt(name).has_value();
}

Status ArchiveWriter::Add(std::string_view name, Bytes bytes) {
  if (!IsArchiveName(name)) {
    return Invalid("not a name for a file: " + Printable(name));
  }
  if (name <= last_) return Invalid("names do not rise: " + std::string(name));
  // Of the four blocks two are the end's, and padding takes up to one.
  constexpr size_t kRoom = kArchiveSizeMax - 4 * kBlock;
  if (members_ == kArchiveMembersMax || out_.size() > kRoom ||
      bytes.size() > kRoom - out_.size()) {
    return Error{Code::kLimit, "archive: too large"};
  }
  const Block header = HeaderOf(name, bytes.size());
  out_.insert(out_.end(), header.begin(), header.end());
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  out_.resize(Padded(out_.size()));
  last_ = name;
  ++members_;
  return Ok();
}

ByteVector ArchiveWriter::Finish() {
  out_.resize(out_.size() + 2 * kBlock);
  return std::move(out_);
}

Result<std::vector<ArchiveMember>> ReadArchive(Bytes archive) {
  if (archive.size() > kArchiveSizeMax) {
    return Error{Code::kLimit, "archive: too large"};
  }
  std::vector<ArchiveMember> members;
  std::string last;
  while (archive.size() > 2 * kBlock) {
    const Bytes block = archive.first(kBlock);
    const std::string_view prefix = Field(block, kPrefixAt, kPrefixSize);
    const std::string_view base = Field(block, 0, kNameSize);
    const std::string name =
        prefix.empty() ? std::string(base)
                       : std::string(prefix) + "/" + std::string(base);
    const std::optional<uint64_t> size = Octal(Field(block, kSizeAt, 11));
    if (!size || !IsArchiveName(name) || name <= last) {
      return Invalid("a header that is none of ours");
    }
    const Block header = HeaderOf(name, *size);
    if (!std::equal(header.begin(), header.end(), block.begin())) {
      return Invalid("a header that is none of ours");
    }
    archive = archive.subspan(kBlock);
    if (*size > archive.size() || Padded(*size) > archive.size() ||
        !IsZero(archive.subspan(*size, Padded(*size) - *size))) {
      return Invalid("cut short: " + name);
    }
    if (members.size() == kArchiveMembersMax) {
      return Error{Code::kLimit, "archive: too many files"};
    }
    members.push_back({name, archive.first(*size)});
    archive = archive.subspan(Padded(*size));
    last = name;
  }
  if (archive.size() != 2 * kBlock || !IsZero(archive)) {
    return Invalid("cut short, or something follows it");
  }
  return members;
}

const ArchiveMember* FindMember(const std::vector<ArchiveMember>& members,
                                std::string_view name) {
  const auto found = std::lower_bound(
      members.begin(), members.end(), name,
      [](const ArchiveMember& a, std::string_view b) { return a.name < b; });
  return found != members.end() && found->name == name ? &*found : nullptr;
}

}  // namespace vitrine::update
