// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "update/release/leaf.h"

// What a release of a database changes, for people and programs:
// docs/spec/changes.md. Pure; one spelling.
namespace vitrine::update {

struct Change {
  enum class How : uint8_t { kAdded, kRemoved, kChanged };
  enum class What : uint8_t {
    kRule,   // A rule of any language.
    kHash,   // A digest that is bad.
    kAllow,  // A digest that is good, or a name that is to be ignored.
    kOther,  // What is neither: passwords, containers, file types, ...
    kFile,   // As many entries of one file as `name` says, in decimal: in a
             // release that has none before it.
  };
  How how = How::kAdded;
  What what = What::kRule;
  std::string file;  // In the sources.
  std::string name;

  bool operator==(const Change&) const = default;
};

// Changes that one person made for one reason.
struct ChangeGroup {
  std::string author;
  std::string licence;
  std::string reason;
  std::vector<Change> changes;

  bool operator==(const ChangeGroup&) const = default;
};

struct ChangeList {
  std::string channel;
  uint64_t version = 0;
  std::optional<uint64_t> from;  // The version that it was compared with.
  std::vector<ChangeGroup> groups;

  bool operator==(const ChangeList&) const = default;
};

// What the list adds up to.
Leaf::Summary Summarise(const ChangeList& list);

// kInvalid for what is no list, for a second spelling of one, and where the
// summary in it is not what it adds up to.
Result<ChangeList> ParseChanges(std::string_view text);

// The inverse. Free text must be what SingleLine() gives, names and files what
// SingleWord() gives, or it is an error.
Result<std::string> FormatChanges(const ChangeList& list);

// `text` as one line, or one word, of at most `most` bytes: whatever is not
// printable, and in a word blanks, as \xHH.
std::string SingleLine(std::string_view text, size_t most);
std::string SingleWord(std::string_view text, size_t most);

}  // namespace vitrine::update
