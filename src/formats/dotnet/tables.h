// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"
#include "formats/dotnet/dotnet.h"

namespace vitrine::dotnet {

// Tables of the metadata, by their numbers (ECMA-335 II.22).
enum class Table : uint8_t {
  kModule = 0x00,
  kTypeRef = 0x01,
  kTypeDef = 0x02,
  kFieldPtr = 0x03,
  kField = 0x04,
  kMethodPtr = 0x05,
  kMethodDef = 0x06,
  kParamPtr = 0x07,
  kParam = 0x08,
  kInterfaceImpl = 0x09,
  kMemberRef = 0x0a,
  kConstant = 0x0b,
  kCustomAttribute = 0x0c,
  kFieldMarshal = 0x0d,
  kDeclSecurity = 0x0e,
  kClassLayout = 0x0f,
  kFieldLayout = 0x10,
  kStandAloneSig = 0x11,
  kEventMap = 0x12,
  kEventPtr = 0x13,
  kEvent = 0x14,
  kPropertyMap = 0x15,
  kPropertyPtr = 0x16,
  kProperty = 0x17,
  kMethodSemantics = 0x18,
  kMethodImpl = 0x19,
  kModuleRef = 0x1a,
  kTypeSpec = 0x1b,
  kImplMap = 0x1c,
  kFieldRva = 0x1d,
  kEncLog = 0x1e,
  kEncMap = 0x1f,
  kAssembly = 0x20,
  kAssemblyProcessor = 0x21,
  kAssemblyOs = 0x22,
  kAssemblyRef = 0x23,
  kAssemblyRefProcessor = 0x24,
  kAssemblyRefOs = 0x25,
  kFile = 0x26,
  kExportedType = 0x27,
  kManifestResource = 0x28,
  kNestedClass = 0x29,
  kGenericParam = 0x2a,
  kMethodSpec = 0x2b,
  kGenericParamConstraint = 0x2c,
};
inline constexpr size_t kTableCount = 0x2d;

// A row of some table, as coded indexes name it. Rows count from 1; 0 is none.
struct RowRef {
  Table table = Table::kModule;
  uint32_t row = 0;
};

// The tables and heaps of an assembly: where everything lies. Reads of rows
// that do not exist give zeros. Views of the image's bytes; total.
class Tables {
 public:
  // Without a stream of tables, or with one that cannot be, or without names
  // or blobs, all are empty.
  explicit Tables(const Image& image);

  uint32_t row_count(Table table) const {
    return tables_[static_cast<size_t>(table)].row_count;
  }

  // Whether no table has too many rows. From the first that has on, all are
  // empty.
  bool is_whole() const { return is_whole_; }

  // The column's number, index or offset; `row` counts from 1.
  uint32_t Cell(Table table, uint32_t row, size_t column) const;
  // Of a column that is a coded index.
  RowRef Coded(Table table, uint32_t row, size_t column) const;
  // Of TypeDefOrRef indexes in signatures.
  static RowRef TypeDefOrRef(uint32_t coded);

  // From a column that is an offset into the heap; nullopt outside of it.
  std::optional<std::string_view> Name(Table table, uint32_t row,
                                       size_t column) const;
  std::optional<Bytes> Blob(Table table, uint32_t row, size_t column) const;

  Bytes guids() const { return guids_; }
  Bytes user_strings() const { return user_strings_; }

 private:
  static constexpr size_t kColumnCountMax = 9;
  struct Layout {
    uint32_t row_count = 0;
    uint32_t claimed_count = 0;  // Decides how wide indexes of it are.
    uint32_t row_size = 0;
    uint64_t offset = 0;  // In `stream_`.
    std::array<uint8_t, kColumnCountMax> column_offsets{};
    std::array<uint8_t, kColumnCountMax> column_sizes{};
  };

  // Where the rows start; nullopt where there is no header.
  std::optional<uint64_t> ReadRowCounts();
  void LayOut(uint64_t rows_offset);
  uint8_t SizeOf(uint8_t column) const;

  ByteReader stream_{Bytes()};
  Bytes names_;
  Bytes blobs_;
  Bytes guids_;
  Bytes user_strings_;
  uint8_t heap_sizes_ = 0;
  bool is_whole_ = false;
  std::array<Layout, kTableCount> tables_;
};

// A length of one, two or four bytes as blobs and signatures have it, and how
// many bytes it took.
struct PackedInteger {
  uint32_t value = 0;
  uint32_t size = 0;
};
std::optional<PackedInteger> ReadPacked(Bytes bytes);

}  // namespace vitrine::dotnet
