// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/file_type.h"

// What an object is, by its bytes: ClamAV's types as its tables give them
// (reference §2.2, §2.12). Names and extensions are never looked at.
namespace vitrine {

// One line of an .ftm file, decoded.
struct FileTypeEntry {
  enum class Kind : uint8_t {
    kFixed = 0,      // `pattern` at `offset`, before anything else.
    kPattern = 1,    // `pattern` at `offset` or anywhere.
    kPartition = 4,  // As kFixed, for disk images' partition tables.
  };

  Kind kind = Kind::kFixed;
  std::optional<uint32_t> offset;      // Empty: anywhere ("*").
  std::string pattern;                 // Hex; "?" stands for any half byte,
                                       // "*" for any run, "{n-m}" for a gap.
  FileType required = FileType::kANY;  // Type of the object so far; ANY: any.
  FileType type = FileType::kANY;
};

// File types by a table of somebody else's, which replaces our own.
// Immutable; thread-safe.
class FileTypeTable {
 public:
  // kInvalid on a pattern that is not one.
  static Result<FileTypeTable> Create(std::span<const FileTypeEntry> entries);

 private:
  friend class TableMatcher;

  struct Part {  // A run of bytes, and how far it may lie behind the last.
    ByteVector value;
    ByteVector mask;
    uint32_t gap_min = 0;
    uint32_t gap_max = 0;
  };
  struct Line {
    FileTypeEntry::Kind kind;
    std::optional<uint32_t> offset;
    std::vector<Part> parts;
    FileType required;
    FileType type;
  };

  std::vector<Line> lines_;
};

// The type of an object, by its first bytes (kDetectPrefixBytes of them, and
// for tar, ISO 9660, UDF and disk images those at their fixed offsets). Never
// kANY: what is nothing else is text of some kind or BINARY_DATA. `table`
// replaces the built-in table; text is told from binary data in any case.
FileType Detect(Bytes bytes, const FileTypeTable* table = nullptr);

// Another file inside a file.
struct Embedded {
  FileType type;  // ZIPSFX, RARSFX, 7ZSFX, CABSFX, ARJSFX, EGGSFX, NULSFT,
                  // AUTOIT, ISHIELD_MSI, MSEXE, PDF, ...
  uint64_t offset;
  // How far it reaches where its headers say so, else up to the end.
  uint64_t size;
};

// Files inside an object of type `outer` at any offset but 0: archives, PDFs,
// and executables within the first `max_executable` bytes (0: all). Nothing in
// ZIP, gzip, tar, cpio, ar and ISO 9660, nor executables in other archives:
// what lies in them comes out by unpacking. One entry for a kind of archive
// whose reader goes on to the end by itself. At most kEmbeddedMax, in ascending
// order of offset.
std::vector<Embedded> FindEmbedded(Bytes bytes, FileType outer,
                                   uint64_t max_executable,
                                   const FileTypeTable* table = nullptr);

}  // namespace vitrine
