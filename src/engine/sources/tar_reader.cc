// SPDX-License-Identifier: Apache-2.0
#include "engine/sources/tar_reader.h"

#include <algorithm>
#include <optional>

#include "base/byte_reader.h"
#include "engine/sources/limits.h"

namespace vitrine::engine::sources {
namespace {

constexpr uint64_t kBlock = 512;

std::string_view Text(Bytes field) {
  const std::string_view text = AsText(field);
  return text.substr(0, text.find('\0'));
}

// Octal digits, with blanks before and anything but a digit behind.
std::optional<uint64_t> Octal(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  uint64_t value = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '7';
       ++digits) {
    if (value > UINT64_MAX >> 3) return std::nullopt;
    value = value << 3 | static_cast<uint64_t>(text[digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  return value;
}

// All bytes added up, the checksum's own field taken as blanks.
bool ChecksumHolds(Bytes header) {
  constexpr size_t kField = 148;
  constexpr size_t kFieldSize = 8;
  uint64_t sum = 0;
  for (size_t i = 0; i < header.size(); ++i) {
    sum += i >= kField && i < kField + kFieldSize ? uint8_t{' '} : header[i];
  }
  return Octal(Text(header.subspan(kField, kFieldSize))) == sum;
}

}  // namespace

Result<std::vector<TarMember>> ReadTar(Bytes archive) {
  const ByteReader reader(archive);
  std::vector<TarMember> out;
  uint64_t at = 0;
  while (at < archive.size()) {
    const Bytes header = TRY(reader.At(at, kBlock));
    const bool empty = std::all_of(header.begin(), header.end(),
                                   [](uint8_t byte) { return byte == 0; });
    if (empty) break;
    if (!ChecksumHolds(header)) {
      return Error{Code::kInvalid, "tar header with a wrong checksum"};
    }
    const auto size = Octal(Text(header.subspan(124, 12)));
    if (!size) return Error{Code::kInvalid, "tar header without a size"};
    at += kBlock;
    const Bytes bytes = TRY(reader.At(at, *size));
    const uint8_t kind = header[156];
    if (kind == '0' || kind == 0) {
      if (out.size() == kMembersMax) {
        return Error{Code::kLimit, "too many files in the container"};
      }
      out.push_back({Text(header.first(100)), bytes});
    }
    const uint64_t padding = (kBlock - *size % kBlock) % kBlock;
    if (padding > archive.size() - at - *size) break;
    at += *size + padding;
  }
  return out;
}

}  // namespace vitrine::engine::sources
