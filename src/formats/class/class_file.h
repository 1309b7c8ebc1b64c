// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// Java class files (The Java Virtual Machine Specification, chapter 4).
namespace vitrine::class_file {

// One entry of the constant pool. `offset` is where its tag stands.
struct Constant {
  uint8_t tag = 0;  // 0: not an entry (number 0, and after a long or double).
  uint64_t offset = 0;
};

inline constexpr uint8_t kConstantUtf8 = 1;
inline constexpr uint8_t kConstantClass = 7;

// A class file up to its super class. Owns no bytes: they must outlive it.
struct View {
  Bytes bytes;
  uint16_t minor_version = 0;
  uint16_t major_version = 0;       // 45 is Java 1.1, 65 Java 21.
  std::vector<Constant> constants;  // By number; 0 is none.
  uint16_t access_flags = 0;
  uint16_t this_class = 0;
  uint16_t super_class = 0;
};

// Whether the first eight bytes are a class file's. A universal Mach-O file
// begins with the same four; its number of architectures stands where the
// versions do, and is small where no major version is.
bool HasMagic(Bytes bytes);

// Reads all of the constant pool. kInvalid: no class file, or a constant of no
// known kind. kTruncated: it ends before its super class.
Result<View> Parse(Bytes bytes);

// The text of constant `number`; the name of the class that it is. Modified
// UTF-8, as stored.
std::optional<std::string_view> Utf8(const View& view, uint16_t number);
std::optional<std::string_view> ClassName(const View& view, uint16_t number);

}  // namespace vitrine::class_file
