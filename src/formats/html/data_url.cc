// SPDX-License-Identifier: Apache-2.0
#include "formats/html/data_url.h"

#include "base/text.h"

namespace vitrine::html {
namespace {

int Base64Digit(uint8_t c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

// Overlooks whatever is no digit, as browsers do.
ByteVector FromBase64(Bytes text) {
  ByteVector out;
  uint32_t bits = 0;
  int count = 0;
  for (const uint8_t c : text) {
    if (c == '=') break;
    const int digit = Base64Digit(c);
    if (digit < 0) continue;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<uint8_t>(bits >> count));
  }
  return out;
}

}  // namespace

static ByteVector FromPercent(Bytes text) {
  ByteVector out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2) {
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<uint8_t>(high << 4 | low));
        i += 2;
        continue;
      }
    }
    out.push_back(text[i]);
  }
  return out;
}

std::optional<DataUrl> ReadDataUrl(std::string_view url) {
  constexpr std::string_view kScheme = "data:";
  if (url.size() < kScheme.size() ||
      ToLowerText(url.substr(0, kScheme.size())) != kScheme) {
    return std::nullopt;
  }
  url.remove_prefix(kScheme.size());
  const size_t comma = url.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  std::string_view type = url.substr(0, comma);
  const ByteVector plain = FromPercent(AsBytes(url.substr(comma + 1)));
  constexpr std::string_view kBase64 = ";base64";
  const bool encoded =
      type.size() >= kBase64.size() &&
      ToLowerText(type.substr(type.size() - kBase64.size())) == kBase64;
  DataUrl out;
  out.bytes = encoded ? FromBase64(plain) : plain;
  out.type = ToLowerText(type.substr(0, type.find(';')));
  return out;
}

}  // namespace vitrine::html
