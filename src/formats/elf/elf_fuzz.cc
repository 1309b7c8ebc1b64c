// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "formats/elf/elf.h"
#include "formats/elf/limits.h"

namespace elf = vitrine::elf;

namespace {

void CheckText(const std::optional<std::string_view>& text, size_t size) {
  if (text && text->size() >= size) __builtin_trap();  // A NUL follows it.
}

}  // namespace

// Accepting a file is a promise: tables are whole or empty, names lie inside
// the file, and what is read is bounded.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const vitrine::Bytes bytes(data, size);
  const bool broken = elf::IsBroken(bytes);
  const auto parsed = elf::Parse(bytes);
  if (!parsed.ok()) return 0;
  const elf::Image& image = parsed.value();
  if (elf::IsBroken(image) != broken) __builtin_trap();
  if (image.sections.size() > size / 40) __builtin_trap();
  if (image.segments.size() > size / 32) __builtin_trap();
  for (const elf::Section& section : image.sections) {
    CheckText(elf::NameOf(image, section), size);
    const auto symbols = elf::SymbolsOf(image, section);
    if (!symbols) continue;
    if (symbols->size() > elf::kSymbolsMax) __builtin_trap();
    for (const elf::Symbol& symbol : *symbols) CheckText(symbol.name, size);
  }
  for (const elf::Segment& segment : image.segments) {
    if (elf::DynamicOf(image, segment).size() > size / 8) __builtin_trap();
  }
  const auto layout = elf::Layout(image);
  if (broken && (layout.entry_point || !layout.sections.empty())) {
    __builtin_trap();
  }
  elf::OffsetBySections(image, image.header.entry);
  return 0;
}
