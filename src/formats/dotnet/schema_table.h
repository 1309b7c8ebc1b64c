// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "formats/dotnet/tables.h"

// What the columns of each table are (ECMA-335 II.22, II.24.2.6).
namespace vitrine::dotnet {

// A column: below 0x40, an index of that table; else one of these.
enum : uint8_t {
  kTypeDefOrRef = 0x40,
  kHasConstant,
  kHasCustomAttribute,
  kHasFieldMarshal,
  kHasDeclSecurity,
  kMemberRefParent,
  kHasSemantics,
  kMethodDefOrRef,
  kMemberForwarded,
  kImplementation,
  kCustomAttributeType,
  kResolutionScope,
  kTypeOrMethodDef,
  kUint16 = 0x60,
  kUint32,
  kString,
  kGuid,
  kBlob,
};

// No such table: tags of coded indexes that are not in use.
inline constexpr Table kNoTable = static_cast<Table>(0xff);

struct CodedIndex {
  uint8_t tag_bits;
  std::span<const Table> tables;
};

// Of a column from kTypeDefOrRef to kTypeOrMethodDef.
CodedIndex CodedIndexOf(uint8_t column);

// The columns of a table.
std::span<const uint8_t> ColumnsOf(Table table);

}  // namespace vitrine::dotnet
