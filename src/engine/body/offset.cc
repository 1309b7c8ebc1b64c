// SPDX-License-Identifier: Apache-2.0
#include "engine/body/offset.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace vitrine::engine::body {
namespace {

Error Invalid(const char* message) { return Error{Code::kInvalid, message}; }

constexpr int kMacroGroupsMax = 32;

bool IsExecutableTarget(int target) {
  return target == 1 || target == 6 || target == 9;
}

// Digits only, but none at all is 0, and what does not fit is cut: as lenient
// as clamscan.
std::optional<uint32_t> Number(std::string_view text) {
  uint32_t value = 0;
  for (const char c : text) {
    if (!IsDigit(static_cast<uint8_t>(c))) return std::nullopt;
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return value;
}

// Takes blanks, a sign and digits off the text.
std::optional<uint32_t> TakeSigned(std::string_view& text) {
  while (!text.empty() && IsSpace(static_cast<uint8_t>(text[0]))) {
    text.remove_prefix(1);
  }
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  size_t digits = 0;
  while (digits < text.size() && IsDigit(static_cast<uint8_t>(text[digits]))) {
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  const uint32_t value = *Number(text.substr(0, digits));
  text.remove_prefix(digits);
  return negative ? 0 - value : value;
}

// No file has that many sections.
uint16_t SectionNumber(uint32_t value) {
  return static_cast<uint16_t>(std::min<uint32_t>(value, UINT16_MAX));
}

// EP+n, EP-n, Sx+n, SL+n, SEx, VI.
Result<Offset> ParseRelative(std::string_view text) {
  Offset offset;
  std::optional<uint32_t> value = 0;
  std::optional<uint32_t> section = 0;
  if (text.starts_with("EP+") || text.starts_with("EP-")) {
    offset.kind =
        text[2] == '+' ? OffsetKind::kEntryPlus : OffsetKind::kEntryMinus;
    value = Number(text.substr(3));
  } else if (text.starts_with("SL+")) {
    offset.kind = OffsetKind::kLastSection;
    value = Number(text.substr(3));
  } else if (text.starts_with("SE")) {
    offset.kind = OffsetKind::kInSection;
    section = Number(text.substr(2));
  } else if (text.starts_with("VI")) {
    offset.kind = OffsetKind::kVersionInfo;
  } else if (text.starts_with('S')) {
    offset.kind = OffsetKind::kSection;
    text.remove_prefix(1);
    section = TakeSigned(text);
    if (!text.starts_with('+')) return Invalid("bad section offset");
    text.remove_prefix(1);
    value = TakeSigned(text);
  } else {
    return Invalid("unknown word in an offset");
  }
  if (!value || !section) return Invalid("bad number in an offset");
  offset.value = *value;
  offset.section = SectionNumber(*section);
  return offset;
}

}  // namespace

Result<Offset> ParseOffset(std::string_view text, int target) {
  if (text == "*") return Offset{};
  const size_t comma = text.find(',');
  std::optional<uint32_t> shift = 0;
  if (comma != std::string_view::npos) {
    shift = Number(text.substr(comma + 1));
    if (!shift) return Invalid("bad shift in an offset");
    text = text.substr(0, comma);
  }
  Offset offset;
  if (text.starts_with('$')) {
    const auto group = ParseDecimal(text.substr(1));
    if (!group) return Invalid("bad macro group");
    if (*group >= kMacroGroupsMax) return Invalid("no such macro group");
    offset.kind = OffsetKind::kMacro;
    offset.section = static_cast<uint16_t>(*group);
  } else if (text.starts_with("EOF-")) {
    const auto value = Number(text.substr(4));
    if (!value) return Invalid("bad number in an offset");
    offset.kind = OffsetKind::kEndMinus;
    offset.value = *value;
  } else if (const auto value = Number(text)) {
    offset.kind = OffsetKind::kAbsolute;
    offset.value = *value;
  } else {
    offset = TRY(ParseRelative(text));
    if (!IsExecutableTarget(target)) {
      return Invalid("this offset needs an executable target");
    }
  }
  offset.max_shift = *shift;
  return offset;
}

bool Window::Allows(uint64_t start, const Input& input) const {
  if (none || start < first || start > last) return false;
  if (!version_info) return true;
  const auto& records = input.layout->version_strings;
  return std::binary_search(records.begin(), records.end(), start);
}

Window Resolve(const Offset& offset, const Input& input) {
  Window window;
  const Window nowhere{.none = true};
  const uint64_t size = input.bytes.size();
  const ExecutableLayout* layout = input.layout;
  const auto from = [&](uint64_t base, uint64_t plus) {
    if (base > UINT64_MAX - plus) return nowhere;
    const uint64_t first = base + plus;
    const uint64_t last = first > UINT64_MAX - offset.max_shift
                              ? UINT64_MAX
                              : first + offset.max_shift;
    return Window{.first = first, .last = last};
  };
  const auto section = [&](size_t number) -> const ExecutableLayout::Section* {
    return layout != nullptr && number < layout->sections.size()
               ? &layout->sections[number]
               : nullptr;
  };
  switch (offset.kind) {
    case OffsetKind::kAny:
      return window;
    case OffsetKind::kAbsolute:
      return from(offset.value, 0);
    case OffsetKind::kEndMinus:
      if (layout != nullptr && layout->is_broken) return nowhere;
      return offset.value > size ? nowhere : from(size - offset.value, 0);
    case OffsetKind::kEntryPlus:
    case OffsetKind::kEntryMinus: {
      if (layout == nullptr || !layout->entry_point) return nowhere;
      const uint64_t entry = *layout->entry_point;
      if (offset.kind == OffsetKind::kEntryPlus) {
        return from(entry, offset.value);
      }
      return offset.value > entry ? nowhere : from(entry - offset.value, 0);
    }
    case OffsetKind::kSection:
    case OffsetKind::kLastSection: {
      const size_t last = layout != nullptr ? layout->sections.size() - 1 : 0;
      const auto* found =
          section(offset.kind == OffsetKind::kSection ? offset.section : last);
      return found == nullptr ? nowhere : from(found->offset, offset.value);
    }
    case OffsetKind::kInSection: {
      const auto* found = section(offset.section);
      if (found == nullptr) return nowhere;
      // The byte after the section is in it, to clamscan.
      window = from(found->offset, found->size);
      if (!window.none) window.first = found->offset;
      return window;
    }
    case OffsetKind::kVersionInfo:
      if (layout == nullptr || layout->version_strings.empty()) return nowhere;
      window.version_info = true;
      return window;
    case OffsetKind::kMacro:
      return nowhere;
  }
  return nowhere;
}

}  // namespace vitrine::engine::body
