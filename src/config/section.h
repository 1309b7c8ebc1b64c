// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/mask.h"
#include "config/tree.h"

namespace vitrine::config {

// One table of the file, asked key by key. A key that is there is taken and
// must be of the right type and in range, or a problem is noted and the default
// stays; End() notes every key that nobody asked for. Borrows the table and the
// list of problems.
class Section {
 public:
  // `name` is for messages: "guard", "tasks.nightly".
  Section(const Node& table, std::string name, std::vector<Problem>& problems);

  void Bool(std::string_view key, bool& value);
  void Text(std::string_view key, std::string& value);
  void Texts(std::string_view key, std::vector<std::string>& values);
  void PathMasks(std::string_view key, std::vector<Mask>& masks);
  void Masks(std::string_view key, std::vector<Mask>& masks);

  // An integer in [low, high].
  template <typename T>
  void Number(std::string_view key, int64_t low, int64_t high, T& value) {
    if (const auto* node = TakeNumber(key, low, high)) {
      value = static_cast<T>(node->integer);
    }
  }
  // As Number, for durations in their own unit.
  template <typename Duration>
  void Time(std::string_view key, int64_t low, int64_t high, Duration& value) {
    if (const auto* node = TakeNumber(key, low, high)) {
      value = Duration(node->integer);
    }
  }

  template <typename Enum>
  using Words = std::initializer_list<std::pair<std::string_view, Enum>>;
  template <typename Enum>
  void Word(std::string_view key, Words<Enum> words, Enum& value) {
    const Node* node = Take(key, Node::Kind::kString);
    if (node != nullptr) FromWord(key, *node, words, value);
  }
  // A list of words, each of them once at most and one at least.
  template <typename Enum>
  void WordList(std::string_view key, Words<Enum> words,
                std::vector<Enum>& values) {
    const Node* list = Take(key, Node::Kind::kList);
    if (list == nullptr) return;
    std::vector<Enum> read;
    for (const Node& item : list->items) {
      Enum value{};
      if (!IsText(key, item) || !FromWord(key, item, words, value)) continue;
      for (const Enum seen : read) {
        if (seen == value) Complain(item.line, key, "names something twice");
      }
      read.push_back(value);
    }
    if (list->items.empty()) Complain(list->line, key, "is empty");
    if (!read.empty()) values = std::move(read);
  }

  // The value of `key` where it is of `kind`, else nullptr.
  const Node* Take(std::string_view key, Node::Kind kind);
  void Complain(uint32_t line, std::string_view key, std::string_view what);
  void End();

 private:
  const Node* TakeNumber(std::string_view key, int64_t low, int64_t high);
  bool IsText(std::string_view key, const Node& item);
  void ReadMasks(std::string_view key, Result<Mask> (*parse)(std::string_view),
                 std::vector<Mask>& masks);

  template <typename Enum>
  bool FromWord(std::string_view key, const Node& node, Words<Enum> words,
                Enum& value) {
    std::string known;
    for (const auto& [word, meaning] : words) {
      if (node.text == word) {
        value = meaning;
        return true;
      }
      known += (known.empty() ? "" : ", ") + std::string(word);
    }
    Complain(node.line, key, "must be one of " + known);
    return false;
  }

  const Node& table_;
  std::string name_;
  std::vector<Problem>& problems_;
  std::vector<std::string> known_;
};

}  // namespace vitrine::config
