// SPDX-License-Identifier: Apache-2.0
#include "base/json/value.h"

#include <algorithm>

namespace vitrine::json {
namespace {

template <typename Members>
auto LowerBound(Members& members, std::string_view key) {
  return std::lower_bound(members.begin(), members.end(), key,
                          [](const Member& member, std::string_view k) {
                            return member.key.compare(k) < 0;
                          });
}

}  // namespace

Object::Object() = default;
Object::Object(const Object&) = default;
Object::Object(Object&&) noexcept = default;
Object& Object::operator=(const Object&) = default;
Object& Object::operator=(Object&&) noexcept = default;
Object::~Object() = default;

Object::Object(std::initializer_list<Member> members) {
  for (const Member& member : members) Set(member.key, member.value);
}

const Value* Object::Find(std::string_view key) const {
  const auto at = LowerBound(members_, key);
  return at == members_.end() || at->key != key ? nullptr : &at->value;
}

Value* Object::Find(std::string_view key) {
  const auto at = LowerBound(members_, key);
  return at == members_.end() || at->key != key ? nullptr : &at->value;
}

void Object::Set(std::string key, Value value) {
  const auto at = LowerBound(members_, key);
  if (at != members_.end() && at->key == key) {
    at->value = std::move(value);
  } else {
    members_.insert(at, {std::move(key), std::move(value)});
  }
}

void Object::Remove(std::string_view key) {
  const auto at = LowerBound(members_, key);
  if (at != members_.end() && at->key == key) members_.erase(at);
}

bool Object::From(std::vector<Member> members, Object& out) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.key < b.key; });
  out.members_ = std::move(members);
  return std::adjacent_find(out.members_.begin(), out.members_.end(),
                            [](const Member& a, const Member& b) {
                              return a.key == b.key;
                            }) == out.members_.end();
}

size_t Object::size() const { return members_.size(); }

std::vector<Member>::const_iterator Object::begin() const {
  return members_.begin();
}
std::vector<Member>::const_iterator Object::end() const {
  return members_.end();
}

bool Object::operator==(const Object& other) const {
  return members_ == other.members_;
}

}  // namespace vitrine::json
