// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include <charconv>
#include <cmath>

#include "base/check.h"
#include "base/utf8.h"

namespace vitrine {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendEscaped(std::string& out, uint8_t byte) {
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
  }
}

bool NeedsEscape(uint8_t byte) {
  return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7f;
}

}  // namespace

JsonWriter& JsonWriter::BeginObject() {
  BeforeValue();
  out_ += '{';
  scopes_.push_back(Scope::kObject);
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndObject() { return End(Scope::kObject, '}'); }

JsonWriter& JsonWriter::BeginArray() {
  BeforeValue();
  out_ += '[';
  scopes_.push_back(Scope::kArray);
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndArray() { return End(Scope::kArray, ']'); }

JsonWriter& JsonWriter::End(Scope scope, char close) {
  CHECK(!scopes_.empty() && scopes_.back() == scope && !after_key_);
  scopes_.pop_back();
  out_ += close;
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  CHECK(!scopes_.empty() && scopes_.back() == Scope::kObject && !after_key_);
  if (need_comma_) out_ += ',';
  Quoted(key);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  BeforeValue();
  Quoted(text);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  return Raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::Null() { return Raw("null"); }

JsonWriter& JsonWriter::Fixed(double value, int decimals) {
  if (!std::isfinite(value)) return Raw("null");
  char text[400];  // The largest double has 309 digits before the point.
  const auto end = std::to_chars(text, text + sizeof text, value,
                                 std::chars_format::fixed, decimals);
  CHECK(end.ec == std::errc());
  return Raw({text, static_cast<size_t>(end.ptr - text)});
}

std::string JsonWriter::Take() {
  CHECK(scopes_.empty() && !after_key_);
  need_comma_ = false;
  return std::move(out_);
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  CHECK(scopes_.empty() ? out_.empty() : scopes_.back() == Scope::kArray);
  if (need_comma_) out_ += ',';
}

JsonWriter& JsonWriter::Raw(std::string_view text) {
  BeforeValue();
  out_ += text;
  need_comma_ = true;
  return *this;
}

void JsonWriter::Quoted(std::string_view text) {
  out_ += '"';
  while (!text.empty()) {
    const auto character = DecodeUtf8(text);
    const auto byte = static_cast<uint8_t>(text[0]);
    if (character.size == 0) {
      out_ += "\\\\x";
      out_ += kHex[byte >> 4];
      out_ += kHex[byte & 15];
      text.remove_prefix(1);
      continue;
    }
    if (character.size == 1 && NeedsEscape(byte)) {
      AppendEscaped(out_, byte);
    } else {
      out_ += text.substr(0, character.size);
    }
    text.remove_prefix(character.size);
  }
  out_ += '"';
  need_comma_ = true;
}

}  // namespace vitrine
