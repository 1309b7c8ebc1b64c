// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/tables.h"

#include <algorithm>

#include "formats/dotnet/limits.h"
#include "formats/dotnet/schema_table.h"

namespace vitrine::dotnet {
namespace {

// Offset of the row counts in the stream of tables.
constexpr uint64_t kHeaderSize = 24;

enum HeapSize : uint8_t {
  kWideStrings = 1,
  kWideGuids = 2,
  kWideBlobs = 4,
};

Bytes HeapOf(const Image& image, std::string_view name) {
  for (const Stream& stream : image.streams) {
    if (stream.name == name) {
      return Clip(image.bytes, stream.offset, stream.size);
    }
  }
  return {};
}

bool HasStream(const Image& image, std::string_view name) {
  return std::any_of(
      image.streams.begin(), image.streams.end(),
      [name](const Stream& stream) { return stream.name == name; });
}

// Tables, names and blobs are found even where their stream's size is wrong:
// up to the file's end.
Bytes OpenHeapOf(const Image& image, std::string_view name) {
  for (const Stream& stream : image.streams) {
    if (stream.name == name) {
      return Clip(image.bytes, stream.offset, UINT64_MAX);
    }
  }
  return {};
}

}  // namespace

std::optional<PackedInteger> ReadPacked(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  const uint32_t first = bytes[0];
  if ((first & 0x80) == 0) return PackedInteger{first, 1};
  if ((first & 0xc0) == 0x80) {
    if (bytes.size() < 2) return std::nullopt;
    return PackedInteger{(first & 0x3f) << 8 | bytes[1], 2};
  }
  if ((first & 0xe0) != 0xc0 || bytes.size() < 4) return std::nullopt;
  return PackedInteger{(first & 0x1f) << 24 | uint32_t{bytes[1]} << 16 |
                           uint32_t{bytes[2]} << 8 | bytes[3],
                       4};
}

Tables::Tables(const Image& image)
    : names_(OpenHeapOf(image, "#Strings")),
      blobs_(OpenHeapOf(image, "#Blob")),
      guids_(HeapOf(image, "#GUID")),
      user_strings_(HeapOf(image, "#US")) {
  // "#-" is what compilers write who have not sorted the tables.
  Bytes stream = OpenHeapOf(image, "#~");
  if (stream.empty()) stream = OpenHeapOf(image, "#-");
  // Without names and blobs the tables say nothing.
  if (!HasStream(image, "#Strings") || !HasStream(image, "#Blob")) return;
  stream_ = ByteReader(stream);
  if (const auto rows = ReadRowCounts()) LayOut(*rows);
}

std::optional<uint64_t> Tables::ReadRowCounts() {
  const auto heap_sizes = stream_.U8(6);
  const auto present = stream_.U64(8);
  if (!heap_sizes || !present) return std::nullopt;
  heap_sizes_ = *heap_sizes;
  is_whole_ = true;
  uint64_t at = kHeaderSize;
  for (size_t i = 0; i < 64; ++i) {
    if ((*present >> i & 1) == 0) continue;
    const uint32_t count = stream_.U32(at).value_or(UINT32_MAX);
    at += 4;
    // The table of parameters' order is one that YARA does not know.
    if (count > kRowCountMax || i >= kTableCount ||
        i == static_cast<size_t>(Table::kParamPtr)) {
      is_whole_ = false;
    }
    if (i >= kTableCount) continue;
    tables_[i].claimed_count = count;
    if (is_whole_) tables_[i].row_count = count;
  }
  return at;
}

void Tables::LayOut(uint64_t rows_offset) {
  for (size_t i = 0; i < kTableCount; ++i) {
    Layout& table = tables_[i];
    table.offset = rows_offset;
    const auto columns = ColumnsOf(static_cast<Table>(i));
    for (size_t k = 0; k < columns.size(); ++k) {
      table.column_offsets[k] = static_cast<uint8_t>(table.row_size);
      table.column_sizes[k] = SizeOf(columns[k]);
      table.row_size += table.column_sizes[k];
    }
    rows_offset += uint64_t{table.row_size} * table.row_count;
  }
}

uint8_t Tables::SizeOf(uint8_t column) const {
  const auto wide_if = [](bool wide) {
    return static_cast<uint8_t>(wide ? 4 : 2);
  };
  switch (column) {
    case kUint16:
      return 2;
    case kUint32:
      return 4;
    case kString:
      return wide_if((heap_sizes_ & kWideStrings) != 0);
    case kGuid:
      return wide_if((heap_sizes_ & kWideGuids) != 0);
    case kBlob:
      return wide_if((heap_sizes_ & kWideBlobs) != 0);
    default:
      break;
  }
  if (column < kTypeDefOrRef) {
    return wide_if(tables_[column].claimed_count > 0xffff);
  }
  const CodedIndex index = CodedIndexOf(column);
  uint32_t most = 0;
  for (const Table table : index.tables) {
    if (table != kNoTable) {
      most = std::max(most, tables_[static_cast<size_t>(table)].claimed_count);
    }
  }
  return wide_if(most >= uint32_t{1} << (16 - index.tag_bits));
}

uint32_t Tables::Cell(Table table, uint32_t row, size_t column) const {
  const Layout& layout = tables_[static_cast<size_t>(table)];
  if (row == 0 || row > layout.row_count) return 0;
  const uint64_t at = layout.offset + uint64_t{row - 1} * layout.row_size +
                      layout.column_offsets[column];
  if (layout.column_sizes[column] == 2) return stream_.U16(at).value_or(0);
  return stream_.U32(at).value_or(0);
}

RowRef Tables::Coded(Table table, uint32_t row, size_t column) const {
  const CodedIndex index = CodedIndexOf(ColumnsOf(table)[column]);
  const uint32_t coded = Cell(table, row, column);
  const uint32_t tag = coded & ((uint32_t{1} << index.tag_bits) - 1);
  if (tag >= index.tables.size() || index.tables[tag] == kNoTable) return {};
  return {index.tables[tag], coded >> index.tag_bits};
}

RowRef Tables::TypeDefOrRef(uint32_t coded) {
  const CodedIndex index = CodedIndexOf(kTypeDefOrRef);
  const uint32_t tag = coded & 3;
  if (tag >= index.tables.size()) return {};
  return {index.tables[tag], coded >> 2};
}

std::optional<std::string_view> Tables::Name(Table table, uint32_t row,
                                             size_t column) const {
  if (row == 0 || row > row_count(table)) return std::nullopt;
  const uint32_t offset = Cell(table, row, column);
  if (offset >= names_.size()) return std::nullopt;
  const std::string_view rest = AsText(Clip(names_, offset, kNameSizeMax));
  return rest.substr(0, rest.find('\0'));
}

std::optional<Bytes> Tables::Blob(Table table, uint32_t row,
                                  size_t column) const {
  const uint32_t offset = Cell(table, row, column);
  if (offset >= blobs_.size()) return std::nullopt;
  const Bytes rest = blobs_.subspan(offset);
  const auto size = ReadPacked(rest);
  if (!size || size->value > rest.size() - size->size) return std::nullopt;
  return rest.subspan(size->size, size->value);
}

}  // namespace vitrine::dotnet
