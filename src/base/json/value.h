// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace vitrine::json {

class Value;
struct Member;

using Array = std::vector<Value>;

// Members in the order of their keys' bytes, each key once. That is also the
// order of their code points, and the one that canonical forms write.
class Object {
 public:
  Object();
  Object(std::initializer_list<Member> members);
  Object(const Object&);
  Object(Object&&) noexcept;
  Object& operator=(const Object&);
  Object& operator=(Object&&) noexcept;
  ~Object();

  // Null where there is no such member.
  const Value* Find(std::string_view key) const;
  Value* Find(std::string_view key);
  // Adds the member or replaces its value.
  void Set(std::string key, Value value);
  void Remove(std::string_view key);

  // Members in any order; false when a key comes twice.
  static bool From(std::vector<Member> members, Object& out);

  size_t size() const;
  bool empty() const { return size() == 0; }
  std::vector<Member>::const_iterator begin() const;
  std::vector<Member>::const_iterator end() const;

  bool operator==(const Object&) const;

 private:
  std::vector<Member> members_;
};

// A JSON value without fractions: what signed documents are made of.
class Value {
 public:
  Value() = default;  // null
  Value(bool value) : content_(value) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Value(T value)
      : content_(static_cast<int64_t>(value)) {}
  Value(std::string text) : content_(std::move(text)) {}
  Value(std::string_view text) : content_(std::string(text)) {}
  Value(const char* text) : content_(std::string(text)) {}
  Value(Array array) : content_(std::move(array)) {}
  Value(Object object) : content_(std::move(object)) {}

  bool IsNull() const { return std::holds_alternative<Null>(content_); }
  // Null where the value is of another kind.
  const bool* boolean() const { return std::get_if<bool>(&content_); }
  const int64_t* integer() const { return std::get_if<int64_t>(&content_); }
  const std::string* text() const {
    return std::get_if<std::string>(&content_);
  }
  const Array* array() const { return std::get_if<Array>(&content_); }
  const Object* object() const { return std::get_if<Object>(&content_); }
  Array* array() { return std::get_if<Array>(&content_); }
  Object* object() { return std::get_if<Object>(&content_); }

  bool operator==(const Value&) const = default;

 private:
  using Null = std::monostate;
  std::variant<Null, bool, int64_t, std::string, Array, Object> content_;
};

struct Member {
  std::string key;
  Value value;

  bool operator==(const Member&) const = default;
};

}  // namespace vitrine::json
