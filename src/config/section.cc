// SPDX-License-Identifier: Apache-2.0
#include "config/section.h"

#include <algorithm>

#include "config/limits.h"

namespace vitrine::config {
namespace {

const char* KindName(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::kTable:
      return "a table";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kString:
      return "a string";
    case Node::Kind::kInteger:
      return "a whole number";
    case Node::Kind::kBool:
      return "true or false";
    case Node::Kind::kOther:
      return "of another type";
  }
  return "of another type";
}

}  // namespace

Section::Section(const Node& table, std::string name,
                 std::vector<Problem>& problems)
    : table_(table), name_(std::move(name)), problems_(problems) {}

void Section::Complain(uint32_t line, std::string_view key,
                       std::string_view what) {
  const std::string full =
      name_.empty() ? std::string(key) : name_ + "." + std::string(key);
  problems_.push_back({line, full + " " + std::string(what)});
}

const Node* Section::Take(std::string_view key, Node::Kind kind) {
  known_.emplace_back(key);
  for (const auto& entry : table_.entries) {
    if (entry.key != key) continue;
    if (entry.value.kind == kind) return &entry.value;
    Complain(entry.line, key, std::string("must be ") + KindName(kind));
    return nullptr;
  }
  return nullptr;
}

void Section::Bool(std::string_view key, bool& value) {
  const Node* node = Take(key, Node::Kind::kBool);
  if (node != nullptr) value = node->boolean;
}

bool Section::IsText(std::string_view key, const Node& item) {
  if (item.kind != Node::Kind::kString) {
    Complain(item.line, key, "must be a list of strings");
    return false;
  }
  if (item.text.size() > kStringMax ||
      item.text.find('\0') != std::string::npos) {
    Complain(item.line, key, "is too long or holds a zero byte");
    return false;
  }
  return true;
}

void Section::Text(std::string_view key, std::string& value) {
  const Node* node = Take(key, Node::Kind::kString);
  if (node != nullptr && IsText(key, *node)) value = node->text;
}

void Section::Texts(std::string_view key, std::vector<std::string>& values) {
  const Node* list = Take(key, Node::Kind::kList);
  if (list == nullptr) return;
  if (list->items.size() > kListMax) {
    Complain(list->line, key, "has too many entries");
    return;
  }
  values.clear();
  for (const Node& item : list->items) {
    if (IsText(key, item)) values.push_back(item.text);
  }
}

void Section::ReadMasks(std::string_view key,
                        Result<Mask> (*parse)(std::string_view),
                        std::vector<Mask>& masks) {
  const Node* list = Take(key, Node::Kind::kList);
  if (list == nullptr) return;
  if (list->items.size() > kListMax) {
    Complain(list->line, key, "has too many entries");
    return;
  }
  masks.clear();
  for (const Node& item : list->items) {
    if (!IsText(key, item)) continue;
    auto mask = parse(item.text);
    if (mask.ok()) {
      masks.push_back(std::move(mask).value());
    } else {
      Complain(item.line, key,
               "has \"" + item.text + "\": " + mask.error().message);
    }
  }
}

void Section::PathMasks(std::string_view key, std::vector<Mask>& masks) {
  ReadMasks(key, Mask::ParsePath, masks);
}

void Section::Masks(std::string_view key, std::vector<Mask>& masks) {
  ReadMasks(key, Mask::Parse, masks);
}

const Node* Section::TakeNumber(std::string_view key, int64_t low,
                                int64_t high) {
  const Node* node = Take(key, Node::Kind::kInteger);
  if (node == nullptr) return nullptr;
  if (node->integer >= low && node->integer <= high) return node;
  Complain(
      node->line, key,
      "must be from " + std::to_string(low) + " to " + std::to_string(high));
  return nullptr;
}

void Section::End() {
  for (const auto& entry : table_.entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) == known_.end()) {
      Complain(entry.line, entry.key, "is not known");
    }
  }
}

}  // namespace vitrine::config
