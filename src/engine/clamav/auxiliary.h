// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/code.h"
#include "base/result.h"
#include "formats/detect/detect.h"
#include "formats/file_type.h"
#include "formats/member.h"

// What ir::Auxiliary::code holds, by kind, and how the scan asks it. All of
// these take codes that may be hostile: bad ones are passed over.
namespace vitrine::engine::clamav {

// Inclusive; any number where there is none.
struct SizeRange {
  uint64_t min = 0;
  uint64_t max = UINT64_MAX;
  bool Contains(uint64_t value) const { return value >= min && value <= max; }
};

// A .cdb line: what a member of a container looks like from outside.
struct ContainerRule {
  std::optional<FileType> type;  // Empty: any container.
  SizeRange container_size;
  std::string name_expression;  // "": any name.
  SizeRange packed_size;
  SizeRange size;
  std::optional<bool> encrypted;
  SizeRange position;
};
void WriteContainerRule(const ContainerRule& rule, CodeWriter& out);
Result<ContainerRule> ReadContainerRule(Bytes code);

// Numbers of the codes (of Kind::kContainer) that `member` of a container of
// `type` and `container_size` bytes matches, ascending.
std::vector<size_t> MatchContainer(std::span<const Bytes> codes, FileType type,
                                   uint64_t container_size,
                                   const Member& member);

// The codes of Kind::kFileType as a table: where there is one, it replaces
// the built-in table (FileTypeTable::Create).
std::vector<FileTypeEntry> ReadFileTypeEntries(std::span<const Bytes> codes);

// The codes of Kind::kPassword that may be tried on members of `container`.
std::vector<std::string> ReadPasswords(std::span<const Bytes> codes,
                                       FileType container);

// A .cfg line: features of a format that are switched off or on.
struct ConfigEntry {
  std::string category;  // "PE", "ELF", "DOCUMENT", ...
  uint32_t flags = 0;
};
Result<ConfigEntry> ReadConfigEntry(Bytes code);

// A .crb line: who signed, and whether that is good or bad.
struct CertificateRule {
  bool trusted = false;
  ByteVector subject_sha1;
  ByteVector serial_sha1;  // Empty: any.
  ByteVector modulus;
  ByteVector exponent;
  bool code_signing = false;
  bool time_stamping = false;
  bool certificate_signing = false;
  int64_t not_before = 0;
};
Result<CertificateRule> ReadCertificateRule(Bytes code);

// An .idb line.
struct IconRule {
  std::string group1;
  std::string group2;
  ByteVector hash;  // 62 bytes; the first is the icon's edge in pixels.
};
Result<IconRule> ReadIconRule(Bytes code);

}  // namespace vitrine::engine::clamav
