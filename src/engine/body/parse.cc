// SPDX-License-Identifier: Apache-2.0
#include "engine/body/parse.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "engine/body/classes.h"
#include "engine/body/limits.h"

namespace vitrine::engine::body {
namespace {

Error Invalid(std::string message) {
  return Error{Code::kInvalid, std::move(message)};
}

struct Range {
  uint32_t min = 0;
  uint32_t max = kNoLimit;
  bool exact = false;  // A single number.
};

Result<uint32_t> ParseNumber(std::string_view text) {
  const auto number = ParseDecimal(text);
  if (!number || *number >= kNoLimit) return Invalid("bad number in a gap");
  return static_cast<uint32_t>(*number);
}

// Of `n`, `-n`, `n-`, `n-m`.
Result<Range> ParseRange(std::string_view text) {
  const size_t dash = text.find('-');
  Range range;
  if (dash == std::string_view::npos) {
    range.min = range.max = TRY(ParseNumber(text));
    range.exact = true;
    return range;
  }
  const std::string_view low = text.substr(0, dash);
  const std::string_view high = text.substr(dash + 1);
  if (low.empty() && high.empty()) return Invalid("empty gap");
  if (!low.empty()) range.min = TRY(ParseNumber(low));
  if (!high.empty()) range.max = TRY(ParseNumber(high));
  return range;
}

Element AnyByte() {
  Element element;
  element.mask = 0;
  return element;
}

// Reads one part: text without `*` and without gaps that part a pattern.
class PartParser {
 public:
  explicit PartParser(std::string_view text) : text_(text) {}

  Result<Part> Read();

 private:
  struct Edge {
    uint8_t flags = 0;
    Class which = Class::kBoundary;
  };

  bool AtEnd() const { return at_ >= text_.size(); }
  Status ReadElement(Sequence& out, int depth);
  Status ReadBytePair(Sequence& out);
  Status ReadInlineGap(Sequence& out);
  Status ReadGroup(bool negated, Sequence& out, int depth);
  Status ReadSingle(Part& part);
  bool ReadEdge(Edge& edge);
  Result<std::string_view> GroupText();
  static Result<Element> MakeGroup(std::string_view text, bool negated,
                                   int depth);

  std::string_view text_;
  size_t at_ = 0;
};

Result<Part> PartParser::Read() {
  Part part;
  Edge edge;
  if (ReadEdge(edge)) part.left_edge = edge.flags;
  while (!AtEnd()) {
    const size_t before = at_;
    if (text_[at_] == '[') {
      TRY(ReadSingle(part));
      continue;
    }
    if (ReadEdge(edge)) {
      if (AtEnd() && !part.right_single) {
        part.right_edge = edge.flags;
        break;
      }
      Element element;
      element.kind = Element::Kind::kSet;
      element.set = Inside(edge.which);
      if (edge.flags & kEdgeNegated) element.set.Invert();
      part.elements.push_back(std::move(element));
      continue;
    }
    if (part.right_single)
      return Invalid("[n-m] needs a single byte beside it");
    TRY(ReadElement(part.elements, 0));
    CHECK(at_ > before);
  }
  return part;
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
      edge = {static_cast<uint8_t>(flags | kEdgeW), Class::kWord};
      break;
    default:
      return false;
  }
  at_ += flags != 0 ? 4 : 3;
  return true;
}

Status PartParser::ReadElement(Sequence& out, int depth) {
  if (out.size() >= kLengthMax) return Invalid("pattern too long");
  switch (text_[at_]) {
    case '(':
      return ReadGroup(false, out, depth);
    case '!':
      ++at_;
      if (AtEnd() || text_[at_] != '(') return Invalid("'!' without '('");
      return ReadGroup(true, out, depth);
    case '{':
      return ReadInlineGap(out);
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
  out.push_back(std::move(element));
  return Ok();
}

// `{n}` that is as good as n times `??`.
Status PartParser::ReadInlineGap(Sequence& out) {
  const size_t end = text_.find('}', at_);
  if (end == std::string_view::npos) return Invalid("missing '}'");
  const Range range = TRY(ParseRange(text_.substr(at_ + 1, end - at_ - 1)));
  if (!range.exact) return Invalid("alternatives cannot hold ranges");
  if (range.min > kInlineGapMax) return Invalid("gap too long");
  at_ = end + 1;
  out.insert(out.end(), range.min, AnyByte());
  return Ok();
}

// `61[2-4]` at the start or `[2-4]61` at the end: what stands on the other
// side of the single byte is the part.
Status PartParser::ReadSingle(Part& part) {
  const size_t end = text_.find(']', at_);
  if (end == std::string_view::npos) return Invalid("missing ']'");
  const auto range = ParseRange(text_.substr(at_ + 1, end - at_ - 1));
  if (!range.ok()) return range.error();
  const Range& r = range.value();
  if (r.exact || r.max > kSingleGapMax || r.min > r.max) {
    return Invalid("[n-m] needs n <= m <= 32");
  }
  at_ = end + 1;
  Single single;
  single.min = static_cast<uint8_t>(r.min);
  single.max = static_cast<uint8_t>(r.max);
  const auto is_single = [](const Sequence& sequence) {
    return sequence.size() == 1 && sequence[0].kind == Element::Kind::kByte &&
           sequence[0].mask != 0;
  };
  if (is_single(part.elements) && !part.left_single && part.left_edge == 0) {
    single.value = part.elements[0].value;
    single.mask = part.elements[0].mask;
    part.left_single = single;
    part.elements.clear();
    return Ok();
  }
  Sequence after;
  if (!AtEnd()) TRY(ReadBytePair(after));
  if (part.elements.empty() || part.right_single || !AtEnd() ||
      !is_single(after)) {
    return Invalid("[n-m] needs a single byte beside it");
  }
  single.value = after[0].value;
  single.mask = after[0].mask;
  part.right_single = single;
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

// Strings of one length are compared as such; all else branch by branch.
Result<Element> PartParser::MakeGroup(std::string_view text, bool negated,
                                      int depth) {
  Element element;
  element.negated = negated;
  if (text.empty()) return Invalid("empty alternatives");
  bool plain = true;
  size_t length = 0;
  for (const std::string_view branch : Branches(text)) {
    if (branch.empty()) return Invalid("empty alternative");
    const auto bytes = FromHex(branch);
    if (bytes && (length == 0 || bytes->size() == length)) {
      length = bytes->size();
      element.strings.push_back(*bytes);
    } else {
      plain = false;
    }
    PartParser parser(branch);
    Sequence sequence;
    while (!parser.AtEnd()) {
      if (parser.text_[parser.at_] == '!') {
        return Invalid("alternatives cannot hold negations");
      }
      TRY(parser.ReadElement(sequence, depth));
    }
    element.branches.push_back(std::move(sequence));
  }
  element.kind = plain ? Element::Kind::kStrings : Element::Kind::kGeneric;
  if (!plain && negated) return Invalid("these alternatives cannot be negated");
  if (!plain) element.strings.clear();
  if (plain) element.branches.clear();
  return element;
}

// What stands before the next `*` or parting gap; the gap goes to `next`.
struct Cut {
  std::string_view part;
  Range gap;
  bool more = false;
};

Result<Cut> CutPart(std::string_view& text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == '*') {
      if (depth > 0) return Invalid("alternatives cannot hold '*'");
      Cut cut{text.substr(0, i), {}, true};
      text.remove_prefix(i + 1);
      return cut;
    }
    if (c != '{' || depth > 0) continue;
    const size_t end = text.find('}', i);
    if (end == std::string_view::npos) return Invalid("missing '}'");
    Range range = TRY(ParseRange(text.substr(i + 1, end - i - 1)));
    if (range.exact && range.min > 0 && range.min <= kInlineGapMax) continue;
    // A largest distance of nothing means any distance to clamscan.
    if (range.max == 0) range.max = kNoLimit;
    Cut cut{text.substr(0, i), range, true};
    text.remove_prefix(end + 1);
    return cut;
  }
  return Cut{std::exchange(text, {}), {}, false};
}

// Longest run of bytes without any freedom.
size_t LongestStatic(const Sequence& elements) {
  size_t longest = 0;
  size_t run = 0;
  for (const Element& element : elements) {
    run = element.IsStatic() ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

Result<Variant> Parse(std::string_view hex) {
  if (hex.size() > kTextMax) return Invalid("pattern too long");
  Variant variant;
  Range gap;
  for (bool more = true; more;) {
    if (variant.size() >= kPartsMax) return Invalid("too many parts");
    const Cut cut = TRY(CutPart(hex));
    PartParser parser(cut.part);
    Part part = TRY(parser.Read());
    if (part.elements.empty()) return Invalid("empty part");
    if (LongestStatic(part.elements) < 2) {
      return Invalid("a part needs two fixed bytes side by side");
    }
    part.gap_min = gap.min;
    part.gap_max = gap.max;
    variant.push_back(std::move(part));
    gap = cut.gap;
    more = cut.more;
  }
  return variant;
}

}  // namespace vitrine::engine::body
