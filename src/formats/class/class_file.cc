// SPDX-License-Identifier: Apache-2.0
#include "formats/class/class_file.h"

#include <bit>

#include "base/byte_reader.h"

namespace vitrine::class_file {
namespace {

constexpr auto kBig = std::endian::big;
constexpr uint32_t kMagic = 0xcafebabe;
// Java 1.0 and 1.1 wrote 45; no universal file has as many architectures.
constexpr uint16_t kMajorVersionMin = 45;
// Java 21 is 65 and a version comes each half year; beyond this it is noise.
constexpr uint16_t kMajorVersionMax = 200;

constexpr uint8_t kConstantLong = 5;
constexpr uint8_t kConstantDouble = 6;

// The size of a constant without its tag; of text, that of its length.
std::optional<uint64_t> SizeOf(uint8_t tag) {
  switch (tag) {
    case kConstantUtf8:
    case kConstantClass:
    case 8:   // String
    case 16:  // MethodType
    case 19:  // Module
    case 20:  // Package
      return 2;
    case 15:  // MethodHandle
      return 3;
    case 3:   // Integer
    case 4:   // Float
    case 9:   // Fieldref
    case 10:  // Methodref
    case 11:  // InterfaceMethodref
    case 12:  // NameAndType
    case 17:  // Dynamic
    case 18:  // InvokeDynamic
      return 4;
    case kConstantLong:
    case kConstantDouble:
      return 8;
    default:
      return std::nullopt;
  }
}

// Returns the offset after the pool.
Result<uint64_t> ReadConstants(const ByteReader& reader, uint64_t at,
                               uint16_t count,
                               std::vector<Constant>& constants) {
  // A constant takes three bytes at least: an empty file reserves nothing.
  if (count > reader.size()) {
    return Error{Code::kTruncated, "constant pool ends after the input"};
  }
  constants.resize(count);
  for (uint32_t i = 1; i < count; ++i) {
    const auto tag = TRY((reader.Read<kBig, uint8_t>(at)));
    const auto size = SizeOf(tag);
    if (!size) return Error{Code::kInvalid, "unknown constant"};
    constants[i] = {tag, at};
    uint64_t end = at + 1 + *size;
    if (tag == kConstantUtf8) {
      end += TRY((reader.Read<kBig, uint16_t>(at + 1)));
    }
    if (end > reader.size()) {
      return Error{Code::kTruncated, "constant ends after the input"};
    }
    at = end;
    // These two take the next number as well.
    if (tag == kConstantLong || tag == kConstantDouble) ++i;
  }
  return at;
}

}  // namespace

bool HasMagic(Bytes bytes) {
  const ByteReader reader(bytes);
  const auto magic = reader.Peek<kBig, uint32_t>(0);
  const auto major = reader.Peek<kBig, uint16_t>(6);
  return magic == kMagic && major && *major >= kMajorVersionMin &&
         *major <= kMajorVersionMax;
}

Result<View> Parse(Bytes bytes) {
  if (!HasMagic(bytes)) return Error{Code::kInvalid, "no class file"};
  const ByteReader reader(bytes);
  View view;
  view.bytes = bytes;
  view.minor_version = TRY((reader.Read<kBig, uint16_t>(4)));
  view.major_version = TRY((reader.Read<kBig, uint16_t>(6)));
  const auto count = TRY((reader.Read<kBig, uint16_t>(8)));
  const uint64_t at = TRY(ReadConstants(reader, 10, count, view.constants));
  view.access_flags = TRY((reader.Read<kBig, uint16_t>(at)));
  view.this_class = TRY((reader.Read<kBig, uint16_t>(at + 2)));
  view.super_class = TRY((reader.Read<kBig, uint16_t>(at + 4)));
  return view;
}

std::optional<std::string_view> Utf8(const View& view, uint16_t number) {
  if (number >= view.constants.size()) return std::nullopt;
  const Constant& constant = view.constants[number];
  if (constant.tag != kConstantUtf8) return std::nullopt;
  const ByteReader reader(view.bytes);
  const auto size = reader.Peek<kBig, uint16_t>(constant.offset + 1);
  if (!size) return std::nullopt;
  return AsText(Clip(view.bytes, constant.offset + 3, *size));
}

std::optional<std::string_view> ClassName(const View& view, uint16_t number) {
  if (number >= view.constants.size()) return std::nullopt;
  const Constant& constant = view.constants[number];
  if (constant.tag != kConstantClass) return std::nullopt;
  const ByteReader reader(view.bytes);
  const auto name = reader.Peek<kBig, uint16_t>(constant.offset + 1);
  return name ? Utf8(view, *name) : std::nullopt;
}

}  // namespace vitrine::class_file
