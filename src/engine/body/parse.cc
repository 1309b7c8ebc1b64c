// SPDX-License-Identifier: Apache-2.0
#include "engine/body/parse.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/body/gap.h"
#include "engine/body/limits.h"
#include "engine/body/part_parser.h"

namespace vitrine::engine::body {
namespace {

using Kind = Element::Kind;

Error Invalid(const char* message) { return Error{Code::kInvalid, message}; }

// What stands before the next `*` or parting gap.
struct Cut {
  std::string_view part;
  uint32_t gap_min = 0;
  uint32_t gap_max = kNoLimit;
  bool more = false;
};

Result<Cut> CutPart(std::string_view& text, bool& parted) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == '*') {
      if (depth > 0) return Invalid("alternatives cannot hold '*'");
      const Cut cut{text.substr(0, i), 0, kNoLimit, true};
      text.remove_prefix(i + 1);
      return cut;
    }
    if (c != '{' || depth > 0) continue;
    const size_t end = text.find('}', i);
    if (end == std::string_view::npos) return Invalid("missing '}'");
    const Gap gap = TRY(ParseGap(text.substr(i + 1, end - i - 1)));
    const bool is_inline =
        gap.single && gap.min > 0 && gap.min <= kInlineGapMax;
    if (is_inline && !parted) continue;
    parted = true;
    const Cut cut{text.substr(0, i), gap.min, gap.max == 0 ? kNoLimit : gap.max,
                  true};
    text.remove_prefix(end + 1);
    return cut;
  }
  return Cut{std::exchange(text, {}), 0, kNoLimit, false};
}

// A byte that may be anything.
bool IsFree(const Element& element) {
  return element.kind == Kind::kByte && element.mask == 0;
}

bool IsByte(const Element& element, const Form& form) {
  return element.kind == Kind::kByte ||
         (element.kind == Kind::kStrings && element.strings[0].size() == 1 &&
          !form.modified);
}

// Two fixed bytes side by side, on which clamscan finds the part. Where it
// filters, the first bytes that stand before or between alternatives in front
// of these two must not be a lone one nor wildcards only.
Status CheckAnchor(const Sequence& elements, const Form& form) {
  size_t segment = 0;
  bool free = true;
  bool judged = false;
  for (size_t i = 0; i < elements.size(); ++i) {
    const Element& element = elements[i];
    if (!IsByte(element, form)) {
      if (form.long_anchor && !judged &&
          (segment == 1 || (segment > 0 && free))) {
        return Invalid("too little stands before these alternatives");
      }
      judged = judged || segment > 0;
      continue;
    }
    const auto is_static = [](const Element& e) {
      return e.kind == Kind::kByte && (e.mask == 0xff || e.mask == 0xdf);
    };
    if (i > 0 && is_static(elements[i - 1]) && is_static(element)) return Ok();
    ++segment;
    free = free && IsFree(element);
  }
  return Invalid("a part needs two fixed bytes side by side");
}

}  // namespace

Result<Variant> Parse(std::string_view hex, const Form& form) {
  if (hex.size() > kTextMax) return Invalid("pattern too long");
  std::string braced(hex);
  if (form.wide || form.fullword) {
    // Single bytes at a distance do not go with these: gaps like all others.
    std::ranges::replace(braced, '[', '{');
    std::ranges::replace(braced, ']', '}');
  }
  std::string_view text = braced;
  Variant variant;
  Place place;
  uint32_t gap_min = 0;
  uint32_t gap_max = kNoLimit;
  for (bool more = true; more;) {
    if (variant.size() >= kPartsMax) return Invalid("too many parts");
    place.is_first = variant.empty();
    // What parts this one from the next comes after it.
    bool parted = place.parted;
    const Cut cut = TRY(CutPart(text, parted));
    place.is_last = !cut.more;
    Part part = TRY(PartParser(cut.part, form, place).Read());
    TRY(CheckAnchor(part.elements, form));
    part.gap_min = std::exchange(gap_min, cut.gap_min);
    part.gap_max = std::exchange(gap_max, cut.gap_max);
    variant.push_back(std::move(part));
    place.parted = parted;
    more = cut.more;
  }
  return variant;
}

}  // namespace vitrine::engine::body
