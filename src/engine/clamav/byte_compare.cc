// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/byte_compare.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/limits.h"

namespace vitrine::engine::clamav {
namespace {

using Type = ByteCompare::Type;
using Order = ByteCompare::Order;

// As far as clamscan reads hexadecimal numbers.
constexpr uint32_t kHexBytesMax = 18;

Error Invalid(const char* message) { return Error{Code::kInvalid, message}; }

Status ParseOptions(std::string_view text, ByteCompare& out) {
  size_t at = 0;
  for (; at < text.size() && !IsDigit(static_cast<uint8_t>(text[at])); ++at) {
    Type type = Type::kNone;
    Order order = Order::kNone;
    switch (text[at]) {
      case 'h':
        type = Type::kHex;
        break;
      case 'd':
        type = Type::kDecimal;
        break;
      case 'a':
        type = Type::kAuto;
        break;
      case 'i':
        type = Type::kRaw;
        break;
      case 'l':
        order = Order::kLittle;
        break;
      case 'b':
        order = Order::kBig;
        break;
      case 'e':
        out.exact = true;
        break;
      default:
        return Invalid("unknown byte option");
    }
    if (type != Type::kNone) {
      if (out.type != Type::kNone && out.type != type) {
        return Invalid("two byte types");
      }
      out.type = type;
    }
    if (order != Order::kNone) {
      if (out.order != Order::kNone && out.order != order) {
        return Invalid("two byte orders");
      }
      out.order = order;
    }
  }
  const auto bytes = ParseDecimal(text.substr(at));
  if (!bytes || *bytes == 0 || *bytes > kCompareBytesMax) {
    return Invalid("bad number of bytes");
  }
  out.bytes = static_cast<uint32_t>(*bytes);
  return Ok();
}

Status CheckOptions(const ByteCompare& compare) {
  const uint32_t n = compare.bytes;
  switch (compare.type) {
    case Type::kRaw:
      if (n != 1 && n != 2 && n != 4 && n != 8) {
        return Invalid("raw numbers have 1, 2, 4 or 8 bytes");
      }
      break;
    case Type::kDecimal:
      if (compare.order == Order::kLittle) {
        return Invalid("decimal numbers are never little-endian");
      }
      break;
    case Type::kHex:
      if (n > kHexBytesMax) return Invalid("too many hexadecimal digits");
      break;
    default:
      break;
  }
  return Ok();
}

Status ParseConditions(std::string_view text, ByteCompare& out) {
  for (;;) {
    if (out.conditions.size() == 2) return Invalid("more than two comparisons");
    ByteCompare::Condition condition;
    if (text.empty() || (text[0] != '=' && text[0] != '<' && text[0] != '>')) {
      return Invalid("comparison expected");
    }
    condition.compare = text[0];
    text.remove_prefix(1);
    // No number at all is 0.
    if (!text.empty() && text[0] != ',') {
      const auto value = LeadingLiteral(text, &text);
      if (!value) return Invalid("number expected in a comparison");
      condition.value = *value;
    }
    out.conditions.push_back(condition);
    if (text.empty()) return Ok();
    if (text[0] != ',') return Invalid("text after a comparison");
    text.remove_prefix(1);
  }
}

}  // namespace

Result<ByteCompare> ParseByteCompare(std::string_view text) {
  ByteCompare out;
  const size_t open = text.find('(');
  const size_t close = text.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos ||
      close < open) {
    return Invalid("byte comparison without parentheses");
  }
  const std::string_view trigger = text.substr(0, open);
  std::string_view rest;
  const auto id = LeadingNumber(trigger, &rest);
  if (!trigger.empty() && (!id || !rest.empty())) {
    return Invalid("bad trigger of a byte comparison");
  }
  const int64_t number = id.value_or(0);
  out.trigger = number >= 0 && number < kSubsignaturesMax
                    ? static_cast<uint32_t>(number)
                    : kSubsignaturesMax;
  const Fields fields(text.substr(open + 1, close - open - 1), '#');
  if (fields.size() != 3) return Invalid("a byte comparison has three fields");
  const std::string_view offset = fields[0];
  const bool backwards = offset.starts_with("<<");
  if (!backwards && !offset.starts_with(">>")) {
    return Invalid("'>>' or '<<' expected");
  }
  rest = {};
  const auto distance = LeadingLiteral(offset.substr(2), &rest);
  if (!rest.empty() || (!distance && offset.size() > 2)) {
    return Invalid("bad distance");
  }
  out.distance = distance.value_or(0);
  if (backwards) out.distance = -out.distance;
  TRY(ParseOptions(fields[1], out));
  TRY(CheckOptions(out));
  TRY(ParseConditions(fields[2], out));
  return out;
}

namespace {

bool IsHexDigit(uint8_t c) { return HexDigit(c) >= 0; }

// What `text` starts with, as C's strtoll reads it, without leading blanks;
// `used` is how much of it. 0 where there is no digit.
int64_t TextNumber(std::string_view text, int base, size_t& used) {
  used = 0;
  size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (negative || text[0] == '+')) at = 1;
  if (base == 16 && text.size() > at + 2 && text[at] == '0' &&
      (text[at + 1] | 0x20) == 'x' &&
      IsHexDigit(static_cast<uint8_t>(text[at + 2]))) {
    at += 2;
  }
  int64_t value = 0;
  for (; at < text.size(); ++at) {
    const int digit = HexDigit(static_cast<uint8_t>(text[at]));
    if (digit < 0 || digit >= base) break;
    value =
        value > (INT64_MAX - digit) / base ? INT64_MAX : value * base + digit;
    used = at + 1;
  }
  return negative ? -value : value;
}

std::string_view WithoutBlanks(std::string_view text) {
  while (!text.empty() && IsSpace(static_cast<uint8_t>(text[0]))) {
    text.remove_prefix(1);
  }
  return text;
}

// Pairs of digits are bytes, the first the lowest, up to the first pair that
// is none; an odd number of characters gets a 0 in front.
std::optional<int64_t> LittleHex(std::string_view text, bool exact) {
  const size_t size = text.size();
  text = WithoutBlanks(text);
  if (text.size() >= 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
    text.remove_prefix(2);
  }
  if (exact && text.size() != size) return std::nullopt;
  if (size == 1) {
    const bool digit =
        !text.empty() && IsHexDigit(static_cast<uint8_t>(text[0]));
    if (!digit && exact) return std::nullopt;
    return digit ? HexDigit(static_cast<uint8_t>(text[0])) : 0;
  }
  const bool odd = text.size() % 2 != 0;
  if (odd && exact) return std::nullopt;
  uint64_t value = 0;
  unsigned shift = 0;
  for (size_t at = 0; at < text.size() && shift < 64; shift += 8) {
    int high = 0;
    if (!(odd && at == 0)) high = HexDigit(static_cast<uint8_t>(text[at++]));
    const int low = HexDigit(static_cast<uint8_t>(text[at++]));
    if (high < 0 || low < 0) break;
    value |= static_cast<uint64_t>(high << 4 | low) << shift;
  }
  return static_cast<int64_t>(value);
}

std::optional<int64_t> PlainNumber(std::string_view text, int base,
                                   bool exact) {
  const std::string_view trimmed = WithoutBlanks(text);
  size_t used = 0;
  const int64_t value = TextNumber(trimmed, base, used);
  if (exact && (trimmed.size() != text.size() || used != text.size())) {
    return std::nullopt;
  }
  return value;
}

std::optional<int64_t> AutoNumber(const ByteCompare& compare,
                                  std::string_view text) {
  // Too short to tell hexadecimal from decimal: clamscan takes neither.
  constexpr size_t kAutoMin = 3;
  const std::string_view trimmed = WithoutBlanks(text);
  if (compare.order == Order::kNone || trimmed.size() < kAutoMin) {
    return std::nullopt;
  }
  if (trimmed[0] == '0' && (trimmed[1] | 0x20) == 'x') {
    if (compare.order == Order::kLittle) return LittleHex(text, compare.exact);
    return PlainNumber(text, 16, compare.exact);
  }
  if (compare.order == Order::kLittle) return std::nullopt;
  return PlainNumber(text, 10, compare.exact);
}

std::optional<int64_t> RawNumber(const ByteCompare& compare, Bytes bytes) {
  if (compare.order == Order::kNone || bytes.size() > 8) return std::nullopt;
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const bool big = compare.order == Order::kBig;
    value = value << 8 | bytes[big ? i : bytes.size() - 1 - i];
  }
  return static_cast<int64_t>(value);
}

// nullopt: no number there that could be compared.
std::optional<int64_t> NumberIn(const ByteCompare& compare, Bytes bytes) {
  const std::string_view text = AsText(bytes);
  switch (compare.type) {
    case Type::kRaw:
      return RawNumber(compare, bytes);
    case Type::kDecimal:
      return PlainNumber(text, 10, compare.exact);
    case Type::kHex:
      if (compare.order == Order::kNone) return std::nullopt;
      return compare.order == Order::kLittle
                 ? LittleHex(text, compare.exact)
                 : PlainNumber(text, 16, compare.exact);
    case Type::kAuto:
      return AutoNumber(compare, text);
    case Type::kNone:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

bool Compares(const ByteCompare& compare, Bytes bytes, uint64_t start) {
  const int64_t distance = compare.distance;
  const uint64_t far = distance < 0 ? ~static_cast<uint64_t>(distance) + 1
                                    : static_cast<uint64_t>(distance);
  if (distance < 0 ? far > start : far > UINT64_MAX - start) return false;
  const uint64_t at = distance < 0 ? start - far : start + far;
  // To clamscan the first byte is nowhere.
  if (at == 0 || at > bytes.size() || compare.bytes > bytes.size() - at)
    return false;
  const auto value = NumberIn(compare, bytes.subspan(at, compare.bytes));
  if (!value) return false;
  return std::all_of(compare.conditions.begin(), compare.conditions.end(),
                     [&](const ByteCompare::Condition& condition) {
                       if (condition.compare == '=') {
                         return *value == condition.value;
                       }
                       return condition.compare == '>'
                                  ? *value > condition.value
                                  : *value < condition.value;
                     });
}

void WriteByteCompare(const ByteCompare& compare, CodeWriter& out) {
  out.U8(static_cast<uint8_t>(compare.trigger));
  out.U64(static_cast<uint64_t>(compare.distance));
  out.U8(static_cast<uint8_t>(compare.type));
  out.U8(static_cast<uint8_t>(compare.order));
  out.U8(compare.exact ? 1 : 0);
  out.U8(static_cast<uint8_t>(compare.bytes));
  out.U8(static_cast<uint8_t>(compare.conditions.size()));
  for (const ByteCompare::Condition& condition : compare.conditions) {
    out.U8(static_cast<uint8_t>(condition.compare));
    out.U64(static_cast<uint64_t>(condition.value));
  }
}

Result<ByteCompare> ReadByteCompare(CodeReader& in) {
  ByteCompare out;
  out.trigger = in.U8();
  out.distance = static_cast<int64_t>(in.U64());
  const uint8_t type = in.U8();
  const uint8_t order = in.U8();
  out.exact = in.U8() != 0;
  out.bytes = in.U8();
  const uint8_t conditions = in.U8();
  if (!in.ok() || type > static_cast<uint8_t>(Type::kRaw) ||
      order > static_cast<uint8_t>(Order::kBig) || conditions > 2) {
    return Invalid("bad byte comparison code");
  }
  out.type = static_cast<Type>(type);
  out.order = static_cast<Order>(order);
  for (uint8_t i = 0; i < conditions; ++i) {
    ByteCompare::Condition condition;
    condition.compare = static_cast<char>(in.U8());
    condition.value = static_cast<int64_t>(in.U64());
    out.conditions.push_back(condition);
  }
  if (!in.ok()) return Invalid("byte comparison code ends early");
  return out;
}

}  // namespace vitrine::engine::clamav
