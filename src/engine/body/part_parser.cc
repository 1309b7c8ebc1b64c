// SPDX-License-Identifier: Apache-2.0
#include "engine/body/part_parser.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "engine/body/gap.h"
#include "engine/body/limits.h"

namespace vitrine::engine::body {
namespace {

using Kind = Element::Kind;

Error Invalid(std::string message) {
  return Error{Code::kInvalid, std::move(message)};
}

bool IsSingleByte(const Sequence& sequence) {
  return sequence.size() == 1 && sequence[0].kind == Kind::kByte;
}

// Between bars that are not inside of parentheses.
std::vector<std::string_view> Branches(std::string_view text) {
  std::vector<std::string_view> out;
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (text[i] == '|' && depth == 0) {
      out.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  out.push_back(text.substr(start));
  return out;
}

}  // namespace

Result<Part> PartParser::Read() {
  Part part;
  while (!AtEnd()) {
    Edge edge;
    if (text_[at_] == '[') {
      TRY(ReadSingle(part));
    } else if (part.right_single) {
      return Invalid("[n-m] needs a single byte beside it");
    } else if (ReadEdge(edge)) {
      if (IsEdgeHere(part, true)) {
        part.left_edge = edge.flags;
      } else if (IsEdgeHere(part, false)) {
        part.right_edge = edge.flags;
      } else {
        Element& element = part.elements.emplace_back();
        element.kind = Kind::kSet;
        element.set = Inside(edge.which);
        if (edge.flags & kEdgeNegated) element.set.Invert();
      }
    } else {
      TRY(ReadElement(part.elements, 0));
    }
  }
  if (form_.fullword) {
    if (place_.is_first) part.left_edge = WordEdge();
    if (place_.is_last) part.right_edge = WordEdge();
  }
  return part;
}

// Beside wide text, a word's neighbour is wide too.
uint8_t PartParser::WordEdge() const {
  return form_.wide ? kEdgeW | kEdgeWide : kEdgeW;
}

// (B), (L), (W), !(B), ...
bool PartParser::ReadEdge(Edge& edge) {
  std::string_view rest = text_.substr(at_);
  uint8_t flags = 0;
  if (rest.starts_with('!')) {
    flags = kEdgeNegated;
    rest.remove_prefix(1);
  }
  if (rest.size() < 3 || rest[0] != '(' || rest[2] != ')') return false;
  switch (rest[1]) {
    case 'B':
      edge = {static_cast<uint8_t>(flags | kEdgeB), Class::kBoundary};
      break;
    case 'L':
      edge = {static_cast<uint8_t>(flags | kEdgeL), Class::kLine};
      break;
    case 'W':
      edge = {static_cast<uint8_t>(flags | WordEdge()), Class::kWord};
      break;
    default:
      return false;
  }
  at_ += flags != 0 ? 4 : 3;
  return true;
}

// A class at a part's end is a condition on its neighbour; elsewhere, and
// within the edges that `::f` sets, it is one byte of the part.
bool PartParser::IsEdgeHere(const Part& part, bool left) const {
  if (left) {
    return part.elements.empty() && part.left_edge == 0 &&
           !(form_.fullword && place_.is_first);
  }
  return !part.elements.empty() && (AtEnd() || text_[at_] == '[') &&
         !(form_.fullword && place_.is_last);
}

Status PartParser::ReadElement(Sequence& out, int depth) {
  if (out.size() >= kLengthMax) return Invalid("pattern too long");
  switch (text_[at_]) {
    case '(':
      return ReadGroup(false, out, depth);
    case '!':
      ++at_;
      if (AtEnd() || text_[at_] != '(') return Invalid("'!' without '('");
      if (depth > 0) return Invalid("alternatives cannot hold negations");
      return ReadGroup(true, out, depth);
    case '{':
      return ReadInlineGap(out, depth);
    default:
      return ReadBytePair(out);
  }
}

Status PartParser::ReadBytePair(Sequence& out) {
  if (text_.size() - at_ < 2) return Invalid("odd number of hex digits");
  Element element;
  element.mask = 0;
  for (int i = 0; i < 2; ++i) {
    const auto c = static_cast<uint8_t>(text_[at_++]);
    element.value = static_cast<uint8_t>(element.value << 4);
    element.mask = static_cast<uint8_t>(element.mask << 4);
    if (c == '?') continue;
    const int digit = HexDigit(c);
    if (digit < 0) return Invalid("not a hex digit");
    element.value = static_cast<uint8_t>(element.value | digit);
    element.mask |= 0x0f;
  }
  if (form_.nocase && element.mask == 0xff && IsAlpha(element.value)) {
    element.mask = 0xdf;
    element.value &= 0xdf;
  }
  out.push_back(std::move(element));
  if (form_.wide) out.emplace_back();
  return Ok();
}

// `{n}` that is as good as n times any byte.
Status PartParser::ReadInlineGap(Sequence& out, int depth) {
  const size_t end = text_.find('}', at_);
  if (end == std::string_view::npos) return Invalid("missing '}'");
  const Gap gap = TRY(ParseGap(text_.substr(at_ + 1, end - at_ - 1)));
  if (!gap.single || gap.min == 0 || gap.min > kInlineGapMax ||
      (depth > 0 && place_.parted)) {
    return Invalid("alternatives cannot hold this gap");
  }
  at_ = end + 1;
  Element any;
  any.mask = 0;
  out.insert(out.end(), gap.min, any);
  return Ok();
}

// `61[2-4]` at the start or `[2-4]61` at the end: what stands on the other
// side of the gap is the part, the single byte a condition.
Status PartParser::ReadSingle(Part& part) {
  const Error misplaced = Invalid("[n-m] needs a single byte beside it");
  const size_t end = text_.find(']', at_);
  if (end == std::string_view::npos) return Invalid("missing ']'");
  const Gap gap = TRY(ParseGap(text_.substr(at_ + 1, end - at_ - 1)));
  if (gap.single || gap.open || gap.max > kSingleGapMax || gap.min > gap.max) {
    return Invalid("[n-m] needs n <= m <= 32");
  }
  at_ = end + 1;
  const auto single = [&gap](const Element& element) {
    return Single{element.value, element.mask, static_cast<uint8_t>(gap.min),
                  static_cast<uint8_t>(gap.max)};
  };
  if (IsSingleByte(part.elements) && !part.left_single && part.left_edge == 0) {
    part.left_single = single(part.elements[0]);
    part.elements.clear();
    return Ok();
  }
  if (part.elements.empty() || part.right_single || AtEnd()) return misplaced;
  Sequence after;
  TRY(ReadElement(after, 0));
  if (!AtEnd() || !IsSingleByte(after)) return misplaced;
  part.right_single = single(after[0]);
  return Ok();
}

// What stands between the parenthesis here and its partner.
Result<std::string_view> PartParser::GroupText() {
  int depth = 0;
  for (size_t i = at_; i < text_.size(); ++i) {
    if (text_[i] == '(') ++depth;
    if (text_[i] == ')' && --depth == 0) {
      const std::string_view inner = text_.substr(at_ + 1, i - at_ - 1);
      at_ = i + 1;
      return inner;
    }
  }
  return Invalid("missing ')'");
}

Status PartParser::ReadGroup(bool negated, Sequence& out, int depth) {
  if (depth >= kNestingMax) return Invalid("alternatives nested too deeply");
  const std::string_view inner = TRY(GroupText());
  out.push_back(TRY(MakeGroup(inner, negated, depth + 1)));
  return Ok();
}

// Strings of one length are compared as such; all else branch by branch.
Result<Element> PartParser::MakeGroup(std::string_view text, bool negated,
                                      int depth) {
  Element element;
  element.negated = negated;
  bool plain = true;
  const std::vector<std::string_view> branches = Branches(text);
  if (branches.front().empty()) return Invalid("empty alternative");
  for (const std::string_view branch : branches) {
    // clamscan overlooks empty ones that are not the first.
    if (branch.empty()) continue;
    PartParser parser(branch, form_, place_);
    Sequence sequence;
    while (!parser.AtEnd()) TRY(parser.ReadElement(sequence, depth));
    const auto bytes = FromHex(branch);
    plain =
        plain && bytes &&
        (element.strings.empty() || bytes->size() == element.strings[0].size());
    if (plain) element.strings.push_back(*bytes);
    element.branches.push_back(std::move(sequence));
  }
  if (negated && (!plain || form_.modified)) {
    return Invalid("these alternatives cannot be negated");
  }
  element.kind = plain && !form_.wide ? Kind::kStrings : Kind::kGeneric;
  element.nocase = form_.nocase;
  if (element.kind == Kind::kStrings) {
    element.branches.clear();
  } else {
    element.strings.clear();
  }
  return element;
}

}  // namespace vitrine::engine::body
