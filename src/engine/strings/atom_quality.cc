// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/atom_quality.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/text.h"

// The numbers were found by trying strings on YARA 4.5: rare bytes weigh more
// than letters, those more than padding; variety helps, wildcards harm.
namespace vitrine::engine::strings {
namespace {

constexpr int kSlowBelow = 38;
constexpr int kWorst = std::numeric_limits<int>::min();
constexpr size_t kAtomBytes = 4;

struct Cell {
  enum class Kind : uint8_t { kByte, kNibble, kAny, kBreak };
  Kind kind = Kind::kBreak;
  uint8_t byte = 0;
};
using Cells = std::vector<Cell>;

bool IsPadding(uint8_t byte) {
  return byte == 0 || byte == ' ' || byte == 0xcc || byte == 0xff;
}

int Quality(const Cell* cells, size_t count) {
  int quality = 0;
  std::vector<uint8_t> seen;
  for (size_t i = 0; i < count; ++i) {
    const Cell& cell = cells[i];
    if (cell.kind == Cell::Kind::kBreak) return kWorst;
    if (cell.kind != Cell::Kind::kByte) {
      quality += cell.kind == Cell::Kind::kNibble ? 4 : -10;
      continue;
    }
    quality += IsPadding(cell.byte) ? 12 : (IsAlpha(cell.byte) ? 18 : 20);
    if (std::find(seen.begin(), seen.end(), cell.byte) == seen.end()) {
      seen.push_back(cell.byte);
    }
  }
  if (seen.size() == 1 && (IsPadding(seen[0]) || seen[0] == 0x90)) {
    return quality - 10 * static_cast<int>(count);
  }
  return quality + 2 * static_cast<int>(seen.size());
}

int Best(const Cells& cells) {
  int best = kWorst;
  for (size_t at = 0; at < cells.size(); ++at) {
    for (size_t n = 1; n <= kAtomBytes && n <= cells.size() - at; ++n) {
      best = std::max(best, Quality(&cells[at], n));
    }
  }
  return best;
}

Cell CellOf(const regex::ByteSet& set) {
  const uint8_t first = set.First();
  const int count = set.Count();
  const bool is_pair =
      IsAlpha(first) && set == regex::ByteSet::Of(first).Folded();
  if (count == 1 || is_pair) return {Cell::Kind::kByte, first};
  if (count != 16) return {Cell::Kind::kAny, 0};
  bool same_high = true;
  bool same_low = true;
  for (int b = 0; b < 256; ++b) {
    const auto byte = static_cast<uint8_t>(b);
    if (!set.Has(byte)) continue;
    same_high = same_high && (byte & 0xf0) == (first & 0xf0);
    same_low = same_low && (byte & 0x0f) == (first & 0x0f);
  }
  return {same_high || same_low ? Cell::Kind::kNibble : Cell::Kind::kAny, 0};
}

class Judge {
 public:
  Judge(const regex::Ast& ast, bool wide) : ast_(ast), wide_(wide) {}

  int QualityOf(uint32_t node) const {
    int best = kWorst;
    const Cells cells = CellsOf(node, best);
    return std::max(best, Best(cells));
  }

 private:
  // The cells in a row that a node is made of; `best` grows by what can not be
  // told as a row.
  Cells CellsOf(uint32_t index, int& best) const {
    const regex::Node& node = ast_.nodes[index];
    switch (node.kind) {
      case regex::Kind::kSet: {
        Cells cells = {CellOf(node.set)};
        if (wide_) cells.push_back({Cell::Kind::kByte, 0});
        return cells;
      }
      case regex::Kind::kConcat: {
        Cells cells;
        for (const uint32_t child : node.children) {
          const Cells more = CellsOf(child, best);
          cells.insert(cells.end(), more.begin(), more.end());
        }
        return cells;
      }
      case regex::Kind::kAlternate: {
        int worst = std::numeric_limits<int>::max();
        for (const uint32_t child : node.children) {
          worst = std::min(worst, QualityOf(child));
        }
        best = std::max(best, worst);
        return {Cell{}};
      }
      case regex::Kind::kRepeat:
        return CellsOfRepeat(node, best);
      default:
        return {};
    }
  }

  Cells CellsOfRepeat(const regex::Node& node, int& best) const {
    if (node.min == 0) return {Cell{}};
    Cells once = CellsOf(node.children[0], best);
    Cells cells;
    // Further copies of a long row make no new atoms.
    const size_t copies =
        once.size() > kAtomBytes ? 1 : std::min<size_t>(node.min, kAtomBytes);
    for (size_t i = 0; i < copies; ++i) {
      cells.insert(cells.end(), once.begin(), once.end());
    }
    if (node.min != node.max || copies != node.min) cells.push_back({});
    return cells;
  }

  const regex::Ast& ast_;
  const bool wide_;
};

}  // namespace

std::string SlowWarning(std::string_view id) {
  return "string \"" + std::string(id) + "\" may slow down scanning";
}

bool IsSlow(const TextCode& text) {
  for (const Needle& needle : text.needles) {
    // Atoms further in are no better than those at the start, mostly.
    const size_t size = std::min<size_t>(needle.bytes.size(), 256);
    for (int key = text.xor_min; key <= text.xor_max; ++key) {
      Cells cells;
      for (size_t i = 0; i < size; ++i) {
        cells.push_back(
            {Cell::Kind::kByte, static_cast<uint8_t>(needle.bytes[i] ^ key)});
      }
      if (Best(cells) < kSlowBelow) return true;
    }
  }
  return false;
}

bool IsSlow(const regex::Ast& ast, bool ascii, bool wide) {
  return (ascii && Judge(ast, false).QualityOf(ast.root) < kSlowBelow) ||
         (wide && Judge(ast, true).QualityOf(ast.root) < kSlowBelow);
}

}  // namespace vitrine::engine::strings
