// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/body/ast.h"
#include "engine/body/classes.h"
#include "engine/body/parse.h"

namespace vitrine::engine::body {

// Where a part stands, as far as its reading depends on it.
struct Place {
  bool is_first = false;
  bool is_last = false;
  // A gap that is no plain number came before: to clamscan, `{n}` parts the
  // pattern from there on, and alternatives may not hold it.
  bool parted = false;
};

// Reads one part: text without `*` and without gaps that part a pattern.
class PartParser {
 public:
  PartParser(std::string_view text, const Form& form, const Place& place)
      : text_(text), form_(form), place_(place) {}

  Result<Part> Read();

 private:
  struct Edge {
    uint8_t flags = 0;
    Class which = Class::kBoundary;
  };

  bool AtEnd() const { return at_ >= text_.size(); }
  bool ReadEdge(Edge& edge);
  uint8_t WordEdge() const;
  bool IsEdgeHere(const Part& part, bool left) const;
  Status ReadElement(Sequence& out, int depth);
  Status ReadBytePair(Sequence& out);
  Status ReadInlineGap(Sequence& out, int depth);
  Status ReadGroup(bool negated, Sequence& out, int depth);
  Result<Element> MakeGroup(std::string_view text, bool negated, int depth);
  Status ReadSingle(Part& part);
  Result<std::string_view> GroupText();

  std::string_view text_;
  Form form_;
  Place place_;
  size_t at_ = 0;
};

}  // namespace vitrine::engine::body
