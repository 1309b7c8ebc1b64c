// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/module.h"

#include <algorithm>
#include <utility>

namespace vitrine::engine::modules {
namespace {

const Node& UndefinedNode() {
  static const Node kUndefined;
  return kUndefined;
}

}  // namespace

const Node& Node::operator[](size_t index) const {
  return index < children_.size() ? children_[index] : UndefinedNode();
}

Node& Node::Set(size_t index) {
  if (index >= children_.size()) children_.resize(index + 1);
  return children_[index];
}

const Node* Node::Find(std::string_view key) const {
  const auto found = std::find(keys_.begin(), keys_.end(), key);
  if (found == keys_.end()) return nullptr;
  return &children_[static_cast<size_t>(found - keys_.begin())];
}

Node& Node::Add(std::string_view key) {
  keys_.push_back(key);
  return children_.emplace_back();
}

Bytes ModuleContext::bytes() const { return object_.bytes(); }

const Node& ModuleContext::Top(size_t index) {
  const auto found = built_.find(index);
  if (found != built_.end()) return found->second;
  return built_.emplace(index, module_.build(*this, index)).first->second;
}

std::string_view ModuleContext::Keep(std::string text) {
  return strings_.emplace_back(std::move(text));
}

}  // namespace vitrine::engine::modules
