// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

// Writes one JSON text (RFC 8259), on one line, fields in the order they come.
// The output is UTF-8 whatever the input: a byte that is not part of a UTF-8
// character appears as the four characters \xHH, and control characters as
// \u00HH. Misuse (a value without its key, an unclosed array) is a bug of ours
// and aborts.
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);

  JsonWriter& String(std::string_view text);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  template <std::integral T>
  JsonWriter& Number(T value) {
    return Raw(std::to_string(value));
  }
  // `decimals` digits after the point; not a number and infinities are null.
  JsonWriter& Fixed(double value, int decimals);

  // Shorthand for a member of an object.
  JsonWriter& Member(std::string_view key, std::string_view text) {
    return Key(key).String(text);
  }
  JsonWriter& Member(std::string_view key, const char* text) {
    return Key(key).String(text);
  }
  JsonWriter& Member(std::string_view key, bool value) {
    return Key(key).Bool(value);
  }
  template <std::integral T>
  JsonWriter& Member(std::string_view key, T value) {
    return Key(key).Number(value);
  }

  // The finished text. The writer is empty afterwards.
  std::string Take();

 private:
  enum class Scope : uint8_t { kObject, kArray };

  void BeforeValue();
  JsonWriter& Raw(std::string_view text);
  JsonWriter& End(Scope scope, char close);
  void Quoted(std::string_view text);

  std::string out_;
  std::vector<Scope> scopes_;
  bool need_comma_ = false;
  bool after_key_ = false;
};

}  // namespace vitrine
